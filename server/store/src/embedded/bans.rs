//! Bans in the embedded store.

use super::Embedded;
use async_trait::async_trait;
use rusqlite::{OptionalExtension, Row, params};
use studyrooms_domain::{
    rooms::{AddressHash, Ban},
    store::{Bans, PersonPlace, Stored},
};
use studyrooms_protocol::{
    Timestamp,
    ids::{RoomId, UserId},
};

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

    async fn of_room(&self, room_id: &RoomId, after: Option<&PersonPlace>, limit: usize) -> Stored<Vec<Ban>> {
        let room_id = room_id.0.clone();
        let (at, user_id) =
            after.map_or((i64::MAX, String::new()), |(at, id)| (i64::try_from(*at).unwrap_or(i64::MAX), id.0.clone()));
        self.read(move |connection| {
            connection
                .prepare_cached(&format!(
                    "{COLUMNS} INDEXED BY bans_in_order
                     WHERE room_id = ?1 AND at <= ?2 AND (at < ?2 OR user_id > ?3)
                     ORDER BY at DESC, user_id LIMIT ?4"
                ))?
                .query_map(params![room_id, at, user_id, limit], ban)?
                .collect()
        })
        .await
    }

    async fn add_addresses(&self, room_id: &RoomId, addresses: &[AddressHash], until: Timestamp) -> Stored<()> {
        let (room_id, addresses) = (room_id.0.clone(), addresses.to_vec());
        self.write(move |connection| {
            let mut add = connection.prepare_cached(
                "INSERT INTO address_bans (room_id, address, until) VALUES (?, ?, ?)
                 ON CONFLICT (room_id, address) DO UPDATE SET until = max(until, excluded.until)",
            )?;
            for address in addresses {
                add.execute(params![room_id, address.0, until])?;
            }
            Ok(())
        })
        .await
    }

    async fn address_until(
        &self,
        room_id: &RoomId,
        address: &AddressHash,
        now: Timestamp,
    ) -> Stored<Option<Timestamp>> {
        let (room_id, address) = (room_id.0.clone(), address.0.clone());
        self.read(move |connection| {
            connection
                .prepare_cached("SELECT until FROM address_bans WHERE room_id = ? AND address = ? AND until > ?")?
                .query_row(params![room_id, address, now], |row| row.get(0))
                .optional()
        })
        .await
    }

    async fn sweep_addresses(&self, now: Timestamp) -> Stored<u64> {
        self.write(move |connection| {
            let swept = connection.prepare_cached("DELETE FROM address_bans WHERE until <= ?")?.execute([now])?;
            Ok(swept as u64)
        })
        .await
    }
}
