//! The way out to one socket, whatever carries it.

use serde::Serialize;
use serde_json::value::{RawValue, Value, to_raw_value};
use std::sync::{Arc, OnceLock};
use studyrooms_domain::rooms::AddressHash;
use studyrooms_protocol::ids::RoomId;
use tokio::sync::Notify;

/// Tells the connections of one socket id apart: a later one, whose number is higher on the same instance,
/// replaces an earlier one.
pub type ConnectionId = u64;

/// An event on its way out, encoded once for all who get it.
pub struct Outgoing {
    /// The event's name.
    pub event: &'static str,
    /// Its payload.
    pub body: Box<RawValue>,
    value: OnceLock<Value>,
    packed_bytes: OnceLock<usize>,
}

impl Outgoing {
    /// Encodes `body`.
    pub fn new<T: Serialize>(event: &'static str, body: &T) -> Arc<Self> {
        let body = to_raw_value(body).unwrap_or_else(|error| {
            tracing::error!(%error, event, "an event could not be encoded");
            RawValue::NULL.to_owned()
        });
        Arc::new(Self { event, body, value: OnceLock::new(), packed_bytes: OnceLock::new() })
    }

    /// The payload for encodings other than JSON, made once for all who get it.
    pub fn value(&self) -> &Value {
        self.value.get_or_init(|| serde_json::from_str(self.body.get()).unwrap_or_default())
    }
}

impl Outgoing {
    /// Bytes of the payload, in MessagePack or in JSON.
    pub fn encoded_bytes(&self, messagepack: bool) -> usize {
        let json = self.body.get().len();
        if !messagepack {
            return json;
        }
        *self.packed_bytes.get_or_init(|| rmp_serde::to_vec_named(self.value()).map_or(json, |packed| packed.len()))
    }
}

/// The socket's queue is full: its client does not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the socket's queue is full")]
pub struct Full;

/// A socket that can be spoken to. Never blocks.
pub trait Outlet: Send + Sync {
    /// Queues an event. What is queued for a socket that is gone is lost without an error.
    ///
    /// # Errors
    /// [`Full`] when the queue's bound is reached; the event is lost.
    fn emit(&self, outgoing: &Outgoing) -> Result<(), Full>;

    /// Bytes that wait for its client to read them. A large answer is best given in parts, each when little waits.
    fn queued_bytes(&self) -> usize {
        0
    }

    /// Wakes `waker` once, when fewer than `below` bytes wait. An outlet that does not know wakes no one: whoever
    /// waits looks now and then as well.
    fn wake_when_read(&self, _below: usize, _waker: &Arc<Notify>) {}

    /// Whether its client has read nothing of that for so long that it is to be closed.
    fn stands_still(&self) -> bool {
        false
    }

    /// From now on it gets what is broadcast to the room ([`super::Broadcaster`]).
    fn enter(&self, room_id: &RoomId);

    /// It no longer does.
    fn exit(&self, room_id: &RoomId);

    /// Ends the connection; the client may come back.
    fn close(&self);

    /// The host by which the client reached this server, as it says.
    fn reached_by(&self) -> Option<String> {
        None
    }

    /// Where it comes from.
    fn address(&self) -> Option<AddressHash> {
        None
    }
}
