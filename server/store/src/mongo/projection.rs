//! What entries of the room log say to the documents beside it. Several instances may project one entry, and
//! one of them late: each document notes the place of the entry it follows, and takes nothing from an earlier
//! one. What is cut short between two documents is done again when the room is opened next.

use super::{
    Mongo,
    call::{call, unless_taken},
    int64,
    rooms::{key, to_bson},
};
use mongodb::bson::{Bson, Document, doc};
use studyrooms_domain::{
    log::{Entry, EntryBody},
    rooms::Member,
    store::{Rooms, Stored, Uploads},
};
use studyrooms_protocol::{ids::UserId, rooms::Role};

/// A document that follows no later entry in `field`.
fn earlier(mut filter: Document, field: &str, entry: &Entry) -> Document {
    filter.insert(field, doc! { "$not": { "$gt": int64(entry.seq) } });
    filter
}

impl Mongo {
    pub(super) async fn project_entry(&self, entry: &Entry) -> Stored<()> {
        match &entry.body {
            EntryBody::Kicked { target, ban: true, reason, .. } => self.ban(entry, target, reason.as_deref()).await?,
            EntryBody::Unbanned { target } => self.unban(entry, target).await?,
            EntryBody::Role { target, role: Role::Owner } => self.hand_over(entry, target).await?,
            EntryBody::Role { target, role } => self.give(entry, target, *role).await?,
            EntryBody::Resigned { target } => {
                // Who came back since stays.
                self.end_membership(&entry.room_id, target, entry.timestamp).await?;
            }
            EntryBody::GuestsRemoved { .. } => {
                let guests = doc! {
                    "roomId": entry.room_id.as_str(),
                    "role": "guest",
                    "joinedAt": { "$lte": int64(entry.timestamp) },
                };
                call(self.member_documents().delete_many(guests)).await?;
            }
            EntryBody::Admitted { target, admit: true, role: Some(role) } => {
                let (room_id, user_id) = (entry.room_id.clone(), target.clone());
                self.add_member(Member { room_id, user_id, role: *role, joined_at: entry.timestamp }).await?;
            }
            EntryBody::Settings { title, settings } => {
                let set = doc! { "title": title, "settings": to_bson(settings)? };
                self.change_room(entry, "settingsSeq", set).await?;
            }
            EntryBody::CodeRenewed { code } => {
                let room = earlier(doc! { "_id": entry.room_id.as_str() }, "codeSeq", entry);
                let set = doc! { "$set": { "code": code, "codeSeq": int64(entry.seq) } };
                // Of two rooms with one code the first keeps it.
                unless_taken(self.collection::<Document>("rooms").update_one(room, set)).await?;
            }
            EntryBody::Unshared { upload_id } => {
                self.doom(upload_id).await?;
            }
            _ => {}
        }
        self.note_projected(&entry.room_id, entry.seq).await
    }

    async fn change_room(&self, entry: &Entry, follows: &str, mut set: Document) -> Stored<bool> {
        let room = earlier(doc! { "_id": entry.room_id.as_str() }, follows, entry);
        set.insert(follows, int64(entry.seq));
        let changed = call(self.collection::<Document>("rooms").update_one(room, doc! { "$set": set })).await?;
        Ok(changed.matched_count == 1)
    }

    /// The ban first: from then on they are no member, whatever is cut short.
    async fn ban(&self, entry: &Entry, target: &UserId, reason: Option<&str>) -> Stored<()> {
        let set = doc! {
            "by": entry.user_id.as_str(),
            "reason": reason.map_or(Bson::Null, Bson::from),
            "at": int64(entry.timestamp),
            "seq": int64(entry.seq),
            "lifted": false,
        };
        if self.note_ban(entry, target, set).await? {
            call(self.member_documents().delete_one(key(&entry.room_id, target))).await?;
        }
        Ok(())
    }

    /// A lifted ban leaves its place behind, so that the ban does not come back late.
    async fn unban(&self, entry: &Entry, target: &UserId) -> Stored<()> {
        let set = doc! { "by": entry.user_id.as_str(), "at": int64(entry.timestamp), "seq": int64(entry.seq), "lifted": true };
        self.note_ban(entry, target, set).await?;
        Ok(())
    }

    /// False when the document follows a later entry.
    async fn note_ban(&self, entry: &Entry, target: &UserId, set: Document) -> Stored<bool> {
        let bans = self.collection::<Document>("bans");
        let filter = || earlier(key(&entry.room_id, target), "seq", entry);
        let put = || bans.update_one(filter(), doc! { "$set": set.clone() }).upsert(true);
        // Refused when there is one that follows a later entry, or that was made at the same moment.
        if unless_taken(put()).await? {
            return Ok(true);
        }
        Ok(call(bans.update_one(filter(), doc! { "$set": set.clone() })).await?.matched_count == 1)
    }

    async fn give(&self, entry: &Entry, target: &UserId, role: Role) -> Stored<()> {
        if role != Role::Owner && self.owner(&entry.room_id).await?.as_ref() == Some(target) {
            // The owner's role changes by handing over alone.
            return Ok(());
        }
        let member = earlier(key(&entry.room_id, target), "roleSeq", entry);
        let set = doc! { "$set": { "role": to_bson(&role)?, "roleSeq": int64(entry.seq) } };
        call(self.collection::<Document>("members").update_one(member, set)).await?;
        Ok(())
    }

    /// The room's document says who is owner, at one moment; the members' follow.
    async fn hand_over(&self, entry: &Entry, target: &UserId) -> Stored<()> {
        if self.member(&entry.room_id, target).await?.is_none() {
            return Ok(());
        }
        let owner = doc! { "ownerId": target.as_str() };
        self.change_room(entry, "ownerSeq", owner).await?;
        let others = doc! { "roomId": entry.room_id.as_str(), "role": "owner", "userId": { "$ne": target.as_str() } };
        let others = earlier(others, "roleSeq", entry);
        let down = doc! { "$set": { "role": "mod", "roleSeq": int64(entry.seq) } };
        call(self.collection::<Document>("members").update_many(others, down)).await?;
        self.give(entry, target, Role::Owner).await
    }
}
