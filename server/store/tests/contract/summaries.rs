use crate::{
    engine::{Engine, on_every_engine},
    logs::{draft, message},
};
use futures_util::future::join_all;
use studyrooms_domain::{
    log::{Entry, EntryBody, LogName},
    summaries::{Day, Deletions},
};
use studyrooms_protocol::ids::RoomId;

on_every_engine!(
    a_day_comes_back_as_it_was_counted,
    of_two_who_counted_from_the_same_place_one_is_taken,
    days_are_paged_back_from_the_newest,
);

const DATE: &str = "2023-11-14";

/// Entries of one person, one message each.
async fn entries(engine: &Engine, count: u64) -> Vec<Entry> {
    let mut drafts: Vec<_> = (1..count).map(|n| message("ann.$x", &n.to_string())).collect();
    drafts.push(draft("ben", "came", EntryBody::Joined { socket_id: "s".into(), name: "Ben".into() }));
    engine.store.append(&"r".into(), LogName::Room, drafts).await.unwrap();
    engine.store.after(&"r".into(), LogName::Room, 0, 1000).await.unwrap()
}

pub fn counted(date: &str, entries: &[Entry]) -> Day {
    let mut day = Day::new(date.into());
    day.count(entries, &Deletions::new());
    day
}

async fn a_day_comes_back_as_it_was_counted(engine: Engine) {
    let entries = entries(&engine, 3).await;
    let (room, day) = (RoomId::from("r"), counted(DATE, &entries));
    assert_eq!(engine.store.day(&room, DATE).await.unwrap(), None);
    assert!(engine.store.replace(&room, day.clone(), 0).await.unwrap());
    let engine = engine.reopened().await;
    let found = engine.store.day(&room, DATE).await.unwrap().unwrap();
    assert_eq!(found, day);
    let summary = found.summary();
    assert_eq!((found.counted, summary.messages, summary.people, summary.joined), (3, 2, 2, 1));
    assert_eq!(engine.store.day(&"q".into(), DATE).await.unwrap(), None);
}

async fn of_two_who_counted_from_the_same_place_one_is_taken(engine: Engine) {
    let entries = entries(&engine, 20).await;
    let (room, other) = (RoomId::from("r"), engine.another_handle().await);
    for upto in 1..=20_usize {
        let day = counted(DATE, &entries[..upto]);
        let before = upto as u64 - 1;
        let stores = [&engine.store, &other];
        let both = join_all(stores.iter().map(|store| store.replace(&room, day.clone(), before))).await;
        assert_eq!(both.into_iter().filter(|taken| *taken.as_ref().unwrap()).count(), 1);
    }
    assert_eq!(engine.store.day(&room, DATE).await.unwrap(), Some(counted(DATE, &entries)));
    assert!(!engine.store.replace(&room, counted(DATE, &entries[..2]), 2).await.unwrap());
}

async fn days_are_paged_back_from_the_newest(engine: Engine) {
    let entries = entries(&engine, 1).await;
    for date in ["2026-03-02", "2026-02-28", "2026-03-01"] {
        assert!(engine.store.replace(&"r".into(), counted(date, &entries), 0).await.unwrap());
    }
    assert!(engine.store.replace(&"q".into(), counted("2026-03-03", &entries), 0).await.unwrap());
    let page = async |before, limit| -> Vec<String> {
        let days = engine.store.days_before(&"r".into(), before, limit).await.unwrap();
        days.into_iter().map(|day| day.date).collect()
    };
    assert_eq!(page(None, 2).await, ["2026-03-01", "2026-03-02"]);
    assert_eq!(page(Some("2026-03-01"), 2).await, ["2026-02-28"]);
    assert_eq!(page(Some("2026-02-28"), 2).await, [""; 0]);
    assert_eq!(page(None, 0).await, [""; 0]);
}
