//! How far workers have followed the room logs, in MongoDB.

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
    store::Stored,
    worker::{Followed, Following},
};
use studyrooms_protocol::{Seq, ids::RoomId};

/// The collections that hold what workers keep of rooms.
const COLLECTIONS: [&str; 4] = ["followed", "deliveries", "days", "worked"];

impl Mongo {
    fn followed(&self) -> Collection<Followed> {
        self.collection("followed")
    }

    pub(super) async fn forget_followed(&self, room_id: &RoomId) -> Stored<()> {
        for name in COLLECTIONS {
            let of_room = doc! { "roomId": room_id.as_str() };
            call(self.collection::<Document>(name).delete_many(of_room)).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Following for Mongo {
    async fn positions(&self, room_ids: &[RoomId]) -> Stored<Vec<Followed>> {
        let ids: Vec<&str> = room_ids.iter().map(RoomId::as_str).collect();
        let followed = self.followed();
        let find = followed.find(doc! { "roomId": { "$in": ids } });
        call(async { find.await?.try_collect().await }).await
    }

    async fn advance(&self, consumer: &str, room_id: &RoomId, from: Seq, to: Seq) -> Stored<bool> {
        if from == 0 {
            let first = Followed { consumer: consumer.to_owned(), room_id: room_id.clone(), seq: to };
            return unless_taken(self.followed().insert_one(first)).await;
        }
        let there = doc! { "roomId": room_id.as_str(), "consumer": consumer, "seq": int64(from) };
        let on = doc! { "$set": { "seq": int64(to) } };
        Ok(call(self.followed().update_one(there, on)).await?.matched_count == 1)
    }

    async fn forget_room(&self, room_id: &RoomId) -> Stored<()> {
        self.forget_followed(room_id).await
    }
}
