use crate::engine::{Engine, on_every_engine};
use studyrooms_domain::stats::Worked;

on_every_engine!(
    what_is_noted_twice_was_worked_once,
    work_is_ones_own_the_oldest_first,
    of_much_work_the_newest_is_read
);

pub fn worked(user: &str, room: &str, seq: u64, from: u64) -> Worked {
    Worked { user_id: user.into(), room_id: room.into(), seq, from, to: from + 1_500_000 }
}

async fn what_is_noted_twice_was_worked_once(engine: Engine) {
    let other = engine.another_handle().await;
    for (store, seqs) in [(&engine.store, 1..4), (&other, 2..6), (&engine.store, 1..6)] {
        store.note(seqs.map(|seq| worked("ann", "r", seq, seq)).collect()).await.unwrap();
    }
    drop(other);
    engine.store.note(vec![]).await.unwrap();
    let engine = engine.reopened().await;
    let found = engine.store.work_of(&"ann".into(), 100).await.unwrap();
    assert_eq!(found, (1..6).map(|seq| worked("ann", "r", seq, seq)).collect::<Vec<_>>());
}

async fn work_is_ones_own_the_oldest_first(engine: Engine) {
    let all = [("ann", "r", 1, 30), ("ben", "r", 1, 30), ("ann", "q", 7, 10), ("ann", "r", 5, 20)];
    engine
        .store
        .note(all.iter().map(|(user, room, seq, from)| worked(user, room, *seq, *from)).collect())
        .await
        .unwrap();
    let found = engine.store.work_of(&"ann".into(), 100).await.unwrap();
    assert_eq!(found, [worked("ann", "q", 7, 10), worked("ann", "r", 5, 20), worked("ann", "r", 1, 30)]);
    assert!(engine.store.work_of(&"eve".into(), 100).await.unwrap().is_empty());
}

async fn of_much_work_the_newest_is_read(engine: Engine) {
    let work: Vec<Worked> = (1..=50).map(|seq| worked("ann", "r", seq, 1000 - seq)).collect();
    engine.store.note(work).await.unwrap();
    let found = engine.store.work_of(&"ann".into(), 3).await.unwrap();
    assert_eq!(found, [worked("ann", "r", 3, 997), worked("ann", "r", 2, 998), worked("ann", "r", 1, 999)]);
    assert!(engine.store.work_of(&"ann".into(), 0).await.unwrap().is_empty());
}
