//! The program `studyrooms`.

use std::{
    io::{BufWriter, Write},
    process::ExitCode,
    sync::Arc,
};
use studyrooms_app::{
    app::{Stores, System},
    config::{Command, ConfigError, LogFormat, Settings, Work},
    dead_letters, doctor, serve,
    system::{SystemClock, SystemRandom},
    tls::Tls,
    transfer::{self, ImportOptions},
    wiring::{self, OpenStores},
    worker::Worker,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tracing_subscriber::EnvFilter;

/// Gives back within seconds what a flood took; the system's keeps most of it in pieces (docs/BENCHMARKS.md).
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let command = match Command::load(std::env::args_os()) {
        Ok(command) => command,
        Err(ConfigError::Arguments(error)) => error.exit(),
        Err(error) => return fail(&error),
    };
    log(match &command {
        Command::Serve(settings) | Command::Doctor(settings) => settings.log_format,
        Command::Worker(work) => work.log_format,
        Command::Export(_) | Command::Import(_) | Command::Webhooks(_) => LogFormat::Pretty,
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
            Command::Worker(work) => &work.store,
            Command::Webhooks(dead) => &dead.store,
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
            let options =
                ImportOptions { match_users_by_email: import.match_users_by_email, ..ImportOptions::default() };
            let summary = transfer::import(&open.stores, std::io::stdin().lock(), options).await?;
            say(&summary);
            Ok(())
        }
        Command::Worker(settings) => work(settings, open.stores.clone()).await,
        Command::Webhooks(command) => {
            let system = System { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) };
            Ok(dead_letters::carry_out(command, &open.stores, &system, &mut std::io::stdout()).await?)
        }
    }
}

/// Resolves when the process is asked to end.
fn asked_to_end() -> std::io::Result<impl Future<Output = ()>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
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
    let listener = serve::listen(settings.listen).map_err(|error| format!("LISTEN: {}: {error}", settings.listen))?;
    announce(listener.local_addr()?, app.tls.as_ref());
    let working = wiring::worker_beside(settings, &app)?.map(Worker::start);
    let outcome = serve::serve(app, listener, asked_to_end()?).await;
    if let Some(working) = working {
        working.stop().await;
    }
    Ok(outcome?)
}

async fn work(settings: &Work, stores: Stores) -> Outcome {
    let (worker, health) = wiring::worker(settings, stores).await?;
    let stop = asked_to_end()?;
    let listener = match settings.listen {
        Some(address) => {
            Some(TcpListener::bind(address).await.map_err(|error| format!("--listen: {address}: {error}"))?)
        }
        None => None,
    };
    let working = worker.start();
    match listener {
        Some(listener) => {
            say(&format!("StudyRooms' worker is at http://{}", listener.local_addr()?));
            // Whoever asks about health is not kept waiting, nor waited for.
            tokio::select! {
                () = serve::serve_health(listener, health.clone()) => {}
                () = stop => {}
            }
        }
        None => {
            say(&"StudyRooms' worker is at work");
            stop.await;
        }
    }
    tracing::info!("stopping");
    health.drain();
    working.stop().await;
    Ok(())
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
