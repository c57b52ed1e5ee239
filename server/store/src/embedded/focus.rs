//! Who worked when, in the embedded store.

use super::Embedded;
use async_trait::async_trait;
use rusqlite::{Row, params};
use studyrooms_domain::{stats::Worked, store::Stored, worker::FocusLedger};
use studyrooms_protocol::ids::{RoomId, UserId};

fn worked(row: &Row<'_>) -> rusqlite::Result<Worked> {
    Ok(Worked {
        user_id: UserId(row.get(0)?),
        room_id: RoomId(row.get(1)?),
        seq: row.get(2)?,
        from: row.get(3)?,
        to: row.get(4)?,
    })
}

#[async_trait]
impl FocusLedger for Embedded {
    async fn note(&self, work: Vec<Worked>) -> Stored<()> {
        self.write(move |connection| {
            let mut insert = connection.prepare_cached(
                "INSERT INTO worked (user_id, room_id, seq, began, ended) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )?;
            for Worked { user_id, room_id, seq, from, to } in work {
                insert.execute(params![user_id.0, room_id.0, seq, from, to])?;
            }
            Ok(())
        })
        .await
    }

    async fn work_of(&self, user_id: &UserId, limit: usize) -> Stored<Vec<Worked>> {
        let user_id = user_id.0.clone();
        let newest = self.read(move |connection| {
            connection
                .prepare_cached(
                    "SELECT user_id, room_id, seq, began, ended FROM worked INDEXED BY worked_in_order
                     WHERE user_id = ? ORDER BY began DESC, room_id DESC, seq DESC LIMIT ?",
                )?
                .query_map(params![user_id, limit], worked)?
                .collect::<rusqlite::Result<Vec<_>>>()
        });
        let mut work = newest.await?;
        work.reverse();
        Ok(work)
    }
}
