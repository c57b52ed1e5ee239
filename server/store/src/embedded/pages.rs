//! Pages of a log by the type of its entries, in the embedded store.

use super::logs::{COLUMNS, entries};
use rusqlite::{Connection, ToSql};
use std::collections::BTreeSet;
use studyrooms_domain::log::Entry;

/// Which entries of a log.
pub(super) struct Page {
    room_id: String,
    log: &'static str,
    kinds: BTreeSet<String>,
    limit: usize,
}

impl Page {
    pub(super) fn new(room_id: &str, log: &'static str, kinds: &[&str], limit: usize) -> Self {
        Self { room_id: room_id.to_owned(), log, kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(), limit }
    }

    /// Those nearest below `seq`, oldest first.
    pub(super) fn before(&self, connection: &Connection, seq: i64) -> rusqlite::Result<Vec<Entry>> {
        let mut page = self.read(connection, &self.sql("<", "DESC"), seq)?;
        page.reverse();
        Ok(page)
    }

    /// Those nearest above `seq`, oldest first.
    pub(super) fn after(&self, connection: &Connection, seq: i64) -> rusqlite::Result<Vec<Entry>> {
        self.read(connection, &self.sql(">", "ASC"), seq)
    }

    /// Each type is read in order from the index, and the parts are merged: no more is read than
    /// the page holds.
    fn sql(&self, comparison: &str, order: &str) -> String {
        let part = |kind| {
            format!(
                "{COLUMNS} INDEXED BY entries_by_type
                 WHERE room_id = ?1 AND log = ?2 AND type = ?{kind} AND seq {comparison} ?3"
            )
        };
        let parts: Vec<String> = (5..).take(self.kinds.len()).map(part).collect();
        format!("{} ORDER BY seq {order} LIMIT ?4", parts.join(" UNION ALL "))
    }

    fn read(&self, connection: &Connection, sql: &str, seq: i64) -> rusqlite::Result<Vec<Entry>> {
        if self.kinds.is_empty() {
            return Ok(Vec::new());
        }
        let mut values: Vec<&dyn ToSql> = vec![&self.room_id, &self.log, &seq, &self.limit];
        values.extend(self.kinds.iter().map(|kind| kind as &dyn ToSql));
        entries(connection, sql, values.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::{plan, schema};

    // SPEC 2.6
    #[test]
    fn no_page_is_sorted_or_read_beyond_its_end() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection, 0).unwrap();
        for kinds in [&["message"][..], &["joined", "left", "muted"]] {
            let sql = Page::new("r", "room", kinds, 9).sql("<", "DESC");
            let plan = plan(&connection, &sql);
            assert_eq!(
                plan.matches("USING INDEX entries_by_type (room_id=? AND log=? AND type=? AND seq<?)").count(),
                kinds.len(),
                "{plan}"
            );
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}
