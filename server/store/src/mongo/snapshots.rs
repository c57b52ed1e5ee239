//! Board snapshots in MongoDB. A document holds 16 MB and a board may be larger: so a snapshot is
//! stored in parts, and seen once its head names them.

use super::{
    Mongo,
    call::{call, unless_taken},
    int64,
};
use crate::boards::StoredElement;
use async_trait::async_trait;
use futures_util::TryStreamExt;
use mongodb::{
    Collection,
    bson::{Document, doc, oid::ObjectId, serialize_to_raw_document_buf},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
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
    /// Of the entries up to there that are not compacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    log_bytes: Option<u64>,
}

/// Some of the elements of one version, in rising `z` over all parts.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part<E> {
    room_id: RoomId,
    version: ObjectId,
    seq: Seq,
    part: u32,
    elements: Vec<E>,
}

/// The elements in parts, with the bytes of each part.
fn in_parts(elements: &[Arc<Element>]) -> Stored<Vec<(Vec<StoredElement>, usize)>> {
    let mut parts: Vec<(Vec<StoredElement>, usize)> = Vec::new();
    for element in elements.iter().map(|element| StoredElement::of(element)) {
        let encoded =
            serialize_to_raw_document_buf(&element).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let size = encoded.as_bytes().len();
        match parts.last_mut() {
            Some((part, bytes)) if *bytes + size <= PART_BYTES => {
                part.push(element);
                *bytes += size;
            }
            _ => parts.push((vec![element], size)),
        }
    }
    Ok(parts)
}

impl Mongo {
    fn heads(&self) -> Collection<Head> {
        self.collection("snapshots")
    }

    fn kept_heads(&self) -> Collection<KeptHead> {
        self.collection("keptSnapshots")
    }
}

/// A snapshot that is kept for a version.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct KeptHead {
    room_id: RoomId,
    seq: Seq,
    version: ObjectId,
    parts: u32,
    bytes: u64,
    created_at: Timestamp,
}

impl Mongo {
    /// Stores elements in parts; gives how many, and their bytes.
    async fn put_parts(
        &self,
        collection: &str,
        (room_id, seq, version): (&RoomId, Seq, ObjectId),
        elements: &[Arc<Element>],
    ) -> Stored<(u32, u64)> {
        let (mut parts, mut bytes) = (0, 0);
        for (elements, size) in in_parts(elements)? {
            parts += 1;
            bytes += size as u64;
            let part = Part { room_id: room_id.clone(), version, seq, part: parts, elements };
            call(self.collection::<Part<StoredElement>>(collection).insert_one(part)).await?;
        }
        Ok((parts, bytes))
    }

    /// The elements in so many parts; none when some of them are missing.
    async fn get_parts(
        &self,
        collection: &str,
        (room_id, version): (&RoomId, ObjectId),
        parts: u32,
    ) -> Stored<Option<Vec<Arc<Element>>>> {
        let stored = self.collection::<Part<Element>>(collection);
        let find = stored.find(doc! { "roomId": room_id.as_str(), "version": version }).sort(doc! { "part": 1 });
        let found: Vec<Part<Element>> = call(async { find.await?.try_collect().await }).await?;
        let is_whole = found.len() == parts as usize;
        Ok(is_whole.then(|| found.into_iter().flat_map(|part| part.elements).map(Arc::new).collect()))
    }
}

fn missing(room_id: &RoomId) -> StoreError {
    StoreError::Corrupt(format!("snapshot of room {room_id}: parts are missing"))
}

#[async_trait]
impl Snapshots for Mongo {
    async fn put(&self, room_id: &RoomId, snapshot: Snapshot, at: Timestamp) -> Stored<()> {
        let Snapshot { seq, elements, log_bytes } = snapshot;
        let newer = doc! { "_id": room_id.as_str(), "seq": { "$gte": int64(seq) } };
        if call(self.heads().find_one(newer)).await?.is_some() {
            return Ok(());
        }
        let version = ObjectId::new();
        let (parts, _) = self.put_parts("snapshotParts", (room_id, seq, version), &elements).await?;
        let head = Head { room_id: room_id.clone(), seq, version, parts, created_at: at, log_bytes };
        // With a newer one there, the filter finds nothing and its id refuses a second.
        let older = doc! { "_id": room_id.as_str(), "seq": { "$lt": int64(seq) } };
        let stale = if unless_taken(self.heads().replace_one(older, head).upsert(true)).await? {
            doc! { "roomId": room_id.as_str(), "version": { "$ne": version }, "seq": { "$lt": int64(seq) } }
        } else {
            doc! { "roomId": room_id.as_str(), "version": version }
        };
        call(self.collection::<Document>("snapshotParts").delete_many(stale)).await?;
        Ok(())
    }

    async fn latest(&self, room_id: &RoomId) -> Stored<Option<Snapshot>> {
        let mut before = None;
        for _ in 0..TRIES {
            let Some(head) = call(self.heads().find_one(doc! { "_id": room_id.as_str() })).await? else {
                return Ok(None);
            };
            let elements = self.get_parts("snapshotParts", (room_id, head.version), head.parts).await?;
            if let Some(elements) = elements {
                return Ok(Some(Snapshot { seq: head.seq, elements, log_bytes: head.log_bytes }));
            }
            if before.as_ref() == Some(&head) {
                break;
            }
            before = Some(head);
        }
        Err(missing(room_id))
    }

    async fn keep(&self, room_id: &RoomId, snapshot: Snapshot, at: Timestamp) -> Stored<()> {
        let Snapshot { seq, elements, .. } = snapshot;
        let place = doc! { "roomId": room_id.as_str(), "seq": int64(seq) };
        if call(self.kept_heads().find_one(place)).await?.is_some() {
            return Ok(());
        }
        let version = ObjectId::new();
        let (parts, bytes) = self.put_parts("keptParts", (room_id, seq, version), &elements).await?;
        let head = KeptHead { room_id: room_id.clone(), seq, version, parts, bytes, created_at: at };
        if !unless_taken(self.kept_heads().insert_one(head)).await? {
            // Someone else was quicker; the board of a place is one and the same.
            let own = doc! { "roomId": room_id.as_str(), "version": version };
            call(self.collection::<Document>("keptParts").delete_many(own)).await?;
        }
        Ok(())
    }

    async fn kept(&self, room_id: &RoomId, seq: Seq) -> Stored<Option<Snapshot>> {
        let place = doc! { "roomId": room_id.as_str(), "seq": int64(seq) };
        let Some(head) = call(self.kept_heads().find_one(place)).await? else { return Ok(None) };
        let elements = self.get_parts("keptParts", (room_id, head.version), head.parts).await?;
        let elements = elements.ok_or_else(|| missing(room_id))?;
        Ok(Some(Snapshot { seq, elements, log_bytes: None }))
    }

    async fn kept_sizes(&self, room_id: &RoomId) -> Stored<Vec<(Seq, u64)>> {
        let heads = self.kept_heads();
        let find = heads.find(doc! { "roomId": room_id.as_str() }).sort(doc! { "seq": 1 });
        let found: Vec<KeptHead> = call(async { find.await?.try_collect().await }).await?;
        Ok(found.into_iter().map(|head| (head.seq, head.bytes)).collect())
    }
}
