//! Compacted board logs, and saved versions, which are asked for without their pictures.

use crate::{
    engine::{Engine, on_every_engine},
    logs::draft,
};
use studyrooms_domain::{
    log::{Draft, Entry, EntryBody, LogName},
    store::REMEMBERED,
};
use studyrooms_protocol::{Seq, board::BoardOp, ids::VersionId};

on_every_engine!(
    a_compacted_log_keeps_its_places_and_its_events,
    what_is_drawn_on_goes_behind_what_was_compacted,
    compacting_again_or_further_goes_on_from_where_it_was,
    what_was_compacted_long_ago_is_gone_and_the_log_is_read_on_behind_it,
    a_log_begins_where_it_is_told_to_and_only_once,
    versions_come_newest_first_page_by_page_without_their_pictures,
    one_version_and_one_picture_are_read_by_their_own_id,
);

fn drawn(event: &str) -> Draft {
    draft("ann", event, EntryBody::Drawn { ops: vec![BoardOp::Erase { ids: vec![event.into()] }] })
}

async fn draw(engine: &Engine, from: Seq, count: Seq) {
    let drafts = (from..from + count).map(|n| drawn(&format!("e{n}"))).collect();
    let appended = engine.store.append(&"r".into(), LogName::Board, drafts).await.unwrap();
    assert_eq!(appended.last().unwrap().entry.seq, from + count - 1);
}

async fn read(engine: &Engine, after: Seq) -> Vec<Entry> {
    engine.store.after(&"r".into(), LogName::Board, after, 100_000).await.unwrap()
}

async fn compact(engine: &Engine, upto: Seq) {
    engine.store.compact_board(&"r".into(), upto, u64::MAX >> 12).await.unwrap();
}

// SPEC 1.11
async fn a_compacted_log_keeps_its_places_and_its_events(engine: Engine) {
    draw(&engine, 1, 10).await;
    assert_eq!(engine.store.compacted(&"r".into()).await.unwrap(), 0);
    compact(&engine, 7).await;
    let engine = engine.reopened().await;
    let all = read(&engine, 0).await;
    assert!(all.iter().zip(1..).all(|(entry, seq)| entry.seq == seq && entry.event_id.0 == format!("e{seq}")));
    let compacted: Vec<bool> = all.iter().map(|entry| entry.body == EntryBody::Compacted {}).collect();
    assert_eq!(compacted, [true, true, true, true, true, true, true, false, false, false]);
    assert_eq!(engine.store.compacted(&"r".into()).await.unwrap(), 7);
    let again = engine.store.append(&"r".into(), LogName::Board, vec![drawn("e3")]).await.unwrap().remove(0);
    assert_eq!((again.entry.seq, again.fresh), (3, false));
}

async fn what_is_drawn_on_goes_behind_what_was_compacted(engine: Engine) {
    draw(&engine, 1, 5).await;
    compact(&engine, 5).await;
    let engine = engine.reopened().await;
    draw(&engine, 6, 2).await;
    let later = read(&engine, 5).await;
    assert_eq!(later.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [6, 7]);
    assert!(later.iter().all(|entry| matches!(entry.body, EntryBody::Drawn { .. })));
}

async fn compacting_again_or_further_goes_on_from_where_it_was(engine: Engine) {
    draw(&engine, 1, 3_000).await;
    for upto in [10, 10, 5, 2_500] {
        compact(&engine, upto).await;
    }
    let all = read(&engine, 0).await;
    assert_eq!(all.iter().filter(|entry| entry.body == EntryBody::Compacted {}).count(), 2_500);
    assert_eq!(engine.store.compacted(&"r".into()).await.unwrap(), 2_500);
}

async fn what_was_compacted_long_ago_is_gone_and_the_log_is_read_on_behind_it(engine: Engine) {
    // As an import begins a log far on.
    let first = Entry { seq: 10, ..entry(EntryBody::Compacted {}) };
    assert!(engine.store.begin(&"r".into(), LogName::Board, first).await.unwrap());
    let engine = engine.reopened().await;
    draw(&engine, 11, 20).await;
    compact(&engine, 20).await;
    let places = |entries: Vec<Entry>| entries.iter().map(|entry| entry.seq).collect::<Vec<_>>();
    assert_eq!(places(read(&engine, 0).await), (10..=30).collect::<Vec<_>>());
    assert_eq!(engine.store.after(&"r".into(), LogName::Board, 3, 2).await.unwrap().len(), 2);
    // Only what is far behind the place, and old, is removed: all that is old is not enough.
    compact(&engine, 30).await;
    assert_eq!(places(read(&engine, 0).await), (10..=30).collect::<Vec<_>>());
    let upto = REMEMBERED + 15;
    engine.store.compact_board(&"r".into(), upto, 0).await.unwrap();
    assert_eq!(places(read(&engine, 0).await).len(), 21, "none is older than that");
    compact(&engine, upto).await;
    assert_eq!(places(read(&engine, 0).await), (15..=30).collect::<Vec<_>>());
    assert_eq!(places(engine.store.after(&"r".into(), LogName::Board, 0, 3).await.unwrap()), [15, 16, 17]);
    draw(&engine, 31, 1).await;
}

fn entry(body: EntryBody) -> Entry {
    let Draft { event_id, user_id, timestamp, body } = draft("ann", "first", body);
    Entry { event_id, room_id: "elsewhere".into(), seq: 1, user_id, timestamp, body }
}

async fn a_log_begins_where_it_is_told_to_and_only_once(engine: Engine) {
    let first = Entry { seq: 7, ..entry(EntryBody::Compacted {}) };
    assert!(engine.store.begin(&"r".into(), LogName::Board, first.clone()).await.unwrap());
    assert!(!engine.store.begin(&"r".into(), LogName::Board, first).await.unwrap());
    draw(&engine, 8, 1).await;
    assert_eq!(engine.store.last_seq(&"r".into(), LogName::Board).await.unwrap(), 8);
    assert_eq!(engine.store.last_seq(&"elsewhere".into(), LogName::Board).await.unwrap(), 0);
}

async fn save(engine: &Engine, count: usize) {
    let saved = |n: usize| EntryBody::Saved {
        version_id: VersionId(format!("v{n}")),
        board_seq: n as Seq,
        title: n.is_multiple_of(2).then(|| format!("Version {n}")),
        data_url: (!n.is_multiple_of(3)).then(|| format!("data:image/png;base64,{}", "A".repeat(20_000))),
    };
    let drafts: Vec<Draft> = (1..=count).map(|n| draft("ann", &format!("s{n}"), saved(n))).collect();
    for some in drafts.chunks(100) {
        engine.store.append(&"r".into(), LogName::Room, some.to_vec()).await.unwrap();
    }
}

async fn versions_come_newest_first_page_by_page_without_their_pictures(engine: Engine) {
    save(&engine, 25).await;
    engine.store.append(&"q".into(), LogName::Room, vec![crate::logs::message("ann", "x")]).await.unwrap();
    let list = async |before: Option<&str>| {
        let before = before.map(VersionId::from);
        engine.store.versions(&"r".into(), before.as_ref(), 10).await.unwrap()
    };
    let first = list(None).await;
    assert_eq!(first.iter().map(|version| version.board_seq).collect::<Vec<_>>(), (16..=25).rev().collect::<Vec<_>>());
    assert_eq!(first[1].title.as_deref(), Some("Version 24"));
    assert!(first.iter().all(|version| version.data_url.is_none()));
    assert!(first.iter().all(|version| version.has_picture == (version.board_seq % 3 != 0)));
    let last = list(Some("v6")).await;
    assert_eq!(
        last.iter().map(|version| version.version_id.as_str()).collect::<Vec<_>>(),
        ["v5", "v4", "v3", "v2", "v1"]
    );
    assert!(list(Some("none")).await.is_empty() && list(Some("v1")).await.is_empty());
    assert!(engine.store.versions(&"q".into(), None, 10).await.unwrap().is_empty());
}

/// However many there are: what is read does not grow (the embedded engine counts it, `embedded/versions.rs`), nor what
/// is sent.
async fn one_version_and_one_picture_are_read_by_their_own_id(engine: Engine) {
    save(&engine, 300).await;
    let find = async |id: &str| engine.store.version(&"r".into(), &id.into()).await.unwrap();
    let picture = async |id: &str| engine.store.version_picture(&"r".into(), &id.into()).await.unwrap();
    let found = find("v250").await.unwrap();
    assert_eq!((found.board_seq, found.title.as_deref(), found.by.as_str()), (250, Some("Version 250"), "ann"));
    assert!(found.has_picture && found.data_url.is_none());
    assert_eq!(picture("v250").await.unwrap().len(), 20_022);
    assert_eq!((picture("v3").await, picture("none").await), (None, None));
    assert_eq!((find("none").await, find("v3").await.unwrap().has_picture), (None, false));
    let page = engine.store.versions(&"r".into(), None, 100).await.unwrap();
    let sent = serde_json::to_string(&page).unwrap().len();
    assert!(page.len() == 100 && sent < 20_000, "{sent} bytes");
}
