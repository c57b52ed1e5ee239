use crate::engine::{Engine, on_every_engine};
use studyrooms_domain::{auth::RefreshToken, store::RefreshTokens};

on_every_engine!(
    a_token_is_found_by_its_hash,
    the_first_use_is_the_one_that_counts,
    a_family_ends_as_a_whole,
    all_families_of_a_person_end_at_once,
    sweeping_takes_only_what_expired
);

fn token(hash: u8, family: &str, expires_at: u64) -> RefreshToken {
    RefreshToken { hash: vec![hash; 32], family: family.into(), user_id: "ann".into(), expires_at, used_at: None }
}

async fn a_token_is_found_by_its_hash(engine: Engine) {
    engine.store.add_token(token(1, "f", 500)).await;
    let engine = engine.reopened().await;
    assert_eq!(engine.store.token(1).await, Some(token(1, "f", 500)));
    assert_eq!(engine.store.token(2).await, None);
}

async fn the_first_use_is_the_one_that_counts(engine: Engine) {
    engine.store.add_token(token(1, "f", 500)).await;
    engine.store.mark_used(&[1; 32], 100).await.unwrap();
    engine.store.mark_used(&[1; 32], 200).await.unwrap();
    assert_eq!(engine.store.token(1).await.unwrap().used_at, Some(100));
}

async fn a_family_ends_as_a_whole(engine: Engine) {
    for (hash, family) in [(1, "f"), (2, "f"), (3, "g")] {
        engine.store.add_token(token(hash, family, 500)).await;
    }
    engine.store.end_family("f").await.unwrap();
    assert_eq!(engine.store.token(1).await, None);
    assert_eq!(engine.store.token(2).await, None);
    assert!(engine.store.token(3).await.is_some());
}

async fn all_families_of_a_person_end_at_once(engine: Engine) {
    for (hash, family) in [(1, "f"), (2, "g")] {
        engine.store.add_token(token(hash, family, 500)).await;
    }
    engine.store.add_token(RefreshToken { user_id: "bob".into(), ..token(3, "h", 500) }).await;
    engine.store.end_all(&"ann".into()).await.unwrap();
    assert_eq!(engine.store.token(1).await, None);
    assert_eq!(engine.store.token(2).await, None);
    assert!(engine.store.token(3).await.is_some());
}

async fn sweeping_takes_only_what_expired(engine: Engine) {
    engine.store.add_token(token(1, "f", 100)).await;
    engine.store.add_token(token(2, "f", 101)).await;
    assert_eq!(engine.store.sweep(101).await.unwrap(), 1);
    assert_eq!(engine.store.token(1).await, None);
    assert!(engine.store.token(2).await.is_some());
}

/// Short names for what these cases do all the time.
trait Short {
    async fn add_token(&self, token: RefreshToken);
    async fn token(&self, hash: u8) -> Option<RefreshToken>;
}

impl Short for dyn crate::engine::Store {
    async fn add_token(&self, token: RefreshToken) {
        RefreshTokens::add(self, token).await.unwrap();
    }

    async fn token(&self, hash: u8) -> Option<RefreshToken> {
        RefreshTokens::lookup(self, &[hash; 32]).await.unwrap()
    }
}
