//! The configuration file: its values become the defaults of the flags, so that they are checked
//! by the same rules and give way to the environment and to flags.

use super::ConfigError;
use clap::Command;
use std::path::Path;
use toml::{Table, Value};

pub(super) fn as_defaults(command: Command, path: &Path) -> Result<Command, ConfigError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
    let table: Table =
        text.parse().map_err(|source| ConfigError::Malformed { path: path.to_owned(), source: Box::new(source) })?;
    table.into_iter().try_fold(command, |command, (setting, value)| {
        let unknown = || ConfigError::Unknown { path: path.to_owned(), setting: setting.clone() };
        let id = setting.replace('-', "_");
        let known = |command: &Command| command.get_arguments().any(|argument| argument.get_id() == id.as_str());
        if id == "config" || !known(&command) {
            return Err(unknown());
        }
        let values = texts(value, id == "oidc").ok_or_else(unknown)?;
        // The settings stand several times: on the bare command and on each that takes them.
        let subcommands: Vec<String> =
            command.get_subcommands().filter(|sub| known(sub)).map(|sub| sub.get_name().to_owned()).collect();
        let with_default = |command: Command| command.mut_arg(&id, |argument| argument.default_values(values.clone()));
        Ok(subcommands.iter().fold(with_default(command), |command, name| command.mut_subcommand(name, with_default)))
    })
}

/// A value as it would stand on the command line; none for tables where nothing takes them, and
/// for dates.
fn texts(value: Value, takes_tables: bool) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text]),
        Value::Integer(number) => Some(vec![number.to_string()]),
        Value::Float(number) => Some(vec![number.to_string()]),
        Value::Boolean(flag) => Some(vec![flag.to_string()]),
        Value::Array(values) => {
            let texts = values.into_iter().map(|value| texts(value, takes_tables));
            texts.collect::<Option<Vec<_>>>().map(|all| all.concat())
        }
        Value::Table(table) if takes_tables => serde_json::to_string(&table).ok().map(|text| vec![text]),
        Value::Datetime(_) | Value::Table(_) => None,
    }
}
