//! Sessions and people from identity providers, when several things happen at once.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use futures_util::future::join_all;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use studyrooms_app::{
    app::{Stores, System},
    auth::{
        AccessTokens, FamilyIds, Sessions,
        oidc::{ProviderClaims, SignInError, link_user},
    },
    system::SystemRandom,
};
use studyrooms_domain::{
    Refusal,
    auth::{Identity, REFRESH_LIFETIME_MS, User},
    system::Clock,
    token_family::REFRESH_GRACE_MS,
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
    system: System,
    clock: Arc<HandClock>,
    access_tokens: AccessTokens,
    family_ids: FamilyIds,
    directory: TempDir,
}

impl World {
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let stores = Stores::of(Arc::new(Embedded::open(directory.path()).unwrap()));
        let clock = Arc::new(HandClock(AtomicU64::new(1_000_000_000_000)));
        let system = System { clock: clock.clone(), random: Arc::new(SystemRandom) };
        let secret = "a secret of thirty-two bytes or more";
        let (access_tokens, family_ids) = (AccessTokens::new(secret), FamilyIds::new(secret).unwrap());
        Self { stores, system, clock, access_tokens, family_ids, directory }
    }

    fn pass(&self, ms: u64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    /// Shows a refresh token, and gives the next.
    async fn renew(&self, token: &str) -> Result<String, Refusal> {
        let sessions = self.sessions();
        Ok(sessions.renew(sessions.show(token).await?).await?.refresh_token)
    }

    fn sessions(&self) -> Sessions<'_> {
        Sessions {
            stores: &self.stores,
            system: &self.system,
            access_tokens: &self.access_tokens,
            family_ids: &self.family_ids,
        }
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

fn found(subject: &str, email: &str) -> ProviderClaims {
    ProviderClaims {
        identity: Identity { issuer: "https://school.example".into(), subject: subject.into() },
        email: Some(email.into()),
        email_verified: true,
        names: vec!["\u{7}".into(), "Ann".repeat(40)],
    }
}

// SPEC 10.1
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_used_after_its_successor_ends_all_that_descends_from_the_sign_in() {
    let world = World::new();
    let ann = world.person("ann@example.org", None).await;
    let first = world.sessions().begin(&ann).await.unwrap().refresh_token;
    let elsewhere = world.sessions().begin(&ann).await.unwrap().refresh_token;

    let tabs = join_all((0..10).map(|_| async { world.renew(&first).await.unwrap() })).await;
    world.pass(REFRESH_GRACE_MS + 1);
    let second = world.renew(&tabs[3]).await.unwrap();
    world.pass(REFRESH_GRACE_MS + 1);
    // The thief comes while the tabs renew theirs.
    let (theft, renewed) =
        tokio::join!(world.renew(&first), join_all((0..10).map(|_| async { world.renew(&second).await.ok() })));
    assert_eq!(theft.err().unwrap().code, ErrorCode::Unauthorized);
    let renewed = renewed.into_iter().flatten();
    for token in tabs.iter().cloned().chain(renewed).chain([first, second]) {
        assert_eq!(world.renew(&token).await.err().unwrap().code, ErrorCode::Unauthorized);
    }
    assert!(world.renew(&elsewhere).await.is_ok(), "another sign-in is another family");
}

// SPEC 10.1
#[tokio::test]
async fn a_renewal_whose_answer_is_lost_may_be_tried_again_at_any_time() {
    let world = World::new();
    let ann = world.person("ann@example.org", None).await;
    let mut held = world.sessions().begin(&ann).await.unwrap().refresh_token;
    for pause in [14_000, 1, 20_000, 24 * 60 * 60 * 1_000, 29 * 24 * 60 * 60 * 1_000] {
        world.renew(&held).await.expect("an answer that nobody got");
        world.pass(pause);
        held = world.renew(&held).await.expect("the next try");
        world.pass(15 * 60 * 1_000);
    }
}

#[tokio::test]
async fn a_loop_of_renewals_leaves_one_record() {
    let world = World::new();
    let ann = world.person("ann@example.org", None).await;
    let mut token = world.sessions().begin(&ann).await.unwrap().refresh_token;
    for _ in 0..500 {
        token = world.renew(&token).await.unwrap();
    }
    for _ in 0..100 {
        world.sessions().begin(&ann).await.unwrap();
    }
    world.pass(2 * REFRESH_LIFETIME_MS);
    assert_eq!(world.stores.refresh_tokens.sweep(world.clock.now()).await.unwrap(), 50);
}

#[tokio::test]
async fn cookies_from_before_there_were_families_go_on() {
    let world = World::new();
    world.person("ann@example.org", None).await;
    let now = world.clock.now();
    let file = Connection::open(world.directory.path().join("studyrooms.db")).unwrap();
    for (token, family, expires_at, used_at) in [
        ("used long ago", "f", now + 1, Some(now - 900_000)),
        ("answer lost", "f", now + 2, Some(now - 20_000)),
        ("unused", "f", now + 3, None),
        ("of another", "g", now + 1_000, None),
        ("signed out", "h", now + 1_000, None),
    ] {
        let hash = Sha256::digest(token.as_bytes()).to_vec();
        let row = "INSERT INTO refresh_tokens VALUES (?, ?, 'ann@example.org', ?, ?)";
        file.execute(row, params![hash, family, expires_at, used_at]).unwrap();
    }
    let next = world.renew("answer lost").await.unwrap();
    world.pass(1);
    assert!(world.renew("answer lost").await.is_ok());
    assert!(world.renew("unused").await.is_ok());
    let next = world.renew(&next).await.unwrap();
    assert_eq!(world.renew("used long ago").await.err().unwrap().code, ErrorCode::Unauthorized);
    for token in [&next, "unused", "answer lost"] {
        assert!(world.renew(token).await.is_err(), "{token}");
    }
    assert!(world.renew("of another").await.is_ok());
    world.sessions().end("signed out").await.unwrap();
    assert!(world.renew("signed out").await.is_err());
}

#[tokio::test]
async fn signing_out_ends_a_session_while_it_is_renewed() {
    let world = World::new();
    let ann = world.person("ann@example.org", None).await;
    for _ in 0..50 {
        let token = world.sessions().begin(&ann).await.unwrap().refresh_token;
        let sessions = world.sessions();
        let (renewed, ended) = tokio::join!(world.renew(&token), sessions.end(&token));
        ended.unwrap();
        if let Ok(renewed) = renewed {
            assert!(world.renew(&renewed).await.is_err());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_who_comes_twice_at_once_is_one_person() {
    let world = World::new();
    let ann = found("ann", "ann@example.org");
    let links = join_all((0..8).map(|_| link_user(&world.stores, &world.system, &ann))).await;
    let people: Vec<_> = links.into_iter().map(|linked| linked.unwrap().user).collect();
    assert!(people.iter().all(|person| person.user_id == people[0].user_id));
    assert_eq!(people[0].name.chars().count(), 60);
}

// SPEC 10.4
#[tokio::test]
async fn an_account_made_by_someone_else_does_not_stay_theirs() {
    let world = World::new();
    let squatter = world.person("ann@example.org", Some("hash")).await;
    let session = world.sessions().begin(&squatter).await.unwrap().refresh_token;

    let unverified = ProviderClaims { email_verified: false, ..found("ann", "Ann@example.org") };
    let refused = link_user(&world.stores, &world.system, &unverified).await;
    assert!(matches!(refused, Err(SignInError::UnverifiedEmail)));
    assert!(world.renew(&session).await.is_ok());

    let linked = link_user(&world.stores, &world.system, &found("ann", "Ann@example.org")).await.unwrap();
    assert!(linked.taken_over && linked.user.user_id == squatter.user_id);
    assert!(world.renew(&session).await.is_err());
    assert_eq!(world.stores.users.lookup(&squatter.user_id).await.unwrap().unwrap().password_hash, None);
    assert!(!link_user(&world.stores, &world.system, &found("ann", "")).await.unwrap().taken_over);
}
