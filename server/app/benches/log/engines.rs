//! The engines, each by the domain's traits and by its own raw driver.

use mongodb::bson::{Document, doc};
use rusqlite::{Connection, params};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use studyrooms_app::app::Stores;
use studyrooms_store::{
    embedded::Embedded,
    mongo::{Mongo, MongoConfig},
};
use tempfile::TempDir;

const PAYLOAD: &str = r#"{"id":"0123456789012345678901","senderName":"Ann","text":"A message of a usual length, as people write them in a chat."}"#;

pub struct Engine {
    pub name: &'static str,
    pub stores: Stores,
    raw: Raw,
}

enum Raw {
    Sqlite { path: PathBuf, _directory: TempDir },
    Mongo(mongodb::Database),
}

impl Engine {
    pub async fn embedded() -> Self {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("studyrooms.db");
        let stores = Stores::of(Arc::new(Embedded::open(directory.path()).unwrap()));
        Self { name: "embedded", stores, raw: Raw::Sqlite { path, _directory: directory } }
    }

    /// None where no server is named.
    pub async fn mongo() -> Option<Self> {
        let uri = std::env::var("MONGODB_URI").ok()?;
        let database = format!("bench_{}", std::process::id());
        let client = mongodb::Client::with_uri_str(&uri).await.unwrap();
        let raw = Raw::Mongo(client.database(&database));
        let stores = Stores::of(Arc::new(Mongo::connect(MongoConfig { uri, database }).await.unwrap()));
        Some(Self { name: "mongodb", stores, raw })
    }

    /// Entries a second that the engine takes in durable batches of this size, by its own driver.
    pub async fn raw_batches(&self, batch: u64, length: Duration) -> f64 {
        let room = format!("raw-{batch}");
        let began = Instant::now();
        let mut seq = 0;
        while began.elapsed() < length {
            self.insert(&room, seq + 1, batch).await;
            seq += batch;
        }
        seq as f64 / began.elapsed().as_secs_f64()
    }

    /// Puts entries `first..first + count` of a room in, as one durable batch of the raw driver.
    pub async fn insert(&self, room: &str, first: u64, count: u64) {
        match &self.raw {
            Raw::Sqlite { path, .. } => insert_sqlite(path, room, first, count),
            Raw::Mongo(database) => {
                let documents = (first..first + count).map(|seq| document(room, seq));
                database.collection::<Document>("entries").insert_many(documents).await.unwrap();
            }
        }
    }

    /// How the engine finds a page, in its own words.
    pub async fn page_plan(&self, room: &str, before: u64) -> String {
        match &self.raw {
            Raw::Sqlite { path, .. } => plan_sqlite(path, room, before),
            Raw::Mongo(database) => {
                let range = doc! { "$gte": before as i64 - 200, "$lt": before as i64 };
                let filter = doc! { "roomId": room, "log": "room", "type": "message", "seq": range };
                let find = doc! { "find": "entries", "filter": filter, "sort": { "seq": -1 }, "limit": 50 };
                let explain = doc! { "explain": find, "verbosity": "queryPlanner" };
                let plan = database.run_command(explain).await.unwrap();
                plan.get_document("queryPlanner").unwrap().get("winningPlan").unwrap().to_string()
            }
        }
    }

    pub async fn dispose(self) {
        if let Raw::Mongo(database) = self.raw {
            database.drop().await.unwrap();
        }
    }
}

/// Raw rows are like those of a live room, of as many people and with events in no order: else the
/// index by event would grow at one end only, which it never does.
fn user(seq: u64) -> String {
    format!("u{}", seq % 64)
}

fn event(seq: u64) -> String {
    format!("{:022x}", u128::from(seq).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835) >> 40)
}

fn connect(path: &PathBuf) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection.busy_timeout(Duration::from_secs(10)).unwrap();
    connection
}

fn insert_sqlite(path: &PathBuf, room: &str, first: u64, count: u64) {
    thread_local!(static OPEN: std::cell::RefCell<Option<(PathBuf, Connection)>> = const { std::cell::RefCell::new(None) });
    OPEN.with_borrow_mut(|open| {
        let (_, connection) = open.get_or_insert_with(|| (path.clone(), connect(path)));
        let transaction = connection.transaction().unwrap();
        {
            let mut insert = transaction
                .prepare_cached(
                    "INSERT INTO entries (room_id, log, seq, type, user_id, event_id, timestamp, payload)
                     VALUES (?, 'room', ?, 'message', ?, ?, 1700000000000, ?)",
                )
                .unwrap();
            for seq in first..first + count {
                insert.execute(params![room, seq, user(seq), event(seq), PAYLOAD]).unwrap();
            }
        }
        transaction.commit().unwrap();
    });
}

fn plan_sqlite(path: &PathBuf, room: &str, before: u64) -> String {
    let connection = connect(path);
    let mut explain = connection
        .prepare(
            "EXPLAIN QUERY PLAN SELECT * FROM entries INDEXED BY entries_by_type
             WHERE room_id = ? AND log = 'room' AND type = 'message' AND seq < ? ORDER BY seq DESC LIMIT 50",
        )
        .unwrap();
    let lines = explain.query_map(params![room, before], |row| row.get::<_, String>(3)).unwrap();
    lines.map(Result::unwrap).collect::<Vec<_>>().join("; ")
}

fn document(room: &str, seq: u64) -> Document {
    let payload: serde_json::Value = serde_json::from_str(PAYLOAD).unwrap();
    doc! {
        "roomId": room,
        "log": "room",
        "seq": seq as i64,
        "type": "message",
        "userId": user(seq),
        "eventId": event(seq),
        "timestamp": 1_700_000_000_000_i64,
        "payload": mongodb::bson::serialize_to_bson(&payload).unwrap(),
    }
}
