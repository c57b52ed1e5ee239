//! How fast a room's log takes entries, through the same live rooms that sockets use, beside what
//! the engine does with raw batches in the same run; and how fast a page comes from a long log.
//!
//! `scripts/bench log` runs it. `BENCH_SECONDS` is the length of each measurement, `BENCH_ENTRIES`
//! the length of the long log. MongoDB is measured where `MONGODB_URI` is set.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

mod engines;
mod pages;
mod writers;

use engines::Engine;
use std::{collections::HashMap, time::Duration};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().map_or(default, |text| text.parse().expect(name))
}

#[tokio::main]
async fn main() {
    let length = Duration::from_secs(number("BENCH_SECONDS", 5));
    let entries = number("BENCH_ENTRIES", 1_000_000);
    let mut all = vec![Engine::embedded().await];
    all.extend(Engine::mongo().await);
    for engine in all {
        println!("\n{}: entries, acknowledged after they are durable", engine.name);
        row(["", "rooms", "entries/s", "p50 ms", "p99 ms", "of raw"].map(Into::into));
        let raw = raw_batches(&engine, length).await;
        for (writers, rooms) in [(1, 1), (8, 1), (64, 1), (64, 64)] {
            let run = writers::run(&engine, writers, rooms, length).await;
            let [p50, p99] = run.percentiles_ms().map(|ms| format!("{ms:.2}"));
            let of_raw = format!("{:.2}", run.rate / raw[&writers]);
            row([format!("{writers} writers"), rooms.to_string(), format!("{:.0}", run.rate), p50, p99, of_raw]);
        }
        pages::run(&engine, entries).await;
        engine.dispose().await;
    }
}

/// Writers that wait for their acks have no more under way than there are of them: the raw batch
/// to compare with is as large as that.
async fn raw_batches(engine: &Engine, length: Duration) -> HashMap<usize, f64> {
    let mut raw = HashMap::new();
    for batch in [1, 8, 64] {
        let rate = engine.raw_batches(batch, length).await;
        let dash = || "-".to_owned();
        row([format!("raw by {batch}"), "1".into(), format!("{rate:.0}"), dash(), dash(), "1.00".into()]);
        raw.insert(batch as usize, rate);
    }
    raw
}

fn row([what, rooms, rate, p50, p99, of_raw]: [String; 6]) {
    println!("{what:>10} {rooms:>6} {rate:>12} {p50:>10} {p99:>10} {of_raw:>8}");
}
