use crate::engine::{Engine, on_every_engine};
use studyrooms_domain::log::{Appended, Draft, Entry, EntryBody, LogName, MessageBody};
use studyrooms_protocol::{board::BoardOp, ids::RoomId, presence::LeaveReason};

on_every_engine!(
    positions_are_one_two_three_in_each_log,
    the_same_event_again_gives_the_first_entry,
    the_same_event_twice_in_one_batch_is_one_entry,
    an_event_id_is_a_users_own,
    a_batch_of_old_and_new_of_several_people_keeps_its_order,
    a_handle_that_fell_far_behind_goes_on_at_the_end,
    an_entry_is_found_by_its_event,
    an_entry_comes_back_as_it_went_in,
    after_reads_on_from_a_place,
    pages_go_back_by_type,
    pages_go_forward_by_type,
    nothing_asked_for_is_nothing_given,
);

pub fn message(user: &str, event: &str) -> Draft {
    let body = MessageBody {
        id: format!("m-{event}").into(),
        sender_name: user.into(),
        text: format!("“{event}” \u{0} 😀"),
        attachments: vec![],
        reply_to: Some("m0".into()),
        own_event_id: true,
    };
    draft(user, event, EntryBody::Message(body))
}

fn left(user: &str, event: &str) -> Draft {
    draft(user, event, EntryBody::Left { socket_id: "s".into(), reason: LeaveReason::Lost })
}

pub fn draft(user: &str, event: &str, body: EntryBody) -> Draft {
    Draft { event_id: event.into(), user_id: user.into(), timestamp: 1_700_000_000_123, body }
}

fn seqs(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq).collect()
}

async fn append(engine: &Engine, room: &str, log: LogName, drafts: Vec<Draft>) -> Vec<Appended> {
    engine.store.append(&RoomId::from(room), log, drafts).await.unwrap()
}

// SPEC 1.2
async fn positions_are_one_two_three_in_each_log(engine: Engine) {
    append(&engine, "r", LogName::Room, vec![message("ann", "a"), message("ann", "b")]).await;
    append(&engine, "q", LogName::Room, vec![message("ann", "a")]).await;
    append(&engine, "r", LogName::Board, vec![draft("ann", "a", EntryBody::Drawn { ops: vec![BoardOp::Clear] })]).await;
    append(&engine, "r", LogName::Room, vec![message("bob", "c")]).await;
    let engine = engine.reopened().await;
    let all = engine.store.after(&"r".into(), LogName::Room, 0, 10).await.unwrap();
    assert_eq!(seqs(&all), [1, 2, 3]);
    assert_eq!(engine.store.last_seq(&"r".into(), LogName::Room).await.unwrap(), 3);
    assert_eq!(engine.store.last_seq(&"r".into(), LogName::Board).await.unwrap(), 1);
    assert_eq!(engine.store.last_seq(&"none".into(), LogName::Room).await.unwrap(), 0);
}

// SPEC 1.3
async fn the_same_event_again_gives_the_first_entry(engine: Engine) {
    let first = append(&engine, "r", LogName::Room, vec![message("ann", "a")]).await.remove(0);
    let mut changed = message("ann", "a");
    changed.timestamp += 1;
    let again = append(&engine, "r", LogName::Room, vec![changed, message("ann", "b")]).await;
    assert!(first.fresh && !again[0].fresh && again[1].fresh);
    assert_eq!(again[0].entry, first.entry);
    assert_eq!(again[1].entry.seq, 2);
}

// SPEC 1.3
async fn the_same_event_twice_in_one_batch_is_one_entry(engine: Engine) {
    let both = append(&engine, "r", LogName::Room, vec![message("ann", "a"), message("ann", "a")]).await;
    assert_eq!((both[0].fresh, both[1].fresh), (true, false));
    assert_eq!(both[0].entry, both[1].entry);
    assert_eq!(engine.store.last_seq(&"r".into(), LogName::Room).await.unwrap(), 1);
}

// SPEC 1.3
async fn an_event_id_is_a_users_own(engine: Engine) {
    let both = append(&engine, "r", LogName::Room, vec![message("ann", "a"), message("bob", "a")]).await;
    assert!(both[0].fresh && both[1].fresh);
}

async fn a_batch_of_old_and_new_of_several_people_keeps_its_order(engine: Engine) {
    let old = ["ann", "bob", "cem"].map(|user| message(user, "old"));
    append(&engine, "r", LogName::Room, old.to_vec()).await;
    let mixed = [["ann", "bob"], ["cem", "ann"], ["bob", "cem"]].into_iter().enumerate();
    let mixed = mixed.flat_map(|(n, [new, again])| [message(new, &format!("new{n}")), message(again, "old")]);
    let appended = append(&engine, "r", LogName::Room, mixed.collect()).await;
    let places: Vec<(u64, bool)> = appended.iter().map(|appended| (appended.entry.seq, appended.fresh)).collect();
    assert_eq!(places, [(4, true), (2, false), (5, true), (1, false), (6, true), (3, false)]);
    assert_eq!(engine.store.last_seq(&"r".into(), LogName::Room).await.unwrap(), 6);
}

async fn a_handle_that_fell_far_behind_goes_on_at_the_end(engine: Engine) {
    let other = engine.another_handle().await;
    append(&engine, "r", LogName::Room, vec![message("ann", "a")]).await;
    for batch in 0..3 {
        let drafts = (0..300).map(|n| message("bob", &format!("{batch}.{n}"))).collect();
        other.append(&"r".into(), LogName::Room, drafts).await.unwrap();
    }
    let appended = append(&engine, "r", LogName::Room, vec![message("bob", "1.7"), message("ann", "b")]).await;
    assert_eq!((appended[0].entry.seq, appended[0].fresh), (309, false));
    assert_eq!((appended[1].entry.seq, appended[1].fresh), (902, true));
}

// SPEC 1.8
async fn an_entry_is_found_by_its_event(engine: Engine) {
    let stored = append(&engine, "r", LogName::Room, vec![message("ann", "a"), message("bob", "a")]).await;
    let find = async |log, user: &str, event: &str| {
        engine.store.by_event(&"r".into(), log, &user.into(), &event.into()).await.unwrap()
    };
    assert_eq!(find(LogName::Room, "bob", "a").await, Some(stored[1].entry.clone()));
    assert_eq!(find(LogName::Room, "bob", "b").await, None);
    assert_eq!(find(LogName::Board, "bob", "a").await, None);
}

async fn an_entry_comes_back_as_it_went_in(engine: Engine) {
    let ops: Vec<BoardOp> = serde_json::from_str(
        r##"[{"type":"stroke","id":"s","points":[[0.1,2],[3,4,0.25]],"color":"#abc","width":1.5},
            {"type":"append","id":"s","offset":2,"points":[[5,6]]},{"type":"patch","id":"s","set":{"z":3}},
            {"type":"erase","ids":["x"]},{"type":"clear"}]"##,
    )
    .unwrap();
    let drafts = vec![message("ann", "a"), left("ann", "b"), draft("ann", "c", EntryBody::Drawn { ops })];
    let stored = append(&engine, "r", LogName::Room, drafts.clone()).await;
    let read = engine.store.after(&"r".into(), LogName::Room, 0, 10).await.unwrap();
    for ((draft, stored), read) in drafts.into_iter().zip(stored).zip(read) {
        assert_eq!(stored.entry, read);
        assert_eq!((draft.body, draft.timestamp, draft.event_id), (read.body, read.timestamp, read.event_id));
    }
}

async fn fifty(engine: &Engine) {
    let drafts =
        (1..=50).map(|n| if n % 5 == 0 { left("ann", &n.to_string()) } else { message("ann", &n.to_string()) });
    append(engine, "r", LogName::Room, drafts.collect()).await;
}

async fn after_reads_on_from_a_place(engine: Engine) {
    fifty(&engine).await;
    let read = async |seq, limit| seqs(&engine.store.after(&"r".into(), LogName::Room, seq, limit).await.unwrap());
    assert_eq!(read(0, 3).await, [1, 2, 3]);
    assert_eq!(read(48, 10).await, [49, 50]);
    assert!(read(50, 10).await.is_empty());
}

async fn pages_go_back_by_type(engine: Engine) {
    fifty(&engine).await;
    let page = async |before, limit| {
        let (room, kind) = ("r".into(), EntryBody::MESSAGE);
        seqs(&engine.store.page_before(&room, LogName::Room, &[kind], before, limit).await.unwrap())
    };
    assert_eq!(page(None, 4).await, [46, 47, 48, 49]);
    assert_eq!(page(Some(46), 4).await, [41, 42, 43, 44]);
    assert_eq!(page(Some(u64::MAX), 1).await, [49]);
    assert_eq!(page(Some(3), 4).await, [1, 2]);
    assert!(page(Some(1), 4).await.is_empty());
}

async fn pages_go_forward_by_type(engine: Engine) {
    fifty(&engine).await;
    let page = async |after, limit| {
        let (room, kind) = ("r".into(), EntryBody::MESSAGE);
        seqs(&engine.store.page_after(&room, LogName::Room, &[kind], after, limit).await.unwrap())
    };
    assert_eq!(page(0, 3).await, [1, 2, 3]);
    assert_eq!(page(3, 3).await, [4, 6, 7]);
    assert!(page(u64::MAX, 3).await.is_empty());
}

async fn nothing_asked_for_is_nothing_given(engine: Engine) {
    assert!(append(&engine, "r", LogName::Room, vec![]).await.is_empty());
    fifty(&engine).await;
    assert!(engine.store.after(&"r".into(), LogName::Room, 0, 0).await.unwrap().is_empty());
    let page = engine.store.page_before(&"r".into(), LogName::Room, &[EntryBody::MESSAGE], None, 0).await.unwrap();
    assert!(page.is_empty());
}
