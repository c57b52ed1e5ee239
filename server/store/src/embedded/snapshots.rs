//! Board snapshots in the embedded store.

use super::{Embedded, from_json, to_json};
use async_trait::async_trait;
use rusqlite::{OptionalExtension, params};
use studyrooms_domain::store::{Snapshot, Snapshots, Stored};
use studyrooms_protocol::{Timestamp, ids::RoomId};

#[async_trait]
impl Snapshots for Embedded {
    async fn put(&self, room_id: &RoomId, snapshot: Snapshot, at: Timestamp) -> Stored<()> {
        let room_id = room_id.0.clone();
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO snapshots (room_id, seq, elements, created_at) VALUES (?, ?, ?, ?)
                     ON CONFLICT (room_id) DO UPDATE
                     SET seq = excluded.seq, elements = excluded.elements, created_at = excluded.created_at
                     WHERE excluded.seq > snapshots.seq",
                )?
                .execute(params![room_id, snapshot.seq, to_json(&snapshot.elements)?, at])?;
            Ok(())
        })
        .await
    }

    async fn latest(&self, room_id: &RoomId) -> Stored<Option<Snapshot>> {
        let room_id = room_id.0.clone();
        self.read(move |connection| {
            connection
                .prepare_cached("SELECT seq, elements FROM snapshots WHERE room_id = ?")?
                .query_row([room_id], |row| {
                    Ok(Snapshot { seq: row.get(0)?, elements: from_json(1, row.get_ref(1)?.as_str()?)? })
                })
                .optional()
        })
        .await
    }
}
