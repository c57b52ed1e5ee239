//! The MongoDB engine: for many instances over one database. Documents and indexes are described
//! in `docs/STORE.md`.

mod append;
mod append_lease;
mod backfill;
mod bans;
mod call;
mod deliveries;
mod entry;
mod focus;
mod following;
mod logs;
mod options;
mod projection;
mod read_markers;
mod refresh_tokens;
mod room_folds;
mod rooms;
mod schema;
mod search;
mod settle;
mod snapshots;
mod summaries;
mod tails;
mod uploads;
mod users;
mod versions;
mod write_probe;

use mongodb::{
    Client, Collection, Database,
    bson::doc,
    options::{DatabaseOptions, ReadConcern},
};
use std::{sync::Arc, time::Duration};
use studyrooms_domain::append_lease::AppendLeases;
use tails::Tails;

/// Longer than choosing a server takes, so that its own, better error comes first.
const CONNECT_LIMIT: Duration = Duration::from_secs(8);

/// Where the database is.
#[derive(Clone)]
pub struct MongoConfig {
    /// `mongodb://` or `mongodb+srv://`; what it says of pool and timeouts holds.
    pub uri: String,
    /// The database's name.
    pub database: String,
}

/// Why the store cannot be used. None of the texts holds the user name or the password.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The connection string cannot be read.
    #[error("not a usable connection string: {0}")]
    BadUri(String),
    /// No database can have this name.
    #[error("database {0:?}: not a name for a database")]
    BadName(String),
    /// No server, or none that lets us in.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// Collections or indexes cannot be made.
    #[error("database {database}: cannot be set up: {reason}")]
    Schema {
        /// The database's name.
        database: String,
        /// What the server says.
        reason: String,
    },
    /// It was written by a newer program.
    #[error("database {database}: has schema {found}, this program knows up to {known}; use a newer program")]
    Newer {
        /// The database's name.
        database: String,
        /// Its schema.
        found: u32,
        /// The newest schema of this program.
        known: u32,
    },
}

/// All stores, in one database. Cheap to clone.
#[derive(Clone)]
pub struct Mongo {
    database: Database,
    tails: Arc<Tails>,
    append_leases: Option<Arc<dyn AppendLeases>>,
}

impl Mongo {
    /// Connects, and makes collections and indexes where they are missing. Several instances may do
    /// so at once.
    ///
    /// # Errors
    /// [`ConnectError`], within ten seconds when there is no server.
    pub async fn connect(config: MongoConfig) -> Result<Self, ConnectError> {
        if !is_name(&config.database) {
            return Err(ConnectError::BadName(config.database));
        }
        let connecting = async {
            let client = Client::with_options(options::parse(&config.uri).await?)
                .map_err(|error| ConnectError::BadUri(call::describe(&error)))?;
            let hello = client
                .database("admin")
                .run_command(doc! { "hello": 1 })
                .await
                .map_err(|error| ConnectError::Unreachable(call::describe(&error)))?;
            Ok((client, hello))
        };
        let (client, hello) = tokio::time::timeout(CONNECT_LIMIT, connecting)
            .await
            .map_err(|_| ConnectError::Unreachable("no answer in time".into()))??;
        // What a majority has not got yet may be rolled back when the primary changes: a number
        // counted on from such an entry would leave a hole. A single server knows no such thing.
        let replicated = hello.contains_key("setName") || hello.get_str("msg").is_ok_and(|msg| msg == "isdbgrid");
        let read_concern = if replicated { ReadConcern::majority() } else { ReadConcern::local() };
        let options = DatabaseOptions::builder().read_concern(read_concern).build();
        let database = client.database_with_options(&config.database, options);
        schema::prepare(&database).await?;
        let store = Self { database, tails: Arc::default(), append_leases: None };
        let finishing = async {
            store.finish_removals().await?;
            store.settle_all().await
        };
        finishing.await.map_err(|error| schema::failed(&store.database, &error))?;
        Ok(store)
    }

    /// The same store, which acquires a lease where other instances append to the same log.
    #[must_use]
    pub fn with_append_leases(self, append_leases: Arc<dyn AppendLeases>) -> Self {
        Self { append_leases: Some(append_leases), ..self }
    }

    /// Closes the connections, of all clones: every later call is `Unavailable`. Without it the driver
    /// still works when the program ends, and may panic then in a task of its own.
    pub async fn close(&self) {
        self.database.client().clone().shutdown().immediate(true).await;
    }

    fn collection<T: Send + Sync>(&self, name: &str) -> Collection<T> {
        self.database.collection(name)
    }
}

/// What MongoDB takes for the name of a database on every system.
fn is_name(name: &str) -> bool {
    (1..64).contains(&name.len()) && !name.contains(|character| "/\\. \"$*<>:|?\0".contains(character))
}

/// Positions and times as they are stored.
fn int64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
