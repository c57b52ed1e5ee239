//! Turns that instances give one another through Redis (`turns.lua`). Who must wait is told by a channel of
//! its own when the turn has come.

use super::{ANSWER_WITHIN, PREFIX, Redis, away::Away, millis};
use async_trait::async_trait;
use redis::{FromRedisValue, RedisResult, Script};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use studyrooms_domain::{
    log::LogName,
    presence::InstanceId,
    relay::{Heard, Relay},
    turns::{LogEnd, Turn, Turns},
};
use studyrooms_protocol::ids::RoomId;
use tokio::{
    sync::oneshot,
    time::{Instant, timeout},
};

/// A turn that is not passed on by then is over: its holder is gone, or its store is slow.
const LASTS: Duration = Duration::from_secs(2);
/// Who has waited for this long goes on without.
const PATIENCE: Duration = Duration::from_secs(2);
/// After so long it is asked whether the word was lost.
const ASK_AGAIN: Duration = Duration::from_millis(250);
/// What was left is worth nothing afterwards. Short, for the same reason as the hints of
/// `mongo/tails.rs`.
const HOLDS: Duration = Duration::from_secs(4);
/// Begins the channel of each instance.
const CHANNEL: &str = "turns:";

type Key = (RoomId, LogName);

/// What this instance does about a log.
enum Place {
    /// It stands in line.
    Waiting(oneshot::Sender<Turn>),
    /// It has the turn.
    Holding,
}

/// Turns by Redis' own clock; while it is away there are none.
#[derive(Clone)]
pub struct RedisTurns(Arc<Parts>);

struct Parts {
    redis: Redis,
    script: Script,
    instance: InstanceId,
    places: Mutex<HashMap<Key, Place>>,
    away: Away,
}

impl RedisTurns {
    /// Those of `instance`, which hears of them by `relay`.
    pub async fn new(redis: Redis, relay: &dyn Relay, instance: InstanceId) -> Self {
        let channel = format!("{CHANNEL}{}", instance.0);
        let away = Away::new("instances append in turns", "instances race for each log's end");
        let script = Script::new(include_str!("turns.lua"));
        let turns = Self(Arc::new(Parts { redis, script, instance, places: Mutex::default(), away }));
        let told = Arc::downgrade(&turns.0);
        let ear = move |heard| {
            if let (Heard::Message(message), Some(parts)) = (heard, told.upgrade()) {
                Self(parts).hear(&message);
            }
        };
        if let Err(error) = relay.subscribe(&channel, Arc::new(ear)).await {
            tracing::warn!(%error, "turns are not heard of yet");
        }
        turns
    }

    fn places(&self) -> MutexGuard<'_, HashMap<Key, Place>> {
        self.0.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn was handed over.
    fn hear(&self, message: &[u8]) {
        let Some((key, turn)) = read(message) else {
            return tracing::warn!("a turn could not be read");
        };
        let mut places = self.places();
        let is_wanted = match places.remove(&key) {
            // Who waited may go on without at this moment.
            Some(Place::Waiting(waiting)) => waiting.send(turn).is_ok(),
            // It was found out by asking before.
            Some(Place::Holding) => true,
            None => false,
        };
        if is_wanted {
            places.insert(key, Place::Holding);
            return;
        }
        drop(places);
        let turns = self.clone();
        tokio::spawn(async move { turns.leave(&key).await });
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

    /// Waits in line until `waiting` is told, or an answer tells the same.
    async fn stand_in_line(&self, key: &Key, mut told: oneshot::Receiver<Turn>) -> Option<Turn> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (granted, after_another, seq, settled): (u8, u8, String, String) =
                self.ask("take", key, ("", "")).await?;
            if granted == 1 {
                self.places().insert(key.clone(), Place::Holding);
                return Some(Turn { end: log_end(&seq, &settled), after_another: after_another == 1 });
            }
            if let Ok(turn) = timeout(ASK_AGAIN, &mut told).await {
                return turn.ok();
            }
            if Instant::now() >= deadline {
                return None;
            }
        }
    }

    async fn leave(&self, key: &Key) {
        // When it is not heard, the turn ends by itself.
        let _: Option<u8> = self.ask("leave", key, ("", "")).await;
    }
}

#[async_trait]
impl Turns for RedisTurns {
    async fn take(&self, room_id: &RoomId, log: LogName) -> Option<Turn> {
        let key = (room_id.clone(), log);
        let (waiting, told) = oneshot::channel();
        self.places().insert(key.clone(), Place::Waiting(waiting));
        let turn = self.stand_in_line(&key, told).await;
        if turn.is_none() {
            self.places().remove(&key);
            self.leave(&key).await;
        }
        turn
    }

    async fn pass(&self, room_id: &RoomId, log: LogName, end: Option<LogEnd>) {
        let key = (room_id.clone(), log);
        self.places().remove(&key);
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
fn read(message: &[u8]) -> Option<(Key, Turn)> {
    let mut words = std::str::from_utf8(message).ok()?.split(' ');
    let room_id = RoomId(words.next()?.to_owned());
    let log = match words.next()? {
        "room" => LogName::Room,
        "board" => LogName::Board,
        _ => return None,
    };
    let end = log_end(words.next()?, words.next()?);
    Some(((room_id, log), Turn { end, after_another: true }))
}
