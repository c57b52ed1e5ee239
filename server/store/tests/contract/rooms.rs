use crate::engine::{Engine, on_every_engine};
use studyrooms_domain::{
    rooms::{Member, Room, RoomKind, default_settings},
    store::Rooms,
};
use studyrooms_protocol::rooms::{Role, Whom};

on_every_engine!(
    a_room_is_found_by_id_and_by_code_with_all_it_has,
    a_code_is_taken_once,
    its_maker_is_a_member_at_once,
    joining_again_changes_neither_role_nor_date,
    who_left_is_no_member,
    my_rooms_come_with_the_newest_first,
);

fn room(id: &str, code: &str) -> Room {
    let mut settings = default_settings();
    settings.who_draws = Whom::Mods;
    settings.capacity = 7;
    Room {
        room_id: id.into(),
        code: code.into(),
        title: format!("Raum {id} – λ"),
        kind: RoomKind::Group,
        owner_id: "ann".into(),
        settings,
        created_at: 1_700_000_000_000,
    }
}

fn member(room: &str, user: &str, role: Role, joined_at: u64) -> Member {
    Member { room_id: room.into(), user_id: user.into(), role, joined_at }
}

async fn add(engine: &Engine, room: Room) -> bool {
    let owner = member(room.room_id.as_str(), "ann", Role::Owner, room.created_at);
    Rooms::add(&*engine.store, room, owner).await.unwrap()
}

async fn a_room_is_found_by_id_and_by_code_with_all_it_has(engine: Engine) {
    assert!(add(&engine, room("r1", "abc-defg-hjk")).await);
    let engine = engine.reopened();
    for reference in ["r1", "abc-defg-hjk"] {
        let found = Rooms::lookup(&*engine.store, &reference.into()).await.unwrap();
        assert_eq!(found, Some(room("r1", "abc-defg-hjk")));
    }
    assert_eq!(Rooms::lookup(&*engine.store, &"r2".into()).await.unwrap(), None);
}

async fn a_code_is_taken_once(engine: Engine) {
    assert!(add(&engine, room("r1", "abc-defg-hjk")).await);
    assert!(!add(&engine, room("r2", "abc-defg-hjk")).await);
    assert_eq!(Rooms::lookup(&*engine.store, &"r2".into()).await.unwrap(), None);
    assert_eq!(engine.store.member(&"r2".into(), &"ann".into()).await.unwrap(), None);
}

async fn its_maker_is_a_member_at_once(engine: Engine) {
    assert!(add(&engine, room("r1", "abc-defg-hjk")).await);
    let owner = engine.store.member(&"r1".into(), &"ann".into()).await.unwrap();
    assert_eq!(owner, Some(member("r1", "ann", Role::Owner, 1_700_000_000_000)));
}

async fn joining_again_changes_neither_role_nor_date(engine: Engine) {
    assert!(add(&engine, room("r1", "abc-defg-hjk")).await);
    engine.store.add_member(member("r1", "bob", Role::Mod, 5)).await.unwrap();
    engine.store.add_member(member("r1", "bob", Role::Member, 9)).await.unwrap();
    let bob = engine.store.member(&"r1".into(), &"bob".into()).await.unwrap();
    assert_eq!(bob, Some(member("r1", "bob", Role::Mod, 5)));
}

async fn who_left_is_no_member(engine: Engine) {
    assert!(add(&engine, room("r1", "abc-defg-hjk")).await);
    engine.store.add_member(member("r1", "bob", Role::Member, 5)).await.unwrap();
    engine.store.remove_member(&"r1".into(), &"bob".into()).await.unwrap();
    engine.store.remove_member(&"r1".into(), &"bob".into()).await.unwrap();
    assert_eq!(engine.store.member(&"r1".into(), &"bob".into()).await.unwrap(), None);
}

async fn my_rooms_come_with_the_newest_first(engine: Engine) {
    for (id, code) in [("r1", "aaa-aaaa-aaa"), ("r2", "bbb-bbbb-bbb"), ("r3", "ccc-cccc-ccc")] {
        assert!(add(&engine, room(id, code)).await);
    }
    engine.store.add_member(member("r1", "bob", Role::Member, 5)).await.unwrap();
    engine.store.add_member(member("r3", "bob", Role::Member, 9)).await.unwrap();
    let rooms = engine.store.of_user(&"bob".into()).await.unwrap();
    let ids: Vec<&str> = rooms.iter().map(|(room, _)| room.room_id.as_str()).collect();
    assert_eq!(ids, ["r3", "r1"]);
    assert_eq!(rooms[0].1, member("r3", "bob", Role::Member, 9));
}
