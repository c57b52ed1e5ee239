//! The engines under test, with all buckets full.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use studyrooms_domain::{limits::RateLimits, system::Clock};
use studyrooms_protocol::Timestamp;
use studyrooms_store::{
    memory::MemoryLimits,
    redis::{Redis, RedisLimits},
};

/// A clock that stands until it is moved.
#[derive(Default)]
pub struct HandClock(AtomicU64);

impl HandClock {
    pub fn pass(&self, ms: u64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn set(&self, now: Timestamp) {
        self.0.store(now, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        self.0.load(Ordering::SeqCst)
    }
}

/// An engine, and how time passes for it.
pub struct Engine {
    pub limits: Arc<dyn RateLimits>,
    /// None where time passes by itself.
    pub clock: Option<Arc<HandClock>>,
    people: String,
}

impl Engine {
    /// Someone of this test only.
    pub fn person(&self, name: &str) -> String {
        format!("{}-{name}", self.people)
    }

    pub async fn wait(&self, ms: u64) {
        match &self.clock {
            Some(clock) => clock.pass(ms),
            None => tokio::time::sleep(Duration::from_millis(ms)).await,
        }
    }
}

/// A name of this test only.
pub fn unique() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    format!("test-{now}-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

pub fn in_memory() -> Engine {
    let clock = Arc::new(HandClock::default());
    clock.set(1_000_000);
    Engine { limits: Arc::new(MemoryLimits::new(clock.clone(), 1.0)), clock: Some(clock), people: unique() }
}

pub async fn redis() -> Redis {
    let Ok(url) = std::env::var("TEST_REDIS_URL") else {
        panic!("TEST_REDIS_URL is not set: run scripts/test, or scripts/service-redis");
    };
    Redis::connect(&url).await.unwrap()
}

pub async fn in_redis() -> Engine {
    over(redis().await)
}

pub async fn in_redis_at(url: &str) -> Engine {
    over(Redis::connect(url).await.unwrap())
}

fn over(redis: Redis) -> Engine {
    // A clock that stands, so that a bucket of the instance alone would be noticed.
    let limits = RedisLimits::new(redis, Arc::new(HandClock::default()), 1.0);
    Engine { limits: Arc::new(limits), clock: None, people: unique() }
}

/// Makes a test of each case for each engine.
macro_rules! on_every_engine {
    ($($case:ident),* $(,)?) => {
        mod memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(crate::engine::in_memory()).await;
            })*
        }

        mod redis {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case(crate::engine::in_redis().await).await;
            })*
        }

        /// All of them, one after the other.
        pub async fn every_case(begin: impl AsyncFn() -> crate::engine::Engine) {
            $(eprintln!("{}", stringify!($case));
            $case(begin().await).await;)*
        }
    };
}
pub(crate) use on_every_engine;
