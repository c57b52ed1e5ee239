//! The embedded engine: one SQLite file in the data directory, in WAL mode with a full sync on
//! every commit. One thread writes, and what waits for it goes into one commit together; a few
//! connections read beside it.

mod bans;
mod deliveries;
mod focus;
mod following;
mod intact;
mod logs;
mod messages;
mod pages;
mod projection;
mod read_markers;
mod readers;
mod refresh_tokens;
mod room_folds;
mod rooms;
mod schema;
mod search;
mod snapshots;
mod summaries;
mod uploads;
mod users;
mod versions;
mod write_probe;
mod writer;

use readers::Readers;
use rusqlite::Connection;
use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    sync::Arc,
};
use studyrooms_domain::store::{StoreError, Stored};
use writer::Writer;

const FILE: &str = "studyrooms.db";
const LOCK: &str = "studyrooms.lock";

/// Why the store does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory cannot be made or written.
    #[error("{path}: {source}")]
    Directory {
        /// The directory or file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Another process has it open.
    #[error("{0}: in use by another studyrooms process")]
    InUse(PathBuf),
    /// It is damaged, or no database at all.
    #[error("{path}: not a readable database ({source}); restore a backup or move the file away")]
    Unreadable {
        /// The database file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// It is empty, or not there, where one was in use.
    #[error(
        "{path}: empty or missing, although this directory was in use; restore a backup, or remove {marker} and {path}-wal to \
         begin anew without the data"
    )]
    Emptied {
        /// The database file.
        path: PathBuf,
        /// What tells that it was in use.
        marker: PathBuf,
    },
    /// What was stored last cannot be read.
    #[error(
        "{path}: the log of the last writes is damaged; restore a backup, or move the file away to go on without what it held"
    )]
    LogUnreadable {
        /// The write-ahead log.
        path: PathBuf,
    },
    /// It was written by a newer program.
    #[error("{path}: has schema {found}, this program knows up to {known}; use a newer program")]
    Newer {
        /// The database file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest schema of this program.
        known: u32,
    },
}

/// All stores, in one file. Cheap to clone.
#[derive(Clone)]
pub struct Embedded {
    // Before the writer: the last to close the file tidies it up, and readers may not.
    readers: Readers,
    writer: Writer,
    // Held for as long as anyone has the store.
    _lock: Arc<File>,
}

impl Embedded {
    /// Opens the store in `data_dir`, making both where they are missing. Blocks.
    ///
    /// # Errors
    /// [`OpenError`] names the path and what is wrong with it.
    pub fn open(data_dir: &Path) -> Result<Self, OpenError> {
        let directory = |source| OpenError::Directory { path: data_dir.to_owned(), source };
        std::fs::create_dir_all(data_dir).map_err(directory)?;
        let lock = lock(data_dir)?;
        let path = data_dir.join(FILE);
        intact::check(data_dir, &path)?;
        let unreadable = |source| OpenError::Unreadable { path: path.clone(), source };
        let mut connection = connect(&path).map_err(unreadable)?;
        let found = schema::version(&connection).map_err(unreadable)?;
        if found > schema::NEWEST {
            return Err(OpenError::Newer { path, found, known: schema::NEWEST });
        }
        intact::check_schema(data_dir, &path, found)?;
        schema::migrate(&mut connection, found).map_err(unreadable)?;
        intact::mark(data_dir)?;
        let readers = Readers::open(|| connect(&path)).map_err(unreadable)?;
        let writer = Writer::start(connection).map_err(directory)?;
        Ok(Self { writer, readers, _lock: Arc::new(lock) })
    }

    /// Writes what waits, and closes the file for everyone who has the store: all that was written is then in
    /// it, and nothing beside it. What is asked of the store afterwards is refused.
    pub async fn close(&self) {
        // Who closes last tidies up, and readers may not write.
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn lock(data_dir: &Path) -> Result<File, OpenError> {
    let path = data_dir.join(LOCK);
    let failed = |source| OpenError::Directory { path: path.clone(), source };
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(data_dir.to_owned())),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // FULL: what is acknowledged survives a power cut too, not only the end of the process.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is blanked is written over where it was, as far as that costs no more writing.
    connection.pragma_update(None, "secure_delete", "FAST")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// What SQLite says, as the domain understands it.
fn store_error(error: &rusqlite::Error) -> StoreError {
    use rusqlite::{Error, ErrorCode};
    match error {
        Error::SqliteFailure(failure, _)
            if matches!(failure.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) =>
        {
            StoreError::Corrupt(error.to_string())
        }
        Error::FromSqlConversionFailure(..) | Error::InvalidColumnType(..) | Error::IntegralValueOutOfRange(..) => {
            StoreError::Corrupt(error.to_string())
        }
        other => StoreError::Unavailable(other.to_string()),
    }
}

fn from_json<T: serde::de::DeserializeOwned>(column: usize, json: &str) -> rusqlite::Result<T> {
    serde_json::from_str(json).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}

fn to_json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

/// A fieldless enum as the text that serde gives it.
fn to_word<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    Ok(to_json(value)?.trim_matches('"').to_owned())
}

fn from_word<T: serde::de::DeserializeOwned>(column: usize, word: &str) -> rusqlite::Result<T> {
    from_json(column, &format!("\"{word}\""))
}

impl Embedded {
    async fn read<T, F>(&self, query: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        self.readers.read(query).await
    }

    async fn write<T, F>(&self, change: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        self.writer.write(change).await
    }
}

/// How SQLite goes about a statement.
#[cfg(test)]
fn plan(connection: &Connection, sql: &str) -> String {
    let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    for place in 1..=explain.parameter_count() {
        explain.raw_bind_parameter(place, 1).unwrap();
    }
    let mut rows = explain.raw_query();
    let mut steps = vec![];
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get::<_, String>(3).unwrap());
    }
    steps.join("; ")
}
