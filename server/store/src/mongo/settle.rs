//! What an amendment means for the entries about its message: what the message is found by, with a
//! deletion its text (SPEC 1.9), and which earlier amendments count no more. These have `pastOf` in place
//! of `messageId`, so that reading a message costs what it shows and not what was done to it.
//!
//! Such an entry is inserted with the mark `unsettled`, which is taken away once all is done: so what
//! was cut short is seen by whoever appends next, and by the next start. Settling looks at the whole
//! message, so it may be done twice, and by several at once: `textSeq` of the message, the place of
//! the entry that its tokens come from, keeps one that read less from undoing what another did.

use super::{Mongo, call::call, entry::EntryDocument, int64};
use crate::messages::{past, text_of};
use futures_util::{StreamExt, TryStreamExt, stream};
use mongodb::{
    Collection,
    bson::{Document, doc, oid::ObjectId},
    options::Hint,
};
use serde::Deserialize;
use std::collections::BTreeSet;
use studyrooms_domain::{
    chat::tokens,
    log::{EntryBody, LogName},
    store::Stored,
};
use studyrooms_protocol::{
    Seq,
    ids::{MessageId, RoomId},
};

/// Messages settled at the same time.
const TOGETHER: usize = 8;

#[derive(Deserialize)]
struct Found {
    #[serde(rename = "_id")]
    id: ObjectId,
    #[serde(flatten)]
    document: EntryDocument,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Unsettled {
    room_id: RoomId,
    message_id: MessageId,
}

/// Entries about a message, up to `last`.
fn about(room_id: &RoomId, message_id: &MessageId, kinds: &[&str], last: Seq) -> Document {
    doc! {
        "messageId": message_id.as_str(),
        "roomId": room_id.as_str(),
        "log": LogName::Room.as_str(),
        "type": { "$in": kinds },
        "seq": { "$lte": int64(last) },
    }
}

impl Mongo {
    /// Messages of a room with entries that are not settled yet.
    pub(super) async fn unsettled(&self, room_id: &RoomId, log: LogName) -> Stored<BTreeSet<MessageId>> {
        match log {
            LogName::Room => {
                let found = self.find_unsettled(doc! { "unsettled": true, "roomId": room_id.as_str() }).await?;
                Ok(found.into_iter().map(|found| found.message_id).collect())
            }
            LogName::Board => Ok(BTreeSet::new()),
        }
    }

    /// Settles what earlier processes left so.
    pub(super) async fn settle_all(&self) -> Stored<()> {
        // What counts no more was settled before it passed.
        let past = doc! { "unsettled": true, "pastOf": { "$exists": true } };
        call(self.documents().update_many(past, doc! { "$unset": { "unsettled": "" } })).await?;
        let found = self.find_unsettled(doc! { "unsettled": true }).await?;
        let messages: BTreeSet<_> = found.into_iter().map(|found| (found.room_id, found.message_id)).collect();
        let each = stream::iter(messages)
            .map(|(room_id, message_id)| async move { self.settle_one(&room_id, &message_id).await.map(drop) });
        each.buffer_unordered(TOGETHER).try_collect().await
    }

    async fn find_unsettled(&self, mut filter: Document) -> Stored<Vec<Unsettled>> {
        filter.insert("messageId", doc! { "$exists": true });
        let entries = self.collection::<Unsettled>("entries");
        let find = entries.find(filter).projection(doc! { "_id": 0, "roomId": 1, "messageId": 1 });
        call(async { find.await?.try_collect().await }).await
    }

    /// Settles messages of a room, and gives those that are deleted, with the place of the deletion.
    pub(super) async fn settle(
        &self,
        room_id: &RoomId,
        message_ids: &BTreeSet<MessageId>,
    ) -> Stored<Vec<(MessageId, Seq)>> {
        let each = stream::iter(message_ids.clone()).map(|message_id| async move {
            Ok(self.settle_one(room_id, &message_id).await?.map(|deleted| (message_id, deleted)))
        });
        let settled: Vec<Option<_>> = each.buffer_unordered(TOGETHER).try_collect().await?;
        Ok(settled.into_iter().flatten().collect())
    }

    async fn settle_one(&self, room_id: &RoomId, message_id: &MessageId) -> Stored<Option<Seq>> {
        let kinds = ["message", "edited", "deleted", "reacted", "pinned"];
        let found = self.collection::<Found>("entries");
        let find = found.find(about(room_id, message_id, &kinds, Seq::MAX)).projection(doc! { "tokens": 0 });
        let mut found: Vec<Found> = call(async { find.await?.try_collect().await }).await?;
        // Not by the server, which might take the order of the log for a reason to read all of it.
        found.sort_unstable_by_key(|found| found.document.entry.seq);
        let Some(last) = found.last().map(|found| found.document.entry.seq) else { return Ok(None) };
        let mut deleted = None;
        // What was said of it before it was there is about nothing.
        let mut since = found.iter().skip_while(|found| !matches!(found.document.entry.body, EntryBody::Message(_)));
        if let Some(began) = since.next() {
            let is_edit = |found: &&Found| matches!(found.document.entry.body, EntryBody::Edited { .. });
            let is_deletion = |found: &&Found| matches!(found.document.entry.body, EntryBody::Deleted { .. });
            deleted = since.clone().find(is_deletion).map(|found| found.document.entry.seq);
            if let Some(seq) = deleted {
                self.blank(began.id, seq).await?;
                let mut past = about(room_id, message_id, &["edited"], last);
                past.remove("messageId");
                past.insert("pastOf", message_id.as_str());
                for edits in [about(room_id, message_id, &["edited"], last), past] {
                    let blank = doc! { "$set": { "payload.text": "" } };
                    call(self.documents().update_many(edits, blank)).await?;
                }
            } else if let Some(edit) = since.filter(is_edit).last() {
                self.found_by(began.id, edit).await?;
            }
        }
        self.let_pass(message_id, &found).await?;
        let mut marked = about(room_id, message_id, &kinds[1..], last);
        marked.insert("unsettled", true);
        call(self.documents().update_many(marked, doc! { "$unset": { "unsettled": "" } })).await?;
        Ok(deleted)
    }

    /// Takes what counts no more from among the entries about a message.
    async fn let_pass(&self, message_id: &MessageId, found: &[Found]) -> Stored<()> {
        let entries = found.iter().map(|found| &found.document.entry);
        let amendments = entries.filter(|entry| entry.body.about().is_some());
        let past: BTreeSet<Seq> = past(amendments).into_iter().collect();
        let is_past = |found: &&Found| past.contains(&found.document.entry.seq);
        let ids: Vec<ObjectId> = found.iter().filter(is_past).map(|found| found.id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let passed = doc! {
            "$set": { "pastOf": message_id.as_str() },
            "$unset": { "messageId": "", "unsettled": "" },
        };
        call(self.documents().update_many(doc! { "_id": { "$in": ids } }, passed)).await?;
        Ok(())
    }

    /// Takes the text, the attachments and what it is found by from the entry that began a message.
    async fn blank(&self, began: ObjectId, deleted: Seq) -> Stored<()> {
        let blank = doc! {
            "$set": { "payload.text": "", "textSeq": int64(deleted) },
            "$unset": { "payload.attachments": "", "tokens": "" },
        };
        call(self.documents().update_one(doc! { "_id": began }, blank)).await?;
        Ok(())
    }

    /// Lets a message be found by its last edit.
    async fn found_by(&self, began: ObjectId, edit: &Found) -> Stored<()> {
        let entry = &edit.document.entry;
        let tokens: Vec<String> =
            text_of(&entry.body).map_or_else(BTreeSet::new, |text| tokens(text)).into_iter().collect();
        let mut change = doc! { "$set": { "textSeq": int64(entry.seq) } };
        if tokens.is_empty() {
            change.insert("$unset", doc! { "tokens": "" });
        } else {
            change.insert("$set", doc! { "textSeq": int64(entry.seq), "tokens": tokens });
        }
        let earlier = doc! { "$or": [{ "textSeq": null }, { "textSeq": { "$lt": int64(entry.seq) } }], "_id": began };
        call(self.documents().update_one(earlier, change).hint(Hint::Name("_id_".into()))).await?;
        Ok(())
    }

    fn documents(&self) -> Collection<Document> {
        self.collection("entries")
    }
}
