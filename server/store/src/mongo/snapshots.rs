//! Board snapshots in MongoDB. A document holds 16 MB and a board may be larger: so a snapshot is
//! stored in parts, and seen once its head names them.

use super::{
    Mongo,
    call::{call, unless_taken},
    int64,
};
use async_trait::async_trait;
use futures_util::TryStreamExt;
use mongodb::{
    Collection,
    bson::{doc, oid::ObjectId, serialize_to_raw_document_buf},
};
use serde::{Deserialize, Serialize};
use studyrooms_domain::store::{Snapshot, Snapshots, StoreError, Stored};
use studyrooms_protocol::{Seq, Timestamp, board::Element, ids::RoomId};

/// Of the elements in one part, unless a single one is larger; none is above 400 kB.
const PART_BYTES: usize = 4_000_000;
/// A head read just before it was replaced names parts that are gone; again then.
const TRIES: usize = 5;

/// The newest snapshot of a room's board.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    #[serde(rename = "_id")]
    room_id: RoomId,
    seq: Seq,
    version: ObjectId,
    parts: u32,
    created_at: Timestamp,
}

/// Some of the elements of one version, in rising `z` over all parts.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    room_id: RoomId,
    version: ObjectId,
    seq: Seq,
    part: u32,
    elements: Vec<Element>,
}

fn in_parts(elements: Vec<Element>) -> Stored<Vec<Vec<Element>>> {
    let mut parts: Vec<Vec<Element>> = Vec::new();
    let mut free = 0;
    for element in elements {
        let size = serialize_to_raw_document_buf(&element)
            .map_err(|error| StoreError::Corrupt(error.to_string()))?
            .as_bytes()
            .len();
        match parts.last_mut() {
            Some(part) if size <= free => part.push(element),
            _ => {
                parts.push(vec![element]);
                free = PART_BYTES;
            }
        }
        free = free.saturating_sub(size);
    }
    Ok(parts)
}

impl Mongo {
    fn heads(&self) -> Collection<Head> {
        self.collection("snapshots")
    }

    fn parts(&self) -> Collection<Part> {
        self.collection("snapshotParts")
    }
}

#[async_trait]
impl Snapshots for Mongo {
    async fn put(&self, room_id: &RoomId, snapshot: Snapshot, at: Timestamp) -> Stored<()> {
        let Snapshot { seq, elements } = snapshot;
        let newer = doc! { "_id": room_id.as_str(), "seq": { "$gte": int64(seq) } };
        if call(self.heads().find_one(newer)).await?.is_some() {
            return Ok(());
        }
        let version = ObjectId::new();
        let mut parts = 0;
        for elements in in_parts(elements)? {
            parts += 1;
            let part = Part { room_id: room_id.clone(), version, seq, part: parts, elements };
            call(self.parts().insert_one(part)).await?;
        }
        let head = Head { room_id: room_id.clone(), seq, version, parts, created_at: at };
        // With a newer one there, the filter finds nothing and its id refuses a second.
        let older = doc! { "_id": room_id.as_str(), "seq": { "$lt": int64(seq) } };
        let stale = if unless_taken(self.heads().replace_one(older, head).upsert(true)).await? {
            doc! { "roomId": room_id.as_str(), "version": { "$ne": version }, "seq": { "$lt": int64(seq) } }
        } else {
            doc! { "roomId": room_id.as_str(), "version": version }
        };
        call(self.parts().delete_many(stale)).await?;
        Ok(())
    }

    async fn latest(&self, room_id: &RoomId) -> Stored<Option<Snapshot>> {
        let mut before = None;
        for _ in 0..TRIES {
            let Some(head) = call(self.heads().find_one(doc! { "_id": room_id.as_str() })).await? else {
                return Ok(None);
            };
            let parts = self.parts();
            let find =
                parts.find(doc! { "roomId": room_id.as_str(), "version": head.version }).sort(doc! { "part": 1 });
            let found: Vec<Part> = call(async { find.await?.try_collect().await }).await?;
            if found.len() == head.parts as usize {
                let elements = found.into_iter().flat_map(|part| part.elements).collect();
                return Ok(Some(Snapshot { seq: head.seq, elements }));
            }
            if before.as_ref() == Some(&head) {
                break;
            }
            before = Some(head);
        }
        Err(StoreError::Corrupt(format!("snapshot of room {room_id}: parts are missing")))
    }
}
