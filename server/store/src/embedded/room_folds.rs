//! Folds of room logs in the embedded store.

use super::{Embedded, to_json};
use async_trait::async_trait;
use rusqlite::{OptionalExtension, params};
use studyrooms_domain::{
    room_fold::{RoomFold, RoomFolds},
    store::Stored,
};
use studyrooms_protocol::ids::RoomId;

#[async_trait]
impl RoomFolds for Embedded {
    async fn put_fold(&self, room_id: &RoomId, fold: RoomFold) -> Stored<()> {
        let room_id = room_id.0.clone();
        self.write(move |connection| {
            connection
                .prepare_cached(
                    "INSERT INTO room_folds (room_id, seq, fold) VALUES (?, ?, ?)
                     ON CONFLICT (room_id) DO UPDATE SET seq = excluded.seq, fold = excluded.fold
                     WHERE excluded.seq > seq",
                )?
                .execute(params![room_id, fold.seq, to_json(&fold)?])?;
            Ok(())
        })
        .await
    }

    async fn latest_fold(&self, room_id: &RoomId) -> Stored<Option<RoomFold>> {
        let room_id = room_id.0.clone();
        let found: Option<String> = self
            .read(move |connection| {
                connection
                    .prepare_cached("SELECT fold FROM room_folds WHERE room_id = ?")?
                    .query_row([room_id], |row| row.get(0))
                    .optional()
            })
            .await?;
        Ok(found.and_then(|json| serde_json::from_str(&json).ok()))
    }
}
