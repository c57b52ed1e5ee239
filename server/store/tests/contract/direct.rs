//! The one room of two people.

use crate::{
    engine::{Engine, on_database, on_every_engine},
    rooms::{all_of, member, room},
};
use futures_util::future::join_all;
use mongodb::{
    Client,
    bson::{Document, doc},
};
use std::collections::HashSet;
use studyrooms_domain::{
    log::EntryBody,
    rooms::{Member, Room, RoomKind},
    store::Rooms,
};
use studyrooms_protocol::rooms::Role;
use studyrooms_store::mongo::Mongo;

on_every_engine!(
    two_people_have_one_room_in_either_order,
    two_people_have_one_direct_room_however_often_both_ask_at_once,
    everyone_has_one_with_everyone,
    a_removed_one_gives_way_to_a_new_one,
    who_left_is_back_when_one_of_them_asks,
    a_taken_code_makes_no_room,
);

fn direct_room(id: &str) -> Room {
    Room { kind: RoomKind::Direct, ..room(id, &format!("code-{id}")) }
}

fn pair(room: &str, one: &str, other: &str) -> [Member; 2] {
    [member(room, one, Role::Owner, 5), member(room, other, Role::Member, 5)]
}

fn ids(members: &[Member]) -> Vec<&str> {
    members.iter().map(|member| member.user_id.as_str()).collect()
}

async fn two_people_have_one_room_in_either_order(engine: Engine) {
    let first = engine.store.direct(direct_room("r1"), pair("r1", "ann", "bob")).await.unwrap();
    assert_eq!(first, direct_room("r1"));
    let engine = engine.reopened().await;
    let again = engine.store.direct(direct_room("r2"), pair("r2", "bob", "ann")).await.unwrap();
    assert_eq!(again, first);
    assert_eq!(engine.store.members(&"r1".into(), None, 100).await.unwrap(), pair("r1", "ann", "bob"));
    assert!(engine.store.members(&"r2".into(), None, 100).await.unwrap().is_empty());
    assert_eq!(Rooms::lookup(&*engine.store, &"r2".into()).await.unwrap(), None);
    assert_eq!(Rooms::lookup(&*engine.store, &"code-r1".into()).await.unwrap(), Some(first));
    assert_eq!(all_of(&engine, "bob").await.len(), 1);
}

async fn two_people_have_one_direct_room_however_often_both_ask_at_once(engine: Engine) {
    let other = engine.another_handle().await;
    for round in 0..5 {
        let calls = (0..8).map(|n| {
            let (store, id) = (if n % 2 == 0 { &engine.store } else { &other }, format!("r{round}.{n}"));
            let people = [format!("ann{round}"), "bob".to_owned()];
            let pair = pair(&id, &people[n % 2], &people[(n + 1) % 2]);
            store.direct(direct_room(&id), pair)
        });
        let rooms: HashSet<String> = join_all(calls).await.into_iter().map(|room| room.unwrap().room_id.0).collect();
        assert_eq!(rooms.len(), 1, "{rooms:?}");
        let room_id = rooms.into_iter().next().unwrap();
        assert_eq!(engine.store.members(&room_id.into(), None, 100).await.unwrap().len(), 2);
        assert_eq!(all_of(&engine, "bob").await.len(), round + 1);
    }
}

async fn everyone_has_one_with_everyone(engine: Engine) {
    for (id, one, other) in [("r1", "ann", "bob"), ("r2", "ann", "cem"), ("r3", "bob", "cem"), ("r4", "annb", "ob")] {
        let room = engine.store.direct(direct_room(id), pair(id, one, other)).await.unwrap();
        assert_eq!(room.room_id.as_str(), id);
    }
    let group = room("r5", "aaa-aaaa-aaa");
    assert!(Rooms::add(&*engine.store, group, member("r5", "ann", Role::Owner, 1)).await.unwrap());
}

async fn a_removed_one_gives_way_to_a_new_one(engine: Engine) {
    engine.store.direct(direct_room("r1"), pair("r1", "ann", "bob")).await.unwrap();
    assert!(Rooms::remove(&*engine.store, &"r1".into()).await.unwrap());
    let new = engine.store.direct(direct_room("r2"), pair("r2", "bob", "ann")).await.unwrap();
    assert_eq!(new.room_id.as_str(), "r2");
    assert_eq!(ids(&engine.store.members(&"r2".into(), None, 100).await.unwrap()), ["ann", "bob"]);
}

async fn who_left_is_back_when_one_of_them_asks(engine: Engine) {
    engine.store.direct(direct_room("r1"), pair("r1", "ann", "bob")).await.unwrap();
    let gone = crate::projection::entry(1, EntryBody::Resigned { target: "bob".into() });
    engine.store.project(&gone).await.unwrap();
    engine.store.direct(direct_room("r2"), pair("r2", "ann", "bob")).await.unwrap();
    assert_eq!(ids(&engine.store.members(&"r1".into(), None, 100).await.unwrap()), ["ann", "bob"]);
}

async fn a_taken_code_makes_no_room(engine: Engine) {
    let group = room("r1", "code-r2");
    assert!(Rooms::add(&*engine.store, group, member("r1", "ann", Role::Owner, 1)).await.unwrap());
    assert!(engine.store.direct(direct_room("r2"), pair("r2", "ann", "bob")).await.is_err());
    assert_eq!(Rooms::lookup(&*engine.store, &"r2".into()).await.unwrap(), None);
    assert!(engine.store.members(&"r2".into(), None, 100).await.unwrap().is_empty());
    assert!(engine.store.direct(direct_room("r3"), pair("r3", "ann", "bob")).await.is_ok());
}

#[tokio::test]
async fn one_made_by_a_call_that_was_cut_short_is_completed_by_the_next() {
    on_database(async |config| {
        let store = Mongo::connect(config.clone()).await.unwrap();
        store.direct(direct_room("r1"), pair("r1", "ann", "bob")).await.unwrap();
        let members = Client::with_uri_str(&config.uri).await.unwrap().database(&config.database);
        let members = members.collection::<Document>("members");
        for cut in [doc! { "userId": "bob" }, doc! {}] {
            members.delete_many(cut).await.unwrap();
            let room = store.direct(direct_room("r2"), pair("r2", "bob", "ann")).await.unwrap();
            assert_eq!(room.room_id.as_str(), "r1");
            assert_eq!(ids(&store.members(&"r1".into(), None, 100).await.unwrap()), ["ann", "bob"]);
        }
    })
    .await;
}
