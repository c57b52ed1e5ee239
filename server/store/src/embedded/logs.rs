//! The logs in the embedded store.

use super::{
    Embedded, from_json,
    messages::{self, Part},
    pages::Page,
    search, to_json, versions,
};
use crate::{boards::StoredBody, messages::message_of};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use serde_json::{Value, json};
use studyrooms_domain::{
    log::{Appended, Draft, Entry, EntryBody, LogName},
    store::{Logs, Recheck, StoreError, Stored},
};
use studyrooms_protocol::{
    Seq, Timestamp,
    board::BoardVersion,
    ids::{EventId, MessageId, RoomId, UserId, VersionId},
};

pub(super) const COLUMNS: &str = "SELECT room_id, seq, user_id, event_id, timestamp, type, payload FROM entries";

pub(super) fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let kind = row.get_ref(5)?.as_str()?;
    let payload: Value = from_json(6, row.get_ref(6)?.as_str()?)?;
    let body = serde_json::from_value(json!({ "type": kind, "payload": payload }))
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(6, rusqlite::types::Type::Text, Box::new(error)))?;
    Ok(Entry {
        room_id: RoomId(row.get(0)?),
        seq: row.get(1)?,
        user_id: UserId(row.get(2)?),
        event_id: EventId(row.get(3)?),
        timestamp: row.get(4)?,
        body,
    })
}

/// The payload of a body as it is stored beside the type.
pub(super) fn payload(body: &EntryBody) -> rusqlite::Result<String> {
    let json = to_json(&StoredBody::of(body))?;
    let inner = json
        .strip_prefix("{\"type\":\"")
        .and_then(|rest| rest.strip_prefix(body.kind()))
        .and_then(|rest| rest.strip_prefix("\",\"payload\":"))
        .and_then(|rest| rest.strip_suffix('}'));
    let unexpected = || rusqlite::Error::ToSqlConversionFailure("an entry is not written as type and payload".into());
    Ok(inner.ok_or_else(unexpected)?.to_owned())
}

pub(super) fn last_seq(connection: &Connection, room_id: &str, log: &str) -> rusqlite::Result<Seq> {
    connection
        .prepare_cached("SELECT coalesce(max(seq), 0) FROM entries WHERE room_id = ? AND log = ?")?
        .query_row([room_id, log], |row| row.get(0))
}

/// The entry of an event: room, log, person and event id.
fn by_event(connection: &Connection, event: [&str; 4]) -> rusqlite::Result<Option<Entry>> {
    connection
        .prepare_cached(&format!("{COLUMNS} WHERE room_id = ? AND log = ? AND user_id = ? AND event_id = ?"))?
        .query_row(event, entry)
        .optional()
}

pub(super) fn append(
    connection: &Connection,
    room_id: &RoomId,
    log: LogName,
    drafts: Vec<Draft>,
) -> rusqlite::Result<Vec<Appended>> {
    let name = log.as_str();
    let mut seq = last_seq(connection, room_id.as_str(), name)?;
    // The event is there already far more seldom than not: it is looked for only when the index
    // refuses it. A position that is taken is an error, which one writer cannot meet.
    let mut insert = connection.prepare_cached(
        "INSERT INTO entries (room_id, log, seq, type, user_id, event_id, timestamp, payload, message_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (room_id, log, user_id, event_id) DO NOTHING",
    )?;
    let mut appended = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let payload = payload(&draft.body)?;
        let Draft { event_id, user_id, timestamp, body } = draft;
        let (kind, message_id) = (body.kind(), message_of(log, &body).map(|id| &id.0));
        let row = params![room_id.0, name, seq + 1, kind, user_id.0, event_id.0, timestamp, payload, message_id];
        if insert.execute(row)? == 0 {
            let event = [room_id.as_str(), name, user_id.as_str(), event_id.as_str()];
            let entry = by_event(connection, event)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
            appended.push(Appended { entry, fresh: false });
            continue;
        }
        seq += 1;
        let mut entry = Entry { event_id, room_id: room_id.clone(), seq, user_id, timestamp, body };
        if log == LogName::Room {
            messages::settle(connection, &mut entry)?;
            versions::note(connection, &entry)?;
        }
        appended.push(Appended { entry, fresh: true });
    }
    Ok(appended)
}

/// Whether an entry is of the event of a draft, which is not stored again then.
fn is_of(entry: &Entry, draft: &Draft) -> bool {
    entry.event_id == draft.event_id && entry.user_id == draft.user_id
}

/// Entries by a statement that begins with [`COLUMNS`].
pub(super) fn entries(connection: &Connection, sql: &str, values: impl Params) -> rusqlite::Result<Vec<Entry>> {
    connection.prepare_cached(sql)?.query_map(values, entry)?.collect()
}

/// A place in a log; what is beyond its end is its end.
pub(super) fn place(seq: Seq) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

#[async_trait]
impl Logs for Embedded {
    async fn append(&self, room_id: &RoomId, log: LogName, drafts: Vec<Draft>) -> Stored<Vec<Appended>> {
        let room_id = room_id.clone();
        self.write(move |connection| append(connection, &room_id, log, drafts)).await
    }

    async fn append_judged(
        &self,
        room_id: &RoomId,
        log: LogName,
        known: Seq,
        drafts: Vec<Draft>,
        recheck: &mut dyn Recheck,
    ) -> Stored<Vec<Option<Appended>>> {
        let (mut known, mut stands) = (known, vec![true; drafts.len()]);
        let mut drafts = drafts;
        loop {
            let (room_id, waiting) = (room_id.clone(), drafts);
            let outcome = self.write(move |connection| {
                if last_seq(connection, room_id.as_str(), log.as_str())? == known {
                    return append(connection, &room_id, log, waiting).map(Ok);
                }
                let sql = format!("{COLUMNS} WHERE room_id = ? AND log = ? AND seq > ? ORDER BY seq");
                let missed = entries(connection, &sql, params![room_id.0, log.as_str(), place(known)])?;
                Ok(Err((missed, waiting)))
            });
            let (missed, waiting) = match outcome.await? {
                Ok(appended) => {
                    let mut appended = appended.into_iter();
                    let answers = stands.iter().map(|stands| if *stands { appended.next() } else { None });
                    return Ok(answers.collect());
                }
                Err(missed) => missed,
            };
            drafts = waiting;
            let shorter = || StoreError::Corrupt("a log is shorter than it was".into());
            known = missed.last().ok_or_else(shorter)?.seq;
            recheck.missed(&missed);
            let mut still = stands.iter_mut().filter(|stands| **stands);
            drafts.retain_mut(|draft| {
                let is_there = missed.iter().any(|entry| is_of(entry, draft));
                let stands = is_there || recheck.stands(draft);
                if let Some(still) = still.next() {
                    *still = stands;
                }
                stands
            });
        }
    }

    async fn last_seq(&self, room_id: &RoomId, log: LogName) -> Stored<Seq> {
        let room_id = room_id.0.clone();
        self.read(move |connection| last_seq(connection, &room_id, log.as_str())).await
    }

    async fn by_event(
        &self,
        room_id: &RoomId,
        log: LogName,
        user_id: &UserId,
        event_id: &EventId,
    ) -> Stored<Option<Entry>> {
        let (room_id, user_id, event_id) = (room_id.0.clone(), user_id.0.clone(), event_id.0.clone());
        self.read(move |connection| by_event(connection, [&room_id, log.as_str(), &user_id, &event_id])).await
    }

    async fn after(&self, room_id: &RoomId, log: LogName, seq: Seq, limit: usize) -> Stored<Vec<Entry>> {
        let room_id = room_id.0.clone();
        self.read(move |connection| {
            let sql = format!("{COLUMNS} WHERE room_id = ? AND log = ? AND seq > ? ORDER BY seq LIMIT ?");
            entries(connection, &sql, params![room_id, log.as_str(), place(seq), limit])
        })
        .await
    }

    async fn page_before(
        &self,
        room_id: &RoomId,
        log: LogName,
        kinds: &[&str],
        before: Option<Seq>,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        let page = Page::new(room_id.as_str(), log.as_str(), kinds, limit);
        self.read(move |connection| page.before(connection, before.map_or(i64::MAX, place))).await
    }

    async fn page_after(
        &self,
        room_id: &RoomId,
        log: LogName,
        kinds: &[&str],
        after: Seq,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        let page = Page::new(room_id.as_str(), log.as_str(), kinds, limit);
        self.read(move |connection| page.after(connection, place(after))).await
    }

    async fn messages(&self, room_id: &RoomId, message_ids: &[MessageId]) -> Stored<Vec<Entry>> {
        let (room_id, message_ids) = (room_id.0.clone(), message_ids.to_vec());
        self.read(move |connection| messages::about(connection, &room_id, &message_ids, Part::Beginning)).await
    }

    async fn amendments(&self, room_id: &RoomId, message_ids: &[MessageId]) -> Stored<Vec<Entry>> {
        let (room_id, message_ids) = (room_id.0.clone(), message_ids.to_vec());
        self.read(move |connection| messages::about(connection, &room_id, &message_ids, Part::Amendments)).await
    }

    async fn count_unread(&self, rooms: &[(RoomId, Seq)], except: &UserId, limit: usize) -> Stored<Vec<usize>> {
        let (rooms, except) = (rooms.to_vec(), except.0.clone());
        self.read(move |connection| {
            let count = |(room_id, after): &(RoomId, Seq)| {
                messages::unread(connection, room_id.as_str(), place(*after), &except, limit)
            };
            rooms.iter().map(count).collect()
        })
        .await
    }

    async fn search(
        &self,
        room_id: &RoomId,
        words: &[String],
        before: Option<Seq>,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        let (room_id, words) = (room_id.0.clone(), words.to_vec());
        let before = before.map_or(i64::MAX, place);
        self.read(move |connection| search::find(connection, &room_id, &words, before, limit)).await
    }

    async fn versions(&self, room_id: &RoomId, before: Option<&VersionId>, limit: usize) -> Stored<Vec<BoardVersion>> {
        let (room_id, before) = (room_id.0.clone(), before.map(|before| before.0.clone()));
        self.read(move |connection| versions::list(connection, &room_id, before.as_deref(), limit)).await
    }

    async fn version(&self, room_id: &RoomId, version_id: &VersionId) -> Stored<Option<BoardVersion>> {
        let (room_id, version_id) = (room_id.0.clone(), version_id.0.clone());
        self.read(move |connection| versions::find(connection, &room_id, &version_id)).await
    }

    async fn version_picture(&self, room_id: &RoomId, version_id: &VersionId) -> Stored<Option<String>> {
        let (room_id, version_id) = (room_id.0.clone(), version_id.0.clone());
        self.read(move |connection| versions::picture(connection, &room_id, &version_id)).await
    }

    async fn compact_board(&self, room_id: &RoomId, upto: Seq, before: Timestamp) -> Stored<()> {
        // In several commits, so that others are not kept waiting.
        loop {
            let room_id = room_id.0.clone();
            let done = self.write(move |connection| versions::compact(connection, &room_id, upto, before)).await?;
            if done < versions::TOGETHER {
                return Ok(());
            }
        }
    }

    async fn compacted(&self, room_id: &RoomId) -> Stored<Seq> {
        let room_id = room_id.0.clone();
        self.read(move |connection| versions::compacted(connection, &room_id)).await
    }

    async fn begin(&self, room_id: &RoomId, log: LogName, entry: Entry) -> Stored<bool> {
        let entry = Entry { room_id: room_id.clone(), ..entry };
        self.write(move |connection| versions::begin(connection, log, &entry)).await
    }
}
