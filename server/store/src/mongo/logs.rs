//! The logs in MongoDB: one document an entry.

use super::{Mongo, append::Judge, call::call, entry::EntryDocument, int64, search::with_words};
use async_trait::async_trait;
use futures_util::{StreamExt, TryStreamExt, stream};
use mongodb::{
    Collection,
    action::Action,
    bson::{Bson, Document, doc},
    options::Hint,
};
use serde::Deserialize;
use std::collections::BTreeSet;
use studyrooms_domain::{
    log::{Appended, Draft, Entry, EntryBody, LogName},
    store::{COUNTED, Logs, Recheck, Stored},
};
use studyrooms_protocol::{
    Seq, Timestamp,
    board::BoardVersion,
    ids::{EventId, MessageId, RoomId, UserId, VersionId},
};

/// Rooms whose unread messages are counted at the same time.
const COUNTED_TOGETHER: usize = 16;

#[derive(Deserialize)]
struct Count {
    count: u64,
}

#[derive(Deserialize)]
struct SeqOnly {
    seq: Seq,
}

impl Mongo {
    pub(super) fn entries(&self) -> Collection<EntryDocument> {
        self.collection("entries")
    }

    /// Entries by `filter`, in order of `seq` upwards (1) or downwards (-1); a page comes in one
    /// answer.
    pub(super) async fn find_entries(&self, filter: Document, direction: i32, limit: usize) -> Stored<Vec<Entry>> {
        let documents = self.find_documents(filter, None, direction, limit).await?;
        Ok(documents.into_iter().map(|document| document.entry).collect())
    }

    /// The same as documents, by an index that is given when the filter alone does not tell it.
    pub(super) async fn find_documents(
        &self,
        filter: Document,
        index: Option<&str>,
        direction: i32,
        limit: usize,
    ) -> Stored<Vec<EntryDocument>> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let entries = self.entries();
        let find = entries
            .find(filter)
            .optional(index, |find, index| find.hint(Hint::Name(index.to_owned())))
            .projection(doc! { "tokens": 0 })
            .sort(doc! { "seq": direction })
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .batch_size(u32::try_from(limit).unwrap_or(u32::MAX).min(ALL as u32));
        call(async { find.await?.try_collect().await }).await
    }
}

impl Mongo {
    /// How many of the newest messages above `after` are of others than `except`, up to `limit`.
    async fn count_of_others(&self, room_id: &RoomId, after: Seq, except: &UserId, limit: usize) -> Stored<usize> {
        if limit == 0 || after == Seq::MAX {
            return Ok(0);
        }
        let stages = [
            doc! { "$match": of_types(room_id, LogName::Room, &[EntryBody::MESSAGE], after + 1, Seq::MAX) },
            doc! { "$sort": { "seq": -1 } },
            doc! { "$limit": COUNTED as i64 },
            doc! { "$match": { "userId": { "$ne": except.as_str() } } },
            doc! { "$limit": i64::try_from(limit).unwrap_or(i64::MAX) },
            doc! { "$group": { "_id": null, "count": { "$sum": 1 } } },
        ];
        let entries = self.entries();
        let count = entries.aggregate(stages).hint(Hint::Name("entries_by_type".into())).with_type::<Count>();
        let found: Vec<Count> = call(async { count.await?.try_collect().await }).await?;
        Ok(found.first().map_or(0, |found| usize::try_from(found.count).unwrap_or(usize::MAX)))
    }

    pub(super) async fn documents_after(
        &self,
        room_id: &RoomId,
        log: LogName,
        seq: Seq,
        limit: usize,
    ) -> Stored<Vec<EntryDocument>> {
        // There are no holes, so the page's other end is known.
        let end = seq.saturating_add(limit as Seq);
        let range = doc! { "$gt": int64(seq), "$lte": int64(end) };
        let filter = doc! { "roomId": room_id.as_str(), "log": log.as_str(), "seq": range };
        self.find_documents(filter, None, 1, limit).await
    }

    /// Entries of any of the types, from one place on and below another.
    async fn stretch(
        &self,
        (room_id, log, kinds): (&RoomId, LogName, &[&str]),
        (from, below): (Seq, Seq),
        direction: i32,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        let index = (kinds.len() > 1).then_some("entries_by_type");
        let found = self.find_documents(of_types(room_id, log, kinds, from, below), index, direction, limit).await?;
        Ok(found.into_iter().map(|document| document.entry).collect())
    }

    /// Entries about these messages, oldest first: with `$eq` those that began them, with `$ne` those
    /// that amend them.
    async fn about(&self, room_id: &RoomId, message_ids: &[MessageId], comparison: &str) -> Stored<Vec<Entry>> {
        let mut entries = Vec::new();
        let ids: BTreeSet<&str> = message_ids.iter().map(MessageId::as_str).collect();
        let ids: Vec<&str> = ids.into_iter().collect();
        for some in ids.chunks(IDS_TOGETHER) {
            let filter = doc! {
                "messageId": { "$in": some },
                "roomId": room_id.as_str(),
                "log": LogName::Room.as_str(),
                "type": { comparison: EntryBody::MESSAGE },
            };
            // Without an order, so that the server has no reason to take any index but that of the messages.
            let collection = self.entries();
            let find = collection.find(filter).projection(doc! { "tokens": 0 }).batch_size(ALL as u32);
            let found: Vec<EntryDocument> = call(async { find.await?.try_collect().await }).await?;
            entries.extend(found.into_iter().map(|document| document.entry));
        }
        entries.sort_unstable_by_key(|entry| entry.seq);
        Ok(entries)
    }
}

#[async_trait]
impl Logs for Mongo {
    async fn append(&self, room_id: &RoomId, log: LogName, drafts: Vec<Draft>) -> Stored<Vec<Appended>> {
        let appended = self.append_batch(room_id, log, drafts, None).await?;
        Ok(appended.into_iter().flatten().collect())
    }

    async fn append_judged(
        &self,
        room_id: &RoomId,
        log: LogName,
        known: Seq,
        drafts: Vec<Draft>,
        recheck: &mut dyn Recheck,
    ) -> Stored<Vec<Option<Appended>>> {
        self.append_batch(room_id, log, drafts, Some(Judge { known, recheck })).await
    }

    async fn last_seq(&self, room_id: &RoomId, log: LogName) -> Stored<Seq> {
        // All of it is in the index.
        let last = self.collection::<SeqOnly>("entries");
        let find = last
            .find_one(doc! { "roomId": room_id.as_str(), "log": log.as_str() })
            .sort(doc! { "seq": -1 })
            .projection(doc! { "_id": 0, "seq": 1 });
        Ok(call(find).await?.map_or(0, |found| found.seq))
    }

    async fn by_event(
        &self,
        room_id: &RoomId,
        log: LogName,
        user_id: &UserId,
        event_id: &EventId,
    ) -> Stored<Option<Entry>> {
        let (user_id, event_id) = (user_id.as_str(), event_id.as_str());
        let event = doc! { "roomId": room_id.as_str(), "log": log.as_str(), "userId": user_id, "eventId": event_id };
        Ok(call(self.entries().find_one(event)).await?.map(|document| document.entry))
    }

    async fn after(&self, room_id: &RoomId, log: LogName, seq: Seq, limit: usize) -> Stored<Vec<Entry>> {
        let mut documents = self.documents_after(room_id, log, seq, limit).await?;
        // A board log may have lost its beginning.
        if documents.is_empty()
            && log == LogName::Board
            && self.last_seq(room_id, log).await? > seq
            && let Some(first) = self.first_of_board(room_id, seq).await?
        {
            documents = self.documents_after(room_id, log, first - 1, limit).await?;
        }
        Ok(documents.into_iter().map(|document| document.entry).collect())
    }

    async fn page_before(
        &self,
        room_id: &RoomId,
        log: LogName,
        kinds: &[&str],
        before: Option<Seq>,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        if kinds.is_empty() {
            return Ok(Vec::new());
        }
        let mut below = match before.filter(|before| *before <= FARTHEST) {
            Some(before) => before,
            None => self.last_seq(room_id, log).await? + 1,
        };
        let mut page = Vec::new();
        let mut stretch = first_stretch(limit);
        while page.len() < limit && below > 1 {
            let from = below.saturating_sub(stretch).max(1);
            page.extend(self.stretch((room_id, log, kinds), (from, below), -1, limit - page.len()).await?);
            below = from;
            stretch = stretch.saturating_mul(WIDER);
        }
        page.reverse();
        Ok(page)
    }

    async fn page_after(
        &self,
        room_id: &RoomId,
        log: LogName,
        kinds: &[&str],
        after: Seq,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        if kinds.is_empty() {
            return Ok(Vec::new());
        }
        let (mut from, end) = (after.saturating_add(1), self.last_seq(room_id, log).await? + 1);
        let mut page = Vec::new();
        let mut stretch = first_stretch(limit);
        while page.len() < limit && from < end {
            let below = from.saturating_add(stretch).min(end);
            page.extend(self.stretch((room_id, log, kinds), (from, below), 1, limit - page.len()).await?);
            from = below;
            stretch = stretch.saturating_mul(WIDER);
        }
        Ok(page)
    }

    async fn messages(&self, room_id: &RoomId, message_ids: &[MessageId]) -> Stored<Vec<Entry>> {
        self.about(room_id, message_ids, "$eq").await
    }

    async fn amendments(&self, room_id: &RoomId, message_ids: &[MessageId]) -> Stored<Vec<Entry>> {
        self.about(room_id, message_ids, "$ne").await
    }

    async fn count_unread(&self, rooms: &[(RoomId, Seq)], except: &UserId, limit: usize) -> Stored<Vec<usize>> {
        let each = stream::iter(rooms.to_vec())
            .map(|(room_id, after)| async move { self.count_of_others(&room_id, after, except, limit).await });
        each.buffered(COUNTED_TOGETHER).try_collect().await
    }

    async fn search(
        &self,
        room_id: &RoomId,
        words: &[String],
        before: Option<Seq>,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        let Some(filter) = with_words(room_id, words, before) else { return Ok(Vec::new()) };
        let found = self.find_documents(filter, Some("entries_by_token"), -1, limit).await?;
        Ok(found.into_iter().map(|document| document.entry).rev().collect())
    }

    async fn versions(&self, room_id: &RoomId, before: Option<&VersionId>, limit: usize) -> Stored<Vec<BoardVersion>> {
        self.list_versions(room_id, before, limit).await
    }

    async fn version(&self, room_id: &RoomId, version_id: &VersionId) -> Stored<Option<BoardVersion>> {
        self.find_version(room_id, version_id).await
    }

    async fn version_picture(&self, room_id: &RoomId, version_id: &VersionId) -> Stored<Option<String>> {
        self.picture_of(room_id, version_id).await
    }

    async fn compact_board(&self, room_id: &RoomId, upto: Seq, before: Timestamp) -> Stored<()> {
        self.compact(room_id, upto, before).await
    }

    async fn compacted(&self, room_id: &RoomId) -> Stored<Seq> {
        self.compacted_upto(room_id).await
    }

    async fn begin(&self, room_id: &RoomId, log: LogName, entry: Entry) -> Stored<bool> {
        self.begin_with(log, Entry { room_id: room_id.clone(), ..entry }).await
    }
}

/// Ids in one question.
const IDS_TOGETHER: usize = 500;
/// No limit that is ever reached; the driver takes no larger one for a batch.
const ALL: usize = i32::MAX as usize - 1;

/// Positions travel as JSON numbers below 2^53; what is beyond means the end of the log.
const FARTHEST: Seq = 1 << 53;
/// How much longer each stretch is than the one before it.
const WIDER: Seq = 8;

/// A page of one type is looked for in stretches of the log that are bounded at both ends: not every
/// server that speaks this protocol stops reading an open range at the limit.
const fn first_stretch(limit: usize) -> Seq {
    (limit as Seq).saturating_mul(4)
}

/// Entries of any of the types from `from` on and below `below`.
fn of_types(room_id: &RoomId, log: LogName, kinds: &[&str], from: Seq, below: Seq) -> Document {
    let range = doc! { "$gte": int64(from), "$lt": int64(below) };
    let kind = match kinds {
        [kind] => Bson::from(*kind),
        kinds => doc! { "$in": kinds }.into(),
    };
    doc! { "roomId": room_id.as_str(), "log": log.as_str(), "type": kind, "seq": range }
}
