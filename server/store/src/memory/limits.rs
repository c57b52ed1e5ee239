//! Rate limits within one process.

use async_trait::async_trait;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use studyrooms_domain::{
    limits::{Bucket, Limit, Limited, LocalLimits, RateLimits},
    store::Stored,
    system::Clock,
};
use studyrooms_protocol::Timestamp;

type Buckets = HashMap<Box<str>, Bucket>;

/// Buckets in memory.
pub struct MemoryLimits {
    clock: Arc<dyn Clock>,
    shelves: [Shelf; Limited::ALL.len()],
}

/// The buckets of one action.
struct Shelf {
    limit: Limit,
    buckets: Mutex<Generations>,
}

/// A bucket that nobody touched for as long as an empty one takes to fill is full, and a full one
/// is as good as none. So those touched lately are apart from the rest, and the rest is thrown away
/// as a whole: nothing is searched for what may go.
struct Generations {
    since: Timestamp,
    young: Buckets,
    old: Buckets,
}

impl MemoryLimits {
    /// All buckets full, every limit multiplied by `factor`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, factor: f64) -> Self {
        let since = clock.now();
        let shelves = Limited::ALL.map(|limited| Shelf {
            limit: limited.limit().times(factor),
            buckets: Mutex::new(Generations { since, young: HashMap::new(), old: HashMap::new() }),
        });
        Self { clock, shelves }
    }

    /// How many buckets are kept.
    #[must_use]
    pub fn kept(&self) -> usize {
        let kept = |shelf: &Shelf| {
            let buckets = shelf.buckets.lock().unwrap_or_else(PoisonError::into_inner);
            buckets.young.len() + buckets.old.len()
        };
        self.shelves.iter().map(kept).sum()
    }

    /// As [`RateLimits::peek`], at once.
    ///
    /// # Errors
    /// The milliseconds to wait.
    pub fn peek_now(&self, limited: Limited, who: &str) -> Result<(), u64> {
        self.shelf(limited).peek(who, self.clock.now())
    }

    const fn shelf(&self, limited: Limited) -> &Shelf {
        &self.shelves[limited as usize]
    }
}

impl Shelf {
    fn take(&self, who: &str, now: Timestamp) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let forgotten = buckets.rotate(self.limit, now);
        let taken = match buckets.touched(who) {
            Some(bucket) => bucket.take(self.limit, now),
            None => {
                let mut bucket = Bucket::full(self.limit, now);
                let taken = bucket.take(self.limit, now);
                buckets.young.insert(who.into(), bucket);
                taken
            }
        };
        drop(buckets);
        // Others need not wait until they are freed.
        drop(forgotten);
        taken
    }

    fn peek(&self, who: &str, now: Timestamp) -> Result<(), u64> {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.young.get(who).or_else(|| buckets.old.get(who)).copied();
        bucket.map_or(Ok(()), |mut bucket| bucket.peek(self.limit, now))
    }
}

impl Generations {
    /// Begins a new generation when the present one is as old as a bucket takes to fill. Gives what
    /// is forgotten by it.
    fn rotate(&mut self, limit: Limit, now: Timestamp) -> Buckets {
        // A clock that was set back must not keep the present one young for ever.
        self.since = self.since.min(now);
        if now - self.since <= limit.fills_in_ms() {
            return Buckets::new();
        }
        self.since = now;
        std::mem::replace(&mut self.old, std::mem::take(&mut self.young))
    }

    /// The bucket, among the young from now on.
    fn touched(&mut self, who: &str) -> Option<&mut Bucket> {
        if let Some((who, bucket)) = self.old.remove_entry(who) {
            self.young.insert(who, bucket);
        }
        self.young.get_mut(who)
    }
}

impl LocalLimits for MemoryLimits {
    fn take_now(&self, limited: Limited, who: &str) -> Result<(), u64> {
        self.shelf(limited).take(who, self.clock.now())
    }
}

#[async_trait]
impl RateLimits for MemoryLimits {
    async fn take(&self, limited: Limited, who: &str) -> Stored<Result<(), u64>> {
        Ok(self.take_now(limited, who))
    }

    async fn peek(&self, limited: Limited, who: &str) -> Stored<Result<(), u64>> {
        Ok(self.peek_now(limited, who))
    }
}
