//! Entries of the room log by the message they began or amend, in the embedded store.

use super::{
    logs::{COLUMNS, entry},
    search,
};
use crate::messages::{blank, replaces_text, text_of, tokens_of};
use rusqlite::{Connection, OptionalExtension, Params, params, params_from_iter};
use std::collections::BTreeSet;
use studyrooms_domain::{
    chat::tokens,
    log::{Entry, EntryBody, LogName},
    store::COUNTED,
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

/// Of the newest messages above a position, those of others than a person, up to a limit.
const UNREAD: &str = "SELECT count(*) FROM (SELECT 1 FROM
    (SELECT user_id FROM entries INDEXED BY entries_by_type
     WHERE room_id = ?1 AND log = 'room' AND type = 'message' AND seq > ?2 ORDER BY seq DESC LIMIT ?5)
    WHERE user_id <> ?3 LIMIT ?4)";

/// How many messages of others than `except` there are above `after`, up to `limit`.
pub(super) fn unread(
    connection: &Connection,
    room_id: &str,
    after: i64,
    except: &str,
    limit: usize,
) -> rusqlite::Result<usize> {
    connection.prepare_cached(UNREAD)?.query_row(params![room_id, after, except, limit, COUNTED], |row| row.get(0))
}

/// What a new entry means for search, and for the text of the message it is about. Entries are
/// given in the order of the log.
pub(super) fn settle(connection: &Connection, entry: &mut Entry) -> rusqlite::Result<()> {
    settle_text(connection, entry)?;
    supersede(connection, entry)?;
    match &entry.body {
        EntryBody::Deleted { message_id } => {
            blank_where(connection, "entries_past", "past_of", params![entry.room_id.0, message_id.0, entry.seq])
        }
        _ => Ok(()),
    }
}

/// Takes the text and the attachments from entries about a message, up to a place in the log.
fn blank_where(connection: &Connection, index: &str, column: &str, values: impl Params) -> rusqlite::Result<()> {
    let sql = format!(
        "UPDATE entries INDEXED BY {index}
         SET payload = json_remove(json_set(payload, '$.text', ''), '$.attachments')
         WHERE room_id = ? AND {column} = ? AND type IN ('message', 'edited') AND seq <= ?"
    );
    connection.prepare_cached(&sql)?.execute(values)?;
    Ok(())
}

/// Amendments that count no more are found under `past_of` in place of `message_id`.
const PASS: &str = "UPDATE entries INDEXED BY entries_by_message SET past_of = message_id, message_id = NULL
    WHERE room_id = ?1 AND message_id = ?2 AND type <> 'message' AND seq <= ?3";

/// Lets what a new entry replaces pass, so that reading a message costs what it shows, and not what was
/// done to it.
fn supersede(connection: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    let Some(message_id) = entry.body.about() else { return Ok(()) };
    let (room_id, message_id) = (entry.room_id.as_str(), message_id.as_str());
    let about = About { connection, room_id, message_id, now: entry.seq };
    if !matches!(entry.body, EntryBody::Deleted { .. }) && about.is_deleted()? {
        let sql = format!("{PASS} AND seq = ?3");
        connection.prepare_cached(&sql)?.execute(params![room_id, message_id, entry.seq])?;
        return Ok(());
    }
    let pass = |upto: Seq, what: &str| {
        connection.prepare_cached(&format!("{PASS} AND {what}"))?.execute(params![room_id, message_id, upto])
    };
    let before = entry.seq.saturating_sub(1);
    match &entry.body {
        EntryBody::Edited { .. } => pass(before, "type = 'edited'")?,
        EntryBody::Deleted { .. } => pass(before, "true")?,
        EntryBody::Pinned { on, .. } => pass(if *on { before } else { entry.seq }, "type = 'pinned'")?,
        EntryBody::Reacted { emoji, on, .. } => {
            let which = match (on, about.is_chosen(&entry.user_id.0, emoji)?) {
                (true, false) => return Ok(()),
                // Twice the same is once, and keeps its place.
                (true, true) => "seq = ?3",
                (false, _) => "true",
            };
            let sql =
                format!("{PASS} AND {which} AND type = 'reacted' AND user_id = ?4 AND payload ->> '$.emoji' = ?5");
            let values = params![room_id, message_id, entry.seq, entry.user_id.0, emoji];
            connection.prepare_cached(&sql)?.execute(values)?
        }
        _ => 0,
    };
    Ok(())
}

/// What search finds, and what is blanked of the entries that count. Also for files from before others passed.
pub(super) fn settle_text(connection: &Connection, entry: &mut Entry) -> rusqlite::Result<()> {
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

    /// Whether a person's reaction counts already.
    fn is_chosen(&self, user_id: &str, emoji: &str) -> rusqlite::Result<bool> {
        self.connection
            .prepare_cached(
                "SELECT 1 FROM entries INDEXED BY entries_by_message
                 WHERE room_id = ? AND message_id = ? AND type = 'reacted' AND user_id = ? AND seq < ?
                     AND payload ->> '$.emoji' = ?",
            )?
            .exists(params![self.room_id, self.message_id, user_id, self.now, emoji])
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

    /// Takes the text and the attachments from its entries, those of the edits that count too.
    fn blank(&self) -> rusqlite::Result<()> {
        let values = params![self.room_id, self.message_id, self.now];
        blank_where(self.connection, "entries_by_message", "message_id", values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::{plan, schema};

    #[test]
    fn unread_messages_are_read_from_the_newest_on() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection, 0).unwrap();
        let plan = plan(&connection, UNREAD);
        assert!(plan.contains("USING INDEX entries_by_type (room_id=? AND log=? AND type=? AND seq>?)"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }

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
