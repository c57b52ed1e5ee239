//! What every engine promises. Where time passes by itself, a slow machine may let some tokens
//! flow in: those are counted.

use crate::engine::{Engine, on_every_engine};
use std::time::Instant;
use studyrooms_domain::limits::{Limit, Limited};

on_every_engine!(
    a_burst_passes_and_then_no_more,
    waiting_as_long_as_told_gives_a_token,
    a_bucket_fills_to_its_burst_and_not_beyond,
    looking_takes_nothing,
    people_and_actions_have_buckets_of_their_own,
    many_takers_at_once_get_no_more_than_the_burst,
);

/// Takes until there is none. Gives how many there were, and what to wait.
async fn drain(engine: &Engine, limited: Limited, who: &str) -> (u32, u64) {
    let mut taken = 0;
    loop {
        match engine.limits.take(limited, who).await.unwrap() {
            Ok(()) => taken += 1,
            Err(wait_ms) => return (taken, wait_ms),
        }
    }
}

/// Whether someone who began then with a full bucket may have got as many.
fn assert_within(taken: u32, limited: Limited, engine: &Engine, began: Instant) {
    let Limit { per_second, burst } = limited.limit();
    let flowed = if engine.clock.is_some() { 0.0 } else { began.elapsed().as_secs_f64() * per_second };
    assert!(f64::from(taken) >= burst, "{taken} of {burst}");
    assert!(f64::from(taken) <= burst + flowed + 1e-6, "{taken} of {burst} and {flowed}");
}

async fn a_burst_passes_and_then_no_more(engine: Engine) {
    for limited in [Limited::Chat, Limited::Draw, Limited::Login] {
        let began = Instant::now();
        let (taken, wait_ms) = drain(&engine, limited, &engine.person("ann")).await;
        assert_within(taken, limited, &engine, began);
        let token_ms = (1000.0 / limited.limit().per_second).ceil();
        assert!((1.0..=token_ms).contains(&(wait_ms as f64)), "{wait_ms} ms for {token_ms}");
    }
}

async fn waiting_as_long_as_told_gives_a_token(engine: Engine) {
    let ann = engine.person("ann");
    let (_, wait_ms) = drain(&engine, Limited::Timer, &ann).await;
    assert!(engine.limits.peek(Limited::Timer, &ann).await.unwrap().is_err());
    engine.wait(wait_ms).await;
    assert_eq!(engine.limits.peek(Limited::Timer, &ann).await.unwrap(), Ok(()));
    assert_eq!(engine.limits.take(Limited::Timer, &ann).await.unwrap(), Ok(()));
}

async fn a_bucket_fills_to_its_burst_and_not_beyond(engine: Engine) {
    let ann = engine.person("ann");
    let limited = Limited::Draw;
    drain(&engine, limited, &ann).await;
    engine.wait(limited.limit().fills_in_ms() + 500).await;
    let began = Instant::now();
    let (taken, _) = drain(&engine, limited, &ann).await;
    assert_within(taken, limited, &engine, began);
}

async fn looking_takes_nothing(engine: Engine) {
    let ann = engine.person("ann");
    for _ in 0..50 {
        assert_eq!(engine.limits.peek(Limited::Login, &ann).await.unwrap(), Ok(()));
    }
    let began = Instant::now();
    let (taken, _) = drain(&engine, Limited::Login, &ann).await;
    assert_within(taken, Limited::Login, &engine, began);
    assert!(engine.limits.peek(Limited::Login, &ann).await.unwrap().is_err());
}

async fn people_and_actions_have_buckets_of_their_own(engine: Engine) {
    let (ann, bob) = (engine.person("ann"), engine.person("bob"));
    drain(&engine, Limited::Login, &ann).await;
    assert_eq!(engine.limits.peek(Limited::Login, &bob).await.unwrap(), Ok(()));
    assert_eq!(engine.limits.take(Limited::LoginFrom, &ann).await.unwrap(), Ok(()));
    assert_eq!(engine.limits.take(Limited::Chat, &ann).await.unwrap(), Ok(()));
}

async fn many_takers_at_once_get_no_more_than_the_burst(engine: Engine) {
    let (ann, limited) = (engine.person("ann"), Limited::LoginFrom);
    let began = Instant::now();
    let takers = (0..20).map(|_| {
        let (limits, ann) = (engine.limits.clone(), ann.clone());
        tokio::spawn(async move {
            let mut taken = 0;
            for _ in 0..20 {
                taken += u32::from(limits.take(limited, &ann).await.unwrap().is_ok());
            }
            taken
        })
    });
    let mut taken = 0;
    for taker in takers.collect::<Vec<_>>() {
        taken += taker.await.unwrap();
    }
    assert_within(taken, limited, &engine, began);
}
