//! Sessions and people from other sites, when several things happen at once.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use futures_util::future::join_all;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use studyrooms_app::{
    app::{Outside, Stores},
    auth::{
        AccessTokens, Sessions,
        elsewhere::{Found, SignInError, arrive},
    },
    outside::SystemRandom,
};
use studyrooms_domain::{
    auth::{Identity, REFRESH_REUSE_GRACE_MS, User},
    outside::Clock,
};
use studyrooms_protocol::{Timestamp, error::ErrorCode};
use studyrooms_store::embedded::Embedded;
use tempfile::TempDir;

struct HandClock(AtomicU64);

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        self.0.load(Ordering::SeqCst)
    }
}

struct World {
    stores: Stores,
    outside: Outside,
    clock: Arc<HandClock>,
    access_tokens: AccessTokens,
    _directory: TempDir,
}

impl World {
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let stores = Stores::of(Arc::new(Embedded::open(directory.path()).unwrap()));
        let clock = Arc::new(HandClock(AtomicU64::new(1_000_000_000_000)));
        let outside = Outside { clock: clock.clone(), random: Arc::new(SystemRandom) };
        let access_tokens = AccessTokens::new("a secret of thirty-two bytes or more");
        Self { stores, outside, clock, access_tokens, _directory: directory }
    }

    fn sessions(&self) -> Sessions<'_> {
        Sessions { stores: &self.stores, outside: &self.outside, access_tokens: &self.access_tokens }
    }

    async fn person(&self, email: &str, password_hash: Option<&str>) -> User {
        let user = User {
            user_id: email.into(),
            name: "Ann".into(),
            email: Some(email.into()),
            password_hash: password_hash.map(str::to_owned),
            time_zone: None,
            avatar: None,
            created_at: 1,
        };
        assert!(self.stores.users.add(user.clone()).await.unwrap());
        user
    }
}

fn found(subject: &str, email: &str) -> Found {
    Found {
        identity: Identity { issuer: "https://school.example".into(), subject: subject.into() },
        email: Some(email.into()),
        email_verified: true,
        names: vec!["\u{7}".into(), "Ann".repeat(40)],
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_used_again_later_ends_all_that_descends_from_the_sign_in() {
    let world = World::new();
    let ann = world.person("ann@example.org", None).await;
    let first = world.sessions().begin(&ann).await.unwrap().refresh_token;
    let elsewhere = world.sessions().begin(&ann).await.unwrap().refresh_token;

    let tabs = join_all((0..10).map(|_| async { world.sessions().renew(&first).await.unwrap().refresh_token })).await;
    world.clock.0.fetch_add(REFRESH_REUSE_GRACE_MS + 1, Ordering::SeqCst);
    let sessions = world.sessions();
    // The thief comes while the tabs renew theirs.
    let (theft, renewed) = tokio::join!(
        sessions.renew(&first),
        join_all(tabs.iter().map(|tab| async { world.sessions().renew(tab).await.ok() }))
    );
    assert_eq!(theft.err().unwrap().code, ErrorCode::Unauthorized);
    let renewed = renewed.into_iter().flatten().map(|session| session.refresh_token);
    for token in tabs.iter().cloned().chain(renewed).chain([first]) {
        assert!(world.sessions().renew(&token).await.is_err());
    }
    assert!(world.sessions().renew(&elsewhere).await.is_ok(), "another sign-in is another family");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_who_comes_twice_at_once_is_one_person() {
    let world = World::new();
    let ann = found("ann", "ann@example.org");
    let arrivals = join_all((0..8).map(|_| arrive(&world.stores, &world.outside, &ann))).await;
    let people: Vec<_> = arrivals.into_iter().map(|arrived| arrived.unwrap().user).collect();
    assert!(people.iter().all(|person| person.user_id == people[0].user_id));
    assert_eq!(people[0].name.chars().count(), 60);
}

#[tokio::test]
async fn an_account_made_by_someone_else_does_not_stay_theirs() {
    let world = World::new();
    let squatter = world.person("ann@example.org", Some("hash")).await;
    let session = world.sessions().begin(&squatter).await.unwrap().refresh_token;

    let unverified = Found { email_verified: false, ..found("ann", "Ann@example.org") };
    let refused = arrive(&world.stores, &world.outside, &unverified).await;
    assert!(matches!(refused, Err(SignInError::UnverifiedEmail)));
    assert!(world.sessions().renew(&session).await.is_ok());

    let arrived = arrive(&world.stores, &world.outside, &found("ann", "Ann@example.org")).await.unwrap();
    assert!(arrived.taken_over && arrived.user.user_id == squatter.user_id);
    assert!(world.sessions().renew(&session).await.is_err());
    assert_eq!(world.stores.users.lookup(&squatter.user_id).await.unwrap().unwrap().password_hash, None);
    assert!(!arrive(&world.stores, &world.outside, &found("ann", "")).await.unwrap().taken_over);
}
