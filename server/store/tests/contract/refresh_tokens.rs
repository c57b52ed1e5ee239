use crate::engine::{Engine, Store, on_every_engine};
use futures_util::future::join_all;
use std::sync::Arc;
use studyrooms_domain::{
    auth::REFRESH_LIFETIME_MS,
    store::RefreshTokens,
    token_family::{REFRESH_GRACE_MS, Refresh, TokenFamily},
};

on_every_engine!(
    a_family_is_kept_with_all_its_tokens,
    a_family_is_added_once,
    of_those_who_rotate_at_once_one_does,
    what_has_ended_is_not_replaced,
    a_person_has_so_many_families_and_the_oldest_end,
    a_family_that_is_renewed_for_ever_stays_small,
    all_families_of_a_person_end_at_once,
    sweeping_takes_only_what_expired
);

const MOST: usize = 50;

fn family(id: &str, user: &str, now: u64) -> TokenFamily {
    TokenFamily::begin(id.into(), user.into(), format!("{id} 0"), now)
}

/// The family after one of its tokens was exchanged.
fn rotated(family: &TokenFamily, hash: &str, next: &str, now: u64) -> TokenFamily {
    let mut family = family.clone();
    family.rotate(hash, next.into(), now);
    family
}

async fn a_family_is_kept_with_all_its_tokens(engine: Engine) {
    let first = family("f", "ann", 100);
    engine.store.add_family(&first).await;
    // One with tokens of every kind.
    let later = 100 + REFRESH_GRACE_MS;
    let second = rotated(&first, "f 0", "f 1", later);
    let third = rotated(&rotated(&second, "f 0", "f 2", later), "f 1", "f 3", later + 1);
    assert!(engine.store.replace_family(second).await.unwrap());
    assert!(!engine.store.replace_family(third.clone()).await.unwrap(), "a change in between is missing");
    let third = TokenFamily { version: 2, ..third };
    assert!(engine.store.replace_family(third.clone()).await.unwrap());
    let engine = engine.reopened().await;
    assert_eq!(engine.store.family("f").await, Some(third));
    assert_eq!(engine.store.family("g").await, None);
}

async fn a_family_is_added_once(engine: Engine) {
    let first = family("f", "ann", 100);
    engine.store.add_family(&first).await;
    assert!(!RefreshTokens::add(&*engine.store, family("f", "eve", 200), MOST).await.unwrap());
    assert_eq!(engine.store.family("f").await, Some(first));
}

async fn of_those_who_rotate_at_once_one_does(engine: Engine) {
    let stores = [engine.store.clone(), engine.another_handle().await];
    let mut now = family("f", "ann", 100);
    engine.store.add_family(&now).await;
    for round in 0..20 {
        let hash = format!("f {round}");
        let next = format!("f {}", round + 1);
        let tries = (0..10).map(|n| {
            let (store, next) = (&stores[n % 2], rotated(&now, &hash, &next, 100));
            async move { store.replace_family(next).await.unwrap() }
        });
        assert_eq!(join_all(tries).await.into_iter().filter(|done| *done).count(), 1);
        now = rotated(&now, &hash, &next, 100);
        assert_eq!(engine.store.family("f").await.as_ref(), Some(&now));
    }
}

async fn what_has_ended_is_not_replaced(engine: Engine) {
    let first = family("f", "ann", 100);
    engine.store.add_family(&first).await;
    engine.store.end_family("f").await.unwrap();
    assert_eq!(engine.store.family("f").await, None);
    assert!(!engine.store.replace_family(rotated(&first, "f 0", "f 1", 100)).await.unwrap());
    assert_eq!(engine.store.family("f").await, None);
}

async fn a_person_has_so_many_families_and_the_oldest_end(engine: Engine) {
    engine.store.add_family(&family("bob's", "bob", 1)).await;
    for n in 0..60_u64 {
        assert!(RefreshTokens::add(&*engine.store, family(&format!("f{n}"), "ann", 100 + n), 5).await.unwrap());
        if n == 10 {
            // Used again, it is one of the newest.
            let sixth = engine.store.family("f6").await.unwrap();
            assert!(engine.store.replace_family(rotated(&sixth, "f6 0", "f6 1", 1_000)).await.unwrap());
        }
    }
    let mut left = vec![];
    for n in 0..60 {
        if engine.store.family(&format!("f{n}")).await.is_some() {
            left.push(n);
        }
    }
    assert_eq!(left, [6, 56, 57, 58, 59]);
    assert!(engine.store.family("bob's").await.is_some());
}

async fn a_family_that_is_renewed_for_ever_stays_small(engine: Engine) {
    let mut now = family("f", "ann", 100);
    engine.store.add_family(&now).await;
    for n in 0..300 {
        now = rotated(&now, &format!("f {n}"), &format!("f {}", n + 1), 100 + n);
        assert!(engine.store.replace_family(now.clone()).await.unwrap());
    }
    let kept = engine.store.family("f").await.unwrap();
    assert!(serde_json::to_string(&kept.tokens).unwrap().len() < 8_192);
    assert_eq!(kept.judge("f 0", 400), Refresh::Reused);
    assert_eq!(kept.judge("f 300", 400), Refresh::Rotate);
    assert_eq!(engine.store.sweep(u64::from(u32::MAX) * 1_000).await.unwrap(), 1, "it is one record");
}

// SPEC 10.2
async fn all_families_of_a_person_end_at_once(engine: Engine) {
    for (id, user) in [("f", "ann"), ("g", "ann"), ("h", "bob")] {
        engine.store.add_family(&family(id, user, 100)).await;
    }
    engine.store.end_all(&"ann".into()).await.unwrap();
    assert_eq!(engine.store.family("f").await, None);
    assert_eq!(engine.store.family("g").await, None);
    assert!(engine.store.family("h").await.is_some());
}

async fn sweeping_takes_only_what_expired(engine: Engine) {
    engine.store.add_family(&family("f", "ann", 100)).await;
    engine.store.add_family(&family("g", "ann", 101)).await;
    assert_eq!(engine.store.sweep(101 + REFRESH_LIFETIME_MS).await.unwrap(), 1);
    assert_eq!(engine.store.family("f").await, None);
    assert!(engine.store.family("g").await.is_some());
}

/// Short names for what these cases do all the time.
trait Short {
    async fn add_family(&self, family: &TokenFamily);
    async fn family(&self, id: &str) -> Option<TokenFamily>;
}

impl Short for Arc<dyn Store> {
    async fn add_family(&self, family: &TokenFamily) {
        assert!(RefreshTokens::add(&**self, family.clone(), MOST).await.unwrap());
    }

    async fn family(&self, id: &str) -> Option<TokenFamily> {
        RefreshTokens::lookup(&**self, id).await.unwrap()
    }
}
