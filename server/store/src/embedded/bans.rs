//! Bans in the embedded store.

use super::Embedded;
use async_trait::async_trait;
use rusqlite::{OptionalExtension, Row, params};
use studyrooms_domain::{
    rooms::Ban,
    store::{Bans, Stored},
};
use studyrooms_protocol::ids::{RoomId, UserId};

const COLUMNS: &str = "SELECT room_id, user_id, by_user, reason, at FROM bans";

fn ban(row: &Row<'_>) -> rusqlite::Result<Ban> {
    Ok(Ban {
        room_id: RoomId(row.get(0)?),
        user_id: UserId(row.get(1)?),
        by: UserId(row.get(2)?),
        reason: row.get(3)?,
        at: row.get(4)?,
    })
}

#[async_trait]
impl Bans for Embedded {
    async fn add(&self, ban: Ban) -> Stored<()> {
        self.write(move |connection| {
            let Ban { room_id, user_id, by, reason, at } = ban;
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO bans (room_id, user_id, by_user, reason, at) VALUES (?, ?, ?, ?, ?)",
                )?
                .execute(params![room_id.0, user_id.0, by.0, reason, at])?;
            Ok(())
        })
        .await
    }

    async fn lookup(&self, room_id: &RoomId, user_id: &UserId) -> Stored<Option<Ban>> {
        let key = [room_id.0.clone(), user_id.0.clone()];
        self.read(move |connection| {
            connection
                .prepare_cached(&format!("{COLUMNS} WHERE room_id = ? AND user_id = ?"))?
                .query_row(key, ban)
                .optional()
        })
        .await
    }

    async fn of_room(&self, room_id: &RoomId) -> Stored<Vec<Ban>> {
        let room_id = room_id.0.clone();
        self.read(move |connection| {
            connection
                .prepare_cached(&format!("{COLUMNS} WHERE room_id = ? ORDER BY at DESC, user_id"))?
                .query_map([room_id], ban)?
                .collect()
        })
        .await
    }

    async fn remove(&self, room_id: &RoomId, user_id: &UserId) -> Stored<bool> {
        let key = [room_id.0.clone(), user_id.0.clone()];
        self.write(move |connection| {
            Ok(connection.prepare_cached("DELETE FROM bans WHERE room_id = ? AND user_id = ?")?.execute(key)? == 1)
        })
        .await
    }
}
