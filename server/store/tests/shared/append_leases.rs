//! Leases to append: one holder at a time, granted in the order asked for, and never a reason to wait for long.

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
    append_lease::{AppendLease, AppendLeases, LogEnd},
    log::LogName,
    presence::InstanceId,
};
use studyrooms_protocol::ids::RoomId;
use studyrooms_store::redis::{Redis, RedisAppendLeases, RedisPubSub};

const LOG: LogName = LogName::Room;

pub async fn instance_of(redis: Redis) -> RedisAppendLeases {
    let pubsub = RedisPubSub::new(redis.clone());
    let leases = RedisAppendLeases::new(redis, &pubsub, InstanceId(unique())).await;
    // It listens as long as the process of a real instance.
    std::mem::forget(pubsub);
    leases
}

async fn instance() -> RedisAppendLeases {
    instance_of(redis().await).await
}

fn end(seq: u64) -> LogEnd {
    LogEnd { seq, is_settled: true }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_has_it_at_once_and_knows_nothing() {
    let (leases, room) = (instance().await, RoomId(unique()));
    assert_eq!(leases.acquire(&room, LOG).await, Some(AppendLease { end: None, after_another: false }));
    leases.release(&room, LOG, Some(end(3))).await;
    assert_eq!(leases.acquire(&room, LOG).await, Some(AppendLease { end: Some(end(3)), after_another: false }));
    leases.release(&room, LOG, None).await;
    assert_eq!(leases.acquire(&room, LOG).await, Some(AppendLease { end: None, after_another: false }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_log_has_leases_of_its_own() {
    let (one, other, room) = (instance().await, instance().await, RoomId(unique()));
    assert!(one.acquire(&room, LogName::Room).await.is_some());
    let began = Instant::now();
    assert!(other.acquire(&room, LogName::Board).await.is_some());
    assert!(other.acquire(&RoomId(unique()), LogName::Room).await.is_some());
    assert!(began.elapsed() < Duration::from_millis(500), "nobody was before it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_hears_where_the_log_ends() {
    let (one, other, room) = (instance().await, instance().await, RoomId(unique()));
    one.acquire(&room, LOG).await.unwrap();
    let waiting = tokio::spawn({
        let (other, room) = (other.clone(), room.clone());
        async move { other.acquire(&room, LOG).await }
    });
    // Whether it is in line by now or asks later, it is told the same.
    one.release(&room, LOG, Some(LogEnd { seq: 7, is_settled: false })).await;
    let left = LogEnd { seq: 7, is_settled: false };
    assert_eq!(waiting.await.unwrap(), Some(AppendLease { end: Some(left), after_another: true }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_at_a_time_and_each_knows_what_the_one_before_left() {
    take_leases_in_order(instance).await;
}

pub async fn take_leases_in_order(begin: impl AsyncFn() -> RedisAppendLeases) {
    let room = RoomId(unique());
    let (taken, last) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let mut instances = Vec::new();
    for _ in 0..4 {
        let (leases, room, taken, last) = (begin().await, room.clone(), taken.clone(), last.clone());
        instances.push(tokio::spawn(async move {
            for _ in 0..50 {
                let lease = leases.acquire(&room, LOG).await.expect("a lease within its time");
                assert!(!taken.swap(true, Ordering::SeqCst), "two have the lease");
                let before = last.fetch_add(1, Ordering::SeqCst);
                assert_eq!(lease.end.map_or(0, |end| end.seq), before);
                tokio::task::yield_now().await;
                taken.store(false, Ordering::SeqCst);
                leases.release(&room, LOG, Some(end(before + 1))).await;
            }
        }));
    }
    for instance in instances {
        instance.await.unwrap();
    }
    assert_eq!(last.load(Ordering::SeqCst), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lease_of_one_that_died_ends_by_itself() {
    let (dead, other, room) = (instance().await, instance().await, RoomId(unique()));
    dead.acquire(&room, LOG).await.unwrap();
    let began = Instant::now();
    // It may give up once: then it goes on without, which is no harm.
    while other.acquire(&room, LOG).await.is_none() {
        assert!(began.elapsed() < Duration::from_secs(5), "the lease never ended");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_granted_to_one_who_has_gone_is_passed_on() {
    let (one, gone, third, room) = (instance().await, instance().await, instance().await, RoomId(unique()));
    one.acquire(&room, LOG).await.unwrap();
    let waiting = gone.acquire(&room, LOG);
    assert!(tokio::time::timeout(Duration::from_millis(100), waiting).await.is_err(), "it is in line, and is dropped");
    one.release(&room, LOG, Some(end(5))).await;
    let began = Instant::now();
    let lease = third.acquire(&room, LOG).await.expect("a lease");
    assert_eq!(lease.end, Some(end(5)));
    assert!(began.elapsed() < Duration::from_millis(600), "it was not waited for the end of the other's lease");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_hangs_keeps_no_one_waiting() {
    let server = Server::start(Server::free_port()).await;
    let (leases, room) = (instance_of(Redis::connect(&server.url()).await.unwrap()).await, RoomId(unique()));
    leases.acquire(&room, LOG).await.unwrap();
    leases.release(&room, LOG, Some(end(1))).await;

    server.signal("-STOP");
    let began = Instant::now();
    assert_eq!(leases.acquire(&room, LOG).await, None);
    assert!(began.elapsed() < Duration::from_millis(900), "the first waited {:?}", began.elapsed());
    let began = Instant::now();
    for _ in 0..5 {
        assert_eq!(leases.acquire(&room, LOG).await, None);
    }
    assert!(began.elapsed() < Duration::from_millis(300), "the others waited {:?}", began.elapsed());

    server.signal("-CONT");
    let deadline = Instant::now() + Duration::from_secs(20);
    while leases.acquire(&room, LOG).await.is_none() {
        assert!(Instant::now() < deadline, "no leases again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
