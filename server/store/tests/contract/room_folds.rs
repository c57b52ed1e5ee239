//! Folds of room logs, and the write by which a store is known to take writes.

use crate::{
    engine::{Engine, on_every_engine},
    rooms::{member, room},
};
use studyrooms_domain::{log::EntryBody, room_fold::RoomFold, store::Rooms};
use studyrooms_protocol::{control::MediaKind, rooms::Role};

on_every_engine!(
    a_fold_comes_back_as_it_was_and_an_older_one_never_replaces_it,
    a_fold_goes_with_its_room,
    a_probe_may_be_written_again_and_again,
);

fn fold(seq: u64) -> RoomFold {
    let mut fold = RoomFold::default();
    let body = EntryBody::Muted { target: "ben".into(), socket_id: "s".into(), kind: MediaKind::Audio, on: true };
    let (event_id, room_id, user_id) = ("e".into(), "r".into(), "ann".into());
    fold.apply(&studyrooms_domain::log::Entry { event_id, room_id, seq, user_id, timestamp: 1, body });
    fold
}

async fn a_fold_comes_back_as_it_was_and_an_older_one_never_replaces_it(engine: Engine) {
    assert_eq!(engine.store.latest_fold(&"r".into()).await.unwrap(), None);
    for seq in [7, 5, 8, 8, 3] {
        engine.store.put_fold(&"r".into(), fold(seq)).await.unwrap();
    }
    let engine = engine.reopened().await;
    assert_eq!(engine.store.latest_fold(&"r".into()).await.unwrap(), Some(fold(8)));
    assert_eq!(engine.store.latest_fold(&"other".into()).await.unwrap(), None);
}

async fn a_fold_goes_with_its_room(engine: Engine) {
    let owner = member("r", "ann", Role::Owner, 1);
    assert!(Rooms::add(&*engine.store, room("r", "aaa-aaaa-aaa"), owner).await.unwrap());
    engine.store.put_fold(&"r".into(), fold(7)).await.unwrap();
    assert!(Rooms::remove(&*engine.store, &"r".into()).await.unwrap());
    assert_eq!(engine.store.latest_fold(&"r".into()).await.unwrap(), None);
}

async fn a_probe_may_be_written_again_and_again(engine: Engine) {
    for _ in 0..3 {
        engine.store.probe_write().await.unwrap();
    }
}
