//! Webhook deliveries in the embedded store.

use super::{Embedded, from_word, to_word};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter, types::Value};
use studyrooms_domain::{
    store::Stored,
    webhooks::{Addressed, Delivery, Outcome, State},
    worker::Deliveries,
};
use studyrooms_protocol::{Timestamp, ids::RoomId};

const COLUMNS: &str = "SELECT endpoint, room_id, seq, state, tries, due_at, since, why FROM deliveries";

fn delivery(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        addressed: Addressed { endpoint: row.get(0)?, room_id: RoomId(row.get(1)?), seq: row.get(2)? },
        state: from_word(3, row.get_ref(3)?.as_str()?)?,
        tries: row.get(4)?,
        due_at: row.get(5)?,
        since: row.get(6)?,
        why: row.get(7)?,
    })
}

/// Changes the dead ones among `ids`, or all of them, by a statement that ends before `WHERE`.
fn change_dead(
    connection: &Connection,
    change: &str,
    values: Vec<Value>,
    ids: Option<Vec<String>>,
) -> rusqlite::Result<u64> {
    let Some(ids) = ids else {
        let all = connection.execute(&format!("{change} WHERE state = 'dead'"), params_from_iter(values))?;
        return Ok(all as u64);
    };
    let mut one = connection.prepare_cached(&format!("{change} WHERE state = 'dead' AND id = ?"))?;
    let mut changed = 0;
    for id in ids {
        changed += one.execute(params_from_iter(values.iter().cloned().chain([Value::Text(id)])))?;
    }
    Ok(changed as u64)
}

#[async_trait]
impl Deliveries for Embedded {
    async fn enqueue(&self, deliveries: Vec<Addressed>, at: Timestamp) -> Stored<()> {
        self.write(move |connection| {
            let mut insert = connection.prepare_cached(
                "INSERT INTO deliveries (id, endpoint, room_id, seq, state, tries, due_at, since)
                 VALUES (?, ?, ?, ?, 'waiting', 0, ?5, ?5) ON CONFLICT (id) DO NOTHING",
            )?;
            for addressed in deliveries {
                let id = addressed.id();
                let Addressed { endpoint, room_id, seq } = addressed;
                insert.execute(params![id, endpoint, room_id.0, seq, at])?;
            }
            Ok(())
        })
        .await
    }

    async fn lease(
        &self,
        endpoint: &str,
        lease: &str,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Stored<Vec<Delivery>> {
        let (endpoint, lease) = (endpoint.to_owned(), lease.to_owned());
        self.write(move |connection| {
            let due: Vec<Delivery> = connection
                .prepare_cached(&format!(
                    "{COLUMNS} WHERE endpoint = ? AND state = 'waiting' AND due_at <= ?
                     ORDER BY due_at, room_id, seq LIMIT ?"
                ))?
                .query_map(params![endpoint, now, limit], delivery)?
                .collect::<rusqlite::Result<_>>()?;
            let mut update = connection.prepare_cached("UPDATE deliveries SET lease = ?, due_at = ? WHERE id = ?")?;
            for one in &due {
                update.execute(params![lease, until, one.addressed.id()])?;
            }
            Ok(due)
        })
        .await
    }

    async fn settle(&self, id: &str, lease: &str, outcome: Outcome) -> Stored<bool> {
        let (id, lease) = (id.to_owned(), lease.to_owned());
        self.write(move |connection| {
            let leased = connection
                .prepare_cached(&format!("{COLUMNS} WHERE id = ? AND lease = ? AND state = 'waiting'"))?
                .query_row(params![id, lease], delivery)
                .optional()?;
            let Some(leased) = leased else { return Ok(false) };
            let Delivery { state, tries, due_at, why, .. } = leased.after(outcome);
            connection
                .prepare_cached(
                    "UPDATE deliveries SET state = ?, tries = ?, due_at = ?, why = ?, lease = NULL WHERE id = ?",
                )?
                .execute(params![to_word(&state)?, tries, due_at, why, id])?;
            Ok(true)
        })
        .await
    }

    async fn next_due(&self, endpoint: &str) -> Stored<Option<Timestamp>> {
        let endpoint = endpoint.to_owned();
        self.read(move |connection| {
            connection
                .prepare_cached("SELECT min(due_at) FROM deliveries WHERE endpoint = ? AND state = 'waiting'")?
                .query_row([endpoint], |row| row.get(0))
        })
        .await
    }

    async fn dead(&self, limit: usize) -> Stored<Vec<Delivery>> {
        self.read(move |connection| {
            connection
                .prepare_cached(&format!("{COLUMNS} WHERE state = ? ORDER BY since, id LIMIT ?"))?
                .query_map(params![to_word(&State::Dead)?, limit], delivery)?
                .collect()
        })
        .await
    }

    async fn revive(&self, ids: Option<&[String]>, now: Timestamp) -> Stored<u64> {
        let ids = ids.map(<[String]>::to_vec);
        let now = Value::Integer(i64::try_from(now).unwrap_or(i64::MAX));
        self.write(move |connection| {
            let change = "UPDATE deliveries SET state = 'waiting', tries = 0, why = NULL, due_at = ?, since = ?";
            change_dead(connection, change, vec![now.clone(), now], ids)
        })
        .await
    }

    async fn drop_dead(&self, ids: Option<&[String]>) -> Stored<u64> {
        let ids = ids.map(<[String]>::to_vec);
        self.write(move |connection| change_dead(connection, "DELETE FROM deliveries", vec![], ids)).await
    }

    async fn forget_past(&self, delivered: Timestamp, noted: Timestamp) -> Stored<u64> {
        self.write(move |connection| {
            let past = connection
                .prepare_cached("DELETE FROM deliveries WHERE state = 'delivered' AND due_at < ?")?
                .execute([delivered])?;
            let old = connection.prepare_cached("DELETE FROM deliveries WHERE since < ?")?.execute([noted])?;
            Ok((past + old) as u64)
        })
        .await
    }
}
