//! What instances share: through Redis, or within this process.

use super::WiringError;
use crate::{
    app::System,
    config::{RedisSettings, Settings},
    room::Coordination,
};
use std::sync::Arc;
use studyrooms_domain::{
    append_lease::AppendLeases,
    limits::RateLimits,
    presence::{InstanceId, Terms},
    system::random_id,
};
use studyrooms_store::{
    memory::{MemoryDirectory, MemoryLimits, MemoryPubSub},
    redis::{Redis, RedisAppendLeases, RedisDirectory, RedisLimits, RedisPubSub},
};

/// What instances share: through Redis when there is an address of one, else within this process.
pub(super) struct Sharing {
    pub(super) limits: Arc<dyn RateLimits>,
    pub(super) coordination: Coordination,
    pub(super) append_leases: Option<Arc<dyn AppendLeases>>,
    pub(super) redis: Option<Redis>,
}

/// Redis, when there is an address of one.
///
/// # Errors
/// [`WiringError`].
pub async fn redis(settings: &RedisSettings) -> Result<Option<Redis>, WiringError> {
    let Some(url) = &settings.redis_url else { return Ok(None) };
    Ok(Some(match &settings.redis_ca_file {
        None => Redis::connect(url).await?,
        Some(file) => {
            let unreadable = |error| WiringError::RedisAuthorities(format!("{}: {error}", file.display()));
            Redis::connect_trusting(url, std::fs::read(file).map_err(unreadable)?).await?
        }
    }))
}

pub(super) async fn sharing(settings: &Settings, system: &System) -> Result<Sharing, WiringError> {
    let (clock, factor) = (system.clock.clone(), settings.rate_limit_factor);
    let instance = InstanceId(random_id(&*system.random));
    let Some(redis) = redis(&settings.redis).await? else {
        let directory = Arc::new(MemoryDirectory::new(clock.clone(), Terms::DEFAULT));
        let coordination = Coordination { instance, pubsub: Arc::new(MemoryPubSub::alone()), directory };
        let limits = Arc::new(MemoryLimits::new(clock, factor));
        return Ok(Sharing { limits, coordination, append_leases: None, redis: None });
    };
    if settings.store.mongodb_uri.is_none() || settings.jwt_secret.is_none() {
        tracing::warn!("REDIS_URL: instances that share it must share MONGODB_URI and JWT_SECRET too");
    }
    let pubsub = Arc::new(RedisPubSub::new(redis.clone()));
    let append_leases = Arc::new(RedisAppendLeases::new(redis.clone(), &*pubsub, instance.clone()).await);
    let coordination =
        Coordination { instance, pubsub, directory: Arc::new(RedisDirectory::new(redis.clone(), Terms::DEFAULT)) };
    let limits = Arc::new(RedisLimits::new(redis.clone(), clock, factor));
    Ok(Sharing { limits, coordination, append_leases: Some(append_leases), redis: Some(redis) })
}
