use crate::engine::{Engine, on_every_engine};
use studyrooms_domain::{auth::User, store::Users};

on_every_engine!(a_person_is_found_by_id_and_by_address, an_address_is_taken_once, guests_have_no_address);

fn user(id: &str, email: Option<&str>) -> User {
    User {
        user_id: id.into(),
        name: format!("name of {id}"),
        email: email.map(Into::into),
        password_hash: email.map(|_| "$argon2id$".into()),
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
