//! Channels between instances (SPEC 1.6). A relay is fast and forgets: what it carries may be lost,
//! and the log and the directory tell what that was.

use crate::store::Stored;
use async_trait::async_trait;
use std::sync::Arc;

/// What a subscriber hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A message, from another instance or this one.
    Message(Vec<u8>),
    /// Something may have been missed.
    Gap,
}

/// Where a channel's messages go. Called in their order; it must not wait.
pub type Ear = Arc<dyn Fn(Heard) + Send + Sync>;

/// The channels.
#[async_trait]
pub trait Relay: Send + Sync {
    /// Whether there can be other instances.
    fn is_shared(&self) -> bool;
    /// Begins to listen; an ear that the channel has gives way. Once answered, only faults are missed,
    /// and a [`Heard::Gap`] tells of them.
    ///
    /// # Errors
    /// The relay is away; the subscription is made when it is back.
    async fn subscribe(&self, channel: &str, ear: Ear) -> Stored<()>;
    /// Ends listening.
    async fn unsubscribe(&self, channel: &str);
    /// Tells everyone who listens. Does not wait, and is lost while the relay is away.
    fn publish(&self, channel: &str, message: Vec<u8>);
    /// How many instances listen.
    async fn listeners(&self, channel: &str) -> Stored<u16>;
}

/// A part that can be asked whether it is there.
#[async_trait]
pub trait Reachable: Send + Sync {
    /// Asks it.
    ///
    /// # Errors
    /// It does not answer, or lets us not in.
    async fn reach(&self) -> Stored<()>;
}
