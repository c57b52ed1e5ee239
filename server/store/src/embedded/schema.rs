//! The tables, by steps: a file knows in `user_version` how many of them it has seen.

use super::search;
use rusqlite::Connection;

/// One version: statements, and what no statement can do, done after them. Steps are never changed
/// once released, only added.
struct Step {
    sql: &'static str,
    then: Option<fn(&Connection) -> rusqlite::Result<()>>,
}

const fn sql(sql: &'static str) -> Step {
    Step { sql, then: None }
}

const STEPS: &[Step] = &[
    sql("
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
    "),
    sql("
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
    "),
    Step {
        sql: "
    ALTER TABLE users ADD COLUMN time_zone TEXT;

    CREATE TABLE identities (
        issuer TEXT NOT NULL,
        subject TEXT NOT NULL,
        user_id TEXT NOT NULL REFERENCES users (user_id),
        PRIMARY KEY (issuer, subject)
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX refresh_tokens_by_user ON refresh_tokens (user_id);

    ALTER TABLE rooms ADD COLUMN pair TEXT;
    CREATE UNIQUE INDEX rooms_by_pair ON rooms (pair) WHERE pair IS NOT NULL;

    ALTER TABLE entries ADD COLUMN message_id TEXT;
    UPDATE entries SET message_id = json_extract(payload, iif(type = 'message', '$.id', '$.messageId'))
        WHERE log = 'room' AND type IN ('message', 'edited', 'deleted', 'reacted', 'pinned');
    CREATE INDEX entries_by_message ON entries (room_id, message_id, type) WHERE message_id IS NOT NULL;

    CREATE TABLE tokens (
        room_id TEXT NOT NULL,
        token TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (room_id, token, seq)
    ) STRICT, WITHOUT ROWID;
    ",
        then: Some(search::index_all),
    },
    sql("
    CREATE TABLE followed (
        room_id TEXT NOT NULL,
        consumer TEXT NOT NULL,
        seq INTEGER NOT NULL,
        PRIMARY KEY (room_id, consumer)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE deliveries (
        id TEXT PRIMARY KEY,
        endpoint TEXT NOT NULL,
        room_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        state TEXT NOT NULL,
        tries INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        since INTEGER NOT NULL,
        lease TEXT,
        why TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX deliveries_due ON deliveries (endpoint, state, due_at);
    CREATE INDEX deliveries_by_state ON deliveries (state, due_at);
    CREATE INDEX deliveries_by_age ON deliveries (since);
    CREATE INDEX deliveries_by_room ON deliveries (room_id);

    CREATE TABLE days (
        room_id TEXT NOT NULL,
        date TEXT NOT NULL,
        counted INTEGER NOT NULL,
        tally TEXT NOT NULL,
        PRIMARY KEY (room_id, date)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE worked (
        user_id TEXT NOT NULL,
        room_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        began INTEGER NOT NULL,
        ended INTEGER NOT NULL,
        PRIMARY KEY (user_id, room_id, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX worked_by_room ON worked (room_id);
    "),
    sql("
    ALTER TABLE uploads ADD COLUMN multipart TEXT;
    ALTER TABLE uploads ADD COLUMN thumbnail TEXT;
    ALTER TABLE uploads ADD COLUMN doomed INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX uploads_by_user ON uploads (user_id);
    CREATE INDEX uploads_doomed ON uploads (created_at) WHERE doomed = 1;
    "),
    sql("ALTER TABLE users ADD COLUMN avatar TEXT"),
    sql("
    CREATE TABLE token_families (
        id TEXT PRIMARY KEY,
        user_id TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        version INTEGER NOT NULL,
        tokens TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX token_families_by_user ON token_families (user_id, expires_at);
    CREATE INDEX token_families_by_expiry ON token_families (expires_at);
    "),
    // From here on points may be stored as texts, and board logs compacted.
    sql("
    ALTER TABLE snapshots ADD COLUMN log_bytes INTEGER;

    CREATE TABLE kept_snapshots (
        room_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        elements TEXT NOT NULL,
        PRIMARY KEY (room_id, seq)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE versions (
        room_id TEXT NOT NULL,
        seq INTEGER NOT NULL,
        version_id TEXT NOT NULL,
        board_seq INTEGER NOT NULL,
        title TEXT,
        user_id TEXT NOT NULL,
        timestamp INTEGER NOT NULL,
        has_picture INTEGER NOT NULL,
        PRIMARY KEY (room_id, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX versions_by_id ON versions (room_id, version_id);
    INSERT OR IGNORE INTO versions
        SELECT room_id, seq, payload ->> '$.versionId', payload ->> '$.boardSeq', payload ->> '$.title', user_id, timestamp,
            payload ->> '$.dataUrl' IS NOT NULL
        FROM entries WHERE log = 'room' AND type = 'saved';
    "),
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
        transaction.execute_batch(step.sql)?;
        if let Some(then) = step.then {
            then(&transaction)?;
        }
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
        connection.execute_batch(STEPS[0].sql).unwrap();
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

    #[test]
    fn a_file_from_before_search_is_indexed_and_what_was_deleted_is_blanked() {
        let mut connection = Connection::open_in_memory().unwrap();
        for step in &STEPS[..2] {
            connection.execute_batch(step.sql).unwrap();
        }
        connection.pragma_update(None, "user_version", 2).unwrap();
        let message = |n: u32| {
            let text = format!("word{n} früh");
            ("message", format!(r#"{{"id":"m{n}","senderName":"Ann","text":"{text}","attachments":[]}}"#))
        };
        let mut log: Vec<(&str, String)> = (1..=2500).map(message).collect();
        log.extend([
            ("edited", r#"{"messageId":"m7","text":"later"}"#.into()),
            ("edited", r#"{"messageId":"m8","text":"secret"}"#.into()),
            ("deleted", r#"{"messageId":"m8"}"#.into()),
            ("reacted", r#"{"messageId":"m9","emoji":"👍","on":true}"#.into()),
            ("left", r#"{"socketId":"s","reason":"lost"}"#.into()),
        ]);
        for room in ["r", "q"] {
            for (place, (kind, payload)) in log.iter().enumerate() {
                let row = "INSERT INTO entries (room_id, log, seq, type, user_id, event_id, timestamp, payload)
                    VALUES (?1, 'room', ?2, ?3, 'ann', ?2, 1, ?4)";
                connection.execute(row, rusqlite::params![room, place + 1, kind, payload]).unwrap();
            }
        }
        let drawn = "INSERT INTO entries VALUES ('r', 'board', 1, 'drawn', 'ann', 'e', 1, '{\"ops\":[]}')";
        connection.execute_batch(drawn).unwrap();
        migrate(&mut connection, 2).unwrap();
        for room in ["r", "q"] {
            let found = |word: &str| -> Vec<u64> {
                let found = search::find(&connection, room, &[word.into()], i64::MAX, 3000).unwrap();
                found.into_iter().map(|entry| entry.seq).collect()
            };
            assert_eq!(found("fruh").len(), 2498);
            assert_eq!((found("word2500"), found("later")), (vec![2500], vec![7]));
            assert!(found("secret").is_empty() && !found("word8").contains(&8) && !found("word7").contains(&7));
        }
        let count = |condition: &str| -> u64 {
            let sql = format!("SELECT count(*) FROM entries WHERE {condition}");
            connection.query_row(&sql, [], |row| row.get(0)).unwrap()
        };
        assert_eq!(count("message_id IS NOT NULL"), 2 * 2504);
        assert_eq!(count("message_id = 'm8' AND type = 'message' AND payload ->> '$.text' = ''"), 2);
        assert_eq!(count("payload LIKE '%secret%'"), 0);
    }

    #[test]
    fn versions_saved_by_an_earlier_program_are_listed() {
        let mut connection = Connection::open_in_memory().unwrap();
        let before = STEPS.iter().position(|step| step.sql.contains("CREATE TABLE versions")).unwrap();
        STEPS[..before].iter().for_each(|step| connection.execute_batch(step.sql).unwrap());
        let row = "INSERT INTO entries (room_id, log, seq, type, user_id, event_id, timestamp, payload)
            VALUES ('r', 'room', ?1, 'saved', 'ann', ?1, 5, ?2)";
        for (seq, payload) in [
            (1, r#"{"versionId":"v1","boardSeq":3,"title":"First","dataUrl":"data:image/png;base64,AA=="}"#),
            (2, r#"{"versionId":"v2","boardSeq":4}"#),
        ] {
            connection.execute(row, rusqlite::params![seq, payload]).unwrap();
        }
        let plain = r##"[{"id":"s","kind":"stroke","points":[[1.5,2.0]],"color":"#000","width":1.0,"z":1.0}]"##;
        connection.execute("INSERT INTO snapshots VALUES ('r', 4, ?1, 1)", [plain]).unwrap();
        migrate(&mut connection, u32::try_from(before).unwrap()).unwrap();
        let listed = super::super::versions::list(&connection, "r", None, 10).unwrap();
        let told: Vec<_> = listed.iter().map(|one| (one.version_id.as_str(), one.board_seq, one.has_picture)).collect();
        assert_eq!(told, [("v2", 4, false), ("v1", 3, true)]);
        let picture = super::super::versions::picture(&connection, "r", "v1").unwrap();
        assert_eq!(picture.as_deref(), Some("data:image/png;base64,AA=="));
        let counted: Option<u64> =
            connection.query_row("SELECT log_bytes FROM snapshots", [], |row| row.get(0)).unwrap();
        assert_eq!(counted, None);
    }
}
