use crate::engine::{Engine, on_every_engine};
use futures_util::future::join_all;
use studyrooms_domain::{
    auth::{Identity, User},
    avatars::{Avatar, Slot},
    store::Users,
};

on_every_engine!(
    a_person_is_found_by_id_and_by_address,
    an_address_is_taken_once,
    guests_have_no_address,
    a_password_changes_alone,
    a_picture_changes_alone,
    several_people_are_found_at_once,
    name_and_time_zone_change_and_nothing_else,
    someone_may_sign_in_from_several_sites,
    an_identity_is_one_persons_only,
    two_people_who_claim_one_identity_at_once_do_not_both_get_it,
);

fn user(id: &str, email: Option<&str>) -> User {
    User {
        user_id: id.into(),
        name: format!("name of {id}"),
        email: email.map(Into::into),
        password_hash: email.map(|_| "$argon2id$".into()),
        time_zone: None,
        avatar: None,
        created_at: 1_700_000_000_000,
    }
}

async fn a_person_is_found_by_id_and_by_address(engine: Engine) {
    let ann = user("ann", Some("ann@example.org"));
    assert!(Users::add(&*engine.store, ann.clone()).await.unwrap());
    let engine = engine.reopened().await;
    assert_eq!(Users::lookup(&*engine.store, &"ann".into()).await.unwrap(), Some(ann.clone()));
    assert_eq!(engine.store.lookup_by_email("ann@example.org").await.unwrap(), Some(ann));
    assert_eq!(engine.store.lookup_by_email("bob@example.org").await.unwrap(), None);
}

async fn an_address_is_taken_once(engine: Engine) {
    assert!(Users::add(&*engine.store, user("ann", Some("a@example.org"))).await.unwrap());
    assert!(!Users::add(&*engine.store, user("eve", Some("a@example.org"))).await.unwrap());
    assert_eq!(Users::lookup(&*engine.store, &"eve".into()).await.unwrap(), None);
}

async fn guests_have_no_address(engine: Engine) {
    assert!(Users::add(&*engine.store, user("g1", None)).await.unwrap());
    assert!(Users::add(&*engine.store, user("g2", None)).await.unwrap());
    assert!(Users::lookup(&*engine.store, &"g2".into()).await.unwrap().unwrap().is_guest());
}

async fn several_people_are_found_at_once(engine: Engine) {
    for id in ["ann", "bob", "cem"] {
        assert!(Users::add(&*engine.store, user(id, None)).await.unwrap());
    }
    let asked = ["cem", "nobody", "ann", "cem"].map(Into::into);
    let mut found = engine.store.lookup_all(&asked).await.unwrap();
    found.sort_by(|a, b| a.user_id.cmp(&b.user_id));
    assert_eq!(found, [user("ann", None), user("cem", None)]);
    assert!(engine.store.lookup_all(&[]).await.unwrap().is_empty());
    let many: Vec<_> = (0..3000).map(|n| format!("u{n}").into()).chain(["bob".into()]).collect();
    assert_eq!(engine.store.lookup_all(&many).await.unwrap(), [user("bob", None)]);
}

async fn name_and_time_zone_change_and_nothing_else(engine: Engine) {
    let ann = user("ann", Some("ann@example.org"));
    assert!(Users::add(&*engine.store, ann.clone()).await.unwrap());
    let changed = User {
        name: "Änn".into(),
        time_zone: Some("Europe/Helsinki".into()),
        password_hash: Some("$argon2id$2".into()),
        email: Some("eve@example.org".into()),
        created_at: 1,
        ..ann.clone()
    };
    for _ in 0..2 {
        assert!(Users::update(&*engine.store, changed.clone()).await.unwrap());
    }
    let expected = User { name: changed.name, time_zone: changed.time_zone, ..ann };
    let engine = engine.reopened().await;
    assert_eq!(Users::lookup(&*engine.store, &"ann".into()).await.unwrap(), Some(expected.clone()));
    let without = User { time_zone: None, ..expected };
    assert!(Users::update(&*engine.store, without.clone()).await.unwrap());
    assert_eq!(Users::lookup(&*engine.store, &"ann".into()).await.unwrap(), Some(without));
    assert!(!Users::update(&*engine.store, user("eve", None)).await.unwrap());
    assert_eq!(Users::lookup(&*engine.store, &"eve".into()).await.unwrap(), None);
}

async fn a_picture_changes_alone(engine: Engine) {
    let ann = user("ann", Some("ann@example.org"));
    assert!(Users::add(&*engine.store, ann.clone()).await.unwrap());
    let picture =
        |version: &str| Some(Avatar { version: version.into(), mime_type: "image/webp".into(), slot: Slot::B });
    let mut engine = engine;
    for avatar in [picture("v1"), picture("v2"), None] {
        assert!(engine.store.set_avatar(&"ann".into(), avatar.clone()).await.unwrap());
        // Who read the person before that, and now changes the name, does not bring it back.
        assert!(Users::update(&*engine.store, ann.clone()).await.unwrap());
        engine = engine.reopened().await;
        let expected = User { avatar, ..ann.clone() };
        assert_eq!(Users::lookup(&*engine.store, &"ann".into()).await.unwrap(), Some(expected));
    }
    assert!(!engine.store.set_avatar(&"nobody".into(), picture("v1")).await.unwrap());
    let ben = User { avatar: picture("v3"), ..user("ben", None) };
    assert!(Users::add(&*engine.store, ben.clone()).await.unwrap());
    assert_eq!(engine.store.lookup_all(&["ben".into()]).await.unwrap(), [ben]);
}

async fn a_password_changes_alone(engine: Engine) {
    let ann = user("ann", Some("ann@example.org"));
    assert!(Users::add(&*engine.store, ann.clone()).await.unwrap());
    for password_hash in [Some("$argon2id$2".to_owned()), None] {
        assert!(engine.store.set_password(&"ann".into(), password_hash.clone()).await.unwrap());
        // Who read the person before that, and now changes the name, does not bring it back.
        assert!(Users::update(&*engine.store, ann.clone()).await.unwrap());
        let expected = User { password_hash, ..ann.clone() };
        assert_eq!(Users::lookup(&*engine.store, &"ann".into()).await.unwrap(), Some(expected));
    }
    assert!(!engine.store.set_password(&"nobody".into(), None).await.unwrap());
}

fn identity(issuer: &str, subject: &str) -> Identity {
    Identity { issuer: issuer.into(), subject: subject.into() }
}

async fn someone_may_sign_in_from_several_sites(engine: Engine) {
    let ann = user("ann", None);
    assert!(Users::add(&*engine.store, ann.clone()).await.unwrap());
    let identities = [identity("https://a.example", "1"), identity("github", "1"), identity("github", "2")];
    for identity in &identities {
        assert!(engine.store.add_identity(&"ann".into(), identity.clone()).await.unwrap());
    }
    let engine = engine.reopened().await;
    for identity in &identities {
        assert_eq!(engine.store.lookup_by_identity(identity).await.unwrap(), Some(ann.clone()));
    }
    assert_eq!(engine.store.lookup_by_identity(&identity("https://a.example", "2")).await.unwrap(), None);
}

async fn an_identity_is_one_persons_only(engine: Engine) {
    for id in ["ann", "eve"] {
        assert!(Users::add(&*engine.store, user(id, None)).await.unwrap());
    }
    let hers = identity("github", "1");
    assert!(engine.store.add_identity(&"ann".into(), hers.clone()).await.unwrap());
    assert!(!engine.store.add_identity(&"eve".into(), hers.clone()).await.unwrap());
    assert!(!engine.store.add_identity(&"ann".into(), hers.clone()).await.unwrap());
    assert_eq!(engine.store.lookup_by_identity(&hers).await.unwrap(), Some(user("ann", None)));
    assert!(!engine.store.add_identity(&"nobody".into(), identity("github", "2")).await.unwrap());
    assert_eq!(engine.store.lookup_by_identity(&identity("github", "2")).await.unwrap(), None);
}

async fn two_people_who_claim_one_identity_at_once_do_not_both_get_it(engine: Engine) {
    let other = engine.another_handle().await;
    for id in ["ann", "eve"] {
        assert!(Users::add(&*engine.store, user(id, None)).await.unwrap());
    }
    let (ann, eve) = ("ann".into(), "eve".into());
    for round in 0..10 {
        let claimed = identity("github", &round.to_string());
        let claims = [(&engine.store, &ann), (&other, &eve)];
        let claims = claims.map(|(store, id)| store.add_identity(id, claimed.clone()));
        let got = join_all(claims).await.into_iter().filter(|got| *got.as_ref().unwrap()).count();
        assert_eq!(got, 1);
    }
}
