//! Read markers in MongoDB.

use super::{
    Mongo,
    call::{call, unless_taken},
    int64,
};
use async_trait::async_trait;
use futures_util::TryStreamExt;
use mongodb::{
    Collection,
    bson::{Document, doc},
};
use studyrooms_domain::{
    chat::ReadMarker,
    store::{ReadMarkers, Stored},
};
use studyrooms_protocol::{
    Seq,
    ids::{RoomId, UserId},
};

impl Mongo {
    fn read_markers(&self) -> Collection<ReadMarker> {
        self.collection("readMarkers")
    }

    async fn find_markers(&self, filter: Document, sort: Document) -> Stored<Vec<ReadMarker>> {
        let markers = self.read_markers();
        let find = markers.find(filter).sort(sort);
        call(async { find.await?.try_collect().await }).await
    }
}

#[async_trait]
impl ReadMarkers for Mongo {
    async fn advance(&self, room_id: &RoomId, user_id: &UserId, seq: Seq) -> Stored<Seq> {
        let markers = self.read_markers();
        let key = doc! { "userId": user_id.as_str(), "roomId": room_id.as_str() };
        let advance = || markers.update_one(key.clone(), doc! { "$max": { "seq": int64(seq) } }).upsert(true);
        // Refused when another instance made it at the same moment: then there is one to move.
        if !unless_taken(advance()).await? {
            call(advance()).await?;
        }
        // At or beyond `seq` now, unless the room was removed meanwhile.
        Ok(call(markers.find_one(key)).await?.map_or(seq, |marker| marker.seq))
    }

    async fn of_user(&self, user_id: &UserId, room_ids: &[RoomId]) -> Stored<Vec<ReadMarker>> {
        let ids: Vec<&str> = room_ids.iter().map(RoomId::as_str).collect();
        let wanted = doc! { "userId": user_id.as_str(), "roomId": { "$in": ids } };
        self.find_markers(wanted, doc! { "roomId": 1 }).await
    }

    async fn of_people(&self, room_id: &RoomId, user_ids: &[UserId]) -> Stored<Vec<ReadMarker>> {
        let ids: Vec<&str> = user_ids.iter().map(UserId::as_str).collect();
        let wanted = doc! { "userId": { "$in": ids }, "roomId": room_id.as_str() };
        self.find_markers(wanted, doc! { "userId": 1 }).await
    }

    async fn furthest(&self, room_id: &RoomId, limit: usize) -> Stored<Vec<ReadMarker>> {
        if limit == 0 {
            return Ok(vec![]);
        }
        let markers = self.read_markers();
        let find = markers
            .find(doc! { "roomId": room_id.as_str() })
            .sort(doc! { "seq": -1, "userId": 1 })
            .limit(i64::try_from(limit).unwrap_or(i64::MAX));
        call(async { find.await?.try_collect().await }).await
    }
}
