//! Who is in a room over all instances: the directory that they share (SPEC 3). An instance
//! answers for its own sockets as long as it renews its lease; when it no longer does, what it
//! listed is taken out by whichever instance looks next, once.

use crate::store::Stored;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use studyrooms_protocol::{
    Seq, Timestamp,
    ids::{RoomId, SocketId, UserId},
    presence::Participant,
};

/// A running server, from its start to its end: one that is started again is another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InstanceId(pub String);

/// How long an instance that does not renew its lease is believed to live.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// From a renewal on.
    pub lease: Duration,
    /// When nobody renewed for this long, the directory itself was away: everyone gets a new lease.
    pub silence: Duration,
}

impl Terms {
    /// A killed instance's people leave after 6 to 8 s, and its clients have 5 s to come back
    /// (SPEC 3.1).
    pub const DEFAULT: Self = Self { lease: Duration::from_secs(8), silence: Duration::from_secs(5) };
    /// How often an instance renews.
    pub const RENEW_EVERY: Duration = Duration::from_secs(2);
}

/// Where a socket is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Place {
    /// In the room.
    Room {
        /// As everyone sees it.
        participant: Participant,
        /// Since when a stretch of focus is counted for the person, on this socket.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at_work_since: Option<Timestamp>,
    },
    /// At the door, until a moderator lets it in.
    Door {
        /// Who.
        user_id: UserId,
        /// As moderators see it.
        name: String,
        /// Whether they have no account.
        guest: bool,
    },
}

/// A socket as the directory lists it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listing {
    /// Its public id.
    pub socket_id: SocketId,
    /// Which instance has its connection.
    pub instance: InstanceId,
    /// Where it is.
    pub place: Place,
}

/// What an instance tells the directory of one room.
#[derive(Clone, Debug)]
pub struct Update {
    /// Who tells.
    pub instance: InstanceId,
    /// Sockets whose connection came to this instance: they are its own from now on.
    pub claimed: Vec<(SocketId, Place)>,
    /// Sockets that look different now. One that another instance has claimed is left alone.
    pub changed: Vec<(SocketId, Place)>,
    /// Sockets that are no longer here. One that another instance has claimed is left alone.
    pub gone: Vec<SocketId>,
    /// The version of the list that the instance knows.
    pub known: u64,
    /// How far it has delivered the room's logs.
    pub delivered: Positions,
}

/// Positions of a room's two logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Positions {
    /// Of the room log.
    pub room: Seq,
    /// Of the board log.
    pub board: Seq,
}

/// What the directory answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Settled {
    /// Of the list; another one after every change.
    pub version: u64,
    /// Of the list before this call; the same when it changed nothing.
    pub before: u64,
    /// All of the list, unless the instance knew this version, or knew the one before its own update.
    pub listings: Option<Vec<Listing>>,
    /// Sockets of instances that live no more, taken out by this call.
    pub lost: Vec<Listing>,
    /// Sockets told as changed or gone that another instance has claimed: nothing was done about them.
    pub elsewhere: Vec<SocketId>,
    /// The furthest that any instance has delivered, as far as the directory remembers.
    pub newest: Positions,
}

/// The directory.
#[async_trait]
pub trait Directory: Send + Sync {
    /// Renews the lease of an instance.
    async fn renew(&self, instance: &InstanceId) -> Stored<()>;
    /// Updates a room's list, renews the lease too, and takes out the sockets of dead instances.
    async fn settle(&self, room_id: &RoomId, update: Update) -> Stored<Settled>;
}
