//! Publish and subscribe over Redis' channels: one connection subscribes, and connects again by itself; one publishes.

use super::{CONNECT_WITHIN, PREFIX, Redis, listener::Listener};
use async_trait::async_trait;
use redis::RedisError;
use std::{
    collections::{HashMap, HashSet},
    sync::atomic::{AtomicBool, Ordering},
};
use studyrooms_domain::{
    pubsub::{PubSub, Subscriber},
    store::{StoreError, Stored},
};
use tokio::{
    sync::mpsc::{self, error::TrySendError},
    time::timeout,
};

/// Messages that wait to be published; what comes beyond is lost.
const WAITING: usize = 8192;
/// Messages in one round trip, at most.
const TOGETHER: usize = 256;

/// Channels in Redis.
pub struct RedisPubSub {
    redis: Redis,
    listener: Listener,
    outgoing: mpsc::Sender<(String, Vec<u8>)>,
    is_dropping: AtomicBool,
}

impl RedisPubSub {
    /// Begins to subscribe and to publish.
    #[must_use]
    pub fn new(redis: Redis) -> Self {
        let listener = Listener::start(redis.connection.clone());
        let (outgoing, waiting) = mpsc::channel(WAITING);
        tokio::spawn(publish_all(redis.clone(), waiting));
        Self { redis, listener, outgoing, is_dropping: AtomicBool::new(false) }
    }
}

fn named(channel: &str) -> String {
    format!("{PREFIX}{channel}")
}

/// Publishes until the sender is dropped. A channel of which something was lost gets an empty message once
/// Redis answers again: its subscribers know that there is a gap.
async fn publish_all(redis: Redis, mut waiting: mpsc::Receiver<(String, Vec<u8>)>) {
    let mut taken = Vec::new();
    let mut lost: HashSet<String> = HashSet::new();
    while waiting.recv_many(&mut taken, TOGETHER).await > 0 {
        let mut pipe = redis::pipe();
        for channel in &lost {
            pipe.publish(channel, b"").ignore();
        }
        for (channel, message) in &taken {
            pipe.publish(channel, message).ignore();
        }
        let published: Result<(), RedisError> = pipe.query_async(&mut redis.connection.clone()).await;
        match published {
            Ok(()) if lost.is_empty() => {}
            Ok(()) => {
                tracing::info!("Redis is back; other instances are told again");
                lost.clear();
            }
            Err(error) => {
                if lost.is_empty() {
                    tracing::warn!(%error, "Redis is away; other instances are not told");
                }
                lost.extend(taken.drain(..).map(|(channel, _)| channel));
            }
        }
        taken.clear();
    }
}

#[async_trait]
impl PubSub for RedisPubSub {
    fn is_shared(&self) -> bool {
        true
    }

    async fn subscribe(&self, channel: &str, subscriber: Subscriber) -> Stored<()> {
        let subscribed = self.listener.subscribe(named(channel), subscriber);
        match timeout(CONNECT_WITHIN, subscribed).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(StoreError::Unavailable("Redis: not subscribed yet".into())),
        }
    }

    async fn unsubscribe(&self, channel: &str) {
        self.listener.unsubscribe(named(channel));
    }

    fn publish(&self, channel: &str, message: Vec<u8>) {
        let full = matches!(self.outgoing.try_send((named(channel), message)), Err(TrySendError::Full(_)));
        if full != self.is_dropping.swap(full, Ordering::Relaxed) && full {
            tracing::warn!("too much to tell other instances; some of it is lost");
        }
    }

    async fn subscriber_count(&self, channel: &str) -> Stored<u16> {
        let mut asking = redis::cmd("PUBSUB");
        asking.arg("NUMSUB").arg(named(channel));
        // A node of a cluster counts those that subscribed at it; the answers are added up.
        let answer: Result<HashMap<String, u16>, RedisError> =
            asking.query_async(&mut self.redis.connection.clone()).await;
        let count = |counts: HashMap<String, u16>| counts.values().sum();
        answer.map(count).map_err(|error| StoreError::Unavailable(format!("Redis: {error}")))
    }
}
