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
    store::{Bans, Logs, ReadMarkers, RefreshTokens, Rooms, Snapshots, Uploads, Users},
    worker::{Deliveries, FocusLedger, Following, Summaries},
};
use studyrooms_store::{
    embedded::Embedded,
    mongo::{Mongo, MongoConfig},
};
use tempfile::TempDir;

/// What workers keep.
pub trait Work: Following + Deliveries + Summaries + FocusLedger {}
impl<S: Following + Deliveries + Summaries + FocusLedger> Work for S {}

pub trait Store: Users + RefreshTokens + Rooms + Bans + ReadMarkers + Uploads + Logs + Snapshots + Work {}
impl<S: Users + RefreshTokens + Rooms + Bans + ReadMarkers + Uploads + Logs + Snapshots + Work> Store for S {}

/// A store, and where it keeps its data.
pub struct Engine {
    pub store: Arc<dyn Store>,
    home: Home,
}

enum Home {
    Directory(TempDir),
    /// With every handle there was, to be closed at the end.
    Database(MongoConfig, Arc<Mutex<Vec<Mongo>>>),
}

async fn connected(config: &MongoConfig, handles: &Mutex<Vec<Mongo>>) -> Arc<dyn Store> {
    let store = Mongo::connect(config.clone()).await.unwrap();
    handles.lock().unwrap().push(store.clone());
    Arc::new(store)
}

impl Engine {
    /// The same data after a clean stop and a new start.
    pub async fn reopened(self) -> Self {
        let Self { store, home } = self;
        drop(store);
        let store: Arc<dyn Store> = match &home {
            Home::Directory(directory) => Arc::new(Embedded::open(directory.path()).unwrap()),
            Home::Database(config, handles) => connected(config, handles).await,
        };
        Self { store, home }
    }

    /// The store as another part of the system has it: with MongoDB, another process.
    pub async fn another_handle(&self) -> Arc<dyn Store> {
        match &self.home {
            Home::Directory(_) => self.store.clone(),
            Home::Database(config, handles) => connected(config, handles).await,
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
        case(Engine { store, home: Home::Database(config, handles.clone()) }).await;
        let handles = std::mem::take(&mut *handles.lock().unwrap());
        for handle in handles {
            handle.close().await;
        }
    })
    .await;
}

/// A database of its own, dropped whether the case passes or not.
pub async fn on_database(case: impl AsyncFnOnce(MongoConfig)) {
    let Ok(uri) = std::env::var("MONGODB_URI") else {
        panic!("MONGODB_URI is not set: run scripts/test, or scripts/service-mongodb");
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
