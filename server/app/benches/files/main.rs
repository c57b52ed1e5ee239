//! How fast large files come and go by the object store of this program, through the whole server,
//! beside a plain file stream of axum in the same run, and beside the S3 server that `S3_ENDPOINT`
//! names, if any.
//!
//! `scripts/bench files` runs it. `BENCH_MIB` is the size of a file, `BENCH_ROUNDS` how often each is
//! measured. All shelves take turns in each round; what is told is the median of the rounds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

mod plain;
mod shelf;
mod transfer;

use shelf::Shelf;
use studyrooms_app::config::{Command, Settings};
use transfer::Speeds;

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).ok().map_or(default, |text| text.parse().expect(name))
}

#[tokio::main]
async fn main() {
    rustls::crypto::ring::default_provider().install_default().unwrap();
    let mut file = vec![0; number("BENCH_MIB", 100) << 20];
    getrandom::fill(&mut file).unwrap();
    let (file, rounds) = (file.into(), number("BENCH_ROUNDS", 7));
    let settings = settings();
    let mut shelves = vec![Shelf::plain().await, Shelf::embedded(settings.clone()).await];
    shelves.extend(Shelf::peer(&settings).await);
    row(["", "at once", "put MB/s", "of plain", "get MB/s", "of plain"].map(Into::into));
    for at_once in [1, 4] {
        let speeds = transfer::rounds(&shelves, &file, at_once, rounds).await;
        for (shelf, own) in shelves.iter().zip(&speeds) {
            let of_plain = |of: fn(&Speeds) -> f64| format!("{:.2}", of(own) / of(&speeds[0]));
            let (put, get) = (format!("{:.0}", own.put), format!("{:.0}", own.get));
            row([shelf.name.into(), at_once.to_string(), put, of_plain(|s| s.put), get, of_plain(|s| s.get)]);
        }
    }
}

/// As the environment says.
fn settings() -> Settings {
    let Command::Serve(settings) = Command::load(["studyrooms".into()]).unwrap() else { unreachable!("no other word") };
    *settings
}

fn row([shelf, at_once, put, put_of_plain, get, get_of_plain]: [String; 6]) {
    println!("{shelf:>22} {at_once:>8} {put:>9} {put_of_plain:>9} {get:>9} {get_of_plain:>9}");
}
