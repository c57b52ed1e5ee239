//! Rooms and members in MongoDB.

use super::{
    Mongo,
    bans::in_force,
    call::{call, unless_taken},
    int64,
};
use crate::messages::pair_key;
use async_trait::async_trait;
use futures_util::{TryStreamExt, future::try_join};
use mongodb::{
    Collection,
    bson::{Document, doc, serialize_to_bson},
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use studyrooms_domain::{
    log::{Entry, LogName},
    rooms::{Member, Room, RoomKind},
    store::{Logs, MemberPlace, MemberRooms, PersonPlace, Rooms, StoreError, Stored},
};
use studyrooms_protocol::{
    Seq, Timestamp,
    ids::{RoomId, RoomRef, UserId},
    rooms::{Role, RoomSettings},
};

/// Entries deleted by one command, so that each stays within the time limit.
const DELETED_AT_ONCE: u64 = 20_000;

/// How often a direct room is looked for that another call makes or removes meanwhile.
const TRIES: usize = 5;

/// A room as a document. While it is being removed it has a field `removing` too.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RoomDocument {
    #[serde(rename = "_id")]
    room_id: RoomId,
    code: String,
    title: String,
    kind: RoomKind,
    owner_id: UserId,
    settings: RoomSettings,
    created_at: Timestamp,
    /// Of a direct room: the two people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pair: Option<String>,
}

/// How far the log was projected.
#[derive(Deserialize)]
struct Projected {
    projected: Option<Seq>,
}

impl From<Room> for RoomDocument {
    fn from(Room { room_id, code, title, kind, owner_id, settings, created_at }: Room) -> Self {
        Self { room_id, code, title, kind, owner_id, settings, created_at, pair: None }
    }
}

impl From<RoomDocument> for Room {
    fn from(document: RoomDocument) -> Self {
        let RoomDocument { room_id, code, title, kind, owner_id, settings, created_at, .. } = document;
        Self { room_id, code, title, kind, owner_id, settings, created_at }
    }
}

/// A member as the room's document has it.
fn settled(owner_id: &UserId, kind: RoomKind, member: Member) -> Member {
    let role = match member.role {
        _ if kind == RoomKind::Direct => member.role,
        _ if *owner_id == member.user_id => Role::Owner,
        Role::Owner => Role::Mod,
        role => role,
    };
    Member { role, ..member }
}

/// A value of ours as it stands in an update.
pub(super) fn to_bson<T: Serialize>(value: &T) -> Stored<mongodb::bson::Bson> {
    serialize_to_bson(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

pub(super) fn key(room_id: &RoomId, user_id: &UserId) -> Document {
    doc! { "roomId": room_id.as_str(), "userId": user_id.as_str() }
}

impl Mongo {
    fn rooms(&self) -> Collection<RoomDocument> {
        self.collection("rooms")
    }

    /// Whom a room's document names as its owner.
    pub(super) async fn owner(&self, room_id: &RoomId) -> Stored<Option<UserId>> {
        Ok(call(self.rooms().find_one(doc! { "_id": room_id.as_str() })).await?.map(|room| room.owner_id))
    }

    /// Members as they stand in their documents. Who is owner the room's document says: a room has one at every
    /// moment, although its members' documents are changed one after the other.
    async fn settled_members(&self, room_id: &RoomId, filter: Document, sort: Document) -> Stored<Vec<Member>> {
        let members = self.find_members(filter, sort).await?;
        self.settle_members(room_id, members).await
    }

    async fn settle_members(&self, room_id: &RoomId, members: Vec<Member>) -> Stored<Vec<Member>> {
        let rooms = self.rooms();
        let room = rooms.find_one(doc! { "_id": room_id.as_str() });
        let (banned, room) = try_join(self.banned_among(room_id, &members), call(room)).await?;
        let members = members.into_iter().filter(|member| !banned.contains(&member.user_id));
        Ok(match room {
            Some(room) => members.map(|member| settled(&room.owner_id, room.kind, member)).collect(),
            None => members.collect(),
        })
    }

    pub(super) fn member_documents(&self) -> Collection<Member> {
        self.collection("members")
    }

    async fn members_after(&self, room_id: &RoomId, after: Option<&PersonPlace>, limit: usize) -> Stored<Vec<Member>> {
        let mut filter = doc! { "roomId": room_id.as_str() };
        if let Some((joined_at, user_id)) = after {
            let joined_at = int64(*joined_at);
            filter.insert("joinedAt", doc! { "$gte": joined_at });
            let later = doc! { "joinedAt": joined_at, "userId": { "$gt": user_id.as_str() } };
            filter.insert("$or", vec![doc! { "joinedAt": { "$gt": joined_at } }, later]);
        }
        let members = self.member_documents();
        let find = members
            .find(filter)
            .sort(doc! { "joinedAt": 1, "userId": 1 })
            .limit(i64::try_from(limit).unwrap_or(i64::MAX));
        call(async { find.await?.try_collect().await }).await
    }

    async fn find_members(&self, filter: Document, sort: Document) -> Stored<Vec<Member>> {
        let members = self.member_documents();
        let find = members.find(filter).sort(sort);
        call(async { find.await?.try_collect().await }).await
    }

    /// Makes members of those of the two who are none yet: whoever made the room may have been cut
    /// short.
    async fn complete(&self, room: &Room, pair: [Member; 2]) -> Stored<()> {
        let there = self.members(&room.room_id, None, 2).await?;
        for member in pair {
            if !there.iter().any(|found| found.user_id == member.user_id) {
                self.add_member(Member { room_id: room.room_id.clone(), ..member }).await?;
            }
        }
        Ok(())
    }

    /// Deletes all that a room has, and the room itself last.
    async fn empty_and_delete(&self, room_id: &RoomId) -> Stored<()> {
        let of_room = doc! { "roomId": room_id.as_str() };
        let collections =
            ["members", "bans", "addressBans", "readMarkers", "snapshotParts", "keptParts", "keptSnapshots"];
        for name in collections {
            call(self.collection::<Document>(name).delete_many(of_room.clone())).await?;
        }
        self.forget_followed(room_id).await?;
        self.doom_uploads(of_room.clone()).await?;
        let itself = doc! { "_id": room_id.as_str() };
        for name in ["snapshots", "roomFolds"] {
            call(self.collection::<Document>(name).delete_one(itself.clone())).await?;
        }
        let entries = self.collection::<Document>("entries");
        for log in [LogName::Room, LogName::Board] {
            let last = self.last_seq(room_id, log).await?;
            for first in (1..=last).step_by(DELETED_AT_ONCE as usize) {
                let seq = doc! { "$gte": int64(first), "$lt": int64(first + DELETED_AT_ONCE) };
                let some = doc! { "roomId": room_id.as_str(), "log": log.as_str(), "seq": seq };
                call(entries.delete_many(some)).await?;
            }
            self.tails.forget(room_id, log);
        }
        call(entries.delete_many(of_room)).await?;
        call(self.rooms().delete_one(itself)).await?;
        Ok(())
    }

    /// Removes what an earlier process began to remove.
    pub(super) async fn finish_removals(&self) -> Stored<()> {
        let rooms = self.collection::<Document>("rooms");
        let find = rooms.find(doc! { "removing": { "$exists": true } }).projection(doc! { "_id": 1 });
        let removing: Vec<Document> = call(async { find.await?.try_collect().await }).await?;
        for room_id in removing.iter().filter_map(|room| room.get_str("_id").ok()) {
            self.empty_and_delete(&room_id.into()).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl Rooms for Mongo {
    async fn add(&self, room: Room, owner: Member) -> Stored<bool> {
        // The member first: a room without its owner must never be seen, a member without a room
        // is not.
        unless_taken(self.member_documents().insert_one(owner.clone())).await?;
        let added = unless_taken(self.rooms().insert_one(RoomDocument::from(room))).await?;
        if !added {
            call(self.member_documents().delete_one(key(&owner.room_id, &owner.user_id))).await?;
        }
        Ok(added)
    }

    async fn direct(&self, room: Room, pair: [Member; 2]) -> Stored<Room> {
        let key = pair_key(&pair);
        for _ in 0..TRIES {
            let found = call(self.rooms().find_one(doc! { "pair": &key, "removing": null })).await?;
            let direct = match found {
                Some(found) => Room::from(found),
                // Refused when another call made one at the same moment, or when the code is taken.
                None => {
                    let document = RoomDocument { pair: Some(key.clone()), ..room.clone().into() };
                    if !unless_taken(self.rooms().insert_one(document)).await? {
                        continue;
                    }
                    room
                }
            };
            self.complete(&direct, pair).await?;
            return Ok(direct);
        }
        Err(StoreError::Unavailable("the room's code is taken; try another".into()))
    }

    async fn lookup(&self, reference: &RoomRef) -> Stored<Option<Room>> {
        let reference = reference.as_str();
        // Most callers have the id; one after the other each is one index look-up, everywhere.
        for field in ["_id", "code"] {
            let filter = doc! { field: reference, "removing": null };
            if let Some(document) = call(self.rooms().find_one(filter)).await? {
                return Ok(Some(document.into()));
            }
        }
        Ok(None)
    }

    async fn project(&self, entry: &Entry) -> Stored<()> {
        self.project_entry(entry).await
    }

    async fn projected(&self, room_id: &RoomId) -> Stored<Option<Seq>> {
        let rooms = self.collection::<Projected>("rooms");
        let find = rooms.find_one(doc! { "_id": room_id.as_str() }).projection(doc! { "_id": 0, "projected": 1 });
        Ok(call(find).await?.and_then(|found| found.projected))
    }

    async fn note_projected(&self, room_id: &RoomId, seq: Seq) -> Stored<()> {
        let further = doc! { "$max": { "projected": int64(seq) } };
        call(self.collection::<Document>("rooms").update_one(doc! { "_id": room_id.as_str() }, further)).await?;
        Ok(())
    }

    async fn remove(&self, room_id: &RoomId) -> Stored<bool> {
        // Marked first: whoever is cut short has begun what cannot be undone, and is followed by
        // the next start. The two of a direct room may have another one from then on.
        let mark = doc! { "$set": { "removing": true }, "$unset": { "pair": "" } };
        let marked = call(self.rooms().update_one(doc! { "_id": room_id.as_str() }, mark)).await?.matched_count == 1;
        if marked {
            self.empty_and_delete(room_id).await?;
        }
        Ok(marked)
    }

    async fn member(&self, room_id: &RoomId, user_id: &UserId) -> Stored<Option<Member>> {
        let (members, bans) = (self.member_documents(), self.ban_documents());
        let ban = bans.find_one(in_force(key(room_id, user_id)));
        let (member, ban) = try_join(call(members.find_one(key(room_id, user_id))), call(ban)).await?;
        let Some(member) = member.filter(|_| ban.is_none()) else { return Ok(None) };
        if member.role < Role::Mod {
            return Ok(Some(member));
        }
        let room = call(self.rooms().find_one(doc! { "_id": room_id.as_str() })).await?;
        Ok(Some(match room {
            Some(room) => settled(&room.owner_id, room.kind, member),
            None => member,
        }))
    }

    async fn add_member(&self, member: Member) -> Stored<bool> {
        let (room_id, user_id) = (member.room_id.clone(), member.user_id.clone());
        if self.is_banned(&room_id, &user_id).await? {
            return Ok(false);
        }
        unless_taken(self.member_documents().insert_one(member)).await?;
        // A ban takes the member out after it stands: one of the two sees the other.
        let banned = self.is_banned(&room_id, &user_id).await?;
        if banned {
            call(self.member_documents().delete_one(key(&room_id, &user_id))).await?;
        }
        Ok(!banned)
    }

    async fn end_membership(&self, room_id: &RoomId, user_id: &UserId, until: Timestamp) -> Stored<()> {
        let mut member = key(room_id, user_id);
        member.insert("joinedAt", doc! { "$lte": int64(until) });
        member.insert("role", doc! { "$ne": "owner" });
        call(self.member_documents().delete_one(member)).await?;
        Ok(())
    }

    async fn members(&self, room_id: &RoomId, after: Option<&PersonPlace>, limit: usize) -> Stored<Vec<Member>> {
        let (mut after, mut listed) = (after.cloned(), vec![]);
        // Who is banned at this moment is left out of what was found: there are more to find then.
        while listed.len() < limit {
            let wanted = limit - listed.len();
            let found = self.members_after(room_id, after.as_ref(), wanted).await?;
            let is_last = found.len() < wanted;
            after = found.last().map(|member| (member.joined_at, member.user_id.clone()));
            listed.extend(self.settle_members(room_id, found).await?);
            if is_last {
                break;
            }
        }
        Ok(listed)
    }

    async fn moderators(&self, room_id: &RoomId) -> Stored<Vec<Member>> {
        let owner = self.owner(room_id).await?;
        let of_rank =
            doc! { "$or": [{ "role": { "$in": ["mod", "owner"] } }, { "userId": owner.as_ref().map(UserId::as_str) }] };
        let mut moderators = doc! { "roomId": room_id.as_str() };
        moderators.extend(of_rank);
        self.settled_members(room_id, moderators, doc! { "joinedAt": 1, "userId": 1 }).await
    }

    async fn page(&self, after: Option<&RoomId>, limit: usize) -> Stored<Vec<RoomId>> {
        if limit == 0 {
            return Ok(vec![]);
        }
        // No id is empty.
        let above = doc! { "_id": { "$gt": after.map_or("", RoomId::as_str) }, "removing": null };
        let rooms = self.collection::<Document>("rooms");
        let find = rooms.find(above).sort(doc! { "_id": 1 }).projection(doc! { "_id": 1 });
        let find = find.limit(i64::try_from(limit).unwrap_or(i64::MAX));
        let found: Vec<Document> = call(async { find.await?.try_collect().await }).await?;
        Ok(found.iter().filter_map(|room| room.get_str("_id").ok()).map(RoomId::from).collect())
    }

    async fn of_user(&self, user_id: &UserId, after: Option<&MemberPlace>, limit: usize) -> Stored<MemberRooms> {
        if limit == 0 {
            return Ok(MemberRooms::default());
        }
        let mut filter = doc! { "userId": user_id.as_str() };
        if let Some((joined_at, room_id)) = after {
            let joined_at = int64(*joined_at);
            filter.insert("joinedAt", doc! { "$lte": joined_at });
            let later = doc! { "joinedAt": joined_at, "roomId": { "$gt": room_id.as_str() } };
            filter.insert("$or", vec![doc! { "joinedAt": { "$lt": joined_at } }, later]);
        }
        let members = self.member_documents();
        let find = members
            .find(filter)
            .sort(doc! { "joinedAt": -1, "roomId": 1 })
            .limit(i64::try_from(limit).unwrap_or(i64::MAX));
        let places: Vec<Member> = call(async { find.await?.try_collect().await }).await?;
        let last = places.last().filter(|_| places.len() == limit);
        let next = last.map(|member| (member.joined_at, member.room_id.clone()));
        let banned = self.banned_in(&places, user_id).await?;
        let ids: Vec<&str> = places.iter().map(|member| member.room_id.as_str()).collect();
        let rooms = self.rooms();
        let find = rooms.find(doc! { "_id": { "$in": ids }, "removing": null });
        let found: Vec<RoomDocument> = call(async { find.await?.try_collect().await }).await?;
        let mut rooms: HashMap<RoomId, Room> =
            found.into_iter().map(|document| (document.room_id.clone(), Room::from(document))).collect();
        let allowed = places.into_iter().filter(|place| !banned.contains(&place.room_id));
        let each = allowed.filter_map(|place| {
            let room = rooms.remove(&place.room_id)?;
            let member = settled(&room.owner_id, room.kind, place);
            Some((room, member))
        });
        Ok(MemberRooms { rooms: each.collect(), next })
    }

    async fn others(&self, room_ids: &[RoomId], except: &UserId) -> Stored<Vec<Member>> {
        let ids: Vec<&str> = room_ids.iter().map(RoomId::as_str).collect();
        let wanted = doc! { "roomId": { "$in": ids }, "userId": { "$ne": except.as_str() } };
        self.find_members(wanted, doc! { "roomId": 1 }).await
    }
}
