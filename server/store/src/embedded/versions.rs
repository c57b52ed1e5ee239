//! Saved versions of boards, and the compaction of board logs, in the embedded store. What lists need of a version lies
//! beside the log, so that no picture is read with it.

use super::logs::{self, last_seq};
use rusqlite::{Connection, OptionalExtension, Row, params};
use studyrooms_domain::{
    log::{Entry, EntryBody, LogName},
    store::REMEMBERED,
};
use studyrooms_protocol::{
    Seq, Timestamp,
    board::BoardVersion,
    ids::{UserId, VersionId},
};

const COLUMNS: &str = "SELECT version_id, board_seq, title, user_id, timestamp, has_picture FROM versions";
/// Entries compacted or removed in one commit.
pub(super) const TOGETHER: usize = 1000;

/// Notes a version when an entry saves one.
pub(super) fn note(connection: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    let EntryBody::Saved { version_id, board_seq, title, data_url } = &entry.body else { return Ok(()) };
    let Entry { room_id, seq, user_id, timestamp, .. } = entry;
    let (has_picture, id) = (data_url.is_some(), version_id.as_str());
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO versions (room_id, seq, version_id, board_seq, title, user_id, timestamp, has_picture)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![room_id.0, seq, id, board_seq, title, user_id.0, timestamp, has_picture])?;
    Ok(())
}

fn version(row: &Row<'_>) -> rusqlite::Result<BoardVersion> {
    Ok(BoardVersion {
        version_id: VersionId(row.get(0)?),
        board_seq: row.get(1)?,
        title: row.get(2)?,
        by: UserId(row.get(3)?),
        timestamp: row.get(4)?,
        data_url: None,
        has_picture: row.get(5)?,
    })
}

/// The place in the room log of a version.
fn place(connection: &Connection, room_id: &str, version_id: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT seq FROM versions WHERE room_id = ? AND version_id = ?")?
        .query_row([room_id, version_id], |row| row.get(0))
        .optional()
}

pub(super) fn list(
    connection: &Connection,
    room_id: &str,
    before: Option<&str>,
    limit: usize,
) -> rusqlite::Result<Vec<BoardVersion>> {
    let before = match before {
        None => i64::MAX,
        Some(version_id) => place(connection, room_id, version_id)?.unwrap_or(0),
    };
    let sql = format!("{COLUMNS} WHERE room_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?");
    connection.prepare_cached(&sql)?.query_map(params![room_id, before, limit], version)?.collect()
}

pub(super) fn find(connection: &Connection, room_id: &str, id: &str) -> rusqlite::Result<Option<BoardVersion>> {
    let sql = format!("{COLUMNS} WHERE room_id = ? AND version_id = ?");
    connection.prepare_cached(&sql)?.query_row([room_id, id], version).optional()
}

pub(super) fn picture(connection: &Connection, room_id: &str, id: &str) -> rusqlite::Result<Option<String>> {
    let Some(seq) = place(connection, room_id, id)? else { return Ok(None) };
    connection
        .prepare_cached("SELECT payload ->> '$.dataUrl' FROM entries WHERE room_id = ? AND log = 'room' AND seq = ?")?
        .query_row(params![room_id, seq], |row| row.get(0))
        .optional()
        .map(Option::flatten)
}

/// Compacts or removes some of the entries; gives how many it were.
pub(super) fn compact(connection: &Connection, room_id: &str, upto: Seq, before: Timestamp) -> rusqlite::Result<usize> {
    let compacted = connection
        .prepare_cached(
            "UPDATE entries SET type = 'compacted', payload = '{}' WHERE room_id = ?1 AND log = 'board' AND seq IN
             (SELECT seq FROM entries WHERE room_id = ?1 AND log = 'board' AND type = 'drawn' AND seq <= ?2
              ORDER BY seq LIMIT ?3)",
        )?
        .execute(params![room_id, logs::place(upto), TOGETHER])?;
    let removed = connection
        .prepare_cached(
            "DELETE FROM entries WHERE room_id = ?1 AND log = 'board' AND seq IN
             (SELECT seq FROM entries WHERE room_id = ?1 AND log = 'board' AND type = 'compacted' AND seq < ?2
              AND timestamp < ?3 ORDER BY seq LIMIT ?4)",
        )?
        .execute(params![room_id, logs::place(upto.saturating_sub(REMEMBERED)), before, TOGETHER])?;
    Ok(compacted.max(removed))
}

pub(super) fn compacted(connection: &Connection, room_id: &str) -> rusqlite::Result<Seq> {
    connection
        .prepare_cached(
            "SELECT coalesce(max(seq), 0) FROM entries WHERE room_id = ? AND log = 'board' AND type = 'compacted'",
        )?
        .query_row([room_id], |row| row.get(0))
}

pub(super) fn begin(connection: &Connection, log: LogName, entry: &Entry) -> rusqlite::Result<bool> {
    if last_seq(connection, entry.room_id.as_str(), log.as_str())? > 0 {
        return Ok(false);
    }
    let Entry { event_id, room_id, seq, user_id, timestamp, body } = entry;
    let (name, kind, payload) = (log.as_str(), body.kind(), logs::payload(body)?);
    connection
        .prepare_cached(
            "INSERT INTO entries (room_id, log, seq, type, user_id, event_id, timestamp, payload)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![room_id.0, name, seq, kind, user_id.0, event_id.0, timestamp, payload])?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::super::{plan, schema};
    use super::*;
    use studyrooms_domain::log::Draft;

    /// Whatever there is of them, only what is shown is read, and no picture.
    #[test]
    fn lists_and_pictures_of_versions_read_ranges_of_an_index() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection, 0).unwrap();
        let list = plan(&connection, &format!("{COLUMNS} WHERE room_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?"));
        assert_eq!(list, "SEARCH versions USING PRIMARY KEY (room_id=? AND seq<?)");
        let one = plan(&connection, &format!("{COLUMNS} WHERE room_id = ? AND version_id = ?"));
        assert_eq!(one, "SEARCH versions USING INDEX versions_by_id (room_id=? AND version_id=?)");
        let drawn = "SELECT seq FROM entries WHERE room_id = ? AND log = 'board' AND type = 'drawn' AND seq <= ?
            ORDER BY seq LIMIT ?";
        let drawn = plan(&connection, drawn);
        assert!(drawn.contains("entries_by_type (room_id=? AND log=? AND type=? AND seq<?)"), "{drawn}");
    }

    /// Steps of SQLite's machine for the newest 100 versions and for one picture, with so many versions there.
    fn steps(count: u32) -> [i32; 2] {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection, 0).unwrap();
        let picture = format!("data:image/png;base64,{}", "A".repeat(2_000));
        let drafts = (0..count).map(|n| Draft {
            event_id: n.to_string().into(),
            user_id: "ann".into(),
            timestamp: 1,
            body: EntryBody::Saved {
                version_id: VersionId(format!("v{n}")),
                board_seq: 1,
                title: None,
                data_url: Some(picture.clone()),
            },
        });
        logs::append(&connection, &"r".into(), LogName::Room, drafts.collect()).unwrap();
        assert_eq!(list(&connection, "r", None, 100).unwrap().len(), 100.min(count as usize));
        assert_eq!(super::picture(&connection, "r", "v7").unwrap(), Some(picture));
        let count = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
            let mut statement = connection.prepare(sql).unwrap();
            let mut rows = statement.query(values).unwrap();
            while rows.next().unwrap().is_some() {}
            drop(rows);
            statement.get_status(rusqlite::StatementStatus::VmStep)
        };
        let listed = format!("{COLUMNS} WHERE room_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?");
        let found = format!("{COLUMNS} WHERE room_id = ? AND version_id = ?");
        [count(&listed, &[&"r", &i64::MAX, &100]), count(&found, &[&"r", &"v7"])]
    }

    #[test]
    fn what_is_read_for_a_list_or_a_picture_does_not_grow_with_the_versions() {
        let [few, some, many] = [10, 100, 1_000].map(steps);
        assert!(many[0] <= some[0] + 10, "lists: {few:?} {some:?} {many:?}");
        assert!(many[1] <= few[1] + 2, "one: {few:?} {some:?} {many:?}");
    }
}
