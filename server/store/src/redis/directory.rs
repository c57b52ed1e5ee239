//! The directory that instances share: a hash for each room, and the leases of all instances
//! (`directory.lua`). The keys bear one hash tag, so that a cluster keeps them on one node.

use super::{ANSWER_WITHIN, PREFIX, Redis, millis};
use async_trait::async_trait;
use redis::{RedisError, Script, ScriptInvocation};
use std::time::Duration;
use studyrooms_domain::{
    presence::{Directory, InstanceId, Listing, Place, Positions, Settled, Terms, Update},
    store::{StoreError, Stored},
};
use studyrooms_protocol::ids::{RoomId, SocketId};
use tokio::time::timeout;

/// A list that no instance looks at any more is forgotten.
const KEEP: Duration = Duration::from_secs(60);

/// Lists in Redis, by its own clock.
pub struct RedisDirectory {
    redis: Redis,
    script: Script,
    terms: Terms,
}

type Answer = (String, String, u8, Vec<String>, Vec<String>, Vec<String>, String, String);

impl RedisDirectory {
    /// Of this Redis.
    #[must_use]
    pub fn new(redis: Redis, terms: Terms) -> Self {
        Self { redis, script: Script::new(include_str!("directory.lua")), terms }
    }

    fn call(&self, instance: &InstanceId) -> ScriptInvocation<'_> {
        let mut call = self.script.key(format!("{{{PREFIX}presence}}:instances"));
        call.arg(&instance.0).arg(millis(self.terms.lease)).arg(millis(self.terms.silence)).arg(millis(KEEP));
        call
    }
}

fn unavailable(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Unavailable(format!("Redis: {error}"))
}

/// Waits no longer than an answer may take.
async fn answer<T>(asking: impl Future<Output = Result<T, RedisError>>) -> Stored<T> {
    match timeout(ANSWER_WITHIN, asking).await {
        Ok(answer) => answer.map_err(|error| unavailable(&error)),
        Err(late) => Err(unavailable(&late)),
    }
}

#[async_trait]
impl Directory for RedisDirectory {
    async fn renew(&self, instance: &InstanceId) -> Stored<()> {
        let call = self.call(instance);
        answer(call.invoke_async(&mut self.redis.connection.clone())).await
    }

    async fn settle(&self, room_id: &RoomId, update: Update) -> Stored<Settled> {
        let mut call = self.call(&update.instance);
        call.key(format!("{{{PREFIX}presence}}:{room_id}")).arg(update.known);
        call.arg(update.delivered.room).arg(update.delivered.board);
        for places in [&update.claimed, &update.changed] {
            call.arg(places.len());
            for (socket_id, place) in places {
                let place = serde_json::to_string(place).map_err(|error| StoreError::Corrupt(error.to_string()))?;
                call.arg(socket_id.as_str()).arg(place);
            }
        }
        call.arg(update.gone.len());
        for socket_id in &update.gone {
            call.arg(socket_id.as_str());
        }
        let (version, before, whole, listings, lost, elsewhere, room, board): Answer =
            answer(call.invoke_async(&mut self.redis.connection.clone())).await?;
        let newest = Positions { room: number(&room)?, board: number(&board)? };
        let listings = (whole == 1).then(|| read(&listings)).transpose()?;
        let elsewhere = elsewhere.into_iter().map(SocketId).collect();
        let (version, before) = (number(&version)?, number(&before)?);
        Ok(Settled { version, before, listings, lost: read(&lost)?, elsewhere, newest })
    }
}

fn number(text: &str) -> Stored<u64> {
    text.parse().map_err(|_| StoreError::Corrupt(format!("no number: {text:.32}")))
}

/// From socket, value, socket, value ….
fn read(pairs: &[String]) -> Stored<Vec<Listing>> {
    let listing = |pair: &[String]| {
        let [socket_id, value] = pair else { return None };
        let (instance, place) = value.split_once(' ')?;
        let place: Place = serde_json::from_str(place).ok()?;
        Some(Listing { socket_id: SocketId(socket_id.clone()), instance: InstanceId(instance.into()), place })
    };
    let corrupt = || StoreError::Corrupt("a listing cannot be read".into());
    pairs.chunks(2).map(|pair| listing(pair).ok_or_else(corrupt)).collect()
}
