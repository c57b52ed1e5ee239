//! What documents of older programs lack: messages looked for by id and by word, one owner a room.

use super::{call::call, entry::EntryDocument, rooms::key};
use futures_util::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};
use mongodb::{
    Collection, Database,
    bson::{Document, doc, oid::ObjectId},
    options::Hint,
};
use serde::Deserialize;
use std::cmp::Reverse;
use studyrooms_domain::{
    log::{EntryBody, LogName},
    rooms::{Ban, Member},
    store::Stored,
};
use studyrooms_protocol::{
    ids::{RoomId, UserId},
    rooms::Role,
};

/// Entries read and changed at a time.
const TOGETHER: usize = 200;
/// Changes under way at the same time.
const AT_ONCE: usize = 16;

#[derive(Deserialize)]
struct Old {
    #[serde(rename = "_id")]
    id: ObjectId,
    #[serde(flatten)]
    document: EntryDocument,
}

/// Gives each entry about a message its id and, to the messages, the words they are found by. Edits
/// and deletions are marked, to be settled by the start that follows.
pub(super) fn messages(database: Database) -> BoxFuture<'static, Stored<()>> {
    async move {
        let entries = database.collection::<Old>("entries");
        let kinds = ["message", "edited", "deleted", "reacted", "pinned"];
        let old = doc! { "log": LogName::Room.as_str(), "type": { "$in": &kinds[..] }, "messageId": null };
        let find = entries.find(old).batch_size(TOGETHER as u32);
        let mut found = call(find).await?.try_chunks(TOGETHER);
        let documents = database.collection::<Document>("entries");
        loop {
            let some = call(async { found.try_next().await.map_err(|cut_short| cut_short.1) }).await?;
            let Some(some) = some else { return Ok(()) };
            let each = stream::iter(some).map(|old| change(&documents, old));
            each.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
        }
    }
    .boxed()
}

/// Marks all amendments of messages, to be settled by the start that follows.
pub(super) fn amendments(database: Database) -> BoxFuture<'static, Stored<()>> {
    async move {
        let entries = database.collection::<Document>("entries");
        let kinds = ["edited", "deleted", "reacted", "pinned"];
        let amending =
            doc! { "log": LogName::Room.as_str(), "type": { "$in": &kinds[..] }, "messageId": { "$exists": true } };
        let find = entries.find(amending).projection(doc! { "_id": 1 }).batch_size(TOGETHER as u32);
        let mut found = call(find).await?.try_chunks(TOGETHER);
        loop {
            let some = call(async { found.try_next().await.map_err(|cut_short| cut_short.1) }).await?;
            let Some(some) = some else { return Ok(()) };
            let ids: Vec<ObjectId> = some.iter().filter_map(|one| one.get_object_id("_id").ok()).collect();
            let marked = doc! { "$set": { "unsettled": true } };
            call(entries.update_many(doc! { "_id": { "$in": ids } }, marked)).await?;
        }
    }
    .boxed()
}

/// Gives each entry that saved a version the version's id, by which it is found.
pub(super) fn versions(database: Database) -> BoxFuture<'static, Stored<()>> {
    async move {
        let entries = database.collection::<Old>("entries");
        let old = doc! { "log": LogName::Room.as_str(), "type": EntryBody::SAVED, "versionId": null };
        let find = entries.find(old).batch_size(TOGETHER as u32);
        let mut found = call(find).await?.try_chunks(TOGETHER);
        let documents = database.collection::<Document>("entries");
        loop {
            let some = call(async { found.try_next().await.map_err(|cut_short| cut_short.1) }).await?;
            let Some(some) = some else { return Ok(()) };
            for Old { id, document } in some {
                let new = EntryDocument::new(document.log, document.entry);
                let Some(version_id) = &new.version_id else { continue };
                let set = doc! { "$set": { "versionId": version_id.as_str(), "hasPicture": new.has_picture } };
                call(documents.update_one(doc! { "_id": id }, set)).await?;
            }
        }
    }
    .boxed()
}

async fn change(entries: &Collection<Document>, Old { id, document }: Old) -> Stored<()> {
    let EntryDocument { log, entry, .. } = document;
    let new = EntryDocument::new(log, entry);
    let Some(message_id) = &new.message_id else { return Ok(()) };
    let mut set = doc! { "messageId": message_id.as_str() };
    if new.unsettled {
        set.insert("unsettled", true);
    }
    if !new.tokens.is_empty() {
        set.insert("tokens", new.tokens.into_iter().collect::<Vec<_>>());
    }
    let old = doc! { "_id": id, "messageId": null };
    call(entries.update_one(old, doc! { "$set": set }).hint(Hint::Name("_id_".into()))).await?;
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Owned {
    #[serde(rename = "_id")]
    room_id: RoomId,
    owner_id: UserId,
}

/// Brings every group to one owner, whom its document names: older programs kept the maker there, and could
/// leave two owners or none. Takes out members who are banned.
pub(super) fn owners(database: Database) -> BoxFuture<'static, Stored<()>> {
    async move {
        let members = database.collection::<Member>("members");
        let banned = database.collection::<Ban>("bans");
        let mut bans = call(banned.find(doc! {})).await?;
        while let Some(ban) = call(bans.try_next()).await? {
            call(members.delete_one(key(&ban.room_id, &ban.user_id))).await?;
        }
        let rooms = database.collection::<Owned>("rooms");
        let groups = rooms.find(doc! { "kind": "group" }).batch_size(TOGETHER as u32);
        let mut found = call(groups).await?.try_chunks(TOGETHER);
        loop {
            let some = call(async { found.try_next().await.map_err(|cut_short| cut_short.1) }).await?;
            let Some(some) = some else { return Ok(()) };
            let each = stream::iter(some).map(|room| one_owner(&database, room));
            each.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
        }
    }
    .boxed()
}

async fn one_owner(database: &Database, room: Owned) -> Stored<()> {
    let members = database.collection::<Member>("members");
    let find = members.find(doc! { "roomId": room.room_id.as_str() });
    let there: Vec<Member> = call(async { find.await?.try_collect().await }).await?;
    // The highest; of two owners the one who did not make the room was given it later.
    let rank = |member: &Member| (Reverse(member.role), member.user_id == room.owner_id, member.joined_at);
    let Some(owner) = there.iter().min_by_key(|member| rank(member)) else { return Ok(()) };
    let set = doc! { "$set": { "ownerId": owner.user_id.as_str() } };
    call(database.collection::<Document>("rooms").update_one(doc! { "_id": room.room_id.as_str() }, set)).await?;
    for member in &there {
        let role = match (member.user_id == owner.user_id, member.role) {
            (true, Role::Owner) => continue,
            (true, _) => "owner",
            (false, Role::Owner) => "mod",
            (false, _) => continue,
        };
        let set = doc! { "$set": { "role": role } };
        call(members.update_one(key(&room.room_id, &member.user_id), set)).await?;
    }
    Ok(())
}
