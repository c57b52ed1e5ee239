//! The program `studyrooms`.

use std::process::ExitCode;
use studyrooms_app::{
    config::{ConfigError, LogFormat, Settings},
    serve, wiring,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let settings = match Settings::load(std::env::args_os()) {
        Ok(settings) => settings,
        Err(ConfigError::Arguments(error)) => error.exit(),
        Err(error) => return fail(&error),
    };
    log(settings.log_format);
    match start(&settings) {
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

fn start(settings: &Settings) -> Result<(), Box<dyn std::error::Error>> {
    let app = wiring::wire(settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(settings.listen)
            .await
            .map_err(|error| format!("LISTEN: {}: {error}", settings.listen))?;
        announce(listener.local_addr()?);
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let stop = async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        };
        serve::serve(app, listener, stop).await?;
        Ok(())
    })
}

/// Scripts read the port from this line when it was left to the system.
#[expect(clippy::print_stdout, reason = "the one line meant for who started the program")]
fn announce(address: std::net::SocketAddr) {
    let host = if address.ip().is_loopback() { "localhost".to_owned() } else { address.ip().to_string() };
    println!("StudyRooms is at http://{host}:{}", address.port());
}
