//! A relay within one process: for one instance, which has no others, and for several in a test.

use async_trait::async_trait;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use studyrooms_domain::{
    relay::{Ear, Heard, Relay},
    store::Stored,
};

type Ears = HashMap<String, HashMap<usize, Ear>>;

/// One instance's end of the relay.
pub struct MemoryRelay {
    number: usize,
    instances: usize,
    ears: Arc<Mutex<Ears>>,
}

impl MemoryRelay {
    /// Without others.
    #[must_use]
    pub fn alone() -> Self {
        Self { number: 0, instances: 1, ears: Arc::default() }
    }

    /// The ends of `instances` that hear each other.
    #[must_use]
    pub fn between(instances: usize) -> Vec<Self> {
        let ears = Arc::<Mutex<Ears>>::default();
        (0..instances).map(|number| Self { number, instances, ears: ears.clone() }).collect()
    }

    fn ears(&self) -> MutexGuard<'_, Ears> {
        self.ears.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Relay for MemoryRelay {
    fn is_shared(&self) -> bool {
        self.instances > 1
    }

    async fn subscribe(&self, channel: &str, ear: Ear) -> Stored<()> {
        self.ears().entry(channel.to_owned()).or_default().insert(self.number, ear);
        Ok(())
    }

    async fn unsubscribe(&self, channel: &str) {
        let mut ears = self.ears();
        if let Some(listening) = ears.get_mut(channel) {
            listening.remove(&self.number);
            if listening.is_empty() {
                ears.remove(channel);
            }
        }
    }

    fn publish(&self, channel: &str, message: Vec<u8>) {
        let listening: Vec<Ear> = self.ears().get(channel).into_iter().flat_map(HashMap::values).cloned().collect();
        // Without the lock: an ear may publish.
        listening.iter().for_each(|ear| ear(Heard::Message(message.clone())));
    }

    async fn listeners(&self, channel: &str) -> Stored<u16> {
        Ok(self.ears().get(channel).map_or(0, |listening| u16::try_from(listening.len()).unwrap_or(u16::MAX)))
    }
}
