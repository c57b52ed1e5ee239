//! The worker: follows the room logs from a place of its own in each, and does what need not be done
//! while someone waits: webhooks, daily summaries, focus statistics.
//!
//! It may be killed at any moment, and several may run at once. Whatever it does of an entry can be
//! done again; its place moves on only after that.

mod focus;
mod follow;
mod look;
mod periodic;
mod room_queue;
mod summaries;
mod webhooks;

pub use webhooks::{ClientError, Secret, SecretError, Webhooks, endpoint_name};

use crate::{
    app::{Stores, System},
    telemetry,
};
use async_trait::async_trait;
use room_queue::RoomQueue;
use std::{future::Future, sync::Arc, time::Duration};
use studyrooms_domain::{
    files::Objects,
    log::Entry,
    pubsub::{PubSub, Received},
    store::Stored,
    worker::{ROOM_LOG_CHANNEL, RoomLogGrown},
};
use studyrooms_protocol::ids::RoomId;
use tokio::{
    sync::{Semaphore, oneshot, watch},
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};

/// Rooms that are followed at the same time.
const AT_ONCE: usize = 8;
/// Rooms in hand, with those that rest.
const IN_HAND: usize = 256;
/// A room that was followed is left alone for so long: what comes meanwhile is taken together.
const REST: Duration = Duration::from_millis(200);
/// How long to wait before trying again what failed.
const RETRY: Duration = Duration::from_secs(2);
/// How long deliveries under way may take to end.
const FINISH_WITHIN: Duration = Duration::from_secs(5);

/// Someone who takes every entry of every room log, in order.
#[async_trait]
trait Consumer: Send + Sync {
    /// Under which its place is kept; for ever.
    fn name(&self) -> &'static str;
    /// Takes entries that follow one another. It may be given the same again, and by others.
    async fn take(&self, room_id: &RoomId, entries: &[Entry]) -> Stored<()>;
}

/// A worker that does not work yet.
pub struct Worker {
    stores: Stores,
    /// The bytes of files, where this process has them.
    objects: Option<Arc<dyn Objects>>,
    system: System,
    pubsub: Arc<dyn PubSub>,
    webhooks: Arc<Webhooks>,
}

/// A worker at work.
pub struct Working {
    stop: oneshot::Sender<()>,
    done: JoinHandle<()>,
}

impl Working {
    /// Ends it. What it has begun and not finished is taken up by the next one.
    pub async fn stop(self) {
        // It listens until it has ended by itself, which it never does.
        self.stop.send(()).ok();
        if let Err(error) = self.done.await {
            tracing::error!(%error, "the worker did not end well");
        }
    }
}

impl Worker {
    /// Over these stores, notified of grown logs by `pubsub`.
    #[must_use]
    pub fn new(
        stores: Stores,
        objects: Option<Arc<dyn Objects>>,
        system: System,
        pubsub: Arc<dyn PubSub>,
        webhooks: Webhooks,
    ) -> Self {
        Self { stores, objects, system, pubsub, webhooks: Arc::new(webhooks) }
    }

    /// Follows one room to the end of its log, now.
    ///
    /// # Errors
    /// What the store says; what was taken by then stays taken.
    pub async fn follow(&self, room_id: &RoomId) -> Stored<()> {
        follow::room(&self.stores, &self.consumers(), room_id).await
    }

    /// Begins to work.
    #[must_use]
    pub fn start(self) -> Working {
        let (stop, stopped) = oneshot::channel();
        let stopped = async move {
            // Dropping the sender ends it too.
            stopped.await.ok();
        };
        Working { stop, done: tokio::spawn(self.run(stopped)) }
    }

    async fn run(self, stop: impl Future<Output = ()> + Send) {
        let worker = Arc::new(self);
        let queue = Arc::new(RoomQueue::default());
        worker.subscribe(&queue).await;
        let (ending, ended) = watch::channel(false);
        let mut beside = JoinSet::new();
        beside.spawn(look::keep_looking(worker.clone(), queue.clone()));
        beside.spawn(periodic::run(worker.stores.clone(), worker.objects.clone(), worker.system.clone()));
        let mut sending = worker.webhooks.start(&worker.stores, &worker.system, &ended);
        tokio::select! {
            () = worker.clone().follow_all(&queue) => {}
            () = stop => {}
        }
        beside.shutdown().await;
        worker.pubsub.unsubscribe(ROOM_LOG_CHANNEL).await;
        ending.send_replace(true);
        let finished = async { while sending.join_next().await.is_some() {} };
        if timeout(FINISH_WITHIN, finished).await.is_err() {
            tracing::info!("deliveries under way are left to the next worker");
            sending.shutdown().await;
        }
    }

    /// Subscribes to the notifications of grown room logs.
    async fn subscribe(&self, queue: &Arc<RoomQueue>) {
        let to = queue.clone();
        let subscriber = move |what| match what {
            Received::Message(message) => match serde_json::from_slice::<RoomLogGrown>(&message) {
                Ok(grown) => to.offer(grown.room_id),
                // Empty where something was lost, or of a newer program.
                Err(_) => to.mark_missed(),
            },
            Received::Gap => to.mark_missed(),
        };
        if let Err(error) = self.pubsub.subscribe(ROOM_LOG_CHANNEL, Arc::new(subscriber)).await {
            tracing::warn!(%error, "notifications are not received yet; the logs are looked at instead");
        }
    }

    fn consumers(&self) -> Vec<Box<dyn Consumer>> {
        vec![
            Box::new(webhooks::Enqueue::new(&self.stores, &self.system, self.webhooks.clone())),
            Box::new(summaries::Summarize::new(&self.stores)),
            Box::new(focus::NoteFocus::new(&self.stores)),
        ]
    }

    /// Follows every room whose log has grown, a few at a time, each by one task.
    async fn follow_all(self: Arc<Self>, queue: &Arc<RoomQueue>) {
        let consumers: Arc<[Box<dyn Consumer>]> = self.consumers().into();
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut following = JoinSet::new();
        loop {
            while following.len() < IN_HAND
                && let Some(room_id) = queue.take()
            {
                let (worker, consumers, places) = (self.clone(), consumers.clone(), places.clone());
                let following_one = async move {
                    // The semaphore is never closed.
                    let place = places.acquire().await;
                    let outcome = follow::room(&worker.stores, &consumers, &room_id).await;
                    drop(place);
                    (room_id, outcome)
                };
                let queue = queue.clone();
                following.spawn(async move {
                    let (room_id, outcome) = following_one.await;
                    match outcome {
                        Ok(()) => sleep(REST).await,
                        Err(error) => {
                            tracing::warn!(room = %room_id, %error, "a room could not be followed; again shortly");
                            telemetry::following_failed();
                            sleep(RETRY).await;
                            queue.offer(room_id.clone());
                        }
                    }
                    queue.done(&room_id);
                });
            }
            tokio::select! {
                Some(ended) = following.join_next() => {
                    if let Err(error) = ended {
                        tracing::error!(%error, "following a room ended badly");
                        queue.mark_missed();
                    }
                }
                () = queue.added() => {}
            }
        }
    }
}
