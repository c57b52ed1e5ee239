//! The relay over Redis' channels: one connection listens, and comes back by itself; one speaks.

use super::{CONNECT_WITHIN, PREFIX, Redis, listener::Listener};
use async_trait::async_trait;
use redis::RedisError;
use std::{
    collections::{HashMap, HashSet},
    sync::atomic::{AtomicBool, Ordering},
};
use studyrooms_domain::{
    relay::{Ear, Relay},
    store::{StoreError, Stored},
};
use tokio::{
    sync::mpsc::{self, error::TrySendError},
    time::timeout,
};

/// Messages that wait to be spoken; what comes beyond is lost.
const WAITING: usize = 8192;
/// Messages in one round trip, at most.
const TOGETHER: usize = 256;

/// Channels in Redis.
pub struct RedisRelay {
    redis: Redis,
    listener: Listener,
    speech: mpsc::Sender<(String, Vec<u8>)>,
    is_dropping: AtomicBool,
}

impl RedisRelay {
    /// Begins to listen and to speak.
    #[must_use]
    pub fn new(redis: Redis) -> Self {
        let listener = Listener::start(redis.connection.clone());
        let (speech, words) = mpsc::channel(WAITING);
        tokio::spawn(speak(redis.clone(), words));
        Self { redis, listener, speech, is_dropping: AtomicBool::new(false) }
    }
}

fn named(channel: &str) -> String {
    format!("{PREFIX}{channel}")
}

/// Speaks until the relay is gone. A channel of which something was lost gets an empty message once
/// Redis answers again: whoever listens to it knows that there is a gap.
async fn speak(redis: Redis, mut words: mpsc::Receiver<(String, Vec<u8>)>) {
    let mut taken = Vec::new();
    let mut lost: HashSet<String> = HashSet::new();
    while words.recv_many(&mut taken, TOGETHER).await > 0 {
        let mut pipe = redis::pipe();
        for channel in &lost {
            pipe.publish(channel, b"").ignore();
        }
        for (channel, message) in &taken {
            pipe.publish(channel, message).ignore();
        }
        let spoken: Result<(), RedisError> = pipe.query_async(&mut redis.connection.clone()).await;
        match spoken {
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
impl Relay for RedisRelay {
    fn is_shared(&self) -> bool {
        true
    }

    async fn subscribe(&self, channel: &str, ear: Ear) -> Stored<()> {
        let subscribed = self.listener.subscribe(named(channel), ear);
        match timeout(CONNECT_WITHIN, subscribed).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(StoreError::Unavailable("Redis: not subscribed yet".into())),
        }
    }

    async fn unsubscribe(&self, channel: &str) {
        self.listener.unsubscribe(named(channel));
    }

    fn publish(&self, channel: &str, message: Vec<u8>) {
        let full = matches!(self.speech.try_send((named(channel), message)), Err(TrySendError::Full(_)));
        if full != self.is_dropping.swap(full, Ordering::Relaxed) && full {
            tracing::warn!("too much to tell other instances; some of it is lost");
        }
    }

    async fn listeners(&self, channel: &str) -> Stored<u16> {
        let mut asking = redis::cmd("PUBSUB");
        asking.arg("NUMSUB").arg(named(channel));
        // A node of a cluster counts those that listen at it; the answers are added up.
        let answer: Result<HashMap<String, u16>, RedisError> =
            asking.query_async(&mut self.redis.connection.clone()).await;
        let count = |counts: HashMap<String, u16>| counts.values().sum();
        answer.map(count).map_err(|error| StoreError::Unavailable(format!("Redis: {error}")))
    }
}
