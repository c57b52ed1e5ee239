//! Bans in MongoDB.

use super::{
    Mongo,
    call::{call, unless_taken},
};
use async_trait::async_trait;
use futures_util::TryStreamExt;
use mongodb::{
    Collection,
    bson::{Document, doc},
};
use studyrooms_domain::{
    rooms::Ban,
    store::{Bans, Stored},
};
use studyrooms_protocol::ids::{RoomId, UserId};

fn key(room_id: &RoomId, user_id: &UserId) -> Document {
    doc! { "roomId": room_id.as_str(), "userId": user_id.as_str() }
}

impl Mongo {
    fn bans(&self) -> Collection<Ban> {
        self.collection("bans")
    }
}

#[async_trait]
impl Bans for Mongo {
    async fn add(&self, ban: Ban) -> Stored<()> {
        let bans = self.bans();
        let replace = || bans.replace_one(key(&ban.room_id, &ban.user_id), &ban).upsert(true);
        // Refused when another instance made it at the same moment: then there is one to replace.
        if !unless_taken(replace()).await? {
            call(replace()).await?;
        }
        Ok(())
    }

    async fn lookup(&self, room_id: &RoomId, user_id: &UserId) -> Stored<Option<Ban>> {
        call(self.bans().find_one(key(room_id, user_id))).await
    }

    async fn of_room(&self, room_id: &RoomId) -> Stored<Vec<Ban>> {
        let bans = self.bans();
        let find = bans.find(doc! { "roomId": room_id.as_str() }).sort(doc! { "at": -1, "userId": 1 });
        call(async { find.await?.try_collect().await }).await
    }

    async fn remove(&self, room_id: &RoomId, user_id: &UserId) -> Stored<bool> {
        Ok(call(self.bans().delete_one(key(room_id, user_id))).await?.deleted_count == 1)
    }
}
