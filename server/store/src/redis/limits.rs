//! Rate limits that instances share.

use super::{ANSWER_WITHIN, PREFIX, Redis, away::Away};
use crate::memory::MemoryLimits;
use async_trait::async_trait;
use redis::{RedisResult, Script};
use std::sync::Arc;
use studyrooms_domain::{
    limits::{Limit, Limited, LocalLimits, RateLimits},
    store::Stored,
    system::Clock,
};
use tokio::time::timeout;

/// Buckets in Redis, by its own clock; while it is away, by buckets of this instance.
pub struct RedisLimits {
    redis: Redis,
    script: Script,
    factor: f64,
    meanwhile: MemoryLimits,
    away: Away,
}

/// What one look at a bucket does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Take,
    Peek,
}

impl RedisLimits {
    /// Every limit multiplied by `factor`. The clock serves only while Redis is away.
    #[must_use]
    pub fn new(redis: Redis, clock: Arc<dyn Clock>, factor: f64) -> Self {
        Self {
            redis,
            script: Script::new(include_str!("limits.lua")),
            factor,
            meanwhile: MemoryLimits::new(clock, factor),
            away: Away::new("rate limits are shared", "this instance counts its rate limits alone"),
        }
    }

    async fn look(&self, limited: Limited, who: &str, look: Look) -> Result<(), u64> {
        if self.away.may_try() {
            match timeout(ANSWER_WITHIN, self.ask(limited, who, look)).await {
                Ok(Ok(wait_ms)) => {
                    self.away.ended();
                    return if wait_ms == 0 { Ok(()) } else { Err(wait_ms) };
                }
                Ok(Err(error)) => self.away.began(&error),
                Err(late) => self.away.began(&late),
            }
        }
        match look {
            Look::Take => self.meanwhile.take_now(limited, who),
            Look::Peek => self.meanwhile.peek_now(limited, who),
        }
    }

    /// The milliseconds to wait; 0 for none.
    async fn ask(&self, limited: Limited, who: &str, look: Look) -> RedisResult<u64> {
        let Limit { per_second, burst } = limited.limit().times(self.factor);
        let mut call = self.script.key(format!("{PREFIX}limit:{limited:?}:{who}"));
        call.arg(burst).arg(1_000_000.0 / per_second).arg(u8::from(look == Look::Take));
        call.invoke_async(&mut self.redis.connection.clone()).await
    }
}

#[async_trait]
impl RateLimits for RedisLimits {
    async fn take(&self, limited: Limited, who: &str) -> Stored<Result<(), u64>> {
        Ok(self.look(limited, who, Look::Take).await)
    }

    async fn peek(&self, limited: Limited, who: &str) -> Stored<Result<(), u64>> {
        Ok(self.look(limited, who, Look::Peek).await)
    }
}
