//! MongoDB where it cannot be reached, is set up by several at once, or is not as it was left.

use crate::{engine::on_database, logs::message};
use futures_util::future::join_all;
use mongodb::{
    Client, Database,
    bson::{Bson, Document, doc},
};
use std::time::{Duration, Instant};
use studyrooms_domain::{
    auth::User,
    log::LogName,
    store::{Logs, Rooms, StoreError, Users},
};
use studyrooms_store::mongo::{ConnectError, Mongo, MongoConfig};

fn at(uri: &str) -> MongoConfig {
    MongoConfig { uri: uri.into(), database: "studyrooms_test".into() }
}

/// [`Mongo`] has no `Debug`, so what connects is let go.
async fn refused(config: MongoConfig) -> ConnectError {
    Mongo::connect(config).await.map(drop).unwrap_err()
}

/// The database as a person sees it in a shell.
async fn shell(config: &MongoConfig) -> Database {
    Client::with_uri_str(&config.uri).await.unwrap().database(&config.database)
}

async fn only(database: &Database, collection: &str) -> Document {
    database.collection(collection).find_one(doc! {}).await.unwrap().unwrap()
}

#[tokio::test]
async fn no_server_is_told_soon_and_without_the_password() {
    let started = Instant::now();
    let error = refused(at("mongodb://ann:s3cret@127.0.0.1:9/")).await;
    assert!(started.elapsed() < Duration::from_secs(10));
    assert!(matches!(error, ConnectError::Unreachable(_)), "{error}");
    assert!(error.to_string().contains("127.0.0.1:9") && !error.to_string().contains("s3cret"), "{error}");
}

#[tokio::test]
async fn a_server_that_takes_the_call_and_says_nothing_is_told_soon() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let started = Instant::now();
    let error = refused(at(&format!("mongodb://{}/", silent.local_addr().unwrap()))).await;
    assert!(started.elapsed() < Duration::from_secs(10));
    assert!(matches!(error, ConnectError::Unreachable(_)), "{error}");
}

#[tokio::test]
async fn a_string_that_cannot_be_read_is_told_so() {
    for uri in [
        "",
        "nonsense",
        "http://h",
        "mongodb://",
        "mongodb://h:port",
        "mongodb://u:s3cret@h:port",
        "mongodb://u:s3/cret@h",
    ] {
        let error = refused(at(uri)).await;
        assert!(matches!(error, ConnectError::BadUri(_)), "{uri}: {error}");
        assert!(!error.to_string().contains("s3"), "{error}");
    }
}

#[tokio::test]
async fn several_may_set_it_up_at_once() {
    on_database(async |config| {
        let connected = join_all((0..8).map(|_| Mongo::connect(config.clone()))).await;
        assert!(connected.into_iter().all(|store| store.is_ok()));
        let meta = only(&shell(&config).await, "meta").await;
        assert_eq!(meta, doc! { "_id": "schema", "version": 10_i64 });
    })
    .await;
}

#[tokio::test]
async fn who_died_while_setting_up_holds_no_one_up() {
    on_database(async |config| {
        let guard = doc! { "by": "someone", "until": 1_700_000_000_000_i64 };
        let begun = doc! { "_id": "schema", "version": 0_i64, "guard": guard };
        shell(&config).await.collection("meta").insert_one(begun).await.unwrap();
        assert!(Mongo::connect(config).await.is_ok());
    })
    .await;
}

// SPEC 11.5
#[tokio::test]
async fn a_newer_database_is_left_alone() {
    on_database(async |config| {
        let newer = doc! { "_id": "schema", "version": 99_i64 };
        shell(&config).await.collection("meta").insert_one(newer).await.unwrap();
        let error = refused(config).await;
        assert!(matches!(error, ConnectError::Newer { found: 99, .. }), "{error}");
    })
    .await;
}

#[tokio::test]
async fn an_index_dropped_by_hand_is_made_anew() {
    on_database(async |config| {
        drop(Mongo::connect(config.clone()).await.unwrap());
        let entries = shell(&config).await.collection::<Document>("entries");
        entries.drop_index("entries_once").await.unwrap();
        drop(Mongo::connect(config).await.unwrap());
        let names = entries.list_index_names().await.unwrap();
        assert!(names.contains(&"entries_once".to_owned()), "{names:?}");
    })
    .await;
}

#[tokio::test]
async fn entries_are_stored_as_the_design_names_them() {
    on_database(async |config| {
        let store = Mongo::connect(config.clone()).await.unwrap();
        store.append(&"r".into(), LogName::Room, vec![message("ann", "a")]).await.unwrap();
        let mut entry = only(&shell(&config).await, "entries").await;
        entry.remove("_id");
        let payload = doc! {
            "id": "m-a", "senderName": "ann", "text": "“a” \u{0} 😀", "replyTo": "m0", "ownEventId": true,
        };
        let expected = doc! {
            "log": "room", "eventId": "a", "roomId": "r", "seq": 1_i64, "userId": "ann",
            "timestamp": 1_700_000_000_123_i64, "type": "message", "payload": payload, "messageId": "m-a", "tokens": ["a"],
        };
        assert_eq!(entry, expected);
    })
    .await;
}

#[tokio::test]
async fn a_document_that_cannot_be_read_is_corrupt_not_unavailable() {
    on_database(async |config| {
        let store = Mongo::connect(config.clone()).await.unwrap();
        let user = User {
            user_id: "ann".into(),
            name: "Ann".into(),
            email: None,
            password_hash: None,
            time_zone: None,
            avatar: None,
            created_at: 1,
        };
        Users::add(&store, user).await.unwrap();
        let users = shell(&config).await.collection::<Document>("users");
        users.update_one(doc! { "_id": "ann" }, doc! { "$set": { "name": Bson::Boolean(true) } }).await.unwrap();
        let outcome = Users::lookup(&store, &"ann".into()).await;
        assert!(matches!(outcome, Err(StoreError::Corrupt(_))), "{outcome:?}");
    })
    .await;
}

#[tokio::test]
async fn a_removal_cut_short_is_not_seen_and_is_finished_by_the_next_start() {
    on_database(async |config| {
        let store = Mongo::connect(config.clone()).await.unwrap();
        store.append(&"r".into(), LogName::Room, vec![message("ann", "a")]).await.unwrap();
        let rooms = shell(&config).await.collection::<Document>("rooms");
        rooms.insert_one(doc! { "_id": "r", "code": "abc", "removing": true }).await.unwrap();
        assert_eq!(Rooms::lookup(&store, &"abc".into()).await.unwrap(), None);
        let store = Mongo::connect(config).await.unwrap();
        assert_eq!(store.last_seq(&"r".into(), LogName::Room).await.unwrap(), 0);
        assert_eq!(rooms.count_documents(doc! {}).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn a_name_that_no_database_can_have_is_told_so() {
    for database in ["", "a/b", "a.b", "a b", "$a", &"a".repeat(64)] {
        let error = refused(MongoConfig { uri: "mongodb://h".into(), database: database.into() }).await;
        assert!(matches!(error, ConnectError::BadName(_)), "{error}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_told_and_not_shown() {
    on_database(async |config| {
        let uri = config.uri.replacen("://", "://ann:s3cret@", 1);
        // With a user name in it already, this is another unusable one.
        let error = refused(MongoConfig { uri, ..config }).await;
        assert!(!error.to_string().contains("s3cret"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn after_the_end_every_call_is_unavailable() {
    on_database(async |config| {
        let store = Mongo::connect(config).await.unwrap();
        store.clone().close().await;
        let outcome = store.last_seq(&"r".into(), LogName::Room).await;
        assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    })
    .await;
}
