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
        let range = doc! { "$gt": 0_i64, "$lt": before.map_or(i64::MAX, int64) };
        let filter = doc! { "roomId": room_id.as_str(), "log": log.as_str(), "type": kind, "seq": range };
        let mut page = self.find_entries(filter, -1, limit).await?;
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
        let range = doc! { "$gt": int64(after), "$lte": i64::MAX };
        let filter = doc! { "roomId": room_id.as_str(), "log": log.as_str(), "type": kind, "seq": range };
        self.find_entries(filter, 1, limit).await
    }
}
