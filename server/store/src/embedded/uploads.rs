//! Uploads in the embedded store.

use super::{Embedded, from_json, to_json};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, params};
use studyrooms_domain::{
    files::{Upload, Used},
    store::{Stored, Uploads},
};
use studyrooms_protocol::{
    Timestamp,
    ids::{RoomId, UserId},
};

const COLUMNS: &str = "SELECT upload_id, room_id, user_id, key, name, size, mime_type, multipart, thumbnail,
    created_at, announced_at FROM uploads";

fn upload(row: &Row<'_>) -> rusqlite::Result<Upload> {
    let thumbnail: Option<String> = row.get(8)?;
    Ok(Upload {
        upload_id: row.get(0)?,
        room_id: RoomId(row.get(1)?),
        user_id: UserId(row.get(2)?),
        key: row.get(3)?,
        name: row.get(4)?,
        size: row.get(5)?,
        mime_type: row.get(6)?,
        multipart: row.get(7)?,
        thumbnail: thumbnail.map(|text| from_json(8, &text)).transpose()?,
        created_at: row.get(9)?,
        announced_at: row.get(10)?,
    })
}

fn insert(connection: &Connection, upload: Upload) -> rusqlite::Result<()> {
    let Upload {
        upload_id,
        room_id,
        user_id,
        key,
        name,
        size,
        mime_type,
        multipart,
        thumbnail,
        created_at,
        announced_at,
    } = upload;
    let thumbnail = thumbnail.as_ref().map(to_json).transpose()?;
    connection.prepare_cached("DELETE FROM uploads WHERE upload_id = ? AND doomed = 1")?.execute([&upload_id])?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO uploads (upload_id, room_id, user_id, key, name, size, mime_type, multipart, thumbnail,
             created_at, announced_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    insert.execute(params![
        upload_id,
        room_id.0,
        user_id.0,
        key,
        name,
        size,
        mime_type,
        multipart,
        thumbnail,
        created_at,
        announced_at
    ])?;
    Ok(())
}

#[async_trait]
impl Uploads for Embedded {
    async fn add(&self, upload: Upload) -> Stored<()> {
        self.write(move |connection| insert(connection, upload)).await
    }

    async fn lookup(&self, upload_id: &str) -> Stored<Option<Upload>> {
        let upload_id = upload_id.to_owned();
        self.read(move |connection| {
            connection
                .prepare_cached(&format!("{COLUMNS} WHERE upload_id = ? AND doomed = 0"))?
                .query_row([upload_id], upload)
                .optional()
        })
        .await
    }

    async fn by_key(&self, key: &str) -> Stored<Option<Upload>> {
        let key = key.to_owned();
        self.read(move |connection| {
            connection
                .prepare_cached(&format!("{COLUMNS} WHERE key = ? AND doomed = 0"))?
                .query_row([key], upload)
                .optional()
        })
        .await
    }

    async fn mark_announced(&self, upload_id: &str, at: Timestamp) -> Stored<bool> {
        let upload_id = upload_id.to_owned();
        self.write(move |connection| {
            let mut update = connection.prepare_cached(
                "UPDATE uploads SET announced_at = ? WHERE upload_id = ? AND announced_at IS NULL AND doomed = 0",
            )?;
            Ok(update.execute(params![at, upload_id])? == 1)
        })
        .await
    }

    async fn of_room(&self, room_id: &RoomId) -> Stored<Vec<Upload>> {
        let room_id = room_id.0.clone();
        self.read(move |connection| {
            connection
                .prepare_cached(&format!("{COLUMNS} WHERE room_id = ? AND doomed = 0 ORDER BY created_at, upload_id"))?
                .query_map([room_id], upload)?
                .collect()
        })
        .await
    }

    async fn used(&self, room_id: &RoomId, user_id: &UserId) -> Stored<Used> {
        let (room_id, user_id) = (room_id.0.clone(), user_id.0.clone());
        self.read(move |connection| {
            let sums = |column: &str, id: &str| {
                let sql = format!(
                    "SELECT coalesce(sum(size + coalesce(thumbnail ->> '$.size', 0)), 0), count(*) FROM uploads
                     WHERE {column} = ? AND doomed = 0"
                );
                connection.prepare_cached(&sql)?.query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
            };
            let ((room, room_files), (user, user_files)) = (sums("room_id", &room_id)?, sums("user_id", &user_id)?);
            Ok(Used { room, user, room_files, user_files })
        })
        .await
    }

    async fn doom(&self, upload_id: &str) -> Stored<bool> {
        let upload_id = upload_id.to_owned();
        self.write(move |connection| {
            let mut update =
                connection.prepare_cached("UPDATE uploads SET doomed = 1 WHERE upload_id = ? AND doomed = 0")?;
            Ok(update.execute([upload_id])? == 1)
        })
        .await
    }

    async fn doom_unannounced(&self, before: Timestamp) -> Stored<u64> {
        self.write(move |connection| {
            let mut update = connection.prepare_cached(
                "UPDATE uploads SET doomed = 1 WHERE announced_at IS NULL AND created_at < ? AND doomed = 0",
            )?;
            Ok(update.execute([before])? as u64)
        })
        .await
    }

    async fn doomed(&self, limit: usize) -> Stored<Vec<Upload>> {
        self.read(move |connection| {
            connection
                .prepare_cached(&format!("{COLUMNS} WHERE doomed = 1 ORDER BY created_at, upload_id LIMIT ?"))?
                .query_map([limit], upload)?
                .collect()
        })
        .await
    }

    async fn forget(&self, upload_id: &str) -> Stored<()> {
        let upload_id = upload_id.to_owned();
        self.write(move |connection| {
            connection
                .prepare_cached("DELETE FROM uploads WHERE upload_id = ? AND doomed = 1")?
                .execute([upload_id])?;
            Ok(())
        })
        .await
    }
}
