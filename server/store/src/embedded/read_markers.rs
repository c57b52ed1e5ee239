//! Read markers in the embedded store.

use super::{Embedded, store_error, to_json};
use async_trait::async_trait;
use rusqlite::{Row, params};
use studyrooms_domain::{
    chat::ReadMarker,
    store::{ReadMarkers, Stored},
};
use studyrooms_protocol::{
    Seq,
    ids::{RoomId, UserId},
};

const COLUMNS: &str = "SELECT room_id, user_id, seq FROM read_markers";

fn marker(row: &Row<'_>) -> rusqlite::Result<ReadMarker> {
    Ok(ReadMarker { room_id: RoomId(row.get(0)?), user_id: UserId(row.get(1)?), seq: row.get(2)? })
}

#[async_trait]
impl ReadMarkers for Embedded {
    async fn advance(&self, room_id: &RoomId, user_id: &UserId, seq: Seq) -> Stored<Seq> {
        let (room_id, user_id) = (room_id.0.clone(), user_id.0.clone());
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO read_markers (room_id, user_id, seq) VALUES (?, ?, ?)
                     ON CONFLICT (user_id, room_id) DO UPDATE SET seq = max(seq, excluded.seq) RETURNING seq",
                )?
                .query_row(params![room_id, user_id, seq], |row| row.get(0))
        })
        .await
    }

    async fn of_user(&self, user_id: &UserId, room_ids: &[RoomId]) -> Stored<Vec<ReadMarker>> {
        let (user_id, room_ids) = (user_id.0.clone(), to_json(&room_ids).map_err(|error| store_error(&error))?);
        self.read(move |connection| {
            connection
                .prepare_cached(&format!(
                    "{COLUMNS} WHERE user_id = ? AND room_id IN (SELECT value FROM json_each(?)) ORDER BY room_id"
                ))?
                .query_map([user_id, room_ids], marker)?
                .collect()
        })
        .await
    }

    async fn of_people(&self, room_id: &RoomId, user_ids: &[UserId]) -> Stored<Vec<ReadMarker>> {
        let (room_id, user_ids) = (room_id.0.clone(), to_json(&user_ids).map_err(|error| store_error(&error))?);
        self.read(move |connection| {
            connection
                .prepare_cached(&format!(
                    "{COLUMNS} WHERE user_id IN (SELECT value FROM json_each(?)) AND room_id = ? ORDER BY user_id"
                ))?
                .query_map([user_ids, room_id], marker)?
                .collect()
        })
        .await
    }

    async fn furthest(&self, room_id: &RoomId, limit: usize) -> Stored<Vec<ReadMarker>> {
        let room_id = room_id.0.clone();
        self.read(move |connection| {
            connection
                .prepare_cached(&format!(
                    "{COLUMNS} INDEXED BY read_markers_furthest WHERE room_id = ? ORDER BY seq DESC, user_id LIMIT ?"
                ))?
                .query_map(params![room_id, limit], marker)?
                .collect()
        })
        .await
    }
}
