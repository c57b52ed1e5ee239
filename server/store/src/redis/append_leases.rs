//! Append leases that instances pass on through Redis (`append_leases.lua`). An instance that must wait is told
//! by a channel of its own when the lease is granted.

use super::{ANSWER_WITHIN, PREFIX, Redis, away::Away, millis};
use async_trait::async_trait;
use redis::{FromRedisValue, RedisResult, Script};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use studyrooms_domain::{
    append_lease::{AppendLease, AppendLeases, LogEnd},
    log::LogName,
    presence::InstanceId,
    pubsub::{PubSub, Received},
};
use studyrooms_protocol::ids::RoomId;
use tokio::{
    sync::oneshot,
    time::{Instant, timeout},
};

/// A lease that is not released by then has expired: its holder is gone, or its store is slow.
const LASTS: Duration = Duration::from_secs(2);
/// An instance that has waited for this long goes on without.
const PATIENCE: Duration = Duration::from_secs(2);
/// After so long Redis is asked whether the message was lost.
const ASK_AGAIN: Duration = Duration::from_millis(250);
/// What was left is worth nothing afterwards. Short, for the same reason as the hints of
/// `mongo/tails.rs`.
const HOLDS: Duration = Duration::from_secs(4);
/// Begins the channel of each instance.
const CHANNEL: &str = "turns:";

type Key = (RoomId, LogName);

/// What this instance does about a log.
enum LeaseState {
    /// It waits in the queue.
    Waiting(oneshot::Sender<AppendLease>),
    /// It holds the lease.
    Holding,
}

/// Leases by Redis' own clock; while it is away none are granted.
#[derive(Clone)]
pub struct RedisAppendLeases(Arc<Inner>);

struct Inner {
    redis: Redis,
    script: Script,
    instance: InstanceId,
    states: Mutex<HashMap<Key, LeaseState>>,
    away: Away,
}

impl RedisAppendLeases {
    /// Those of `instance`, which is told of them by `pubsub`.
    pub async fn new(redis: Redis, pubsub: &dyn PubSub, instance: InstanceId) -> Self {
        let channel = format!("{CHANNEL}{}", instance.0);
        let away = Away::new("instances append under leases", "instances race for each log's end");
        let script = Script::new(include_str!("append_leases.lua"));
        let leases = Self(Arc::new(Inner { redis, script, instance, states: Mutex::default(), away }));
        let weak = Arc::downgrade(&leases.0);
        let subscriber = move |received| {
            if let (Received::Message(message), Some(inner)) = (received, weak.upgrade()) {
                Self(inner).granted(&message);
            }
        };
        if let Err(error) = pubsub.subscribe(&channel, Arc::new(subscriber)).await {
            tracing::warn!(%error, "granted leases are not received yet");
        }
        leases
    }

    fn states(&self) -> MutexGuard<'_, HashMap<Key, LeaseState>> {
        self.0.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another instance handed its lease over.
    fn granted(&self, message: &[u8]) {
        let Some((key, lease)) = read(message) else {
            return tracing::warn!("a lease could not be read");
        };
        let mut states = self.states();
        let is_wanted = match states.remove(&key) {
            // Who waited may go on without at this moment.
            Some(LeaseState::Waiting(waiting)) => waiting.send(lease).is_ok(),
            // It was found out by asking before.
            Some(LeaseState::Holding) => true,
            None => false,
        };
        if is_wanted {
            states.insert(key, LeaseState::Holding);
            return;
        }
        drop(states);
        let leases = self.clone();
        tokio::spawn(async move { leases.leave(&key).await });
    }

    /// Asks Redis; none while it is away.
    async fn ask<T: FromRedisValue>(&self, what: &str, key: &Key, end: (&str, &str)) -> Option<T> {
        if !self.0.away.may_try() {
            return None;
        }
        let (room_id, log) = key;
        let name = format!("{{{PREFIX}turn:{room_id}:{}}}", log.as_str());
        let mut call = self.0.script.key(&name);
        call.key(format!("{name}:line")).arg(what).arg(&self.0.instance.0);
        call.arg(millis(LASTS)).arg(millis(HOLDS)).arg(format!("{PREFIX}{CHANNEL}"));
        call.arg(format!("{room_id} {}", log.as_str())).arg(end.0).arg(end.1);
        let asking = async {
            let answer: RedisResult<T> = call.invoke_async(&mut self.0.redis.connection.clone()).await;
            answer
        };
        match timeout(ANSWER_WITHIN, asking).await {
            Ok(Ok(answer)) => {
                self.0.away.ended();
                Some(answer)
            }
            Ok(Err(error)) => {
                self.0.away.began(&error);
                None
            }
            Err(late) => {
                self.0.away.began(&late);
                None
            }
        }
    }

    /// Waits in the queue until `told` resolves, or an answer tells the same.
    async fn wait_in_queue(&self, key: &Key, mut told: oneshot::Receiver<AppendLease>) -> Option<AppendLease> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (granted, after_another, seq, settled): (u8, u8, String, String) =
                self.ask("take", key, ("", "")).await?;
            if granted == 1 {
                self.states().insert(key.clone(), LeaseState::Holding);
                return Some(AppendLease { end: log_end(&seq, &settled), after_another: after_another == 1 });
            }
            if let Ok(lease) = timeout(ASK_AGAIN, &mut told).await {
                return lease.ok();
            }
            if Instant::now() >= deadline {
                return None;
            }
        }
    }

    async fn leave(&self, key: &Key) {
        // When Redis does not get it, the lease expires.
        let _: Option<u8> = self.ask("leave", key, ("", "")).await;
    }
}

#[async_trait]
impl AppendLeases for RedisAppendLeases {
    async fn acquire(&self, room_id: &RoomId, log: LogName) -> Option<AppendLease> {
        let key = (room_id.clone(), log);
        let (waiting, told) = oneshot::channel();
        self.states().insert(key.clone(), LeaseState::Waiting(waiting));
        let lease = self.wait_in_queue(&key, told).await;
        if lease.is_none() {
            self.states().remove(&key);
            self.leave(&key).await;
        }
        lease
    }

    async fn release(&self, room_id: &RoomId, log: LogName, end: Option<LogEnd>) {
        let key = (room_id.clone(), log);
        self.states().remove(&key);
        let (seq, settled) = match end {
            Some(end) => (end.seq.to_string(), if end.is_settled { "1" } else { "0" }),
            None => (String::new(), ""),
        };
        let _: Option<u8> = self.ask("pass", &key, (&seq, settled)).await;
    }
}

fn log_end(seq: &str, settled: &str) -> Option<LogEnd> {
    Some(LogEnd { seq: seq.parse().ok()?, is_settled: settled == "1" })
}

/// From `<room> <log> <seq> <settled>`, of which the end may be left out. Only another instance hands over.
fn read(message: &[u8]) -> Option<(Key, AppendLease)> {
    let mut words = std::str::from_utf8(message).ok()?.split(' ');
    let room_id = RoomId(words.next()?.to_owned());
    let log = match words.next()? {
        "room" => LogName::Room,
        "board" => LogName::Board,
        _ => return None,
    };
    let end = log_end(words.next()?, words.next()?);
    Some(((room_id, log), AppendLease { end, after_another: true }))
}
