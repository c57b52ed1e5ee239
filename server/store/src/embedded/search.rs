//! The words of messages, in the embedded store: a row for each word of each message, in the order
//! of the words, so that those that begin alike lie together.

use super::{logs, messages};
use crate::messages::deciding;
use rusqlite::{Connection, ToSql, params, types::Value};
use studyrooms_domain::log::Entry;
use studyrooms_protocol::Seq;

/// Entries indexed anew before the next are read.
const TOGETHER: usize = 1000;

pub(super) fn add<'a>(
    connection: &Connection,
    room_id: &str,
    seq: Seq,
    tokens: impl IntoIterator<Item = &'a String>,
) -> rusqlite::Result<()> {
    let mut insert =
        connection.prepare_cached("INSERT OR IGNORE INTO tokens (room_id, token, seq) VALUES (?, ?, ?)")?;
    for token in tokens {
        insert.execute(params![room_id, token, seq])?;
    }
    Ok(())
}

pub(super) fn remove<'a>(
    connection: &Connection,
    room_id: &str,
    seq: Seq,
    tokens: impl IntoIterator<Item = &'a String>,
) -> rusqlite::Result<()> {
    let mut delete = connection.prepare_cached("DELETE FROM tokens WHERE room_id = ? AND token = ? AND seq = ?")?;
    for token in tokens {
        delete.execute(params![room_id, token, seq])?;
    }
    Ok(())
}

/// Entries of messages below `before` with all of `words`, the nearest, oldest first.
pub(super) fn find(
    connection: &Connection,
    room_id: &str,
    words: &[String],
    before: i64,
    limit: usize,
) -> rusqlite::Result<Vec<Entry>> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let words = deciding(words);
    let ends: Vec<Value> = words.iter().map(|word| end_of_prefix(word)).collect();
    let mut values: Vec<&dyn ToSql> = vec![&room_id, &before, &limit];
    for (word, end) in words.iter().zip(&ends) {
        values.extend([word as &dyn ToSql, end]);
    }
    logs::entries(connection, &sql(words.len()), values.as_slice())
}

fn sql(words: usize) -> String {
    let word = |n| {
        let (from, end) = (4 + 2 * n, 5 + 2 * n);
        format!("SELECT seq FROM tokens WHERE room_id = ?1 AND token >= ?{from} AND token < ?{end} AND seq < ?2")
    };
    let all: Vec<String> = (0..words).map(word).collect();
    format!(
        "{} WHERE room_id = ?1 AND log = 'room' AND seq IN
         (SELECT DISTINCT seq FROM ({}) ORDER BY seq DESC LIMIT ?3) ORDER BY seq",
        logs::COLUMNS,
        all.join(" INTERSECT ")
    )
}

/// What comes right after all texts that begin with `prefix`. SQLite compares texts by their bytes,
/// which in UTF-8 is the order of the characters; a blob comes after all texts.
fn end_of_prefix(prefix: &str) -> Value {
    let mut characters = prefix.chars();
    while let Some(last) = characters.next_back() {
        if let Some(next) = (last..=char::MAX).nth(1) {
            return Value::Text(format!("{}{next}", characters.as_str()));
        }
    }
    Value::Blob(Vec::new())
}

/// Indexes what was stored before there was an index, and blanks what was deleted then.
pub(super) fn index_all(connection: &Connection) -> rusqlite::Result<()> {
    let rooms: Vec<String> = connection
        .prepare("SELECT DISTINCT room_id FROM entries WHERE log = 'room'")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let texts = format!(
        "{} WHERE room_id = ? AND log = 'room' AND type IN ('message', 'edited', 'deleted') AND seq > ?
         ORDER BY seq LIMIT ?",
        logs::COLUMNS
    );
    for room_id in rooms {
        let mut last = 0;
        loop {
            let some = logs::entries(connection, &texts, params![room_id, last, TOGETHER])?;
            let Some(newest) = some.last() else { break };
            last = newest.seq;
            for mut entry in some {
                messages::settle_text(connection, &mut entry)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::{plan, schema};
    use studyrooms_domain::log::{Draft, EntryBody, LogName, MessageBody};

    fn said(event: &str, text: &str) -> Draft {
        let body = MessageBody {
            id: format!("m-{event}").into(),
            sender_name: "Ann".into(),
            text: text.into(),
            attachments: vec![],
            reply_to: None,
            own_event_id: false,
        };
        Draft { event_id: event.into(), user_id: "ann".into(), timestamp: 1, body: EntryBody::Message(body) }
    }

    #[test]
    fn a_prefix_ends_before_the_next_letter() {
        let text = |text: &str| Value::Text(text.into());
        assert_eq!(end_of_prefix("ab"), text("ac"));
        assert_eq!(end_of_prefix("数"), text("\u{6571}"));
        assert_eq!(end_of_prefix("a\u{7f}"), text("a\u{80}"));
        assert_eq!(end_of_prefix("\u{d7ff}"), text("\u{e000}"));
        assert_eq!(end_of_prefix("a\u{10ffff}"), text("b"));
        assert_eq!(end_of_prefix("\u{10ffff}"), Value::Blob(vec![]));
        assert_eq!(end_of_prefix(""), Value::Blob(vec![]));
    }

    #[test]
    fn each_word_is_one_range_of_the_words() {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection, 0).unwrap();
        let plan = plan(&connection, &sql(3));
        let range = "SEARCH tokens USING PRIMARY KEY (room_id=? AND token>? AND token<?)";
        assert_eq!(plan.matches(range).count(), 3, "{plan}");
        let entries = "SEARCH entries USING PRIMARY KEY (room_id=? AND log=? AND seq=?)";
        assert!(plan.contains(entries) && !plan.contains("SCAN entries"), "{plan}");
    }

    /// `cargo test -p studyrooms-store --lib what_words_cost -- --ignored --nocapture`
    #[test]
    #[ignore = "a measurement"]
    #[expect(clippy::print_stdout, reason = "its result")]
    fn what_words_cost() {
        let directory = tempfile::TempDir::new().unwrap();
        let mut connection = crate::embedded::connect(&directory.path().join("file")).unwrap();
        schema::migrate(&mut connection, 0).unwrap();
        let words = ["with", "without"];
        let text: Vec<String> = (0..12).map(|n| format!("word{n}")).collect();
        for (kind, text) in words.into_iter().zip([text.join(" "), "!".repeat(70)]) {
            let started = std::time::Instant::now();
            for round in 0..200 {
                let transaction = connection.transaction().unwrap();
                for n in 0..100 {
                    let draft = said(&format!("{kind}{round}.{n}"), &text);
                    logs::append(&transaction, &"r".into(), LogName::Room, vec![draft]).unwrap();
                }
                transaction.commit().unwrap();
            }
            println!("{kind} words: {:.1} µs a message", started.elapsed().as_micros() as f64 / 20_000.0);
        }
        for query in [&["word1"][..], &["word1", "word11"], &["word1", "word2"], &["w"], &["none"]] {
            let words: Vec<String> = query.iter().map(|word| (*word).to_owned()).collect();
            let started = std::time::Instant::now();
            let found = find(&connection, "r", &words, i64::MAX, 50).unwrap().len();
            println!("{query:?}: {found} of 20,000 in {:?}", started.elapsed());
        }
    }
}
