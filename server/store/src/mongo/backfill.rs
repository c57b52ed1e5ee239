//! What entries have that were stored before messages were looked for by id and by word.

use super::{call::call, entry::EntryDocument};
use futures_util::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};
use mongodb::{
    Collection, Database,
    bson::{Document, doc, oid::ObjectId},
    options::Hint,
};
use serde::Deserialize;
use studyrooms_domain::{
    log::{EntryBody, LogName},
    store::Stored,
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
