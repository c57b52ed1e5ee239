//! Messages of the room log by their ids, what amends them, and how many are unread.

use crate::{
    chat::{deleted, edited, reacted, said, seqs, text},
    engine::{Engine, on_embedded, on_every_engine},
    logs::{draft, message},
};
use studyrooms_domain::log::{Entry, EntryBody, LogName};
use studyrooms_protocol::{ids::MessageId, presence::LeaveReason};

on_every_engine!(
    messages_are_found_by_their_ids,
    what_amends_messages_is_found_by_their_ids,
    many_ids_may_be_asked_for,
    a_message_costs_what_it_shows_however_often_it_was_changed,
    pages_of_several_types_keep_the_order_of_the_log,
    unread_messages_of_others_are_counted_up_to_a_limit,
);

fn ids(ids: &[&str]) -> Vec<MessageId> {
    ids.iter().map(|id| (*id).into()).collect()
}

async fn three_and_their_amendments(engine: &Engine) {
    let first = [said("ann", "m1", "one"), said("bob", "m2", "two"), reacted("a", "m1"), said("ann", "m3", "three")];
    engine.store.say(first).await;
    let pinned = draft("mod", "b", EntryBody::Pinned { message_id: "m2".into(), on: true });
    engine.store.say([edited("c", "m1", "uno"), pinned, reacted("d", "m3"), deleted("e", "m2")]).await;
    // None of these is about a message of this room's log.
    engine.store.append(&"q".into(), LogName::Room, vec![said("ann", "m1", "x"), reacted("a", "m1")]).await.unwrap();
    engine.store.append(&"r".into(), LogName::Board, vec![said("ann", "m1", "x")]).await.unwrap();
}

async fn messages_are_found_by_their_ids(engine: Engine) {
    three_and_their_amendments(&engine).await;
    let engine = engine.reopened().await;
    let find = async |wanted: &[&str]| engine.store.messages(&"r".into(), &ids(wanted)).await.unwrap();
    let found = find(&["m3", "m1", "none", "m3"]).await;
    assert_eq!(seqs(&found), [1, 4]);
    let log: Vec<Entry> = engine.store.log().await;
    assert_eq!(found, [log[0].clone(), log[3].clone()]);
    assert!(find(&[]).await.is_empty());
}

async fn what_amends_messages_is_found_by_their_ids(engine: Engine) {
    three_and_their_amendments(&engine).await;
    let find = async |wanted: &[&str]| engine.store.amendments(&"r".into(), &ids(wanted)).await.unwrap();
    assert_eq!(seqs(&find(&["m1"]).await), [3, 5]);
    assert_eq!(seqs(&find(&["m3", "m2", "none"]).await), [7, 8], "of what is deleted nothing else counts");
    assert!(find(&[]).await.is_empty());
    for entry in find(&["m1", "m2", "m3"]).await {
        assert!(entry.body.about().is_some());
    }
}

/// Says a message and changes it so many times; gives what of that still counts.
async fn changed(engine: &Engine, times: usize) -> Vec<Entry> {
    let id = format!("m{times}");
    let changes = (0..=times).flat_map(|n| {
        let (on, message_id) = (n % 2 == 0, MessageId::from(id.as_str()));
        let emoji = "👍".to_owned();
        [
            edited(&format!("e{id}-{n}"), &id, &format!("wording{n}")),
            draft("bob", &format!("r{id}-{n}"), EntryBody::Reacted { message_id: message_id.clone(), emoji, on }),
            draft("mod", &format!("p{id}-{n}"), EntryBody::Pinned { message_id, on }),
        ]
    });
    engine.store.say([said("ann", &id, "first")]).await;
    for some in changes.collect::<Vec<_>>().chunks(30) {
        engine.store.say(some.to_vec()).await;
    }
    engine.store.amendments(&"r".into(), &ids(&[&id])).await.unwrap()
}

/// The last edit, the last pin and what was last chosen, however often that was changed.
async fn costs_what_it_shows(engine: &Engine, times: usize) {
    let counting = changed(engine, times).await;
    let kinds: Vec<&str> = counting.iter().map(|entry| entry.body.kind()).collect();
    assert_eq!(kinds, ["edited", "reacted", "pinned"], "after {times} changes");
    assert_eq!(text(&counting[0]), format!("wording{times}"));
    assert_eq!(engine.store.found(&format!("wording{times}")).await.len(), 1);
}

async fn a_message_costs_what_it_shows_however_often_it_was_changed(engine: Engine) {
    // The test server of MongoDB syncs each change by itself.
    for times in [10, 40] {
        costs_what_it_shows(&engine, times).await;
    }
    engine.store.say([deleted("d", "m40"), edited("late", "m40", "wording of later")]).await;
    let counting = engine.store.amendments(&"r".into(), &ids(&["m40"])).await.unwrap();
    assert_eq!(counting.iter().map(|entry| entry.body.kind()).collect::<Vec<_>>(), ["deleted"]);
    let log = engine.store.after(&"r".into(), LogName::Room, 0, 500).await.unwrap();
    let edits = log.iter().filter(|entry| entry.body.about() == Some(&"m40".into()) && entry.body.kind() == "edited");
    assert!(
        edits.clone().count() == 42 && edits.clone().all(|entry| text(entry).is_empty()),
        "also what counted no more"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_costs_what_it_shows_after_a_thousand_changes() {
    on_embedded(async |engine: Engine| {
        for times in [10, 100, 1000] {
            costs_what_it_shows(&engine, times).await;
        }
    })
    .await;
}

async fn many_ids_may_be_asked_for(engine: Engine) {
    let often = (0..60).flat_map(|n| {
        let id = format!("m{}", n * 20);
        [said("ann", &id, "often"), reacted(&format!("r{n}"), &id)]
    });
    engine.store.say(often).await;
    let all: Vec<MessageId> = (0..40_000).map(|n| format!("m{}", n % 1200).into()).collect();
    let odd: Vec<u64> = (1..=120).step_by(2).collect();
    assert_eq!(seqs(&engine.store.messages(&"r".into(), &all).await.unwrap()), odd);
    let even: Vec<u64> = (2..=120).step_by(2).collect();
    assert_eq!(seqs(&engine.store.amendments(&"r".into(), &all).await.unwrap()), even);
}

async fn pages_of_several_types_keep_the_order_of_the_log(engine: Engine) {
    let drafts = (1..=60).map(|n| match n % 3 {
        0 => message("ann", &n.to_string()),
        1 => draft("ann", &n.to_string(), EntryBody::Left { socket_id: "s".into(), reason: LeaveReason::Lost }),
        _ => draft("ann", &n.to_string(), EntryBody::Unbanned { target: "bob".into() }),
    });
    engine.store.say(drafts).await;
    let kinds = ["message", "left", "message", "never"];
    let (room, log) = ("r".into(), LogName::Room);
    let before = async |place, limit| seqs(&engine.store.page_before(&room, log, &kinds, place, limit).await.unwrap());
    assert_eq!(before(None, 4).await, [55, 57, 58, 60]);
    assert_eq!(before(Some(55), 3).await, [51, 52, 54]);
    assert_eq!(before(Some(4), 9).await, [1, 3]);
    assert!(before(None, 0).await.is_empty());
    let after = async |place, limit| seqs(&engine.store.page_after(&room, log, &kinds, place, limit).await.unwrap());
    assert_eq!(after(0, 4).await, [1, 3, 4, 6]);
    assert_eq!(after(55, 9).await, [57, 58, 60]);
    assert!(after(u64::MAX, 9).await.is_empty());
    assert!(engine.store.page_before(&room, log, &[], None, 9).await.unwrap().is_empty());
    assert!(engine.store.page_after(&room, log, &[], 0, 9).await.unwrap().is_empty());
    let audit = engine.store.page_before(&room, log, EntryBody::AUDITED, None, 100).await.unwrap();
    assert_eq!(audit.len(), 40);
}

async fn unread_messages_of_others_are_counted_up_to_a_limit(engine: Engine) {
    let talk = (1..=30).flat_map(|n| {
        let user = if n % 3 == 0 { "ann" } else { "bob" };
        [message(user, &n.to_string()), reacted(&format!("x{n}"), "m")]
    });
    engine.store.say(talk).await;
    let count = async |after, limit| {
        let rooms = [("none".into(), 0), ("r".into(), after)];
        let counts = engine.store.count_unread(&rooms, &"ann".into(), limit).await.unwrap();
        assert_eq!((counts.len(), counts[0]), (2, 0));
        counts[1]
    };
    assert_eq!(count(0, 100).await, 20);
    assert_eq!(count(0, 20).await, 20);
    assert_eq!(count(0, 7).await, 7);
    assert_eq!(count(57, 100).await, 0);
    assert_eq!(count(55, 100).await, 1);
    assert_eq!(count(0, 0).await, 0);
    assert_eq!(count(u64::MAX, 9).await, 0);
    assert_eq!(engine.store.count_unread(&[], &"ann".into(), 9).await.unwrap(), [0; 0]);
}
