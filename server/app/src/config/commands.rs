//! What the program can be asked to do.

use super::{ConfigError, FileSettings, LogFormat, RedisSettings, Settings, StoreSettings, WebhookSettings, file};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::{ffi::OsString, net::SocketAddr, path::PathBuf};

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
    /// Follow the logs of rooms that `serve` serves with REDIS_URL: webhooks, summaries, statistics.
    Worker(Box<Work>),
    /// See webhooks that were given up, and what is to become of them.
    Webhooks(Box<DeadLetters>),
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
    /// Follow the room logs.
    Worker(Box<Work>),
    /// Look after webhooks that were given up.
    Webhooks(Box<DeadLetters>),
}

/// `worker`.
#[derive(Clone, Debug, Args)]
pub struct Work {
    /// Where the rooms are.
    #[command(flatten)]
    pub store: StoreSettings,
    /// Redis, through which instances tell that a room's log has grown. Without it, all rooms are looked at every
    /// minute.
    #[command(flatten)]
    pub redis: RedisSettings,
    /// Where files are that are to be swept.
    #[command(flatten)]
    pub files: FileSettings,
    /// Whom to tell.
    #[command(flatten)]
    pub webhooks: WebhookSettings,
    /// Address and port for /health, /ready and /metrics; nowhere unless given here.
    // Not LISTEN, nor `listen` of the file: these are where rooms are served.
    #[arg(id = "health_listen", long = "listen", value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// How the log is written. RUST_LOG chooses what.
    #[arg(long, env = "LOG_FORMAT", default_value = "pretty")]
    pub log_format: LogFormat,
    /// TOML file with settings.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// What is done with webhooks that were given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DeadLettersAction {
    /// Show them.
    List,
    /// Try them anew.
    Retry,
    /// Forget them.
    Drop,
}

/// `webhooks`.
#[derive(Clone, Debug, Args)]
pub struct DeadLetters {
    /// What to do.
    pub action: DeadLettersAction,
    /// Which, as `list` names them.
    #[arg(conflicts_with = "all")]
    pub ids: Vec<String>,
    /// All of them.
    #[arg(long)]
    pub all: bool,
    /// Where they are.
    #[command(flatten)]
    pub store: StoreSettings,
    /// Whose names are shown.
    #[command(flatten)]
    pub webhooks: WebhookSettings,
    /// TOML file with settings.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl DeadLetters {
    fn check(&self) -> Result<(), ConfigError> {
        if self.action != DeadLettersAction::List && self.ids.is_empty() && !self.all {
            return Err(ConfigError::Contradiction { setting: "webhooks", rule: "name some, or give --all" });
        }
        self.store.check()
    }
}

/// `export`.
#[derive(Clone, Debug, Args)]
pub struct Export {
    /// The room's id or code.
    // An id may begin with a hyphen.
    #[arg(allow_hyphen_values = true)]
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
            Self::Worker(work) => {
                work.store.check()?;
                work.redis.check()?;
                work.files.check()?;
                work.webhooks.telling()?;
            }
            Self::Webhooks(dead) => dead.check()?,
        }
        Ok(command)
    }

    const fn config_file(&self) -> Option<&PathBuf> {
        match self {
            Self::Serve(settings) | Self::Doctor(settings) => settings.config.as_ref(),
            Self::Export(export) => export.config.as_ref(),
            Self::Import(import) => import.config.as_ref(),
            Self::Worker(work) => work.config.as_ref(),
            Self::Webhooks(dead) => dead.config.as_ref(),
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
        Some(Subcommands::Worker(work)) => Command::Worker(work),
        Some(Subcommands::Webhooks(dead)) => Command::Webhooks(dead),
        None => Command::Serve(Box::new(line.serve)),
    })
}
