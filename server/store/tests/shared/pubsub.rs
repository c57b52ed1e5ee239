//! Channels between instances: what every engine promises, and what holds when Redis goes.

use crate::{
    engine::{redis, unique},
    server::Server,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use studyrooms_domain::pubsub::{PubSub, Received};
use studyrooms_store::{
    memory::MemoryPubSub,
    redis::{Redis, RedisPubSub},
};
use tokio::{
    sync::mpsc::{self, UnboundedReceiver},
    time::timeout,
};

pub type Instances = [Arc<dyn PubSub>; 2];

fn in_memory() -> Instances {
    let mut ends = MemoryPubSub::between(2).into_iter();
    std::array::from_fn(|_| Arc::new(ends.next().unwrap()) as Arc<dyn PubSub>)
}

pub async fn in_redis(url: Option<String>) -> Instances {
    let connect = async || match &url {
        Some(url) => Redis::connect(url).await.unwrap(),
        None => redis().await,
    };
    [Arc::new(RedisPubSub::new(connect().await)), Arc::new(RedisPubSub::new(connect().await))]
}

pub async fn subscribe(pubsub: &Arc<dyn PubSub>, channel: &str) -> UnboundedReceiver<Received> {
    let (sender, receiver) = mpsc::unbounded_channel();
    pubsub.subscribe(channel, Arc::new(move |what| drop(sender.send(what)))).await.unwrap();
    receiver
}

pub async fn next(receiver: &mut UnboundedReceiver<Received>) -> Received {
    timeout(Duration::from_secs(10), receiver.recv()).await.expect("nothing was received").unwrap()
}

/// The next message; gaps are passed over.
async fn message(receiver: &mut UnboundedReceiver<Received>) -> String {
    loop {
        if let Received::Message(message) = next(receiver).await {
            return String::from_utf8(message).unwrap();
        }
    }
}

/// Gaps are none of what is said: a connection begins with one.
fn assert_nothing_said(receiver: &mut UnboundedReceiver<Received>) {
    while let Ok(received) = receiver.try_recv() {
        assert_eq!(received, Received::Gap);
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

on_every_engine!(everyone_receives_in_order, who_does_not_subscribe_receives_nothing, the_newest_subscriber_receives);

async fn everyone_receives_in_order([a, b]: Instances) {
    let channel = unique();
    let (mut at_a, mut at_b) = (subscribe(&a, &channel).await, subscribe(&b, &channel).await);
    assert_eq!(a.subscriber_count(&channel).await.unwrap(), 2);
    for number in 0..1000 {
        a.publish(&channel, number.to_string().into_bytes());
    }
    for number in 0..1000 {
        assert_eq!(message(&mut at_b).await, number.to_string());
        assert_eq!(message(&mut at_a).await, number.to_string(), "and oneself");
    }
}

async fn who_does_not_subscribe_receives_nothing([a, b]: Instances) {
    let (channel, other) = (unique(), unique());
    let mut gone = subscribe(&b, &channel).await;
    let mut at_b = subscribe(&b, &other).await;
    b.unsubscribe(&channel).await;
    a.publish(&channel, b"lost".to_vec());
    a.publish(&other, b"heard".to_vec());
    assert_eq!(message(&mut at_b).await, "heard");
    assert_nothing_said(&mut gone);
}

async fn the_newest_subscriber_receives([a, b]: Instances) {
    let channel = unique();
    let mut old = subscribe(&b, &channel).await;
    let mut new = subscribe(&b, &channel).await;
    a.publish(&channel, b"x".to_vec());
    assert_eq!(message(&mut new).await, "x");
    assert_nothing_said(&mut old);
}

/// Publishes until the other end receives it again.
pub async fn until_received(from: &Arc<dyn PubSub>, channel: &str, receiver: &mut UnboundedReceiver<Received>) {
    let deadline = Instant::now() + Duration::from_secs(20);
    for number in 0.. {
        assert!(Instant::now() < deadline, "not received again");
        let word = format!("again {number}");
        from.publish(channel, word.clone().into_bytes());
        let soon = Instant::now() + Duration::from_millis(200);
        while let Ok(Some(received)) = timeout(soon.saturating_duration_since(Instant::now()), receiver.recv()).await {
            if received == Received::Message(word.clone().into_bytes()) {
                return;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_restart_of_redis_every_channel_is_told_of_the_gap_and_goes_on() {
    let mut server = Server::start(Server::free_port()).await;
    let [a, b] = in_redis(Some(server.url())).await;
    let channels: Vec<String> = (0..50).map(|_| unique()).collect();
    let mut subscribers = vec![];
    for channel in &channels {
        subscribers.push(subscribe(&b, channel).await);
    }
    server.kill();
    a.publish(&channels[0], b"lost".to_vec());
    let _again = Server::start(server.port).await;
    for subscriber in &mut subscribers {
        assert_eq!(next(subscriber).await, Received::Gap);
    }
    for (channel, subscriber) in channels.iter().zip(&mut subscribers).step_by(17) {
        until_received(&a, channel, subscriber).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_hangs_holds_up_no_one_and_leaves_a_gap() {
    let server = Server::start(Server::free_port()).await;
    let [a, b] = in_redis(Some(server.url())).await;
    let channel = unique();
    let mut at_b = subscribe(&b, &channel).await;
    server.signal("-STOP");
    let began = Instant::now();
    for _ in 0..100 {
        a.publish(&channel, b"x".to_vec());
    }
    assert!(began.elapsed() < Duration::from_millis(200), "speaking waited {:?}", began.elapsed());
    // Longer than an answer to a ping may take.
    tokio::time::sleep(Duration::from_secs(5)).await;
    server.signal("-CONT");
    while next(&mut at_b).await != Received::Gap {}
    until_received(&a, &channel, &mut at_b).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_subscribed_to_while_redis_is_away_is_received_later() {
    let mut server = Server::start(Server::free_port()).await;
    let [a, b] = in_redis(Some(server.url())).await;
    server.kill();
    let channel = unique();
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let subscribed = b.subscribe(&channel, Arc::new(move |what| drop(sender.send(what)))).await;
    assert!(subscribed.is_err(), "nobody listens yet");
    let _again = Server::start(server.port).await;
    assert_eq!(next(&mut receiver).await, Received::Gap);
    until_received(&a, &channel, &mut receiver).await;
}
