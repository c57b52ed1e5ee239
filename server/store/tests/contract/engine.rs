//! The engines under test, each fresh and empty.

use futures_util::FutureExt;
use mongodb::{
    Client,
    bson::{Document, doc},
};
use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    sync::{Arc, Mutex},
};
use studyrooms_domain::{
    presence::InstanceId,
    room_fold::RoomFolds,
    store::{Bans, Logs, ReadMarkers, RefreshTokens, Rooms, Snapshots, Uploads, Users, WriteProbe},
    worker::{Deliveries, FocusLedger, Following, Summaries},
};
use studyrooms_store::{
    embedded::Embedded,
    mongo::{Mongo, MongoConfig},
    redis::{Redis, RedisAppendLeases, RedisPubSub},
};
use tempfile::TempDir;

/// What workers keep.
pub trait Work: Following + Deliveries + Summaries + FocusLedger {}
impl<S: Following + Deliveries + Summaries + FocusLedger> Work for S {}

pub trait Store: Users + RefreshTokens + Rooms + Bans + ReadMarkers + Uploads + Logs + Snapshots + Work + Kept {}
impl<S: Users + RefreshTokens + Rooms + Bans + ReadMarkers + Uploads + Logs + Snapshots + Work + Kept> Store for S {}

/// What rooms keep beside their logs, and whether writes succeed.
pub trait Kept: RoomFolds + WriteProbe {}
impl<S: RoomFolds + WriteProbe> Kept for S {}

/// A store, and where it keeps its data.
pub struct Engine {
    pub store: Arc<dyn Store>,
    home: Home,
}

enum Home {
    Directory(TempDir),
    /// With every handle there was, to be closed at the end.
    Database(MongoConfig, Arc<Mutex<Vec<Mongo>>>),
    /// The same, whose handles append under leases.
    WithAppendLeases(MongoConfig, Arc<Mutex<Vec<Mongo>>>),
}

async fn connected(config: &MongoConfig, handles: &Mutex<Vec<Mongo>>) -> Mongo {
    let store = Mongo::connect(config.clone()).await.unwrap();
    handles.lock().unwrap().push(store.clone());
    store
}

/// A handle as an instance has it that shares Redis with others.
async fn with_append_leases(store: Mongo) -> Mongo {
    let Ok(url) = std::env::var("TEST_REDIS_URL") else {
        panic!("TEST_REDIS_URL is not set: run scripts/test, or scripts/service-redis");
    };
    let redis = Redis::connect(&url).await.unwrap();
    let pubsub = RedisPubSub::new(redis.clone());
    let instance = InstanceId(mongodb::bson::oid::ObjectId::new().to_hex());
    let leases = RedisAppendLeases::new(redis, &pubsub, instance).await;
    // It listens as long as the process of a real instance.
    std::mem::forget(pubsub);
    store.with_append_leases(Arc::new(leases))
}

impl Engine {
    /// The same data after a clean stop and a new start.
    pub async fn reopened(self) -> Self {
        let Self { store, home } = self;
        drop(store);
        let store: Arc<dyn Store> = match &home {
            Home::Directory(directory) => Arc::new(Embedded::open(directory.path()).unwrap()),
            Home::Database(config, handles) => Arc::new(connected(config, handles).await),
            Home::WithAppendLeases(config, handles) => {
                Arc::new(with_append_leases(connected(config, handles).await).await)
            }
        };
        Self { store, home }
    }

    /// The same data, and every handle of it from now on appends under leases.
    pub async fn with_append_leases(self) -> Self {
        let Home::Database(config, handles) = self.home else { panic!("only a database has several instances") };
        Self { store: self.store, home: Home::WithAppendLeases(config, handles) }.reopened().await
    }

    /// The store as another part of the system has it: with MongoDB, another process.
    pub async fn another_handle(&self) -> Arc<dyn Store> {
        match &self.home {
            Home::Directory(_) => self.store.clone(),
            Home::Database(config, handles) => Arc::new(connected(config, handles).await),
            Home::WithAppendLeases(config, handles) => {
                Arc::new(with_append_leases(connected(config, handles).await).await)
            }
        }
    }
}

pub async fn on_embedded(case: impl AsyncFnOnce(Engine)) {
    let directory = TempDir::new().unwrap();
    let store = Arc::new(Embedded::open(directory.path()).unwrap());
    case(Engine { store, home: Home::Directory(directory) }).await;
}

pub async fn on_mongo(case: impl AsyncFnOnce(Engine)) {
    on_database(async |config| {
        let handles = Arc::<Mutex<Vec<Mongo>>>::default();
        let store = connected(&config, &handles).await;
        case(Engine { store: Arc::new(store), home: Home::Database(config, handles.clone()) }).await;
        let handles = std::mem::take(&mut *handles.lock().unwrap());
        for handle in handles {
            handle.close().await;
        }
    })
    .await;
}

/// A database of its own, dropped whether the case passes or not.
pub async fn on_database(case: impl AsyncFnOnce(MongoConfig)) {
    let Ok(uri) = std::env::var("TEST_MONGODB_URI") else {
        panic!("TEST_MONGODB_URI is not set: run scripts/test, or scripts/service-mongodb");
    };
    let database = format!("studyrooms_test_{}", mongodb::bson::oid::ObjectId::new());
    let config = MongoConfig { uri: uri.clone(), database: database.clone() };
    let outcome = AssertUnwindSafe(case(config)).catch_unwind().await;
    let client = Client::with_uri_str(uri).await.unwrap();
    let database = client.database(&database);
    // The test server drops a collection document by document, syncs each, and answers no one
    // meanwhile.
    database.collection::<Document>("entries").delete_many(doc! {}).await.unwrap();
    database.drop().await.unwrap();
    client.shutdown().immediate(true).await;
    outcome.unwrap_or_else(|panic| resume_unwind(panic));
}

/// Makes a test of each case for each engine.
macro_rules! on_every_engine {
    ($($case:ident),* $(,)?) => {
        mod embedded {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                crate::engine::on_embedded(super::$case).await;
            })*
        }

        mod mongo {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                crate::engine::on_mongo(super::$case).await;
            })*
        }
    };
}
pub(crate) use on_every_engine;
