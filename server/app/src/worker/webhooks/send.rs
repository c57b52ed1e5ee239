//! From the deliveries to one endpoint.

use super::{Endpoint, post::Poster};
use crate::{
    app::{Stores, System},
    telemetry,
};
use std::{sync::Arc, time::Duration};
use studyrooms_domain::{
    log::{Entry, LogName},
    store::Stored,
    system::random_id,
    webhooks::{Delivery, Outcome, Schedule, chance, message_id},
};
use studyrooms_protocol::Timestamp;
use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
    time::sleep,
};

/// Deliveries to one endpoint under way at the same time.
const AT_ONCE: usize = 8;
/// How often deliveries are looked for that this worker did not note itself.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A delivery is kept from others for so long beyond the time its endpoint has to answer.
const LEASE_MARGIN: Duration = Duration::from_secs(10);

pub(super) struct Sender {
    pub stores: Stores,
    pub system: System,
    pub endpoint: Endpoint,
    pub poster: Arc<Poster>,
    pub schedule: Schedule,
    pub answer_within: Duration,
}

impl Sender {
    /// Delivers until it is ended; then what is under way is finished, and nothing begun.
    pub(super) async fn run(self, mut ended: watch::Receiver<bool>) {
        let sender = Arc::new(self);
        // Tasks of their own: while more is looked for nobody would poll them, and each may hold a connection
        // to the store that the looking waits for.
        let mut under_way = JoinSet::new();
        while !*ended.borrow() {
            let rest = match sender.lease(AT_ONCE - under_way.len()).await {
                Ok((lease, leased, rest)) => {
                    for delivery in leased {
                        under_way.spawn(sender.clone().deliver(delivery, lease.clone()));
                    }
                    rest
                }
                Err(error) => {
                    tracing::warn!(%error, "deliveries could not be looked for; again shortly");
                    LOOK_EVERY
                }
            };
            tokio::select! {
                Some(outcome) = under_way.join_next() => noted(outcome),
                () = sleep(rest) => {}
                () = sender.endpoint.noted.notified(), if under_way.len() < AT_ONCE => {}
                // The worker holds the sender until all have ended.
                _ = ended.changed() => {}
            }
        }
        while let Some(outcome) = under_way.join_next().await {
            noted(outcome);
        }
    }

    /// Up to `free` deliveries that are due, under a lease; and how long to rest when none of those under
    /// way ends before.
    async fn lease(&self, free: usize) -> Stored<(String, Vec<Delivery>, Duration)> {
        let lease = random_id(&*self.system.random);
        if free == 0 {
            return Ok((lease, vec![], LOOK_EVERY));
        }
        let deliveries = &self.stores.deliveries;
        let now = self.system.clock.now();
        let name = &self.endpoint.name;
        match deliveries.next_due(name).await? {
            Some(due) if due <= now => {
                let until = now + milliseconds(self.answer_within + LEASE_MARGIN);
                let leased = deliveries.lease(name, &lease, now, until, free).await?;
                // There may be more: whether there is, is seen at once when there are places left.
                let rest = if leased.len() < free { Duration::ZERO } else { LOOK_EVERY };
                Ok((lease, leased, rest))
            }
            Some(due) => Ok((lease, vec![], Duration::from_millis(due - now).min(LOOK_EVERY))),
            None => Ok((lease, vec![], LOOK_EVERY)),
        }
    }

    /// Tries once, and says what became of it. Where that cannot be said, the lease ends by itself.
    async fn deliver(self: Arc<Self>, delivery: Delivery, lease: String) {
        let addressed = &delivery.addressed;
        let outcome = match self.attempt(&delivery).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::warn!(room = %addressed.room_id, %error, "an entry could not be read; again shortly");
                return;
            }
        };
        telemetry::webhook(match &outcome {
            Outcome::Delivered { .. } => telemetry::Webhook::Delivered,
            Outcome::Again { .. } => telemetry::Webhook::Again,
            Outcome::Dead { .. } => telemetry::Webhook::Dead,
        });
        if let Outcome::Dead { why, .. } = &outcome {
            tracing::error!(endpoint = %self.endpoint.name, room = %addressed.room_id, seq = addressed.seq, why, "a webhook was given up");
        }
        match self.stores.deliveries.settle(&addressed.id(), &lease, outcome).await {
            Ok(true) => {}
            Ok(false) => tracing::debug!(id = addressed.id(), "a delivery took longer than its lease"),
            Err(error) => tracing::warn!(id = addressed.id(), %error, "a delivery could not be settled"),
        }
    }

    async fn attempt(&self, delivery: &Delivery) -> Stored<Outcome> {
        // Read now: what was deleted since it was noted is not told any more.
        let entry = self.entry(delivery).await?;
        let now = || self.system.clock.now();
        // The room is gone, and there is nothing to tell.
        let Some(entry) = entry else { return Ok(Outcome::Delivered { at: now() }) };
        let id = message_id(&entry.room_id, entry.seq);
        let answer = self.poster.post(&self.endpoint.url, &id, now(), &entry).await;
        Ok(self.schedule.judge(answer, delivery.tries + 1, now(), chance(&*self.system.random)))
    }

    async fn entry(&self, delivery: &Delivery) -> Stored<Option<Entry>> {
        let (room_id, seq) = (&delivery.addressed.room_id, delivery.addressed.seq);
        let found = self.stores.logs.after(room_id, LogName::Room, seq.saturating_sub(1), 1).await?;
        Ok(found.into_iter().next().filter(|entry| entry.seq == seq))
    }
}

/// What a task that broke leaves to do, its lease gives to the next one.
fn noted(outcome: Result<(), JoinError>) {
    if let Err(error) = outcome {
        tracing::error!(%error, "a delivery broke; it is tried again when its lease ends");
    }
}

fn milliseconds(duration: Duration) -> Timestamp {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
