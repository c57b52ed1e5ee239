use crate::engine::{Engine, on_every_engine};
use futures_util::future::join_all;
use studyrooms_domain::{chat::ReadMarker, store::ReadMarkers};
use studyrooms_protocol::ids::{RoomId, UserId};

on_every_engine!(
    a_marker_moves_forward_only,
    two_devices_at_once_leave_the_higher_one,
    my_markers_are_mine,
    a_room_tells_the_markers_of_some_people,
    a_room_tells_who_has_read_furthest,
);

// SPEC 2.7
async fn a_marker_moves_forward_only(engine: Engine) {
    let advance = async |seq| ReadMarkers::advance(&*engine.store, &"r".into(), &"ann".into(), seq).await.unwrap();
    assert_eq!(advance(5).await, 5);
    assert_eq!(advance(3).await, 5);
    assert_eq!(advance(9).await, 9);
    assert_eq!(ReadMarkers::advance(&*engine.store, &"q".into(), &"ann".into(), 1).await.unwrap(), 1);
}

// SPEC 2.7
async fn two_devices_at_once_leave_the_higher_one(engine: Engine) {
    let other = engine.another_handle().await;
    for round in 0..20_u64 {
        let (room, ann) = (format!("r{round}").into(), "ann".into());
        let stores = [&engine.store, &other];
        let advances = stores.iter().zip([1, 2]).map(|(store, seq)| ReadMarkers::advance(&***store, &room, &ann, seq));
        let reached: Vec<u64> = join_all(advances).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(reached[1], 2);
    }
    let rooms: Vec<RoomId> = (0..20).map(|round| format!("r{round}").into()).collect();
    let markers = ReadMarkers::of_user(&*engine.store, &"ann".into(), &rooms).await.unwrap();
    assert_eq!(markers.len(), 20);
    assert!(markers.iter().all(|marker| marker.seq == 2));
}

async fn my_markers_are_mine(engine: Engine) {
    for (room, user, seq) in [("r", "ann", 1), ("q", "ann", 2), ("r", "bob", 3)] {
        ReadMarkers::advance(&*engine.store, &room.into(), &user.into(), seq).await.unwrap();
    }
    let engine = engine.reopened().await;
    let marker = |room: &str, seq| ReadMarker { room_id: room.into(), user_id: "ann".into(), seq };
    let markers = async |rooms: &[&str]| {
        let rooms: Vec<RoomId> = rooms.iter().map(|room| (*room).into()).collect();
        ReadMarkers::of_user(&*engine.store, &"ann".into(), &rooms).await.unwrap()
    };
    assert_eq!(markers(&["r", "q", "none"]).await, [marker("q", 2), marker("r", 1)]);
    assert_eq!(markers(&["q"]).await, [marker("q", 2)]);
    assert_eq!(markers(&[]).await, []);
}

async fn a_room_tells_the_markers_of_some_people(engine: Engine) {
    for (room, user, seq) in [("r", "cem", 1), ("q", "ann", 2), ("r", "bob", 3), ("r", "bob", 4)] {
        ReadMarkers::advance(&*engine.store, &room.into(), &user.into(), seq).await.unwrap();
    }
    let marker = |user: &str, seq| ReadMarker { room_id: "r".into(), user_id: user.into(), seq };
    let markers = async |room: &str, people: &[&str]| {
        let people: Vec<UserId> = people.iter().map(|user| (*user).into()).collect();
        ReadMarkers::of_people(&*engine.store, &room.into(), &people).await.unwrap()
    };
    assert_eq!(markers("r", &["cem", "ann", "bob", "eve"]).await, [marker("bob", 4), marker("cem", 1)]);
    assert_eq!(markers("r", &["cem"]).await, [marker("cem", 1)]);
    assert_eq!((markers("none", &["cem"]).await, markers("r", &[]).await), (vec![], vec![]));
}

async fn a_room_tells_who_has_read_furthest(engine: Engine) {
    for n in 0..30 {
        ReadMarkers::advance(&*engine.store, &"r".into(), &format!("user-{n:02}").into(), n / 2 + 1).await.unwrap();
    }
    ReadMarkers::advance(&*engine.store, &"q".into(), &"user-00".into(), 99).await.unwrap();
    ReadMarkers::advance(&*engine.store, &"r".into(), &"user-03".into(), 15).await.unwrap();
    let marker = |user: &str, seq| ReadMarker { room_id: "r".into(), user_id: user.into(), seq };
    let furthest = async |limit| ReadMarkers::furthest(&*engine.store, &"r".into(), limit).await.unwrap();
    let expected = [marker("user-03", 15), marker("user-28", 15), marker("user-29", 15), marker("user-26", 14)];
    assert_eq!(furthest(4).await, expected);
    assert_eq!(furthest(100).await.len(), 30);
    assert_eq!(furthest(0).await, []);
}
