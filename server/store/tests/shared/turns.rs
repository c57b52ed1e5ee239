//! Whose turn it is to append: one at a time, in line, and never a reason to wait for long.

use crate::{
    engine::{redis, unique},
    server::Server,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use studyrooms_domain::{
    log::LogName,
    presence::InstanceId,
    turns::{LogEnd, Turn, Turns},
};
use studyrooms_protocol::ids::RoomId;
use studyrooms_store::redis::{Redis, RedisRelay, RedisTurns};

const LOG: LogName = LogName::Room;

pub async fn instance_of(redis: Redis) -> RedisTurns {
    let relay = RedisRelay::new(redis.clone());
    let turns = RedisTurns::new(redis, &relay, InstanceId(unique())).await;
    // It listens as long as the process of a real instance.
    std::mem::forget(relay);
    turns
}

async fn instance() -> RedisTurns {
    instance_of(redis().await).await
}

fn end(seq: u64) -> LogEnd {
    LogEnd { seq, is_settled: true }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_has_it_at_once_and_knows_nothing() {
    let (turns, room) = (instance().await, RoomId(unique()));
    assert_eq!(turns.take(&room, LOG).await, Some(Turn { end: None, after_another: false }));
    turns.pass(&room, LOG, Some(end(3))).await;
    assert_eq!(turns.take(&room, LOG).await, Some(Turn { end: Some(end(3)), after_another: false }));
    turns.pass(&room, LOG, None).await;
    assert_eq!(turns.take(&room, LOG).await, Some(Turn { end: None, after_another: false }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_log_has_turns_of_its_own() {
    let (one, other, room) = (instance().await, instance().await, RoomId(unique()));
    assert!(one.take(&room, LogName::Room).await.is_some());
    let began = Instant::now();
    assert!(other.take(&room, LogName::Board).await.is_some());
    assert!(other.take(&RoomId(unique()), LogName::Room).await.is_some());
    assert!(began.elapsed() < Duration::from_millis(500), "nobody was before it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_hears_where_the_log_ends() {
    let (one, other, room) = (instance().await, instance().await, RoomId(unique()));
    one.take(&room, LOG).await.unwrap();
    let waiting = tokio::spawn({
        let (other, room) = (other.clone(), room.clone());
        async move { other.take(&room, LOG).await }
    });
    // Whether it is in line by now or asks later, it is told the same.
    one.pass(&room, LOG, Some(LogEnd { seq: 7, is_settled: false })).await;
    let left = LogEnd { seq: 7, is_settled: false };
    assert_eq!(waiting.await.unwrap(), Some(Turn { end: Some(left), after_another: true }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_at_a_time_and_each_knows_what_the_one_before_left() {
    take_turns(instance).await;
}

pub async fn take_turns(begin: impl AsyncFn() -> RedisTurns) {
    let room = RoomId(unique());
    let (taken, last) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let mut instances = Vec::new();
    for _ in 0..4 {
        let (turns, room, taken, last) = (begin().await, room.clone(), taken.clone(), last.clone());
        instances.push(tokio::spawn(async move {
            for _ in 0..50 {
                let turn = turns.take(&room, LOG).await.expect("a turn within its time");
                assert!(!taken.swap(true, Ordering::SeqCst), "two have the turn");
                let before = last.fetch_add(1, Ordering::SeqCst);
                assert_eq!(turn.end.map_or(0, |end| end.seq), before);
                tokio::task::yield_now().await;
                taken.store(false, Ordering::SeqCst);
                turns.pass(&room, LOG, Some(end(before + 1))).await;
            }
        }));
    }
    for instance in instances {
        instance.await.unwrap();
    }
    assert_eq!(last.load(Ordering::SeqCst), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_turn_of_one_that_died_ends_by_itself() {
    let (dead, other, room) = (instance().await, instance().await, RoomId(unique()));
    dead.take(&room, LOG).await.unwrap();
    let began = Instant::now();
    // It may give up once: then it goes on without, which is no harm.
    while other.take(&room, LOG).await.is_none() {
        assert!(began.elapsed() < Duration::from_secs(5), "the turn never ended");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turn_that_comes_to_one_who_has_gone_is_passed_on() {
    let (one, gone, third, room) = (instance().await, instance().await, instance().await, RoomId(unique()));
    one.take(&room, LOG).await.unwrap();
    let waiting = gone.take(&room, LOG);
    assert!(tokio::time::timeout(Duration::from_millis(100), waiting).await.is_err(), "it is in line, and is dropped");
    one.pass(&room, LOG, Some(end(5))).await;
    let began = Instant::now();
    let turn = third.take(&room, LOG).await.expect("a turn");
    assert_eq!(turn.end, Some(end(5)));
    assert!(began.elapsed() < Duration::from_millis(600), "it was not waited for the end of the other's turn");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_hangs_keeps_no_one_waiting() {
    let server = Server::start(Server::free_port()).await;
    let (turns, room) = (instance_of(Redis::connect(&server.url()).await.unwrap()).await, RoomId(unique()));
    turns.take(&room, LOG).await.unwrap();
    turns.pass(&room, LOG, Some(end(1))).await;

    server.signal("-STOP");
    let began = Instant::now();
    assert_eq!(turns.take(&room, LOG).await, None);
    assert!(began.elapsed() < Duration::from_millis(900), "the first waited {:?}", began.elapsed());
    let began = Instant::now();
    for _ in 0..5 {
        assert_eq!(turns.take(&room, LOG).await, None);
    }
    assert!(began.elapsed() < Duration::from_millis(300), "the others waited {:?}", began.elapsed());

    server.signal("-CONT");
    let deadline = Instant::now() + Duration::from_secs(20);
    while turns.take(&room, LOG).await.is_none() {
        assert!(Instant::now() < deadline, "no turns again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
