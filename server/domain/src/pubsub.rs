//! Publish and subscribe between instances (SPEC 1.6). It keeps nothing: a message may be lost, and the log and the
//! directory tell what it was.

use crate::store::Stored;
use async_trait::async_trait;
use std::sync::Arc;

/// What a subscriber receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// A message, from another instance or this one.
    Message(Vec<u8>),
    /// Something may have been missed.
    Gap,
}

/// Where a channel's messages go. Called in their order; it must not wait.
pub type Subscriber = Arc<dyn Fn(Received) + Send + Sync>;

/// The channels.
#[async_trait]
pub trait PubSub: Send + Sync {
    /// Whether there can be other instances.
    fn is_shared(&self) -> bool;
    /// Subscribes to a channel, in place of the subscriber that it has here. Once answered, only faults are missed,
    /// and a [`Received::Gap`] tells of them.
    ///
    /// # Errors
    /// The broker is away; the subscription is made when it is back.
    async fn subscribe(&self, channel: &str, subscriber: Subscriber) -> Stored<()>;
    /// Ends the subscription of this instance.
    async fn unsubscribe(&self, channel: &str);
    /// Sends to every subscriber. Does not wait, and is lost while the broker is away.
    fn publish(&self, channel: &str, message: Vec<u8>);
    /// How many instances have subscribed.
    async fn subscriber_count(&self, channel: &str) -> Stored<u16>;
}
