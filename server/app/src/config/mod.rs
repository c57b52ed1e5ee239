//! Settings: flags win over the environment, which wins over the file, which wins over defaults.

mod file;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::{ffi::OsString, net::SocketAddr, path::PathBuf};
use url::Url;

/// Why the program does not start.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A flag, or a value of one; also `--help` and `--version`, which are no errors.
    #[error(transparent)]
    Arguments(#[from] clap::Error),
    /// The configuration file cannot be read.
    #[error("--config {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("--config {path}: {source}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<toml::de::Error>,
    },
    /// The file sets something that no flag is called.
    #[error("--config {path}: {setting}: no such setting")]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The name in the file.
        setting: String,
    },
    /// Two settings do not go together, or one lacks the other.
    #[error("{setting}: {rule}")]
    Contradiction {
        /// The setting to change.
        setting: &'static str,
        /// What it must fit.
        rule: &'static str,
    },
}

/// A self-hosted study room: video, chat and a whiteboard behind one link.
#[derive(Clone, Debug, Parser)]
#[command(name = "studyrooms", version, args_conflicts_with_subcommands = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Subcommands>,
    #[command(flatten)]
    serve: Settings,
}

#[derive(Clone, Debug, Subcommand)]
enum Subcommands {
    /// Serve rooms (the default).
    Serve(Box<Settings>),
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

/// Where users, rooms and logs are kept.
#[derive(Clone, Debug, Args)]
pub struct StoreSettings {
    /// Directory for the embedded store, files and generated secrets.
    #[arg(long, env = "DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,

    /// MongoDB in place of the embedded store: mongodb://… or mongodb+srv://….
    #[arg(long, env = "MONGODB_URI", hide_env_values = true, value_name = "URI")]
    pub mongodb_uri: Option<String>,

    /// Name of the database in MongoDB, `studyrooms` when it is not given.
    #[arg(long, env = "MONGODB_DB", value_name = "NAME")]
    pub mongodb_db: Option<String>,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Everything that can be set. In the file, the same names stand without dashes before them.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// TOML file with settings, named as the flags are.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Address and port to listen on.
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// Users, rooms and logs.
    #[command(flatten)]
    pub store: StoreSettings,

    /// Address by which browsers reach the server, for invitation links and cookies.
    /// Without it, links name the host that the request came to.
    #[arg(long, env = "PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<Url>,

    /// Secret that signs access tokens, at least 32 bytes. Without it, one is made and kept in
    /// the data directory.
    #[arg(long, env = "JWT_SECRET", hide_env_values = true)]
    pub jwt_secret: Option<String>,

    /// STUN and TURN servers for calls, separated by commas: stun:…, turn:… or turns:….
    #[arg(long, env = "TURN_URLS", value_delimiter = ',', value_name = "URLS")]
    pub turn_urls: Vec<String>,

    /// Secret shared with the TURN server (coturn: static-auth-secret).
    #[arg(long, env = "TURN_SECRET", hide_env_values = true)]
    pub turn_secret: Option<String>,

    /// Web origins beside the server's own that may use it, separated by commas.
    #[arg(long, env = "CORS_ORIGINS", value_delimiter = ',', value_name = "ORIGINS")]
    pub cors_origins: Vec<Url>,

    /// How the log is written. RUST_LOG chooses what.
    #[arg(long, env = "LOG_FORMAT", default_value = "pretty")]
    pub log_format: LogFormat,
}

/// Settings of the contract whose part this build does not have. They are refused, so that no one
/// believes their data to be where it is not.
const NOT_IN_THIS_BUILD: &[&str] = &["REDIS_URL", "S3_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

const JWT_SECRET_BYTES: usize = 32;

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
            Self::Serve(settings) => settings.check()?,
            Self::Export(export) => export.store.check()?,
            Self::Import(import) => import.store.check()?,
        }
        Ok(command)
    }

    const fn config_file(&self) -> Option<&PathBuf> {
        match self {
            Self::Serve(settings) => settings.config.as_ref(),
            Self::Export(export) => export.config.as_ref(),
            Self::Import(import) => import.config.as_ref(),
        }
    }
}

impl StoreSettings {
    fn check(&self) -> Result<(), ConfigError> {
        if self.mongodb_db.is_some() && self.mongodb_uri.is_none() {
            let rule = "MONGODB_URI must be set too";
            return Err(ConfigError::Contradiction { setting: "MONGODB_DB", rule });
        }
        Ok(())
    }
}

impl Settings {
    fn check(&self) -> Result<(), ConfigError> {
        self.store.check()?;
        let contradiction = |setting, rule| Err(ConfigError::Contradiction { setting, rule });
        for name in NOT_IN_THIS_BUILD {
            if std::env::var_os(name).is_some_and(|value| !value.is_empty()) {
                return contradiction(name, "this build has no such part; unset it to use the embedded one");
            }
        }
        if self.jwt_secret.as_ref().is_some_and(|secret| secret.len() < JWT_SECRET_BYTES) {
            return contradiction("JWT_SECRET", "at least 32 bytes");
        }
        let relays = self.turn_urls.iter().any(|url| url.starts_with("turn"));
        if relays && self.turn_secret.is_none() {
            return contradiction("TURN_URLS", "TURN_SECRET must be set too");
        }
        if self.turn_secret.is_some() && !relays {
            return contradiction("TURN_SECRET", "TURN_URLS must name a turn: or turns: server");
        }
        if !self.turn_urls.iter().all(|url| ["stun:", "stuns:", "turn:", "turns:"].iter().any(|s| url.starts_with(s))) {
            return contradiction("TURN_URLS", "each must begin with stun:, stuns:, turn: or turns:");
        }
        if self.public_url.as_ref().is_some_and(|url| !matches!(url.scheme(), "http" | "https")) {
            return contradiction("PUBLIC_URL", "must begin with http:// or https://");
        }
        Ok(())
    }
}

fn parse(command: clap::Command, arguments: &[OsString]) -> Result<Command, ConfigError> {
    let line = CommandLine::from_arg_matches(&command.try_get_matches_from(arguments)?)?;
    Ok(match line.command {
        Some(Subcommands::Serve(settings)) => Command::Serve(settings),
        Some(Subcommands::Export(export)) => Command::Export(export),
        Some(Subcommands::Import(import)) => Command::Import(import),
        None => Command::Serve(Box::new(line.serve)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn load(arguments: &[&str]) -> Result<Settings, ConfigError> {
        let arguments = std::iter::once("studyrooms").chain(arguments.iter().copied()).map(OsString::from);
        match Command::load(arguments)? {
            Command::Serve(settings) => Ok(*settings),
            other => panic!("not serve: {other:?}"),
        }
    }

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn serve_is_the_default_command() {
        let bare = load(&["--listen", "127.0.0.1:4000"]).unwrap();
        let named = load(&["serve", "--listen", "127.0.0.1:4000"]).unwrap();
        assert_eq!((bare.listen, bare.store.data_dir), (named.listen, named.store.data_dir));
    }

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let file =
            file("listen = \"127.0.0.1:4001\"\ndata-dir = \"/var/rooms\"\nturn-urls = [\"stun:a:1\", \"stun:b:2\"]");
        let path = file.path().to_str().unwrap();
        for command in [
            &["--config", path, "--listen", "127.0.0.1:4002"][..],
            &["serve", "--config", path, "--listen", "127.0.0.1:4002"],
        ] {
            let settings = load(command).unwrap();
            assert_eq!(settings.listen.port(), 4002);
            assert_eq!(settings.store.data_dir, PathBuf::from("/var/rooms"));
            assert_eq!(settings.turn_urls, ["stun:a:1", "stun:b:2"]);
        }
    }

    #[test]
    fn a_setting_nobody_knows_is_refused_by_name() {
        let file = file("colour = \"blue\"");
        let error = load(&["--config", file.path().to_str().unwrap()]).unwrap_err().to_string();
        assert!(error.contains("colour: no such setting"), "{error}");
        assert!(load(&["--colour", "blue"]).unwrap_err().to_string().contains("--colour"));
    }

    #[test]
    fn settings_that_do_not_go_together_are_refused_by_name() {
        let error = |arguments: &[&str]| load(arguments).unwrap_err().to_string();
        assert!(error(&["--turn-urls", "turn:a:3478"]).starts_with("TURN_URLS: TURN_SECRET"));
        assert!(error(&["--mongodb-db", "rooms"]).starts_with("MONGODB_DB: MONGODB_URI"));
        assert!(error(&["--turn-secret", "s"]).starts_with("TURN_SECRET: TURN_URLS"));
        assert!(error(&["--turn-urls", "http://a"]).starts_with("TURN_URLS: each must begin"));
        assert!(error(&["--jwt-secret", "short"]).starts_with("JWT_SECRET: at least"));
        assert!(error(&["--public-url", "ftp://a"]).starts_with("PUBLIC_URL: must begin"));
    }

    #[test]
    fn a_file_serves_every_command_with_what_concerns_it() {
        let file = file("listen = \"127.0.0.1:4001\"\ndata-dir = \"/var/rooms\"");
        let words = ["studyrooms", "export", "abc", "--config", file.path().to_str().unwrap()];
        let Ok(Command::Export(export)) = Command::load(words.map(OsString::from)) else { panic!("not export") };
        assert_eq!((export.room.as_str(), export.store.data_dir), ("abc", PathBuf::from("/var/rooms")));
    }

    #[test]
    fn every_setting_is_documented() {
        let command = CommandLine::command();
        for argument in command.get_arguments().filter(|argument| argument.get_id() != "help") {
            assert!(argument.get_help().is_some(), "{} has no help", argument.get_id());
        }
    }
}
