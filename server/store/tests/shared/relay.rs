//! Channels between instances: what every engine promises, and what holds when Redis goes.

use crate::{
    engine::{redis, unique},
    server::Server,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use studyrooms_domain::relay::{Heard, Relay};
use studyrooms_store::{
    memory::MemoryRelay,
    redis::{Redis, RedisRelay},
};
use tokio::{
    sync::mpsc::{self, UnboundedReceiver},
    time::timeout,
};

pub type Instances = [Arc<dyn Relay>; 2];

fn in_memory() -> Instances {
    let mut ends = MemoryRelay::between(2).into_iter();
    std::array::from_fn(|_| Arc::new(ends.next().unwrap()) as Arc<dyn Relay>)
}

pub async fn in_redis(url: Option<String>) -> Instances {
    let connect = async || match &url {
        Some(url) => Redis::connect(url).await.unwrap(),
        None => redis().await,
    };
    [Arc::new(RedisRelay::new(connect().await)), Arc::new(RedisRelay::new(connect().await))]
}

pub async fn listen(relay: &Arc<dyn Relay>, channel: &str) -> UnboundedReceiver<Heard> {
    let (heard, hearing) = mpsc::unbounded_channel();
    relay.subscribe(channel, Arc::new(move |what| drop(heard.send(what)))).await.unwrap();
    hearing
}

pub async fn next(hearing: &mut UnboundedReceiver<Heard>) -> Heard {
    timeout(Duration::from_secs(10), hearing.recv()).await.expect("nothing was heard").unwrap()
}

/// The next message; gaps are passed over.
async fn message(hearing: &mut UnboundedReceiver<Heard>) -> String {
    loop {
        if let Heard::Message(message) = next(hearing).await {
            return String::from_utf8(message).unwrap();
        }
    }
}

/// Gaps are none of what is said: a connection begins with one.
fn assert_nothing_said(hearing: &mut UnboundedReceiver<Heard>) {
    while let Ok(heard) = hearing.try_recv() {
        assert_eq!(heard, Heard::Gap);
    }
}

macro_rules! on_every_engine {
    ($($case:ident),* $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $case() {
                super::$case(super::in_memory()).await;
            })*
        }

        mod redis {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(super::in_redis(None).await).await;
            })*
        }

        /// All of them, one after the other.
        pub async fn every_case(begin: impl AsyncFn() -> Instances) {
            $(eprintln!("{}", stringify!($case));
            $case(begin().await).await;)*
        }
    };
}

on_every_engine!(everyone_hears_in_order, who_does_not_listen_hears_nothing, the_newest_ear_hears);

async fn everyone_hears_in_order([a, b]: Instances) {
    let channel = unique();
    let (mut at_a, mut at_b) = (listen(&a, &channel).await, listen(&b, &channel).await);
    assert_eq!(a.listeners(&channel).await.unwrap(), 2);
    for number in 0..1000 {
        a.publish(&channel, number.to_string().into_bytes());
    }
    for number in 0..1000 {
        assert_eq!(message(&mut at_b).await, number.to_string());
        assert_eq!(message(&mut at_a).await, number.to_string(), "and oneself");
    }
}

async fn who_does_not_listen_hears_nothing([a, b]: Instances) {
    let (channel, other) = (unique(), unique());
    let mut gone = listen(&b, &channel).await;
    let mut at_b = listen(&b, &other).await;
    b.unsubscribe(&channel).await;
    a.publish(&channel, b"lost".to_vec());
    a.publish(&other, b"heard".to_vec());
    assert_eq!(message(&mut at_b).await, "heard");
    assert_nothing_said(&mut gone);
}

async fn the_newest_ear_hears([a, b]: Instances) {
    let channel = unique();
    let mut old = listen(&b, &channel).await;
    let mut new = listen(&b, &channel).await;
    a.publish(&channel, b"x".to_vec());
    assert_eq!(message(&mut new).await, "x");
    assert_nothing_said(&mut old);
}

/// Publishes until the other end hears of it again.
pub async fn until_heard(from: &Arc<dyn Relay>, channel: &str, hearing: &mut UnboundedReceiver<Heard>) {
    let deadline = Instant::now() + Duration::from_secs(20);
    for number in 0.. {
        assert!(Instant::now() < deadline, "not heard again");
        let word = format!("again {number}");
        from.publish(channel, word.clone().into_bytes());
        let soon = Instant::now() + Duration::from_millis(200);
        while let Ok(Some(heard)) = timeout(soon.saturating_duration_since(Instant::now()), hearing.recv()).await {
            if heard == Heard::Message(word.clone().into_bytes()) {
                return;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_restart_of_redis_every_channel_hears_of_the_gap_and_goes_on() {
    let mut server = Server::start(Server::free_port()).await;
    let [a, b] = in_redis(Some(server.url())).await;
    let channels: Vec<String> = (0..50).map(|_| unique()).collect();
    let mut ears = vec![];
    for channel in &channels {
        ears.push(listen(&b, channel).await);
    }
    server.kill();
    a.publish(&channels[0], b"lost".to_vec());
    let _again = Server::start(server.port).await;
    for ear in &mut ears {
        assert_eq!(next(ear).await, Heard::Gap);
    }
    for (channel, ear) in channels.iter().zip(&mut ears).step_by(17) {
        until_heard(&a, channel, ear).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_hangs_holds_up_no_one_and_leaves_a_gap() {
    let server = Server::start(Server::free_port()).await;
    let [a, b] = in_redis(Some(server.url())).await;
    let channel = unique();
    let mut at_b = listen(&b, &channel).await;
    server.signal("-STOP");
    let began = Instant::now();
    for _ in 0..100 {
        a.publish(&channel, b"x".to_vec());
    }
    assert!(began.elapsed() < Duration::from_millis(200), "speaking waited {:?}", began.elapsed());
    // Longer than an answer to a ping may take.
    tokio::time::sleep(Duration::from_secs(5)).await;
    server.signal("-CONT");
    while next(&mut at_b).await != Heard::Gap {}
    until_heard(&a, &channel, &mut at_b).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_wished_for_while_redis_is_away_is_listened_to_later() {
    let mut server = Server::start(Server::free_port()).await;
    let [a, b] = in_redis(Some(server.url())).await;
    server.kill();
    let channel = unique();
    let (heard, mut hearing) = mpsc::unbounded_channel();
    let subscribed = b.subscribe(&channel, Arc::new(move |what| drop(heard.send(what)))).await;
    assert!(subscribed.is_err(), "nobody listens yet");
    let _again = Server::start(server.port).await;
    assert_eq!(next(&mut hearing).await, Heard::Gap);
    until_heard(&a, &channel, &mut hearing).await;
}
