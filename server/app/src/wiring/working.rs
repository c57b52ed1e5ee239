//! The worker, beside the server or as a process of its own.

use super::{WiringError, health, object_server, redis, system};
use crate::{
    app::{App, Stores},
    config::{Settings, WebhookSettings, Work},
    http::Health,
    worker::{Webhooks, Worker},
};
use std::sync::Arc;
use studyrooms_domain::pubsub::PubSub;
use studyrooms_store::{memory::MemoryPubSub, redis::RedisPubSub};

/// The worker within `serve`; none where instances share rooms, for then it is a process of its own.
///
/// # Errors
/// [`WiringError`].
pub fn worker_beside(settings: &Settings, app: &App) -> Result<Option<Worker>, WiringError> {
    let pubsub = app.live_rooms.coordination().pubsub;
    if pubsub.is_shared() {
        if settings.webhooks.telling()?.is_some() {
            tracing::warn!(
                "WEBHOOK_URLS: with REDIS_URL they are told by `studyrooms worker`, which takes the same settings"
            );
        }
        return Ok(None);
    }
    let webhooks = webhooks(&settings.webhooks)?;
    let objects = Some(app.objects.clone());
    Ok(Some(Worker::new(app.stores.clone(), objects, app.system.clone(), pubsub, webhooks)))
}

/// The worker as a process of its own, and whether it can do its work.
///
/// # Errors
/// [`WiringError`].
pub async fn worker(settings: &Work, stores: Stores) -> Result<(Worker, Health), WiringError> {
    let webhooks = webhooks(&settings.webhooks)?;
    let redis = redis(&settings.redis).await?;
    let pubsub: Arc<dyn PubSub> = match &redis {
        Some(redis) => Arc::new(RedisPubSub::new(redis.clone())),
        None => Arc::new(MemoryPubSub::alone()),
    };
    let health = health(&stores, redis);
    // It serves no pages. Files of the data directory are swept by who serves them.
    let objects = object_server(&settings.files).await?;
    Ok((Worker::new(stores, objects, system(), pubsub, webhooks), health))
}

fn webhooks(settings: &WebhookSettings) -> Result<Webhooks, WiringError> {
    let Some(telling) = settings.telling()? else { return Ok(Webhooks::none()) };
    Ok(Webhooks::new(telling.urls, telling.secret, telling.filter, telling.schedule, telling.answer_within)?)
}
