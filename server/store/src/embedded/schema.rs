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
    // One owner a group, and `owner_id` is that person: older programs kept its maker there, and could leave
    // two owners or none.
    sql("
    ALTER TABLE rooms ADD COLUMN projected INTEGER;

    CREATE TABLE address_bans (
        room_id TEXT NOT NULL,
        address TEXT NOT NULL,
        until INTEGER NOT NULL,
        PRIMARY KEY (room_id, address)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX address_bans_by_end ON address_bans (until);

    DELETE FROM members WHERE EXISTS
        (SELECT 1 FROM bans WHERE bans.room_id = members.room_id AND bans.user_id = members.user_id);
    UPDATE rooms SET owner_id = coalesce(
        (SELECT user_id FROM members WHERE members.room_id = rooms.room_id
         ORDER BY CASE role WHEN 'owner' THEN 0 WHEN 'mod' THEN 1 WHEN 'member' THEN 2 ELSE 3 END,
                  user_id = rooms.owner_id, joined_at, user_id LIMIT 1),
        owner_id) WHERE kind = 'group';
    UPDATE members SET role = 'mod' WHERE role = 'owner';
    UPDATE members SET role = 'owner' WHERE EXISTS
        (SELECT 1 FROM rooms WHERE kind = 'group' AND rooms.room_id = members.room_id AND owner_id = user_id);
    "),
    sql("CREATE INDEX uploads_by_key ON uploads (key)"),
    // Of amendments that replace each other the last one counts.
    sql("
    ALTER TABLE entries ADD COLUMN past_of TEXT;
    DROP INDEX entries_by_message;
    CREATE TEMP TABLE counting AS
        SELECT room_id, seq, message_id, type,
            row_number() OVER (
                PARTITION BY room_id, message_id, type,
                    iif(type = 'reacted', user_id, ''), iif(type = 'reacted', payload ->> '$.emoji', '')
                ORDER BY seq DESC
            ) = 1 AND coalesce(payload ->> '$.on', 1) AS counts,
            count(*) FILTER (WHERE type = 'deleted') OVER (PARTITION BY room_id, message_id) > 0 AS is_deleted
        FROM entries
        WHERE log = 'room' AND message_id IS NOT NULL AND type <> 'message';
    UPDATE entries SET past_of = entries.message_id, message_id = NULL
        FROM temp.counting AS it
        WHERE entries.room_id = it.room_id AND entries.log = 'room' AND entries.seq = it.seq
            AND (NOT it.counts OR it.is_deleted AND it.type <> 'deleted');
    DROP TABLE temp.counting;
    CREATE INDEX entries_by_message ON entries (room_id, message_id, type, user_id) WHERE message_id IS NOT NULL;
    CREATE INDEX entries_past ON entries (room_id, past_of, type) WHERE past_of IS NOT NULL;
    "),
    sql("CREATE TABLE write_probe (id INTEGER PRIMARY KEY CHECK (id = 1), filler BLOB NOT NULL) STRICT"),
    sql("
    CREATE TABLE room_folds (
        room_id TEXT PRIMARY KEY,
        seq INTEGER NOT NULL,
        fold TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
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
    // People of a room, read markers and work are read in pages, and moderators without the members between them.
    sql("
    CREATE INDEX members_in_order ON members (room_id, joined_at, user_id);
    CREATE INDEX members_moderating ON members (room_id) WHERE role IN ('mod', 'owner');
    CREATE INDEX bans_in_order ON bans (room_id, at DESC, user_id);
    DROP INDEX read_markers_by_room;
    CREATE INDEX read_markers_furthest ON read_markers (room_id, seq DESC, user_id);
    CREATE INDEX worked_in_order ON worked (user_id, began, room_id, seq);
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

    // SPEC 11.5
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
    fn a_file_of_an_older_program_comes_to_one_owner_a_room_and_no_banned_members() {
        let before = STEPS.iter().position(|step| step.sql.contains("address_bans")).unwrap();
        let mut connection = Connection::open_in_memory().unwrap();
        for step in &STEPS[..before] {
            connection.execute_batch(step.sql).unwrap();
        }
        connection.pragma_update(None, "user_version", before).unwrap();
        let rooms = [("handed", "group"), ("two", "group"), ("none", "group"), ("pair", "direct")];
        for (id, kind) in rooms {
            let sql = "INSERT INTO rooms (room_id, code, title, kind, owner_id, settings, created_at)
                VALUES (?1, ?1, 't', ?2, 'ann', '{}', 0)";
            connection.execute(sql, [id, kind]).unwrap();
        }
        for (room, user, role) in [
            ("handed", "ann", "mod"),
            ("handed", "ben", "owner"),
            ("handed", "eve", "member"),
            ("two", "ann", "owner"),
            ("two", "ben", "owner"),
            ("none", "ann", "member"),
            ("none", "ben", "mod"),
            ("pair", "ann", "member"),
            ("pair", "ben", "member"),
        ] {
            let sql = "INSERT INTO members (room_id, user_id, role, joined_at) VALUES (?, ?, ?, 1)";
            connection.execute(sql, [room, user, role]).unwrap();
        }
        let ban = "INSERT INTO bans (room_id, user_id, by_user, at) VALUES ('handed', 'eve', 'ann', 1)";
        connection.execute_batch(ban).unwrap();
        migrate(&mut connection, u32::try_from(before).unwrap()).unwrap();
        let text = |sql: &str| -> Vec<String> {
            connection.prepare(sql).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        let owners = "SELECT room_id || ' ' || user_id FROM members WHERE role = 'owner' ORDER BY room_id";
        assert_eq!(text(owners), ["handed ben", "none ben", "two ben"]);
        assert_eq!(
            text("SELECT room_id || ' ' || owner_id FROM rooms ORDER BY room_id"),
            ["handed ben", "none ben", "pair ann", "two ben"]
        );
        assert!(text("SELECT user_id FROM members WHERE user_id = 'eve'").is_empty());
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
        assert_eq!(count("message_id IS NOT NULL"), 2 * 2503);
        assert_eq!(count("past_of = 'm8' AND type = 'edited'"), 2, "of what is deleted it counts no more");
        assert_eq!(count("message_id = 'm8' AND type = 'message' AND payload ->> '$.text' = ''"), 2);
        assert_eq!(count("payload LIKE '%secret%'"), 0);
    }

    #[test]
    fn of_changes_that_replaced_each_other_before_the_last_ones_count() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate_to(&mut connection, 6);
        let reacted = |user: &str, emoji: &str, on: bool| {
            (user.to_owned(), "reacted", format!(r#"{{"messageId":"m","emoji":"{emoji}","on":{on}}}"#))
        };
        let edited = |n: u32| ("ann".to_owned(), "edited", format!(r#"{{"messageId":"m","text":"{n}"}}"#));
        let pinned = |on: bool| ("mod".to_owned(), "pinned", format!(r#"{{"messageId":"m","on":{on}}}"#));
        let log = [
            edited(1),
            reacted("ann", "👍", true),
            reacted("ben", "👍", true),
            pinned(true),
            edited(2),
            reacted("ann", "👍", false),
            reacted("ann", "🎉", true),
            reacted("ann", "👍", true),
            reacted("ben", "👍", false),
            pinned(false),
        ];
        for (place, (user, kind, payload)) in log.into_iter().enumerate() {
            let row = "INSERT INTO entries (room_id, log, seq, type, user_id, event_id, timestamp, payload, message_id)
                VALUES ('r', 'room', ?1, ?2, ?3, ?1, 1, ?4, 'm')";
            connection.execute(row, rusqlite::params![place + 1, kind, user, payload]).unwrap();
        }
        migrate(&mut connection, 6).unwrap();
        let mut select = connection.prepare("SELECT seq FROM entries WHERE message_id = 'm' ORDER BY seq").unwrap();
        let counting: Vec<u64> = select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(counting, [5, 7, 8]);
    }

    /// Takes the first steps alone.
    fn migrate_to(connection: &mut Connection, steps: usize) {
        for step in &STEPS[..steps] {
            connection.execute_batch(step.sql).unwrap();
        }
        connection.pragma_update(None, "user_version", steps).unwrap();
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
