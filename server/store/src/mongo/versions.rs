//! Saved versions of boards, and the compaction of board logs, in MongoDB. A version is asked for without its picture.

use super::{Mongo, call::call, entry::EntryDocument, int64};
use futures_util::TryStreamExt;
use mongodb::{
    bson::{Document, doc},
    options::Hint,
};
use serde::Deserialize;
use studyrooms_domain::{
    log::{Entry, EntryBody, LogName},
    store::{Logs, REMEMBERED, Stored},
};
use studyrooms_protocol::{
    Seq, Timestamp,
    board::BoardVersion,
    ids::{RoomId, UserId, VersionId},
};

/// Entries compacted or removed by one command.
const TOGETHER: Seq = 2000;

/// An entry that saved a version, without the picture.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Saved {
    seq: Seq,
    user_id: UserId,
    timestamp: Timestamp,
    payload: Payload,
    #[serde(default)]
    has_picture: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    version_id: VersionId,
    board_seq: Seq,
    title: Option<String>,
}

impl From<Saved> for BoardVersion {
    fn from(saved: Saved) -> Self {
        let Saved { user_id: by, timestamp, payload, has_picture, .. } = saved;
        let Payload { version_id, board_seq, title } = payload;
        Self { version_id, board_seq, title, by, timestamp, data_url: None, has_picture }
    }
}

fn of_board(room_id: &RoomId, range: Document) -> Document {
    doc! { "roomId": room_id.as_str(), "log": LogName::Board.as_str(), "seq": range }
}

impl Mongo {
    async fn saved(&self, room_id: &RoomId, version_id: &VersionId) -> Stored<Option<Saved>> {
        let saved = self.collection::<Saved>("entries");
        let find = saved
            .find_one(doc! { "roomId": room_id.as_str(), "versionId": version_id.as_str() })
            .projection(doc! { "payload.dataUrl": 0 });
        call(find).await
    }

    pub(super) async fn list_versions(
        &self,
        room_id: &RoomId,
        before: Option<&VersionId>,
        limit: usize,
    ) -> Stored<Vec<BoardVersion>> {
        let below = match before {
            None => self.last_seq(room_id, LogName::Room).await? + 1,
            Some(version_id) => self.saved(room_id, version_id).await?.map_or(0, |saved| saved.seq),
        };
        if limit == 0 {
            return Ok(Vec::new());
        }
        let filter = doc! {
            "roomId": room_id.as_str(),
            "log": LogName::Room.as_str(),
            "type": EntryBody::SAVED,
            "seq": { "$gte": 1_i64, "$lt": int64(below) },
        };
        let saved = self.collection::<Saved>("entries");
        let find = saved
            .find(filter)
            .hint(Hint::Name("entries_by_type".into()))
            .projection(doc! { "payload.dataUrl": 0 })
            .sort(doc! { "seq": -1 })
            .limit(i64::try_from(limit).unwrap_or(i64::MAX));
        let found: Vec<Saved> = call(async { find.await?.try_collect().await }).await?;
        Ok(found.into_iter().map(BoardVersion::from).collect())
    }

    pub(super) async fn find_version(&self, room_id: &RoomId, id: &VersionId) -> Stored<Option<BoardVersion>> {
        Ok(self.saved(room_id, id).await?.map(BoardVersion::from))
    }

    pub(super) async fn picture_of(&self, room_id: &RoomId, version_id: &VersionId) -> Stored<Option<String>> {
        let version = doc! { "roomId": room_id.as_str(), "versionId": version_id.as_str() };
        let found = call(self.entries().find_one(version)).await?.map(|document| document.entry.body);
        Ok(match found {
            Some(EntryBody::Saved { data_url, .. }) => data_url,
            _ => None,
        })
    }

    /// What is compacted is a beginning of the log at every moment: a later call goes on behind it.
    pub(super) async fn compact(&self, room_id: &RoomId, upto: Seq, before: Timestamp) -> Stored<()> {
        let entries = self.collection::<Document>("entries");
        // A command that was cut short may have left some of its entries.
        let mut from = self.compacted_upto(room_id).await?.saturating_sub(TOGETHER) + 1;
        while from <= upto {
            let below = from.saturating_add(TOGETHER).min(upto + 1);
            let mut drawn = of_board(room_id, doc! { "$gte": int64(from), "$lt": int64(below) });
            drawn.insert("type", EntryBody::DRAWN);
            let compacted = doc! { "$set": { "type": EntryBody::COMPACTED, "payload": {} } };
            call(entries.update_many(drawn, compacted)).await?;
            from = below;
        }
        let end = upto.saturating_sub(REMEMBERED);
        let mut first = if end > 0 { self.first_of_board(room_id, 0).await? } else { None };
        while let Some(seq) = first.filter(|seq| *seq < end) {
            let below = seq.saturating_add(TOGETHER).min(end);
            let mut old = of_board(room_id, doc! { "$gte": int64(seq), "$lt": int64(below) });
            old.insert("type", EntryBody::COMPACTED);
            old.insert("timestamp", doc! { "$lt": int64(before) });
            let deleted = call(entries.delete_many(old)).await?.deleted_count;
            if deleted == 0 {
                break;
            }
            first = Some(below);
        }
        Ok(())
    }

    pub(super) async fn compacted_upto(&self, room_id: &RoomId) -> Stored<Seq> {
        let compacted = doc! {
            "roomId": room_id.as_str(),
            "log": LogName::Board.as_str(),
            "type": EntryBody::COMPACTED,
            "seq": { "$gte": 1_i64 },
        };
        self.position(compacted, -1).await.map(Option::unwrap_or_default)
    }

    /// The first entry of a board log above `seq`, wherever it is: the beginning of the log may be gone.
    pub(super) async fn first_of_board(&self, room_id: &RoomId, seq: Seq) -> Stored<Option<Seq>> {
        self.position(of_board(room_id, doc! { "$gt": int64(seq) }), 1).await
    }

    async fn position(&self, filter: Document, direction: i32) -> Stored<Option<Seq>> {
        #[derive(Deserialize)]
        struct Position {
            seq: Seq,
        }
        let positions = self.collection::<Position>("entries");
        let find = positions.find_one(filter).sort(doc! { "seq": direction }).projection(doc! { "_id": 0, "seq": 1 });
        Ok(call(find).await?.map(|position| position.seq))
    }

    pub(super) async fn begin_with(&self, log: LogName, entry: Entry) -> Stored<bool> {
        let room_id = entry.room_id.clone();
        if self.last_seq(&room_id, log).await? > 0 {
            return Ok(false);
        }
        call(self.entries().insert_one(EntryDocument::new(log, entry))).await?;
        // Where the log ends is not where it was thought to.
        self.tails.forget(&room_id, log);
        Ok(true)
    }
}
