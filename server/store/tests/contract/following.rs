use crate::engine::{Engine, on_every_engine};
use futures_util::future::join_all;
use studyrooms_domain::worker::{Followed, Following};
use studyrooms_protocol::ids::RoomId;

on_every_engine!(
    a_place_is_moved_by_who_knows_where_it_is,
    of_two_workers_one_moves_it,
    places_are_asked_for_by_rooms,
    what_is_kept_of_a_room_is_forgotten,
);

async fn advance(engine: &Engine, consumer: &str, room: &str, from: u64, to: u64) -> bool {
    engine.store.advance_place(consumer, room, from, to).await
}

async fn a_place_is_moved_by_who_knows_where_it_is(engine: Engine) {
    assert!(!advance(&engine, "webhooks", "r", 3, 5).await, "it has not begun");
    assert!(advance(&engine, "webhooks", "r", 0, 5).await);
    assert!(!advance(&engine, "webhooks", "r", 0, 7).await);
    assert!(!advance(&engine, "webhooks", "r", 4, 7).await);
    let engine = engine.reopened().await;
    assert!(advance(&engine, "webhooks", "r", 5, 7).await);
    assert_eq!(engine.store.places(&["r"]).await, [place("webhooks", "r", 7)]);
}

async fn of_two_workers_one_moves_it(engine: Engine) {
    let other = engine.another_handle().await;
    for from in 0..20_u64 {
        let stores = [&engine.store, &other];
        let moves = stores.iter().map(|store| store.advance_place("summaries", "r", from, from + 1));
        let moved: Vec<bool> = join_all(moves).await;
        assert_eq!(moved.iter().filter(|moved| **moved).count(), 1, "{from}");
    }
    assert_eq!(engine.store.places(&["r"]).await, [place("summaries", "r", 20)]);
}

async fn places_are_asked_for_by_rooms(engine: Engine) {
    for (consumer, room, to) in [("a", "r1", 1), ("b", "r1", 2), ("a", "r2", 3), ("a", "r3", 4)] {
        assert!(advance(&engine, consumer, room, 0, to).await);
    }
    let found = engine.store.places(&["r1", "r3", "none"]).await;
    assert_eq!(found, [place("a", "r1", 1), place("a", "r3", 4), place("b", "r1", 2)]);
    assert!(engine.store.places(&[]).await.is_empty());
}

async fn what_is_kept_of_a_room_is_forgotten(engine: Engine) {
    assert!(advance(&engine, "a", "r1", 0, 1).await && advance(&engine, "a", "r2", 0, 1).await);
    engine.store.forget_room(&"r1".into()).await.unwrap();
    assert_eq!(engine.store.places(&["r1", "r2"]).await, [place("a", "r2", 1)]);
    assert!(advance(&engine, "a", "r1", 0, 9).await, "it begins anew");
}

pub fn place(consumer: &str, room: &str, seq: u64) -> Followed {
    Followed { consumer: consumer.into(), room_id: room.into(), seq }
}

/// Short names for what these cases do all the time.
trait Short {
    async fn advance_place(&self, consumer: &str, room: &str, from: u64, to: u64) -> bool;
    async fn places(&self, rooms: &[&str]) -> Vec<Followed>;
}

impl Short for dyn crate::engine::Store {
    async fn advance_place(&self, consumer: &str, room: &str, from: u64, to: u64) -> bool {
        Following::advance(self, consumer, &room.into(), from, to).await.unwrap()
    }

    async fn places(&self, rooms: &[&str]) -> Vec<Followed> {
        let rooms: Vec<RoomId> = rooms.iter().map(|room| (*room).into()).collect();
        let mut found = self.positions(&rooms).await.unwrap();
        found.sort_by(|a, b| (&a.consumer, &a.room_id).cmp(&(&b.consumer, &b.room_id)));
        found
    }
}
