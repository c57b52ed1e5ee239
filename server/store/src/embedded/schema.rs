//! The tables, by steps: a file knows in `user_version` how many of them it has seen.

use rusqlite::Connection;

/// One string a version. Steps are never changed once released, only added.
const STEPS: &[&str] = &[
    "
    CREATE TABLE users (
        user_id TEXT PRIMARY KEY,
        email TEXT UNIQUE,
        name TEXT NOT NULL,
        password_hash TEXT,
        created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE refresh_tokens (
        hash BLOB PRIMARY KEY,
        family TEXT NOT NULL,
        user_id TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        used_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);
    CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

    CREATE TABLE rooms (
        room_id TEXT PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        kind TEXT NOT NULL,
        owner_id TEXT NOT NULL,
        settings TEXT NOT NULL,
        created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE members (
        room_id TEXT NOT NULL REFERENCES rooms (room_id) ON DELETE CASCADE,
        user_id TEXT NOT NULL,
        role TEXT NOT NULL,
        joined_at INTEGER NOT NULL,
        PRIMARY KEY (room_id, user_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX members_by_user ON members (user_id, joined_at DESC);

    CREATE TABLE entries (
        room_id TEXT NOT NULL,
        log TEXT NOT NULL,
        seq INTEGER NOT NULL,
        type TEXT NOT NULL,
        user_id TEXT NOT NULL,
        event_id TEXT NOT NULL,
        timestamp INTEGER NOT NULL,
        payload TEXT NOT NULL,
        PRIMARY KEY (room_id, log, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX entries_once ON entries (room_id, log, user_id, event_id);
    CREATE INDEX entries_by_type ON entries (room_id, log, type, seq);

    CREATE TABLE snapshots (
        room_id TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        elements TEXT NOT NULL,
        created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    ",
    "
    CREATE TABLE bans (
        room_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        by_user TEXT NOT NULL,
        reason TEXT,
        at INTEGER NOT NULL,
        PRIMARY KEY (room_id, user_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE read_markers (
        user_id TEXT NOT NULL,
        room_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (user_id, room_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX read_markers_by_room ON read_markers (room_id);

    CREATE TABLE uploads (
        upload_id TEXT PRIMARY KEY,
        room_id TEXT NOT NULL,
        user_id TEXT NOT NULL,
        key TEXT NOT NULL,
        name TEXT NOT NULL,
        size INTEGER NOT NULL,
        mime_type TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        announced_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX uploads_by_room ON uploads (room_id, created_at);
    CREATE INDEX uploads_waiting ON uploads (created_at) WHERE announced_at IS NULL;
    ",
];

/// The version after all steps.
#[expect(clippy::cast_possible_truncation, reason = "a handful of steps")]
pub(super) const NEWEST: u32 = STEPS.len() as u32;

/// How many steps the file has seen.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Takes the steps that are missing, each of them whole or not at all.
pub(super) fn migrate(connection: &mut Connection, found: u32) -> rusqlite::Result<()> {
    for (done, step) in STEPS.iter().enumerate().skip(found as usize) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", done + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_first_version_keeps_its_rows() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(STEPS[0]).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        let row = "INSERT INTO users (user_id, name, created_at) VALUES ('ann', 'Ann', 1)";
        connection.execute_batch(row).unwrap();
        let found = version(&connection).unwrap();
        migrate(&mut connection, found).unwrap();
        assert_eq!(version(&connection).unwrap(), NEWEST);
        let count = |table| -> u64 {
            connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
        };
        assert_eq!((count("users"), count("uploads")), (1, 0));
    }
}
