//! The program `studyrooms`.

use std::{
    io::{BufWriter, Write},
    process::ExitCode,
};
use studyrooms_app::{
    config::{Command, ConfigError, LogFormat, Settings},
    doctor, serve,
    tls::Tls,
    transfer,
    wiring::{self, OpenStores},
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let command = match Command::load(std::env::args_os()) {
        Ok(command) => command,
        Err(ConfigError::Arguments(error)) => error.exit(),
        Err(error) => return fail(&error),
    };
    log(match &command {
        Command::Serve(settings) | Command::Doctor(settings) => settings.log_format,
        Command::Export(_) | Command::Import(_) => LogFormat::Pretty,
    });
    match start(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&*error),
    }
}

#[expect(clippy::print_stderr, reason = "the last word of a program that cannot start")]
fn fail(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("studyrooms: {error}");
    ExitCode::FAILURE
}

fn log(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        LogFormat::Pretty => builder.init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn start(command: Command) -> Outcome {
    // For all parts that speak TLS; the first one wins, and this is the first.
    rustls::crypto::ring::default_provider().install_default().ok();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let settings = match &command {
            Command::Doctor(settings) => return examine(settings).await,
            Command::Serve(settings) => &settings.store,
            Command::Export(export) => &export.store,
            Command::Import(import) => &import.store,
        };
        let open = wiring::open(settings).await?;
        let outcome = carry_out(&command, &open).await;
        open.close().await;
        outcome
    })
}

async fn carry_out(command: &Command, open: &OpenStores) -> Outcome {
    match command {
        // It opens what it looks at by itself.
        Command::Doctor(settings) => examine(settings).await,
        Command::Serve(settings) => serve_rooms(settings, open).await,
        Command::Export(export) => {
            let mut out = BufWriter::new(std::io::stdout());
            transfer::export(&open.stores, &export.room, &mut out).await?;
            Ok(out.flush()?)
        }
        Command::Import(import) => {
            let summary = transfer::import(&open.stores, std::io::stdin().lock(), import.match_users_by_email).await?;
            say(&summary);
            Ok(())
        }
    }
}

async fn examine(settings: &Settings) -> Outcome {
    let findings = Box::pin(doctor::examine(settings)).await;
    findings.iter().for_each(|finding| say(finding));
    match findings.iter().filter(|finding| finding.is_wrong()).count() {
        0 => Ok(()),
        1 => Err("doctor: something is wrong".into()),
        count => Err(format!("doctor: {count} things are wrong").into()),
    }
}

async fn serve_rooms(settings: &Settings, open: &OpenStores) -> Outcome {
    let app = wiring::wire(settings, open).await?;
    let listener =
        TcpListener::bind(settings.listen).await.map_err(|error| format!("LISTEN: {}: {error}", settings.listen))?;
    announce(listener.local_addr()?, app.tls.as_ref());
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    Ok(serve::serve(app, listener, stop).await?)
}

/// Scripts read the port from this line when it was left to the system.
fn announce(address: std::net::SocketAddr, tls: Option<&Tls>) {
    let host = if address.ip().is_loopback() { "localhost".to_owned() } else { address.ip().to_string() };
    let scheme = if tls.is_some() { "https" } else { "http" };
    say(&format!("StudyRooms is at {scheme}://{host}:{}", address.port()));
    if let Some(tls) = tls.filter(|tls| tls.is_self_signed()) {
        say(&format!("Browsers do not know its certificate; compare SHA-256 {}", tls.fingerprint()));
    }
}

#[expect(clippy::print_stdout, reason = "meant for who started the program")]
fn say(words: &dyn std::fmt::Display) {
    println!("{words}");
}
