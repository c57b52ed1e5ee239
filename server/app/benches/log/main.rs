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
use std::time::Duration;

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
        let name = engine.name;
        println!("\n{name}: appends, acknowledged after they are durable");
        println!(
            "{:>8} {:>6} {:>12} {:>10} {:>10} {:>10}",
            "writers", "rooms", "appends/s", "p50 ms", "p99 ms", "of raw"
        );
        let raw = engine.raw_batches(length).await;
        println!("{:>8} {:>6} {:>12.0} {:>10} {:>10} {:>10}", "raw", "1", raw, "-", "-", "1.00");
        for (writers, rooms) in [(1, 1), (8, 1), (64, 1), (64, 64)] {
            let run = writers::run(&engine, writers, rooms, length).await;
            let [p50, p99] = run.percentiles_ms();
            println!("{writers:>8} {rooms:>6} {:>12.0} {p50:>10.2} {p99:>10.2} {:>10.2}", run.rate, run.rate / raw);
        }
        pages::run(&engine, entries).await;
        engine.dispose().await;
    }
}
