//! The logs in MongoDB: one document an entry.

use super::{Mongo, call::call, int64};
use async_trait::async_trait;
use futures_util::TryStreamExt;
use mongodb::{
    Collection,
    bson::{Document, doc},
};
use serde::{Deserialize, Serialize};
use studyrooms_domain::{
    log::{Appended, Draft, Entry, LogName},
    store::{Logs, Stored},
};
use studyrooms_protocol::{
    Seq,
    ids::{EventId, RoomId, UserId},
};

/// An entry as a document: its fields, and which log it stands in.
#[derive(Serialize, Deserialize)]
pub(super) struct EntryDocument {
    pub(super) log: LogName,
    #[serde(flatten)]
    pub(super) entry: Entry,
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
        if limit == 0 {
            return Ok(Vec::new());
        }
        let entries = self.entries();
        let find = entries
            .find(filter)
            .sort(doc! { "seq": direction })
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .batch_size(u32::try_from(limit).unwrap_or(u32::MAX).min(i32::MAX as u32));
        call(async { find.await?.map_ok(|document| document.entry).try_collect().await }).await
    }
}

#[async_trait]
impl Logs for Mongo {
    async fn append(&self, room_id: &RoomId, log: LogName, drafts: Vec<Draft>) -> Stored<Vec<Appended>> {
        self.append_batch(room_id, log, drafts).await
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
        // There are no holes, so the page's other end is known.
        let end = seq.saturating_add(limit as Seq);
        let range = doc! { "$gt": int64(seq), "$lte": int64(end) };
        let filter = doc! { "roomId": room_id.as_str(), "log": log.as_str(), "seq": range };
        self.find_entries(filter, 1, limit).await
    }

    async fn page_before(
        &self,
        room_id: &RoomId,
        log: LogName,
        kind: &str,
        before: Option<Seq>,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        let mut below = match before.filter(|before| *before <= FARTHEST) {
            Some(before) => before,
            None => self.last_seq(room_id, log).await? + 1,
        };
        let mut page = Vec::new();
        let mut stretch = first_stretch(limit);
        while page.len() < limit && below > 1 {
            let from = below.saturating_sub(stretch).max(1);
            let filter = of_type(room_id, log, kind, from, below);
            page.extend(self.find_entries(filter, -1, limit - page.len()).await?);
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
        kind: &str,
        after: Seq,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        let (mut from, end) = (after.saturating_add(1), self.last_seq(room_id, log).await? + 1);
        let mut page = Vec::new();
        let mut stretch = first_stretch(limit);
        while page.len() < limit && from < end {
            let below = from.saturating_add(stretch).min(end);
            let filter = of_type(room_id, log, kind, from, below);
            page.extend(self.find_entries(filter, 1, limit - page.len()).await?);
            from = below;
            stretch = stretch.saturating_mul(WIDER);
        }
        Ok(page)
    }
}

/// Positions travel as JSON numbers below 2^53; what is beyond means the end of the log.
const FARTHEST: Seq = 1 << 53;
/// How much longer each stretch is than the one before it.
const WIDER: Seq = 8;

/// A page of one type is looked for in stretches of the log that are bounded at both ends: not every
/// server that speaks this protocol stops reading an open range at the limit.
const fn first_stretch(limit: usize) -> Seq {
    (limit as Seq).saturating_mul(4)
}

/// Entries of a type from `from` on and below `below`.
fn of_type(room_id: &RoomId, log: LogName, kind: &str, from: Seq, below: Seq) -> Document {
    let range = doc! { "$gte": int64(from), "$lt": int64(below) };
    doc! { "roomId": room_id.as_str(), "log": log.as_str(), "type": kind, "seq": range }
}
