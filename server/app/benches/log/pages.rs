//! Pages of fifty messages from anywhere in a long log.

use crate::engines::Engine;
use std::time::Instant;
use studyrooms_domain::log::{EntryBody, LogName};

const ROOM: &str = "long";
const BATCH: u64 = 5_000;
const PAGES: u64 = 1_000;

pub async fn run(engine: &Engine, entries: u64) {
    let mut seq = 0;
    while seq < entries {
        let count = BATCH.min(entries - seq);
        engine.insert(ROOM, seq + 1, count).await;
        seq += count;
    }
    let mut sorted_ms = Vec::new();
    for n in 0..PAGES {
        // A fixed stride that visits the log unevenly, the same in every run.
        let before = 51 + (n * 7_919_993) % (entries - 51);
        let began = Instant::now();
        let page =
            engine.stores.logs.page_before(&ROOM.into(), LogName::Room, &[EntryBody::MESSAGE], Some(before), 50).await;
        sorted_ms.push(began.elapsed().as_secs_f64() * 1000.0);
        assert_eq!(page.unwrap().last().unwrap().seq, before - 1);
    }
    sorted_ms.sort_by(f64::total_cmp);
    let at = |percent: usize| sorted_ms[(sorted_ms.len() - 1) * percent / 100];
    println!("a page of 50 from {entries} entries: p50 {:.2} ms, p99 {:.2} ms", at(50), at(99));
    println!("by: {}", engine.page_plan(ROOM, entries / 2).await);
}
