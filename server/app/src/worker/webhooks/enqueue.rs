//! From the log to the deliveries.

use super::Webhooks;
use crate::{
    app::{Stores, System},
    worker::Consumer,
};
use async_trait::async_trait;
use std::sync::Arc;
use studyrooms_domain::{log::Entry, store::Stored, system::Clock, webhooks::Addressed, worker::Deliveries};
use studyrooms_protocol::ids::RoomId;

/// Notes every entry for every endpoint. Without endpoints it only moves on: who is set later hears of
/// what comes after.
pub(in crate::worker) struct Enqueue {
    deliveries: Arc<dyn Deliveries>,
    clock: Arc<dyn Clock>,
    webhooks: Arc<Webhooks>,
}

impl Enqueue {
    pub(in crate::worker) fn new(stores: &Stores, system: &System, webhooks: Arc<Webhooks>) -> Self {
        Self { deliveries: stores.deliveries.clone(), clock: system.clock.clone(), webhooks }
    }
}

#[async_trait]
impl Consumer for Enqueue {
    fn name(&self) -> &'static str {
        "webhooks"
    }

    async fn take(&self, room_id: &RoomId, entries: &[Entry]) -> Stored<()> {
        let Webhooks { endpoints, filter, .. } = &*self.webhooks;
        let told: Vec<&Entry> = entries.iter().filter(|entry| filter.takes(entry)).collect();
        let for_endpoint = |name: &str, entry: &&Entry| Addressed {
            endpoint: name.to_owned(),
            room_id: room_id.clone(),
            seq: entry.seq,
        };
        let all = endpoints.iter().flat_map(|endpoint| told.iter().map(|entry| for_endpoint(&endpoint.name, entry)));
        let all: Vec<Addressed> = all.collect();
        if all.is_empty() {
            return Ok(());
        }
        self.deliveries.enqueue(all, self.clock.now()).await?;
        endpoints.iter().for_each(|endpoint| endpoint.noted.notify_one());
        Ok(())
    }
}
