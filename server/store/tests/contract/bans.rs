use crate::engine::{Engine, on_every_engine};
use studyrooms_domain::{rooms::Ban, store::Bans};

on_every_engine!(
    a_ban_outlives_a_restart,
    a_second_ban_takes_the_place_of_the_first,
    bans_are_of_one_room,
    bans_are_read_page_by_page,
);

pub fn ban(room: &str, user: &str, at: u64) -> Ban {
    Ban { room_id: room.into(), user_id: user.into(), by: "mod".into(), reason: Some(format!("“{at}”")), at }
}

// SPEC 4.4
async fn a_ban_outlives_a_restart(engine: Engine) {
    let silent = Ban { reason: None, ..ban("r", "bob", 2) };
    engine.store.add_ban(ban("r", "ann", 1)).await;
    engine.store.add_ban(silent.clone()).await;
    let engine = engine.reopened().await;
    assert_eq!(engine.store.ban("r", "ann").await, Some(ban("r", "ann", 1)));
    assert_eq!(engine.store.ban("r", "bob").await, Some(silent));
    assert_eq!(engine.store.ban("r", "cem").await, None);
}

async fn a_second_ban_takes_the_place_of_the_first(engine: Engine) {
    engine.store.add_ban(ban("r", "ann", 1)).await;
    engine.store.add_ban(ban("r", "ann", 2)).await;
    assert_eq!(Bans::of_room(&*engine.store, &"r".into(), None, 100).await.unwrap(), [ban("r", "ann", 2)]);
}

async fn bans_are_of_one_room(engine: Engine) {
    for (room, user, at) in [("r", "ann", 1), ("q", "ann", 2), ("r", "bob", 3)] {
        engine.store.add_ban(ban(room, user, at)).await;
    }
    let bans = Bans::of_room(&*engine.store, &"r".into(), None, 100).await.unwrap();
    assert_eq!(bans, [ban("r", "bob", 3), ban("r", "ann", 1)]);
}

async fn bans_are_read_page_by_page(engine: Engine) {
    let all: Vec<Ban> = (0..25).map(|n| ban("r", &format!("user-{n:02}"), 100 - n / 7)).collect();
    for one in all.iter().rev().chain(&[ban("q", "user-00", 99)]) {
        engine.store.add_ban(one.clone()).await;
    }
    let (mut read, mut pages) = (vec![], vec![]);
    loop {
        let after = read.last().map(|last: &Ban| (last.at, last.user_id.clone()));
        let page = Bans::of_room(&*engine.store, &"r".into(), after.as_ref(), 10).await.unwrap();
        pages.push(page.len());
        if page.is_empty() {
            break;
        }
        read.extend(page);
    }
    assert_eq!((read, pages), (all, vec![10, 10, 5, 0]));
    assert!(Bans::of_room(&*engine.store, &"r".into(), None, 0).await.unwrap().is_empty());
}

/// Short names for what these cases do all the time.
trait Short {
    async fn add_ban(&self, ban: Ban);
    async fn ban(&self, room: &str, user: &str) -> Option<Ban>;
}

impl Short for dyn crate::engine::Store {
    async fn add_ban(&self, ban: Ban) {
        Bans::add(self, ban).await.unwrap();
    }

    async fn ban(&self, room: &str, user: &str) -> Option<Ban> {
        Bans::lookup(self, &room.into(), &user.into()).await.unwrap()
    }
}
