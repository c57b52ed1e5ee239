//! While Redis is away nobody waits for it.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// While Redis is away, one request in this time finds out whether it is back. The others do not
/// wait for it.
const TRY_EVERY: Duration = Duration::from_secs(1);

/// Whether Redis is away, and when it is tried next.
pub(super) struct Away {
    /// What is so while it is there, and while it is not.
    there: &'static str,
    alone: &'static str,
    start: Instant,
    /// Milliseconds after `start`; 0 while it is there.
    next_try: AtomicU64,
}

impl Away {
    pub(super) fn new(there: &'static str, alone: &'static str) -> Self {
        Self { there, alone, start: Instant::now(), next_try: AtomicU64::new(0) }
    }

    fn millis_in(&self, more: Duration) -> u64 {
        u64::try_from((self.start.elapsed() + more).as_millis()).unwrap_or(u64::MAX).max(1)
    }

    /// True while Redis is there, and for one caller at a time while it is not.
    pub(super) fn may_try(&self) -> bool {
        let next_try = self.next_try.load(Ordering::Relaxed);
        if next_try == 0 {
            return true;
        }
        let later = self.millis_in(TRY_EVERY);
        next_try <= self.millis_in(Duration::ZERO)
            && self.next_try.compare_exchange(next_try, later, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    pub(super) fn began(&self, error: &dyn std::fmt::Display) {
        if self.next_try.swap(self.millis_in(TRY_EVERY), Ordering::Relaxed) == 0 {
            tracing::warn!(%error, "Redis is away; until it is back {}", self.alone);
        }
    }

    pub(super) fn ended(&self) {
        if self.next_try.load(Ordering::Relaxed) != 0 && self.next_try.swap(0, Ordering::Relaxed) != 0 {
            tracing::info!("Redis is back; {} again", self.there);
        }
    }
}
