//! Bans in MongoDB.

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
use std::collections::HashSet;
use studyrooms_domain::{
    rooms::{AddressHash, Ban, Member},
    store::{Bans, PersonPlace, Stored},
};
use studyrooms_protocol::{
    Timestamp,
    ids::{RoomId, UserId},
};

fn key(room_id: &RoomId, user_id: &UserId) -> Document {
    doc! { "roomId": room_id.as_str(), "userId": user_id.as_str() }
}

/// A ban as it stands. One that was lifted leaves its place in the log (`projection.rs`).
pub(super) fn in_force(mut filter: Document) -> Document {
    filter.insert("lifted", doc! { "$ne": true });
    filter
}

impl Mongo {
    pub(super) fn ban_documents(&self) -> Collection<Ban> {
        self.collection("bans")
    }

    pub(super) async fn is_banned(&self, room_id: &RoomId, user_id: &UserId) -> Stored<bool> {
        Ok(Bans::lookup(self, room_id, user_id).await?.is_some())
    }

    /// Who of these is banned from a room.
    pub(super) async fn banned_among(&self, room_id: &RoomId, members: &[Member]) -> Stored<HashSet<UserId>> {
        let ids: Vec<&str> = members.iter().map(|member| member.user_id.as_str()).collect();
        let bans = self.ban_documents();
        let find = bans.find(in_force(doc! { "roomId": room_id.as_str(), "userId": { "$in": ids } }));
        let found: Vec<Ban> = call(async { find.await?.try_collect().await }).await?;
        Ok(found.into_iter().map(|ban| ban.user_id).collect())
    }

    /// From which of these rooms someone is banned.
    pub(super) async fn banned_in(&self, places: &[Member], user_id: &UserId) -> Stored<HashSet<RoomId>> {
        let ids: Vec<&str> = places.iter().map(|place| place.room_id.as_str()).collect();
        let bans = self.ban_documents();
        let find = bans.find(in_force(doc! { "roomId": { "$in": ids }, "userId": user_id.as_str() }));
        let found: Vec<Ban> = call(async { find.await?.try_collect().await }).await?;
        Ok(found.into_iter().map(|ban| ban.room_id).collect())
    }

    fn address_bans(&self) -> Collection<Document> {
        self.collection("addressBans")
    }
}

#[async_trait]
impl Bans for Mongo {
    async fn add(&self, ban: Ban) -> Stored<()> {
        let bans = self.ban_documents();
        let replace = || bans.replace_one(key(&ban.room_id, &ban.user_id), &ban).upsert(true);
        // Refused when another instance made it at the same moment: then there is one to replace.
        if !unless_taken(replace()).await? {
            call(replace()).await?;
        }
        Ok(())
    }

    async fn lookup(&self, room_id: &RoomId, user_id: &UserId) -> Stored<Option<Ban>> {
        call(self.ban_documents().find_one(in_force(key(room_id, user_id)))).await
    }

    async fn of_room(&self, room_id: &RoomId, after: Option<&PersonPlace>, limit: usize) -> Stored<Vec<Ban>> {
        if limit == 0 {
            return Ok(vec![]);
        }
        let mut filter = doc! { "roomId": room_id.as_str() };
        if let Some((at, user_id)) = after {
            let at = int64(*at);
            filter.insert("at", doc! { "$lte": at });
            let later = doc! { "at": at, "userId": { "$gt": user_id.as_str() } };
            filter.insert("$or", vec![doc! { "at": { "$lt": at } }, later]);
        }
        let bans = self.ban_documents();
        let find = bans
            .find(in_force(filter))
            .sort(doc! { "at": -1, "userId": 1 })
            .limit(i64::try_from(limit).unwrap_or(i64::MAX));
        call(async { find.await?.try_collect().await }).await
    }

    async fn add_addresses(&self, room_id: &RoomId, addresses: &[AddressHash], until: Timestamp) -> Stored<()> {
        let bans = self.address_bans();
        for address in addresses {
            let place = doc! { "roomId": room_id.as_str(), "address": &address.0 };
            let put = || bans.update_one(place.clone(), doc! { "$max": { "until": int64(until) } }).upsert(true);
            // Refused when another instance made it at the same moment: then there is one to change.
            if !unless_taken(put()).await? {
                call(put()).await?;
            }
        }
        Ok(())
    }

    async fn address_until(
        &self,
        room_id: &RoomId,
        address: &AddressHash,
        now: Timestamp,
    ) -> Stored<Option<Timestamp>> {
        let place = doc! { "roomId": room_id.as_str(), "address": &address.0, "until": { "$gt": int64(now) } };
        let found = call(self.address_bans().find_one(place)).await?;
        Ok(found.and_then(|found| found.get_i64("until").ok()).and_then(|until| Timestamp::try_from(until).ok()))
    }

    async fn sweep_addresses(&self, now: Timestamp) -> Stored<u64> {
        let over = doc! { "until": { "$lte": int64(now) } };
        Ok(call(self.address_bans().delete_many(over)).await?.deleted_count)
    }
}
