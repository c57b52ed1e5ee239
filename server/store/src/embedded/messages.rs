//! Entries of the room log by the message they began or amend, in the embedded store.

use super::{
    logs::{COLUMNS, entry},
    search,
};
use crate::messages::{blank, replaces_text, text_of, tokens_of};
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use std::collections::BTreeSet;
use studyrooms_domain::{
    chat::tokens,
    log::{Entry, EntryBody, LogName},
};
use studyrooms_protocol::{Seq, ids::MessageId};

/// Ids in one statement. SQLite takes 32,766 values.
const TOGETHER: usize = 500;

/// Which of the entries about a message.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// The one that began it.
    Beginning,
    /// Those that amend it.
    Amendments,
}

/// Entries about these messages, oldest first.
pub(super) fn about(
    connection: &Connection,
    room_id: &str,
    message_ids: &[MessageId],
    part: Part,
) -> rusqlite::Result<Vec<Entry>> {
    let comparison = match part {
        Part::Beginning => "=",
        Part::Amendments => "<>",
    };
    let mut found = Vec::new();
    let ids: BTreeSet<&str> = message_ids.iter().map(MessageId::as_str).collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    for some in ids.chunks(TOGETHER) {
        let sql = about_sql(some.len(), comparison);
        let values = std::iter::once(room_id).chain(some.iter().copied());
        let mut select = connection.prepare(&sql)?;
        for entry in select.query_map(params_from_iter(values), entry)? {
            found.push(entry?);
        }
    }
    found.sort_unstable_by_key(|entry| entry.seq);
    Ok(found)
}

fn about_sql(messages: usize, comparison: &str) -> String {
    let ids = vec!["?"; messages].join(", ");
    format!(
        "{COLUMNS} INDEXED BY entries_by_message
         WHERE room_id = ? AND message_id IN ({ids}) AND type {comparison} 'message'"
    )
}

/// How many messages of others than `except` there are above `after`, up to `limit`.
pub(super) fn count(
    connection: &Connection,
    room_id: &str,
    after: i64,
    except: &str,
    limit: usize,
) -> rusqlite::Result<usize> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM entries INDEXED BY entries_by_type
        WHERE room_id = ? AND log = 'room' AND type = 'message' AND seq > ? AND user_id <> ? LIMIT ?)";
    connection.prepare_cached(sql)?.query_row(params![room_id, after, except, limit], |row| row.get(0))
}

/// What a new entry means for search, and for the text of the message it is about. Entries are
/// given in the order of the log.
pub(super) fn settle(connection: &Connection, entry: &mut Entry) -> rusqlite::Result<()> {
    search::add(connection, entry.room_id.as_str(), entry.seq, &tokens_of(LogName::Room, &entry.body))?;
    let Some(message_id) = replaces_text(LogName::Room, &entry.body) else { return Ok(()) };
    let about = About { connection, room_id: entry.room_id.as_str(), message_id: message_id.as_str(), now: entry.seq };
    let Some(began) = about.began()? else { return Ok(()) };
    if about.is_deleted()? {
        // What comes later is about nothing any more, and must not keep a text either.
        about.blank()?;
        blank(&mut entry.body);
        return Ok(());
    }
    let before = about.tokens()?;
    let now = text_of(&entry.body).map_or_else(BTreeSet::new, |text| tokens(text));
    search::remove(connection, about.room_id, began, before.difference(&now))?;
    search::add(connection, about.room_id, began, now.difference(&before))?;
    if matches!(entry.body, EntryBody::Deleted { .. }) {
        about.blank()?;
    }
    Ok(())
}

/// A message as the log has it before the entry at `now`.
struct About<'a> {
    connection: &'a Connection,
    room_id: &'a str,
    message_id: &'a str,
    now: Seq,
}

impl About<'_> {
    fn began(&self) -> rusqlite::Result<Option<Seq>> {
        self.connection
            .prepare_cached(
                "SELECT seq FROM entries INDEXED BY entries_by_message
                 WHERE room_id = ? AND message_id = ? AND type = 'message' AND seq < ? ORDER BY seq LIMIT 1",
            )?
            .query_row(params![self.room_id, self.message_id, self.now], |row| row.get(0))
            .optional()
    }

    fn is_deleted(&self) -> rusqlite::Result<bool> {
        self.connection
            .prepare_cached(
                "SELECT 1 FROM entries INDEXED BY entries_by_message
                 WHERE room_id = ? AND message_id = ? AND type = 'deleted' AND seq < ?",
            )?
            .exists(params![self.room_id, self.message_id, self.now])
    }

    /// What it is found by: its last edit, or itself.
    fn tokens(&self) -> rusqlite::Result<BTreeSet<String>> {
        let sql = format!(
            "{COLUMNS} INDEXED BY entries_by_message
             WHERE room_id = ? AND message_id = ? AND type IN ('message', 'edited') AND seq < ?
             ORDER BY seq DESC LIMIT 1"
        );
        let last = self
            .connection
            .prepare_cached(&sql)?
            .query_row(params![self.room_id, self.message_id, self.now], entry)
            .optional()?;
        Ok(last.as_ref().and_then(|entry| text_of(&entry.body)).map_or_else(BTreeSet::new, |text| tokens(text)))
    }

    /// Takes the text and the attachments from its entries, those of its edits too.
    fn blank(&self) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE entries INDEXED BY entries_by_message
                 SET payload = json_remove(json_set(payload, '$.text', ''), '$.attachments')
                 WHERE room_id = ? AND message_id = ? AND type IN ('message', 'edited') AND seq <= ?",
            )?
            .execute(params![self.room_id, self.message_id, self.now])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::{plan, schema};

    #[test]
    fn messages_are_looked_up_by_their_ids() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection, 0).unwrap();
        for (comparison, range) in [("=", " AND type=?"), ("<>", "")] {
            let plan = plan(&connection, &about_sql(3, comparison));
            let index = format!("SEARCH entries USING INDEX entries_by_message (room_id=? AND message_id=?{range})");
            assert_eq!(plan, index);
        }
    }
}
