use crate::engine::{Engine, on_every_engine};
use crate::{bans::ban, deliveries::addressed, focus::worked, logs::message, snapshots::snapshot, uploads::upload};
use studyrooms_domain::{
    log::LogName,
    rooms::{Member, Room, RoomKind, default_settings},
    store::{Bans, ReadMarkers, Rooms, Uploads},
    summaries::Day,
    worker::Following,
};
use studyrooms_protocol::rooms::{Role, Whom};

on_every_engine!(
    a_room_is_found_by_id_and_by_code_with_all_it_has,
    a_code_is_taken_once,
    its_maker_is_a_member_at_once,
    joining_again_changes_neither_role_nor_date,
    my_rooms_come_with_the_newest_first,
    rooms_come_in_pages_that_miss_none,
    the_other_of_two_is_found_for_many_rooms_at_once,
    members_come_in_order_of_joining,
    members_are_read_page_by_page,
    a_membership_ends_unless_it_began_later,
    who_is_banned_shortens_no_page,
    all_rooms_are_read_page_by_page,
    a_room_goes_with_all_it_has,
);

pub fn room(id: &str, code: &str) -> Room {
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

pub fn member(room: &str, user: &str, role: Role, joined_at: u64) -> Member {
    Member { room_id: room.into(), user_id: user.into(), role, joined_at }
}

async fn add(engine: &Engine, room: Room) -> bool {
    let owner = member(room.room_id.as_str(), "ann", Role::Owner, room.created_at);
    Rooms::add(&*engine.store, room, owner).await.unwrap()
}

async fn a_room_is_found_by_id_and_by_code_with_all_it_has(engine: Engine) {
    assert!(add(&engine, room("r1", "abc-defg-hjk")).await);
    let engine = engine.reopened().await;
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

async fn my_rooms_come_with_the_newest_first(engine: Engine) {
    for (id, code) in [("r1", "aaa-aaaa-aaa"), ("r2", "bbb-bbbb-bbb"), ("r3", "ccc-cccc-ccc")] {
        assert!(add(&engine, room(id, code)).await);
    }
    engine.store.add_member(member("r1", "bob", Role::Member, 5)).await.unwrap();
    engine.store.add_member(member("r3", "bob", Role::Member, 9)).await.unwrap();
    let rooms = all_of(&engine, "bob").await;
    let ids: Vec<&str> = rooms.iter().map(|(room, _)| room.room_id.as_str()).collect();
    assert_eq!(ids, ["r3", "r1"]);
    assert_eq!(rooms[0].1, member("r3", "bob", Role::Member, 9));
}

pub async fn all_of(engine: &Engine, user_id: &str) -> Vec<(Room, Member)> {
    Rooms::of_user(&*engine.store, &user_id.into(), None, 1000).await.unwrap().rooms
}

async fn rooms_come_in_pages_that_miss_none(engine: Engine) {
    for n in 0..25 {
        let id = format!("r{n:02}");
        assert!(add(&engine, room(&id, &format!("aaa-aaaa-a{n:02}"))).await);
        // Several at the same moment.
        engine.store.add_member(member(&id, "bob", Role::Member, n / 4)).await.unwrap();
    }
    let (mut found, mut after) = (vec![], None);
    loop {
        let page = Rooms::of_user(&*engine.store, &"bob".into(), after.as_ref(), 7).await.unwrap();
        assert!(page.rooms.len() <= 7);
        found.extend(page.rooms);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, all_of(&engine, "bob").await);
    let joined: Vec<u64> = found.iter().map(|(_, member)| member.joined_at).collect();
    assert!(found.len() == 25 && joined.is_sorted_by(|a, b| a >= b));
    assert_eq!(Rooms::of_user(&*engine.store, &"bob".into(), None, 0).await.unwrap().rooms, []);
}

async fn the_other_of_two_is_found_for_many_rooms_at_once(engine: Engine) {
    for (id, code) in [("r1", "aaa-aaaa-aaa"), ("r2", "bbb-bbbb-bbb"), ("r3", "ccc-cccc-ccc")] {
        assert!(add(&engine, room(id, code)).await);
        engine.store.add_member(member(id, &format!("peer-{id}"), Role::Member, 5)).await.unwrap();
    }
    let mut others = engine.store.others(&["r1".into(), "r3".into(), "none".into()], &"ann".into()).await.unwrap();
    others.sort_by(|a, b| a.room_id.cmp(&b.room_id));
    assert_eq!(others, ["r1", "r3"].map(|id| member(id, &format!("peer-{id}"), Role::Member, 5)));
}

async fn members_come_in_order_of_joining(engine: Engine) {
    assert!(add(&engine, room("r1", "aaa-aaaa-aaa")).await);
    for (user, joined_at) in [("dan", 1_800_000_000_000), ("cem", 1_900_000_000_000), ("bob", 1_800_000_000_000)] {
        engine.store.add_member(member("r1", user, Role::Member, joined_at)).await.unwrap();
    }
    let members = engine.store.members(&"r1".into(), None, 100).await.unwrap();
    let users: Vec<&str> = members.iter().map(|member| member.user_id.as_str()).collect();
    assert_eq!(users, ["ann", "bob", "dan", "cem"]);
    assert!(engine.store.members(&"r2".into(), None, 100).await.unwrap().is_empty());
}

async fn a_membership_ends_unless_it_began_later(engine: Engine) {
    assert!(add(&engine, room("r1", "aaa-aaaa-aaa")).await);
    for (user, joined_at) in [("bob", 5), ("cem", 6)] {
        engine.store.add_member(member("r1", user, Role::Guest, joined_at)).await.unwrap();
    }
    for user in ["ann", "bob", "cem", "eve"] {
        engine.store.end_membership(&"r1".into(), &user.into(), 5).await.unwrap();
    }
    engine.store.end_membership(&"r1".into(), &"ann".into(), 1_900_000_000_000).await.unwrap();
    let members = engine.store.members(&"r1".into(), None, 100).await.unwrap();
    let users: Vec<&str> = members.iter().map(|member| member.user_id.as_str()).collect();
    assert_eq!(users, ["cem", "ann"], "the owner stays");
}

async fn members_are_read_page_by_page(engine: Engine) {
    assert!(add(&engine, room("r1", "aaa-aaaa-aaa")).await);
    let later: Vec<Member> =
        (0..24).map(|n| member("r1", &format!("user-{n:02}"), Role::Member, 1_800_000_000_000 + n / 7)).collect();
    for one in later.iter().rev() {
        engine.store.add_member(one.clone()).await.unwrap();
    }
    let (mut read, mut pages) = (vec![], vec![]);
    loop {
        let after = read.last().map(|last: &Member| (last.joined_at, last.user_id.clone()));
        let page = engine.store.members(&"r1".into(), after.as_ref(), 10).await.unwrap();
        pages.push(page.len());
        if page.is_empty() {
            break;
        }
        read.extend(page);
    }
    assert_eq!(read[0].role, Role::Owner);
    assert_eq!((&read[1..], pages), (&later[..], vec![10, 10, 5, 0]));
    assert!(engine.store.members(&"r1".into(), None, 0).await.unwrap().is_empty());
}

async fn who_is_banned_shortens_no_page(engine: Engine) {
    assert!(add(&engine, room("r1", "aaa-aaaa-aaa")).await);
    for n in 0..9 {
        engine.store.add_member(member("r1", &format!("user-{n}"), Role::Member, 1_800_000_000_000 + n)).await.unwrap();
    }
    // Their members' rows are there still, as for a moment in any ban.
    for n in [0, 1, 3] {
        Bans::add(&*engine.store, ban("r1", &format!("user-{n}"), 9)).await.unwrap();
    }
    let page = engine.store.members(&"r1".into(), None, 4).await.unwrap();
    let users: Vec<&str> = page.iter().map(|member| member.user_id.as_str()).collect();
    assert_eq!(users, ["ann", "user-2", "user-4", "user-5"]);
}

async fn all_rooms_are_read_page_by_page(engine: Engine) {
    for (id, code) in [("r2", "aaa-aaaa-aaa"), ("r10", "bbb-bbbb-bbb"), ("r1", "ccc-cccc-ccc")] {
        assert!(add(&engine, room(id, code)).await);
    }
    let page = async |after: Option<&str>, limit| -> Vec<String> {
        let after = after.map(Into::into);
        let ids = Rooms::page(&*engine.store, after.as_ref(), limit).await.unwrap();
        ids.into_iter().map(|id| id.0).collect()
    };
    assert_eq!(page(None, 2).await, ["r1", "r10"]);
    assert_eq!(page(Some("r10"), 2).await, ["r2"]);
    assert_eq!(page(Some("r2"), 2).await, [""; 0]);
    assert_eq!(page(None, 0).await, [""; 0]);
}

/// Puts something of every kind into a room.
async fn fill(engine: &Engine, id: &str, code: &str) {
    let store = &*engine.store;
    assert!(add(engine, room(id, code)).await);
    Bans::add(store, ban(id, "eve", 1)).await.unwrap();
    ReadMarkers::advance(store, &id.into(), &"ann".into(), 3).await.unwrap();
    Uploads::add(store, upload(&format!("u-{id}"), id, 1)).await.unwrap();
    store.put(&id.into(), snapshot(3), 1).await.unwrap();
    assert!(Following::advance(store, "focus", &id.into(), 0, 2).await.unwrap());
    store.enqueue(vec![addressed(&format!("e-{id}"), id, 1)], 1).await.unwrap();
    assert!(store.replace(&id.into(), Day::new("2026-03-01".into()), 0).await.unwrap());
    store.note(vec![worked(&format!("ann-{id}"), id, 1, 1)]).await.unwrap();
    for log in [LogName::Room, LogName::Board] {
        store.append(&id.into(), log, vec![message("ann", "a"), message("ann", "b")]).await.unwrap();
    }
}

async fn a_room_goes_with_all_it_has(engine: Engine) {
    fill(&engine, "r1", "aaa-aaaa-aaa").await;
    fill(&engine, "r2", "bbb-bbbb-bbb").await;
    let store = &*engine.store;
    assert!(Rooms::remove(store, &"r1".into()).await.unwrap());
    assert!(!Rooms::remove(store, &"r1".into()).await.unwrap());
    for (id, code, left) in [("r1", "aaa-aaaa-aaa", 0), ("r2", "bbb-bbbb-bbb", 1)] {
        for reference in [id, code] {
            let room = Rooms::lookup(store, &reference.into()).await.unwrap();
            assert_eq!(room.is_some(), left == 1);
        }
        assert_eq!(store.members(&id.into(), None, 100).await.unwrap().len(), left);
        assert_eq!(Bans::of_room(store, &id.into(), None, 100).await.unwrap().len(), left);
        assert_eq!(Uploads::of_room(store, &id.into()).await.unwrap().len(), left);
        assert_eq!(store.latest(&id.into()).await.unwrap().is_some(), left == 1);
        assert_eq!(store.positions(&[id.into()]).await.unwrap().len(), left);
        assert_eq!(store.next_due(&format!("e-{id}")).await.unwrap().is_some(), left == 1);
        assert_eq!(store.days_before(&id.into(), None, 10).await.unwrap().len(), left);
        assert_eq!(store.work_of(&format!("ann-{id}").into(), 100).await.unwrap().len(), left);
        for log in [LogName::Room, LogName::Board] {
            assert_eq!(store.after(&id.into(), log, 0, 10).await.unwrap().len(), 2 * left);
        }
    }
    let doomed = store.doomed(10).await.unwrap();
    assert_eq!(doomed, [upload("u-r1", "r1", 1)], "its object is still to be deleted");
    assert_eq!(all_of(&engine, "ann").await.len(), 1);
    let markers = ReadMarkers::of_user(store, &"ann".into(), &["r1".into(), "r2".into()]).await.unwrap();
    assert_eq!(markers.len(), 1);
    // The id may be used again, as an import does: its log begins anew.
    fill(&engine, "r1", "aaa-aaaa-aaa").await;
    assert_eq!(store.last_seq(&"r1".into(), LogName::Room).await.unwrap(), 2);
}
