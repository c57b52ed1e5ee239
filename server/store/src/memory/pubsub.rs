//! Publish and subscribe within one process: for one instance, which has no others, and for several in a test.

use async_trait::async_trait;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use studyrooms_domain::{
    pubsub::{PubSub, Received, Subscriber},
    store::Stored,
};

type Subscribers = HashMap<String, HashMap<usize, Subscriber>>;

/// The channels as one instance has them.
pub struct MemoryPubSub {
    number: usize,
    instances: usize,
    subscribers: Arc<Mutex<Subscribers>>,
}

impl MemoryPubSub {
    /// Without others.
    #[must_use]
    pub fn alone() -> Self {
        Self { number: 0, instances: 1, subscribers: Arc::default() }
    }

    /// For `instances` that receive from each other.
    #[must_use]
    pub fn between(instances: usize) -> Vec<Self> {
        let subscribers = Arc::<Mutex<Subscribers>>::default();
        (0..instances).map(|number| Self { number, instances, subscribers: subscribers.clone() }).collect()
    }

    fn subscribers(&self) -> MutexGuard<'_, Subscribers> {
        self.subscribers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl PubSub for MemoryPubSub {
    fn is_shared(&self) -> bool {
        self.instances > 1
    }

    async fn subscribe(&self, channel: &str, subscriber: Subscriber) -> Stored<()> {
        self.subscribers().entry(channel.to_owned()).or_default().insert(self.number, subscriber);
        Ok(())
    }

    async fn unsubscribe(&self, channel: &str) {
        let mut subscribers = self.subscribers();
        if let Some(subscribed) = subscribers.get_mut(channel) {
            subscribed.remove(&self.number);
            if subscribed.is_empty() {
                subscribers.remove(channel);
            }
        }
    }

    fn publish(&self, channel: &str, message: Vec<u8>) {
        let subscribed: Vec<Subscriber> =
            self.subscribers().get(channel).into_iter().flat_map(HashMap::values).cloned().collect();
        // Without the lock: a subscriber may publish.
        subscribed.iter().for_each(|subscriber| subscriber(Received::Message(message.clone())));
    }

    async fn subscriber_count(&self, channel: &str) -> Stored<u16> {
        Ok(self.subscribers().get(channel).map_or(0, |subscribed| u16::try_from(subscribed.len()).unwrap_or(u16::MAX)))
    }
}
