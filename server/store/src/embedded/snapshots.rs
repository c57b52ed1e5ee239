//! Board snapshots in the embedded store.

use super::{Embedded, from_json, logs::place, to_json};
use crate::boards::StoredElements;
use async_trait::async_trait;
use rusqlite::{OptionalExtension, Row, params};
use std::sync::Arc;
use studyrooms_domain::store::{Snapshot, Snapshots, Stored};
use studyrooms_protocol::{Seq, Timestamp, board::Element, ids::RoomId};

fn snapshot(row: &Row<'_>) -> rusqlite::Result<Snapshot> {
    let elements: Vec<Element> = from_json(1, row.get_ref(1)?.as_str()?)?;
    let elements = elements.into_iter().map(Arc::new).collect();
    Ok(Snapshot { seq: row.get(0)?, elements, log_bytes: row.get(2)? })
}

#[async_trait]
impl Snapshots for Embedded {
    async fn put(&self, room_id: &RoomId, snapshot: Snapshot, at: Timestamp) -> Stored<()> {
        let room_id = room_id.0.clone();
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO snapshots (room_id, seq, elements, created_at, log_bytes) VALUES (?, ?, ?, ?, ?)
                     ON CONFLICT (room_id) DO UPDATE SET seq = excluded.seq, elements = excluded.elements,
                     created_at = excluded.created_at, log_bytes = excluded.log_bytes
                     WHERE excluded.seq > snapshots.seq",
                )?
                .execute(params![
                    room_id,
                    snapshot.seq,
                    to_json(&StoredElements(&snapshot.elements))?,
                    at,
                    snapshot.log_bytes
                ])?;
            Ok(())
        })
        .await
    }

    async fn latest(&self, room_id: &RoomId) -> Stored<Option<Snapshot>> {
        let room_id = room_id.0.clone();
        self.read(move |connection| {
            connection
                .prepare_cached("SELECT seq, elements, log_bytes FROM snapshots WHERE room_id = ?")?
                .query_row([room_id], snapshot)
                .optional()
        })
        .await
    }

    async fn keep(&self, room_id: &RoomId, snapshot: Snapshot, at: Timestamp) -> Stored<()> {
        let room_id = room_id.0.clone();
        self.write(move |connection| {
            let elements = to_json(&StoredElements(&snapshot.elements))?;
            connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO kept_snapshots (room_id, seq, bytes, created_at, elements)
                     VALUES (?, ?, ?, ?, ?)",
                )?
                .execute(params![room_id, snapshot.seq, elements.len(), at, elements])?;
            Ok(())
        })
        .await
    }

    async fn kept(&self, room_id: &RoomId, seq: Seq) -> Stored<Option<Snapshot>> {
        let room_id = room_id.0.clone();
        self.read(move |connection| {
            connection
                .prepare_cached("SELECT seq, elements, NULL FROM kept_snapshots WHERE room_id = ? AND seq = ?")?
                .query_row(params![room_id, place(seq)], snapshot)
                .optional()
        })
        .await
    }

    async fn kept_sizes(&self, room_id: &RoomId) -> Stored<Vec<(Seq, u64)>> {
        let room_id = room_id.0.clone();
        self.read(move |connection| {
            connection
                .prepare_cached("SELECT seq, bytes FROM kept_snapshots WHERE room_id = ? ORDER BY seq")?
                .query_map([room_id], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
        .await
    }
}
