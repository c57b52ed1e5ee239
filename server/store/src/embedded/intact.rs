//! Whether a data directory still holds what was stored in it. SQLite takes an empty file for a new
//! database and a log whose head is not readable for an empty one: both would begin anew, in silence.

use super::OpenError;
use std::{
    fs::{self, File},
    io::{self, BufReader, Read},
    path::Path,
};

/// Stands beside a database that has been in use.
const MARKER: &str = "studyrooms.initialized";
const WORDS: &str = "This directory holds the data of a StudyRooms server. Beside this file studyrooms.db is never empty:\n\
    when it is, the server does not start. Remove this file to begin anew without the data.\n";

/// The write-ahead log: a head, then frames, each with a head of its own and a page.
const HEAD: usize = 32;
const FRAME_HEAD: usize = 24;
/// The first four bytes, for sums over big-endian words when the last bit is set.
const MAGIC: u32 = 0x377f_0682;
const VERSION: u32 = 3_007_000;
/// Each time the log begins anew, its first salt is one more; what is left of older rounds is not
/// older than this.
const ROUNDS: u32 = 1 << 24;

/// Looks at the files before SQLite does.
///
/// # Errors
/// `Emptied`, `LogUnreadable`, `Directory`.
pub(super) fn check(data_dir: &Path, database: &Path) -> Result<(), OpenError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| OpenError::Directory { path, source }
    };
    let log = database.with_extension("db-wal");
    let (size, log_size) = (size(database).map_err(failed(database))?, size(&log).map_err(failed(&log))?);
    let was_used = data_dir.join(MARKER).exists() || log_size > HEAD as u64;
    if size == 0 && was_used {
        return Err(OpenError::Emptied { path: database.to_owned(), marker: data_dir.join(MARKER) });
    }
    // A shorter one was cut off before anything in it was acknowledged.
    if log_size > HEAD as u64 && !is_readable(&log).map_err(failed(&log))? {
        return Err(OpenError::LogUnreadable { path: log });
    }
    Ok(())
}

/// Looks at the schema that was found, 0 for none.
///
/// # Errors
/// `Emptied`, when the database is without any table and was in use.
pub(super) fn check_schema(data_dir: &Path, database: &Path, found: u32) -> Result<(), OpenError> {
    let marker = data_dir.join(MARKER);
    if found == 0 && marker.exists() {
        return Err(OpenError::Emptied { path: database.to_owned(), marker });
    }
    Ok(())
}

/// Notes that the database is in use from now on.
///
/// # Errors
/// `Directory`.
pub(super) fn mark(data_dir: &Path) -> Result<(), OpenError> {
    let marker = data_dir.join(MARKER);
    if marker.exists() {
        return Ok(());
    }
    let written = fs::write(&marker, WORDS).and_then(|()| File::open(&marker)?.sync_all());
    written.map_err(|source| OpenError::Directory { path: marker, source })
}

fn size(path: &Path) -> io::Result<u64> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

/// Whether the log can be read as far as commits were acknowledged. A write that was cut off leaves at
/// most one commit that does not add up: each is synced before the next begins.
fn is_readable(log: &Path) -> io::Result<bool> {
    let file = match File::open(log) {
        // Whoever had the database last has just taken it in.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        file => file?,
    };
    let mut log = BufReader::new(file);
    let mut head = [0; HEAD];
    match log.read_exact(&mut head) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(true),
        read => read?,
    }
    let Some(mut sum) = Sum::of_head(&head) else { return Ok(false) };
    let page = word(&head, 8) as usize;
    let mut frame = vec![0; FRAME_HEAD + if page == 1 { 65_536 } else { page }];
    // Commits at and after the first frame that does not add up, and frames that are none.
    let (mut broken, mut strange) = (0, 0);
    loop {
        match log.read_exact(&mut frame) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(broken < 2 && strange < 2),
            Err(error) => return Err(error),
        }
        if frame[8..16] != head[16..24] {
            // Frames of earlier rounds of the log follow those of this one, and zeros the end of what was written.
            let round = word(&head, 16).wrapping_sub(word(&frame, 8));
            if (1..ROUNDS).contains(&round) || frame[..FRAME_HEAD].iter().all(|byte| *byte == 0) {
                return Ok(broken < 2 && strange < 2);
            }
            strange += 1;
            continue;
        }
        sum.add(&frame[..8]);
        sum.add(&frame[FRAME_HEAD..]);
        if broken > 0 || !sum.is(&frame[16..24]) {
            // A commit tells how large the database is.
            broken += usize::from(word(&frame, 4) > 0);
        }
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().fold(0, |word, byte| word << 8 | u32::from(*byte))
}

/// The running sum over a log.
struct Sum {
    is_big_endian: bool,
    sums: [u32; 2],
}

impl Sum {
    /// None when the head is not that of a log.
    fn of_head(head: &[u8; HEAD]) -> Option<Self> {
        let magic = word(head, 0);
        let mut sum = Self { is_big_endian: magic & 1 == 1, sums: [0, 0] };
        sum.add(&head[..24]);
        let page = word(head, 8);
        let is_size = page == 1 || (512..=32_768).contains(&page) && page.is_power_of_two();
        (magic & !1 == MAGIC && word(head, 4) == VERSION && is_size && sum.is(&head[24..])).then_some(sum)
    }

    /// Of whole pairs of words.
    fn add(&mut self, bytes: &[u8]) {
        for pair in bytes.chunks_exact(8) {
            for (own, other) in [(0, 1), (1, 0)] {
                let word = word(pair, 4 * own);
                let word = if self.is_big_endian { word } else { word.swap_bytes() };
                self.sums[own] = self.sums[own].wrapping_add(word).wrapping_add(self.sums[other]);
            }
        }
    }

    fn is(&self, stored: &[u8]) -> bool {
        self.sums == [word(stored, 0), word(stored, 4)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;
    use std::path::PathBuf;
    use tempfile::TempDir;

    /// A database that was killed with `commits` in its log and none of them in the file.
    fn killed(commits: u32) -> (TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let (from, to) = (directory.path().join("live.db"), directory.path().join("studyrooms.db"));
        let connection = super::super::connect(&from).unwrap();
        connection.execute_batch("CREATE TABLE t (a)").unwrap();
        for n in 1..commits {
            connection.execute("INSERT INTO t VALUES (?)", [n]).unwrap();
        }
        for ending in ["db", "db-wal"] {
            fs::copy(from.with_extension(ending), to.with_extension(ending)).unwrap();
        }
        (directory, to)
    }

    fn change_log(database: &Path, change: impl FnOnce(&mut Vec<u8>)) {
        let log = database.with_extension("db-wal");
        let mut bytes = fs::read(&log).unwrap();
        change(&mut bytes);
        fs::write(log, bytes).unwrap();
    }

    fn outcome(database: &Path) -> Result<(), OpenError> {
        check(database.parent().unwrap(), database)
    }

    #[test]
    fn what_a_killed_server_leaves_is_opened_also_with_its_last_write_torn() {
        let (_directory, database) = killed(6);
        assert!(outcome(&database).is_ok());
        change_log(&database, |bytes| {
            let last = bytes.len() - 100;
            bytes[last] ^= 1;
        });
        assert!(outcome(&database).is_ok());
        change_log(&database, |bytes| bytes.truncate(bytes.len() - 1000));
        assert!(outcome(&database).is_ok());
        assert_eq!(Connection::open(&database).unwrap().query_row("SELECT max(a) FROM t", [], |row| row.get(0)), Ok(4));
    }

    #[test]
    fn a_log_of_garbage_and_one_that_breaks_before_its_end_are_refused() {
        for change in [
            |bytes: &mut Vec<u8>| bytes.fill(0x5a),
            |bytes: &mut Vec<u8>| bytes[20] ^= 1,
            |bytes: &mut Vec<u8>| bytes[HEAD..].fill(0x5a),
            |bytes: &mut Vec<u8>| bytes[HEAD + 200] ^= 1,
        ] {
            let (_directory, database) = killed(6);
            change_log(&database, change);
            assert!(matches!(outcome(&database), Err(OpenError::LogUnreadable { .. })));
        }
    }

    #[test]
    fn a_log_that_was_begun_anew_over_an_older_one_is_readable() {
        let directory = tempfile::tempdir().unwrap();
        let database = directory.path().join("studyrooms.db");
        let connection = super::super::connect(&database).unwrap();
        connection.execute_batch("CREATE TABLE t (a)").unwrap();
        for n in 0..50 {
            connection.execute("INSERT INTO t VALUES (?)", [n]).unwrap();
        }
        connection.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(())).unwrap();
        connection.execute("INSERT INTO t VALUES (51)", []).unwrap();
        assert!(outcome(&database).is_ok());
    }

    // SPEC 11.5
    #[test]
    fn an_empty_database_is_new_only_where_none_was() {
        let directory = tempfile::tempdir().unwrap();
        let (data_dir, database) = (directory.path(), directory.path().join("studyrooms.db"));
        assert!(check(data_dir, &database).is_ok() && check_schema(data_dir, &database, 0).is_ok());
        mark(data_dir).unwrap();
        assert!(check_schema(data_dir, &database, 6).is_ok());
        assert!(matches!(check(data_dir, &database), Err(OpenError::Emptied { .. })), "it is missing");
        fs::write(&database, "").unwrap();
        assert!(matches!(check(data_dir, &database), Err(OpenError::Emptied { .. })), "it has no byte");
        fs::write(&database, "something").unwrap();
        assert!(check(data_dir, &database).is_ok(), "SQLite tells the rest");
        assert!(matches!(check_schema(data_dir, &database, 0), Err(OpenError::Emptied { .. })), "it has no table");
    }
}
