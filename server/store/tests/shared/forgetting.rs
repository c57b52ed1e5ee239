//! What is full is forgotten, so that memory holds those of late only.

use crate::engine::HandClock;
use std::sync::Arc;
use studyrooms_domain::limits::{Limited, LocalLimits};
use studyrooms_store::memory::MemoryLimits;

const FILLS: u64 = 2000;

fn limits() -> (MemoryLimits, Arc<HandClock>) {
    assert_eq!(Limited::Draw.limit().fills_in_ms(), FILLS);
    let clock = Arc::new(HandClock::default());
    clock.set(1_000_000);
    (MemoryLimits::new(clock.clone(), 1.0), clock)
}

#[test]
fn passers_by_are_forgotten() {
    let (limits, clock) = limits();
    for person in 0..100_000 {
        limits.take_now(Limited::Draw, &person.to_string()).unwrap();
        if person % 100 == 0 {
            clock.pass(10);
        }
    }
    // 10,000 ms with 10 people each: those of two generations are kept.
    assert!(limits.kept() <= 41_000, "{} buckets", limits.kept());
}

#[test]
fn whoever_keeps_coming_is_not() {
    let (limits, clock) = limits();
    let mut taken = 0;
    for _ in 0..1000 {
        taken += u32::from(limits.take_now(Limited::Draw, "ann").is_ok());
        clock.pass(10);
    }
    // The burst of 80, and 40 in each of ten seconds.
    assert!((479..=480).contains(&taken), "{taken}");
}

#[test]
fn looking_keeps_nothing() {
    let (limits, _) = limits();
    for person in 0..100 {
        limits.peek_now(Limited::Login, &person.to_string()).unwrap();
    }
    assert_eq!(limits.kept(), 0);
}

#[test]
fn a_clock_that_is_set_back_forgets_later_and_not_never() {
    let (limits, clock) = limits();
    limits.take_now(Limited::Draw, "ann").unwrap();
    clock.set(1000);
    for _ in 0..3 {
        clock.pass(FILLS + 1);
        limits.take_now(Limited::Draw, "bob").unwrap();
    }
    assert_eq!(limits.kept(), 1);
}
