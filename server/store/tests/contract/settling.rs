//! Deletion takes a text away for good: from the log, from its edits, and from what is found.

use crate::{
    chat::{deleted, edited, reacted, said, text},
    engine::{Engine, on_database, on_every_engine},
};
use futures_util::future::join_all;
use mongodb::{
    Client, Collection,
    bson::{Document, doc},
};
use studyrooms_domain::{
    log::{Draft, Entry, EntryBody, LogName},
    store::Logs,
};
use studyrooms_store::mongo::{Mongo, MongoConfig};

on_every_engine!(
    what_is_deleted_is_blanked_and_no_longer_found,
    all_but_the_text_of_what_is_deleted_stays,
    a_message_deleted_in_the_batch_that_said_it_is_blank,
    an_edit_after_the_deletion_keeps_no_text_either,
    what_is_about_nothing_changes_nothing,
    the_board_log_is_left_as_it_is,
    a_log_read_and_appended_elsewhere_ends_the_same,
    edits_and_deletions_at_once_end_as_the_log_says,
);

/// What no one may read any more.
fn holds(entries: &[Entry], secret: &str) -> bool {
    serde_json::to_string(entries).unwrap().contains(secret)
}

// SPEC 1.9
async fn what_is_deleted_is_blanked_and_no_longer_found(engine: Engine) {
    engine.store.say([said("ann", "m1", "secret one"), said("bob", "m2", "public")]).await;
    engine.store.say([edited("e1", "m1", "secret two"), edited("e2", "m1", "secret three")]).await;
    assert_eq!(engine.store.found("secret").await, [1]);
    engine.store.say([deleted("d", "m1")]).await;
    let engine = engine.reopened().await;
    let log = engine.store.log().await;
    assert!(!holds(&log, "secret") && !holds(&log, "m1.pdf") && holds(&log, "m2.pdf"), "{log:?}");
    assert_eq!([text(&log[0]), text(&log[2]), text(&log[3]), text(&log[1])], ["", "", "", "public"]);
    assert!(engine.store.found("secret").await.is_empty());
    assert_eq!(engine.store.found("public").await, [2]);
    assert!(!holds(&engine.store.messages(&"r".into(), &["m1".into()]).await.unwrap(), "secret"));
    assert!(!holds(&engine.store.amendments(&"r".into(), &["m1".into()]).await.unwrap(), "secret"));
}

async fn all_but_the_text_of_what_is_deleted_stays(engine: Engine) {
    let before = engine.store.say([said("ann", "m1", "secret “\u{0}”"), edited("e", "m1", "other")]).await;
    engine.store.say([deleted("d", "m1")]).await;
    let log = engine.store.log().await;
    for (mut before, after) in before.into_iter().map(|appended| appended.entry).zip(log) {
        match &mut before.body {
            EntryBody::Message(message) => {
                message.text.clear();
                message.attachments.clear();
            }
            EntryBody::Edited { text, .. } => text.clear(),
            other => panic!("{other:?}"),
        }
        assert_eq!(after, before);
    }
}

// SPEC 1.9
async fn a_message_deleted_in_the_batch_that_said_it_is_blank(engine: Engine) {
    let all =
        [said("ann", "m1", "secret"), edited("e", "m1", "secret too"), deleted("d", "m1"), said("ann", "m2", "more")];
    engine.store.say(all.clone()).await;
    let blank = engine.store.log().await;
    assert!(!holds(&blank, "secret"));
    assert!(engine.store.found("secret").await.is_empty());
    assert_eq!(engine.store.found("more").await, [4]);
    // The same batch again finds what is there.
    let again = engine.store.say(all).await;
    assert!(again.iter().all(|appended| !appended.fresh));
    assert_eq!(engine.store.log().await, blank);
}

async fn an_edit_after_the_deletion_keeps_no_text_either(engine: Engine) {
    engine.store.say([said("ann", "m1", "first"), deleted("d", "m1")]).await;
    let late = engine.store.say([edited("e1", "m1", "secret"), reacted("x", "m1"), edited("e2", "m1", "secret")]).await;
    assert_eq!((text(&late[0].entry), text(&late[2].entry)), ("", ""));
    let other = engine.another_handle().await;
    other.say([edited("e3", "m1", "secret"), deleted("d2", "m1")]).await;
    let log = engine.store.log().await;
    assert!(log.len() == 7 && !holds(&log, "secret"), "{log:?}");
    assert!(engine.store.found("secret").await.is_empty());
}

async fn what_is_about_nothing_changes_nothing(engine: Engine) {
    let early =
        [edited("e1", "m1", "too early"), deleted("d1", "m1"), edited("e2", "m2", "about none"), deleted("d2", "m3")];
    engine.store.say(early).await;
    engine.store.say([said("ann", "m1", "there now")]).await;
    engine.store.go_on("a").await;
    assert_eq!(engine.store.found("there").await, [5]);
    assert!(engine.store.found("early").await.is_empty() && engine.store.found("none").await.is_empty());
    assert_eq!(text(&engine.store.log().await[4]), "there now");
}

async fn the_board_log_is_left_as_it_is(engine: Engine) {
    let drafts = vec![said("ann", "m1", "board"), deleted("d", "m1"), edited("e", "m1", "edited")];
    engine.store.append(&"r".into(), LogName::Board, drafts).await.unwrap();
    let log = engine.store.after(&"r".into(), LogName::Board, 0, 9).await.unwrap();
    assert_eq!((text(&log[0]), text(&log[2])), ("board", "edited"));
    assert!(engine.store.found("board").await.is_empty());
}

async fn a_log_read_and_appended_elsewhere_ends_the_same(engine: Engine) {
    engine.store.say((0..40).map(|n| said("ann", &format!("m{n}"), &format!("text {n} word{n}")))).await;
    engine
        .store
        .say((0..40).step_by(3).map(|n| edited(&format!("e{n}"), &format!("m{n}"), &format!("changed{n}"))))
        .await;
    engine.store.say((0..40).step_by(5).map(|n| deleted(&format!("d{n}"), &format!("m{n}")))).await;
    let log = engine.store.log().await;
    let draft = |entry: &Entry| {
        let Entry { event_id, user_id, timestamp, body, .. } = entry.clone();
        Draft { event_id, user_id, timestamp, body }
    };
    let copy = "q".into();
    for part in log.chunks(17) {
        engine.store.append(&copy, LogName::Room, part.iter().map(draft).collect()).await.unwrap();
    }
    let copied = engine.store.after(&copy, LogName::Room, 0, 1000).await.unwrap();
    assert_eq!(copied.iter().map(draft).collect::<Vec<_>>(), log.iter().map(draft).collect::<Vec<_>>());
    for word in ["text", "word7", "word9", "word10", "changed9", "changed15"] {
        let there = engine.store.search(&copy, &[word.to_owned()], None, 100).await.unwrap();
        assert_eq!(there.iter().map(|entry| entry.seq).collect::<Vec<_>>(), engine.store.found(word).await, "{word}");
    }
}

async fn edits_and_deletions_at_once_end_as_the_log_says(engine: Engine) {
    let handles = [engine.store.clone(), engine.another_handle().await, engine.another_handle().await];
    for round in 0..4 {
        let (kept, gone) = (format!("kept{round}"), format!("gone{round}"));
        engine.store.say([said("ann", &kept, "first"), said("ann", &gone, "first")]).await;
        join_all(handles.iter().enumerate().map(async |(n, handle)| {
            for turn in 0..3 {
                let event = format!("{round}.{n}.{turn}");
                let text = format!("secret{round}x{n}x{turn}");
                handle
                    .say([edited(&format!("k{event}"), &kept, &text), edited(&format!("g{event}"), &gone, &text)])
                    .await;
                if n == turn {
                    handle.say([deleted(&format!("d{event}"), &gone)]).await;
                }
            }
        }))
        .await;
        let log = engine.store.log().await;
        let about = |id: &str| {
            let entries = log.iter().filter(move |entry| entry.body.about().is_some_and(|about| about.as_str() == id));
            entries.cloned().collect::<Vec<_>>()
        };
        assert!(!holds(&about(&gone), "secret"));
        let last = about(&kept).last().map(|entry| text(entry).to_owned()).unwrap();
        assert_eq!(engine.store.found(&format!("secret{round}")).await.len(), 1);
        assert_eq!(engine.store.found(&last).await.len(), 1, "found by {last}, its last text");
    }
}

/// The entries as a person sees them in a shell.
async fn documents(config: &MongoConfig) -> Collection<Document> {
    Client::with_uri_str(&config.uri).await.unwrap().database(&config.database).collection("entries")
}

/// An entry as an instance leaves it that is killed right after the insert.
async fn cut_short(entries: &Collection<Document>, seq: i64, draft: Draft) {
    let Draft { event_id, user_id, timestamp, body } = draft;
    let message_id = body.about().unwrap().0.clone();
    let entry = Entry { event_id, room_id: "r".into(), seq: seq as u64, user_id, timestamp, body };
    let mut document = mongodb::bson::serialize_to_document(&entry).unwrap();
    document.extend(doc! { "log": "room", "messageId": message_id, "unsettled": true });
    entries.insert_one(document).await.unwrap();
}

async fn is_settled(entries: &Collection<Document>) -> bool {
    entries.count_documents(doc! { "unsettled": { "$exists": true } }).await.unwrap() == 0
}

// SPEC 1.9
#[tokio::test]
async fn a_deletion_cut_short_is_finished_by_the_next_append() {
    on_database(async |config| {
        let entries = documents(&config).await;
        // By one that never met this log, by one that knows its end, and by one that is told by a
        // clash or by looking, as their hints have it.
        for known in [false, true] {
            entries.delete_many(doc! {}).await.unwrap();
            let (old, new) =
                (Mongo::connect(config.clone()).await.unwrap(), Mongo::connect(config.clone()).await.unwrap());
            let said = vec![said("ann", "m1", "secret"), edited("e", "m1", "secret"), said("ann", "m2", "secret2")];
            old.append(&"r".into(), LogName::Room, said).await.unwrap();
            if known {
                new.append(&"r".into(), LogName::Room, vec![reacted("x", "m2")]).await.unwrap();
            } else {
                old.append(&"r".into(), LogName::Room, vec![reacted("x", "m2")]).await.unwrap();
            }
            cut_short(&entries, 5, edited("e2", "m2", "public")).await;
            cut_short(&entries, 6, deleted("d", "m1")).await;
            let next = new.append(&"r".into(), LogName::Room, vec![reacted("y", "m2")]).await.unwrap();
            assert_eq!(next[0].entry.seq, 7);
            let log = new.after(&"r".into(), LogName::Room, 0, 10).await.unwrap();
            assert_eq!([text(&log[0]), text(&log[1]), text(&log[2])], ["", "", "secret2"]);
            let found = async |word: &str| {
                let found = new.search(&"r".into(), &[word.to_owned()], None, 9).await.unwrap();
                found.iter().map(|entry| entry.seq).collect::<Vec<_>>()
            };
            assert!(found("secret").await.is_empty());
            assert_eq!(found("public").await, [3]);
            assert!(is_settled(&entries).await);
        }
    })
    .await;
}

// SPEC 1.9
#[tokio::test]
async fn a_deletion_cut_short_is_finished_when_it_is_sent_again() {
    on_database(async |config| {
        let store = Mongo::connect(config.clone()).await.unwrap();
        store.append(&"r".into(), LogName::Room, vec![said("ann", "m1", "secret")]).await.unwrap();
        let entries = documents(&config).await;
        cut_short(&entries, 2, deleted("d", "m1")).await;
        let again = store.append(&"r".into(), LogName::Room, vec![deleted("d", "m1")]).await.unwrap();
        assert_eq!((again[0].entry.seq, again[0].fresh), (2, false));
        assert!(is_settled(&entries).await);
        assert!(!holds(&store.after(&"r".into(), LogName::Room, 0, 9).await.unwrap(), "secret"));
    })
    .await;
}

// SPEC 1.9
#[tokio::test]
async fn a_deletion_cut_short_is_finished_by_the_next_start() {
    on_database(async |config| {
        let store = Mongo::connect(config.clone()).await.unwrap();
        store.append(&"r".into(), LogName::Room, vec![said("ann", "m1", "secret")]).await.unwrap();
        let entries = documents(&config).await;
        cut_short(&entries, 2, deleted("d", "m1")).await;
        let store = Mongo::connect(config).await.unwrap();
        assert!(is_settled(&entries).await);
        assert!(!holds(&store.after(&"r".into(), LogName::Room, 0, 9).await.unwrap(), "secret"));
    })
    .await;
}

#[tokio::test]
async fn one_who_read_less_does_not_undo_what_another_settled() {
    on_database(async |config| {
        let store = Mongo::connect(config.clone()).await.unwrap();
        let log = vec![said("ann", "m1", "first"), edited("e1", "m1", "second"), edited("e2", "m1", "third")];
        store.append(&"r".into(), LogName::Room, log).await.unwrap();
        let entries = documents(&config).await;
        // The third is not seen yet by who settles the second a little later.
        entries.update_one(doc! { "seq": 3 }, doc! { "$set": { "roomId": "away" } }).await.unwrap();
        entries.update_one(doc! { "seq": 2 }, doc! { "$set": { "unsettled": true } }).await.unwrap();
        let store = Mongo::connect(config).await.unwrap();
        assert!(is_settled(&entries).await);
        let found = async |word: &str| store.search(&"r".into(), &[word.to_owned()], None, 9).await.unwrap().len();
        assert_eq!((found("second").await, found("third").await), (0, 1));
    })
    .await;
}

// SPEC 1.9, 11.5
#[tokio::test]
async fn entries_of_an_earlier_program_are_found_and_blanked_too() {
    on_database(async |config| {
        let store = Mongo::connect(config.clone()).await.unwrap();
        let mut log: Vec<Draft> = (0..250).map(|n| said("ann", &format!("m{n}"), &format!("word{n}"))).collect();
        log.extend([edited("e", "m3", "changed"), deleted("d", "m4"), reacted("x", "m5")]);
        store.append(&"r".into(), LogName::Room, log.clone()).await.unwrap();
        store.append(&"r".into(), LogName::Board, log[..3].to_vec()).await.unwrap();
        let entries = documents(&config).await;
        let new = doc! { "$unset": { "messageId": "", "tokens": "", "textSeq": "", "unsettled": "" } };
        entries.update_many(doc! {}, new).await.unwrap();
        entries
            .update_one(doc! { "log": "room", "seq": 5 }, doc! { "$set": { "payload.text": "secret" } })
            .await
            .unwrap();
        let meta =
            Client::with_uri_str(&config.uri).await.unwrap().database(&config.database).collection::<Document>("meta");
        meta.update_one(doc! { "_id": "schema" }, doc! { "$set": { "version": 1_i64 } }).await.unwrap();
        let store = Mongo::connect(config).await.unwrap();
        let found = async |word: &str| {
            let found = store.search(&"r".into(), &[word.to_owned()], None, 2000).await.unwrap();
            found.iter().map(|entry| entry.seq).collect::<Vec<_>>()
        };
        assert_eq!(found("word").await.len(), 248);
        assert_eq!((found("word249").await, found("changed").await), (vec![250], vec![4]));
        assert!(found("word3").await.iter().all(|seq| *seq != 4) && found("secret").await.is_empty());
        assert_eq!(store.amendments(&"r".into(), &["m3".into(), "m5".into()]).await.unwrap().len(), 2);
        assert_eq!(store.messages(&"r".into(), &["m0".into()]).await.unwrap().len(), 1);
        assert!(!holds(&store.after(&"r".into(), LogName::Room, 0, 10).await.unwrap(), "secret"));
        assert!(is_settled(&entries).await);
        let board = doc! { "log": "board", "messageId": { "$exists": true } };
        assert_eq!(entries.count_documents(board).await.unwrap(), 0);
    })
    .await;
}
