//! What the program can be asked to do.

use super::{ConfigError, Settings, StoreSettings, file};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::{ffi::OsString, path::PathBuf};

/// A self-hosted study room: video, chat and a whiteboard behind one link.
#[derive(Clone, Debug, Parser)]
#[command(name = "studyrooms", version, args_conflicts_with_subcommands = true)]
pub(super) struct CommandLine {
    #[command(subcommand)]
    command: Option<Subcommands>,
    #[command(flatten)]
    serve: Settings,
}

#[derive(Clone, Debug, Subcommand)]
enum Subcommands {
    /// Serve rooms (the default).
    Serve(Box<Settings>),
    /// Look at each part that is configured, and say what is wrong and what to do. Takes the settings of
    /// `serve`; ends with 1 when something is wrong.
    Doctor(Box<Settings>),
    /// Write all of a room to standard output, as JSON lines. The lines hold password hashes.
    Export(Export),
    /// Read a room from standard input, as `export` wrote it. Safe to run again.
    Import(Import),
}

/// What the program is asked to do.
#[derive(Clone, Debug)]
pub enum Command {
    /// Serve rooms.
    Serve(Box<Settings>),
    /// Look at each part.
    Doctor(Box<Settings>),
    /// Write a room out.
    Export(Export),
    /// Read a room in.
    Import(Import),
}

/// `export`.
#[derive(Clone, Debug, Args)]
pub struct Export {
    /// The room's id or code.
    pub room: String,
    /// Where the room is.
    #[command(flatten)]
    pub store: StoreSettings,
    /// TOML file with settings.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// `import`.
#[derive(Clone, Debug, Args)]
pub struct Import {
    /// Take a person for the one who has the same e-mail address here. Without it, a clash of
    /// addresses is an error.
    #[arg(long)]
    pub match_users_by_email: bool,
    /// Where the room goes.
    #[command(flatten)]
    pub store: StoreSettings,
    /// TOML file with settings.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Command {
    /// Reads the command line, the environment and the file.
    ///
    /// # Errors
    /// [`ConfigError`] names the setting.
    pub fn load(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, ConfigError> {
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        let first = parse(CommandLine::command(), &arguments)?;
        let command = match first.config_file() {
            None => first,
            Some(path) => parse(file::as_defaults(CommandLine::command(), path)?, &arguments)?,
        };
        match &command {
            Self::Serve(settings) | Self::Doctor(settings) => settings.check()?,
            Self::Export(export) => export.store.check()?,
            Self::Import(import) => import.store.check()?,
        }
        Ok(command)
    }

    const fn config_file(&self) -> Option<&PathBuf> {
        match self {
            Self::Serve(settings) | Self::Doctor(settings) => settings.config.as_ref(),
            Self::Export(export) => export.config.as_ref(),
            Self::Import(import) => import.config.as_ref(),
        }
    }
}

fn parse(command: clap::Command, arguments: &[OsString]) -> Result<Command, ConfigError> {
    let line = CommandLine::from_arg_matches(&command.try_get_matches_from(arguments)?)?;
    Ok(match line.command {
        Some(Subcommands::Serve(settings)) => Command::Serve(settings),
        Some(Subcommands::Doctor(settings)) => Command::Doctor(settings),
        Some(Subcommands::Export(export)) => Command::Export(export),
        Some(Subcommands::Import(import)) => Command::Import(import),
        None => Command::Serve(Box::new(line.serve)),
    })
}
