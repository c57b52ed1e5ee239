//! Many writers in one log, through several handles, while others read (SPEC 1.2).
//! `CONTRACT_ENTRIES` says how many entries they write together.

use crate::{
    engine::{Engine, Store, on_embedded, on_mongo},
    logs::message,
};
use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use studyrooms_domain::log::{Draft, EntryBody, LogName};

const WRITERS: usize = 16;
const HANDLES: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn embedded() {
    on_embedded(async |engine| no_hole_and_no_double(engine, entries(10_000)).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mongo() {
    on_mongo(async |engine| no_hole_and_no_double(engine, entries(1000)).await).await;
}

/// The same by instances that append under leases (`domain::append_lease`).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mongo_with_append_leases() {
    on_mongo(async |engine| no_hole_and_no_double(engine.with_append_leases().await, entries(1000)).await).await;
}

fn entries(default: usize) -> usize {
    std::env::var("CONTRACT_ENTRIES").map_or(default, |number| number.parse().unwrap())
}

async fn no_hole_and_no_double(engine: Engine, entries: usize) {
    let mut handles = vec![engine.store.clone()];
    while handles.len() < HANDLES {
        handles.push(engine.another_handle().await);
    }
    let writing = Arc::new(AtomicBool::new(true));
    let forward = tokio::spawn(read_forward(engine.another_handle().await, writing.clone()));
    let back = tokio::spawn(read_back(engine.another_handle().await, writing.clone()));
    let shares = (0..WRITERS).map(|writer| entries / WRITERS + usize::from(writer < entries % WRITERS));
    let writers: Vec<_> = shares
        .enumerate()
        .map(|(writer, share)| tokio::spawn(write(handles[writer % HANDLES].clone(), writer, share)))
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    writing.store(false, Ordering::Release);
    let seen = forward.await.unwrap();
    back.await.unwrap();
    assert_eq!(seen.len(), entries, "as many events as were written, none lost");
    assert_eq!(engine.store.last_seq(&"r".into(), LogName::Room).await.unwrap(), entries as u64);
}

/// Writes `share` events, some alone and some in batches, one in five twice, as a client does that
/// heard no ack.
async fn write(store: Arc<dyn Store>, writer: usize, share: usize) {
    let user = format!("u{writer}");
    let events: Vec<usize> = (0..share).collect();
    for (round, events) in events.chunks(1 + writer % 4).enumerate() {
        let drafts: Vec<Draft> = events.iter().map(|event| message(&user, &event.to_string())).collect();
        let first = store.append(&"r".into(), LogName::Room, drafts.clone()).await.unwrap();
        assert!(first.iter().all(|appended| appended.fresh));
        assert!(first.is_sorted_by_key(|appended| appended.entry.seq));
        if round % 5 == 0 {
            let again = store.append(&"r".into(), LogName::Room, drafts).await.unwrap();
            assert!(again.iter().zip(&first).all(|(again, first)| !again.fresh && again.entry == first.entry));
        }
    }
}

/// Follows the log as a room does, and gives the events in it.
async fn read_forward(store: Arc<dyn Store>, writing: Arc<AtomicBool>) -> HashSet<(String, String)> {
    let (mut seen, mut last) = (HashSet::new(), 0);
    loop {
        let over = !writing.load(Ordering::Acquire);
        let page = store.after(&"r".into(), LogName::Room, last, 500).await.unwrap();
        if page.is_empty() && over {
            return seen;
        }
        for entry in page {
            last += 1;
            assert_eq!(entry.seq, last, "a reader saw a hole");
            assert!(seen.insert((entry.user_id.0, entry.event_id.0)), "an event is there twice");
        }
        tokio::task::yield_now().await;
    }
}

/// Looks at the newest page again and again, as one does who joins.
async fn read_back(store: Arc<dyn Store>, writing: Arc<AtomicBool>) {
    while writing.load(Ordering::Acquire) {
        let page = store.page_before(&"r".into(), LogName::Room, &[EntryBody::MESSAGE], None, 50).await.unwrap();
        let last = page.last().map_or(0, |entry| entry.seq);
        let expected: Vec<u64> = (last + 1 - page.len() as u64..=last).collect();
        let seqs: Vec<u64> = page.iter().map(|entry| entry.seq).collect();
        assert_eq!(seqs, expected, "a page had a hole");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}
