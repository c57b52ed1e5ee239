//! Redis goes and comes back.

use crate::{engine::HandClock, server::Server};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use studyrooms_domain::limits::{Limited, RateLimits};
use studyrooms_store::redis::{ConnectError, Redis, RedisLimits};

async fn limits(server: &Server) -> RedisLimits {
    RedisLimits::new(Redis::connect(&server.url()).await.unwrap(), Arc::new(HandClock::default()), 1.0)
}

async fn drain(limits: &RedisLimits) -> u32 {
    let mut taken = 0;
    while limits.take(Limited::Login, "ann").await.unwrap().is_ok() {
        taken += 1;
    }
    taken
}

/// Waits until both instances have the same bucket again: what one takes, the other lacks.
async fn until_shared(one: &RedisLimits, other: &RedisLimits) {
    let deadline = Instant::now() + Duration::from_secs(20);
    for round in 0.. {
        assert!(Instant::now() < deadline, "not shared again");
        let who = format!("round-{round}");
        while one.take(Limited::Login, &who).await.unwrap().is_ok() {}
        if other.peek(Limited::Login, &who).await.unwrap().is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

// SPEC 11.8
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_is_survived_and_limits_hold_meanwhile() {
    let mut server = Server::start(Server::free_port()).await;
    let (one, other) = (limits(&server).await, limits(&server).await);
    until_shared(&one, &other).await;

    server.kill();
    assert_eq!((drain(&one).await, drain(&other).await), (10, 10), "each instance alone, and not without limits");

    let _again = Server::start(server.port).await;
    until_shared(&one, &other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_hangs_keeps_no_one_waiting() {
    let server = Server::start(Server::free_port()).await;
    let (one, other) = (limits(&server).await, limits(&server).await);
    until_shared(&one, &other).await;

    server.signal("-STOP");
    let began = Instant::now();
    assert_eq!(one.take(Limited::Chat, "ann").await.unwrap(), Ok(()));
    assert!(began.elapsed() < Duration::from_millis(900), "the first waited {:?}", began.elapsed());
    let began = Instant::now();
    for _ in 0..5 {
        assert_eq!(one.take(Limited::Chat, "ann").await.unwrap(), Ok(()));
    }
    assert!(began.elapsed() < Duration::from_millis(300), "the others waited {:?}", began.elapsed());

    server.signal("-CONT");
    until_shared(&one, &other).await;
}

#[tokio::test]
async fn an_address_that_cannot_be_used_is_refused_without_its_password() {
    for url in ["", "localhost", "http://:s3cret@localhost", "redis://:s3cret@"] {
        let error = Redis::connect(url).await.err().unwrap();
        assert!(!error.to_string().contains("s3cret"), "{url}: {error}");
    }
    let nobody = format!("redis://:s3cret@127.0.0.1:{}", Server::free_port());
    let error = Redis::connect(&nobody).await.err().unwrap();
    assert!(matches!(error, ConnectError::Unreachable(_)) && !error.to_string().contains("s3cret"), "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_found_out_at_once() {
    let server = Server::start(Server::free_port()).await;
    for password in ["", ":wrong@"] {
        let error = Redis::connect(&format!("redis://{password}127.0.0.1:{}", server.port)).await.err().unwrap();
        assert!(matches!(error, ConnectError::Unreachable(_)) && !error.to_string().contains("wrong@"), "{error}");
    }
}
