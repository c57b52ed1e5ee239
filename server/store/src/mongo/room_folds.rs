//! Folds of room logs in MongoDB.

use super::{
    Mongo,
    call::{call, unless_taken},
    int64,
};
use async_trait::async_trait;
use mongodb::bson::{Document, doc};
use studyrooms_domain::{
    room_fold::{RoomFold, RoomFolds},
    store::{StoreError, Stored},
};
use studyrooms_protocol::ids::RoomId;

#[async_trait]
impl RoomFolds for Mongo {
    async fn put_fold(&self, room_id: &RoomId, fold: RoomFold) -> Stored<()> {
        let json = serde_json::to_string(&fold).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let folds = self.collection::<Document>("roomFolds");
        let older = doc! { "_id": room_id.as_str(), "seq": { "$lt": int64(fold.seq) } };
        let newer = doc! { "$set": { "seq": int64(fold.seq), "fold": json } };
        // Refused when a newer one is there.
        unless_taken(folds.update_one(older, newer).upsert(true)).await?;
        Ok(())
    }

    async fn latest_fold(&self, room_id: &RoomId) -> Stored<Option<RoomFold>> {
        let folds = self.collection::<Document>("roomFolds");
        let found = call(folds.find_one(doc! { "_id": room_id.as_str() })).await?;
        Ok(found.and_then(|found| serde_json::from_str(found.get_str("fold").ok()?).ok()))
    }
}
