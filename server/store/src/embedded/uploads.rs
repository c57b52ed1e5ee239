//! Uploads in the embedded store.

use super::Embedded;
use async_trait::async_trait;
use rusqlite::{OptionalExtension, Row, params};
use studyrooms_domain::{
    files::Upload,
    store::{Stored, Uploads},
};
use studyrooms_protocol::{
    Timestamp,
    ids::{RoomId, UserId},
};

const COLUMNS: &str =
    "SELECT upload_id, room_id, user_id, key, name, size, mime_type, created_at, announced_at FROM uploads";

fn upload(row: &Row<'_>) -> rusqlite::Result<Upload> {
    Ok(Upload {
        upload_id: row.get(0)?,
        room_id: RoomId(row.get(1)?),
        user_id: UserId(row.get(2)?),
        key: row.get(3)?,
        name: row.get(4)?,
        size: row.get(5)?,
        mime_type: row.get(6)?,
        created_at: row.get(7)?,
        announced_at: row.get(8)?,
    })
}

#[async_trait]
impl Uploads for Embedded {
    async fn add(&self, upload: Upload) -> Stored<()> {
        self.write(move |connection| {
            let mut insert = connection.prepare_cached(
                "INSERT INTO uploads (upload_id, room_id, user_id, key, name, size, mime_type, created_at, announced_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?;
            let Upload { upload_id, room_id, user_id, key, name, size, mime_type, created_at, announced_at } = upload;
            let row = params![upload_id, room_id.0, user_id.0, key, name, size, mime_type, created_at, announced_at];
            insert.execute(row)?;
            Ok(())
        })
        .await
    }

    async fn lookup(&self, upload_id: &str) -> Stored<Option<Upload>> {
        let upload_id = upload_id.to_owned();
        self.read(move |connection| {
            connection
                .prepare_cached(&format!("{COLUMNS} WHERE upload_id = ?"))?
                .query_row([upload_id], upload)
                .optional()
        })
        .await
    }

    async fn mark_announced(&self, upload_id: &str, at: Timestamp) -> Stored<bool> {
        let upload_id = upload_id.to_owned();
        self.write(move |connection| {
            let mut update = connection
                .prepare_cached("UPDATE uploads SET announced_at = ? WHERE upload_id = ? AND announced_at IS NULL")?;
            Ok(update.execute(params![at, upload_id])? == 1)
        })
        .await
    }

    async fn of_room(&self, room_id: &RoomId) -> Stored<Vec<Upload>> {
        let room_id = room_id.0.clone();
        self.read(move |connection| {
            connection
                .prepare_cached(&format!("{COLUMNS} WHERE room_id = ? ORDER BY created_at, upload_id"))?
                .query_map([room_id], upload)?
                .collect()
        })
        .await
    }

    async fn unannounced(&self, before: Timestamp, limit: usize) -> Stored<Vec<Upload>> {
        self.read(move |connection| {
            connection
                .prepare_cached(&format!(
                    "{COLUMNS} WHERE announced_at IS NULL AND created_at < ? ORDER BY created_at, upload_id LIMIT ?"
                ))?
                .query_map(params![before, limit], upload)?
                .collect()
        })
        .await
    }

    async fn remove(&self, upload_id: &str) -> Stored<bool> {
        let upload_id = upload_id.to_owned();
        self.write(move |connection| {
            let mut delete =
                connection.prepare_cached("DELETE FROM uploads WHERE upload_id = ? AND announced_at IS NULL")?;
            Ok(delete.execute([upload_id])? == 1)
        })
        .await
    }
}
