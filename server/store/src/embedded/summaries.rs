//! Days of rooms in the embedded store.

use super::{Embedded, from_json, to_json};
use async_trait::async_trait;
use rusqlite::{OptionalExtension, Row, params};
use studyrooms_domain::{store::Stored, summaries::Day, worker::Summaries};
use studyrooms_protocol::{Seq, ids::RoomId};

const COLUMNS: &str = "SELECT date, counted, tally FROM days";
/// After every date.
const LAST: &str = "~";

fn day(row: &Row<'_>) -> rusqlite::Result<Day> {
    Ok(Day { date: row.get(0)?, counted: row.get(1)?, tally: from_json(2, row.get_ref(2)?.as_str()?)? })
}

#[async_trait]
impl Summaries for Embedded {
    async fn day(&self, room_id: &RoomId, date: &str) -> Stored<Option<Day>> {
        let key = [room_id.0.clone(), date.to_owned()];
        self.read(move |connection| {
            connection
                .prepare_cached(&format!("{COLUMNS} WHERE room_id = ? AND date = ?"))?
                .query_row(key, day)
                .optional()
        })
        .await
    }

    async fn replace(&self, room_id: &RoomId, day: Day, before: Seq) -> Stored<bool> {
        let room_id = room_id.0.clone();
        self.write(move |connection| {
            let Day { date, counted, tally } = day;
            let tally = to_json(&tally)?;
            let changed = if before == 0 {
                connection
                    .prepare_cached(
                        "INSERT INTO days (room_id, date, counted, tally) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    )?
                    .execute(params![room_id, date, counted, tally])?
            } else {
                connection
                    .prepare_cached(
                        "UPDATE days SET counted = ?, tally = ? WHERE room_id = ? AND date = ? AND counted = ?",
                    )?
                    .execute(params![counted, tally, room_id, date, before])?
            };
            Ok(changed == 1)
        })
        .await
    }

    async fn days_before(&self, room_id: &RoomId, before: Option<&str>, limit: usize) -> Stored<Vec<Day>> {
        let (room_id, before) = (room_id.0.clone(), before.unwrap_or(LAST).to_owned());
        self.read(move |connection| {
            let mut days: Vec<Day> = connection
                .prepare_cached(&format!("{COLUMNS} WHERE room_id = ? AND date < ? ORDER BY date DESC LIMIT ?"))?
                .query_map(params![room_id, before, limit], day)?
                .collect::<rusqlite::Result<_>>()?;
            days.reverse();
            Ok(days)
        })
        .await
    }
}
