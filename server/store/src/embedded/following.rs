//! How far workers have followed the room logs, in the embedded store.

use super::Embedded;
use async_trait::async_trait;
use rusqlite::{Row, params, params_from_iter};
use studyrooms_domain::{
    store::Stored,
    worker::{Followed, Following},
};
use studyrooms_protocol::{Seq, ids::RoomId};

/// Rooms asked for in one statement. SQLite takes 32,766 values.
const TOGETHER: usize = 500;

/// The tables that hold what workers keep of rooms.
pub(super) const TABLES: [&str; 4] = ["followed", "deliveries", "days", "worked"];

fn followed(row: &Row<'_>) -> rusqlite::Result<Followed> {
    Ok(Followed { consumer: row.get(0)?, room_id: RoomId(row.get(1)?), seq: row.get(2)? })
}

#[async_trait]
impl Following for Embedded {
    async fn positions(&self, room_ids: &[RoomId]) -> Stored<Vec<Followed>> {
        let room_ids = room_ids.to_vec();
        self.read(move |connection| {
            let mut found = Vec::new();
            for some in room_ids.chunks(TOGETHER) {
                let ids = vec!["?"; some.len()].join(", ");
                let mut select = connection
                    .prepare_cached(&format!("SELECT consumer, room_id, seq FROM followed WHERE room_id IN ({ids})"))?;
                for row in select.query_map(params_from_iter(some.iter().map(RoomId::as_str)), followed)? {
                    found.push(row?);
                }
            }
            Ok(found)
        })
        .await
    }

    async fn advance(&self, consumer: &str, room_id: &RoomId, from: Seq, to: Seq) -> Stored<bool> {
        let (consumer, room_id) = (consumer.to_owned(), room_id.0.clone());
        self.write(move |connection| {
            let sql = if from == 0 {
                "INSERT INTO followed (room_id, consumer, seq) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"
            } else {
                "UPDATE followed SET seq = ?3 WHERE room_id = ?1 AND consumer = ?2 AND seq = ?4"
            };
            let mut change = connection.prepare_cached(sql)?;
            let changed = if from == 0 {
                change.execute(params![room_id, consumer, to])?
            } else {
                change.execute(params![room_id, consumer, to, from])?
            };
            Ok(changed == 1)
        })
        .await
    }

    async fn forget_room(&self, room_id: &RoomId) -> Stored<()> {
        let room_id = room_id.0.clone();
        self.write(move |connection| {
            for table in TABLES {
                connection.prepare_cached(&format!("DELETE FROM {table} WHERE room_id = ?"))?.execute([&room_id])?;
            }
            Ok(())
        })
        .await
    }
}
