//! Uploads in MongoDB.

use super::{Mongo, call::call, int64};
use async_trait::async_trait;
use futures_util::TryStreamExt;
use mongodb::{
    Collection,
    bson::{Document, doc},
};
use serde::{Deserialize, Serialize};
use studyrooms_domain::{
    files::Upload,
    store::{Stored, Uploads},
};
use studyrooms_protocol::{
    Timestamp,
    ids::{RoomId, UserId},
};

/// An upload as a document; `announcedAt` is missing while it waits.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct UploadDocument {
    #[serde(rename = "_id")]
    upload_id: String,
    room_id: RoomId,
    user_id: UserId,
    key: String,
    name: String,
    size: u64,
    mime_type: String,
    created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    announced_at: Option<Timestamp>,
}

impl From<Upload> for UploadDocument {
    fn from(upload: Upload) -> Self {
        let Upload { upload_id, room_id, user_id, key, name, size, mime_type, created_at, announced_at } = upload;
        Self { upload_id, room_id, user_id, key, name, size, mime_type, created_at, announced_at }
    }
}

impl From<UploadDocument> for Upload {
    fn from(document: UploadDocument) -> Self {
        let UploadDocument { upload_id, room_id, user_id, key, name, size, mime_type, created_at, announced_at } =
            document;
        Self { upload_id, room_id, user_id, key, name, size, mime_type, created_at, announced_at }
    }
}

impl Mongo {
    fn uploads(&self) -> Collection<UploadDocument> {
        self.collection("uploads")
    }

    /// The oldest first; a limit of 0 is none.
    async fn find_uploads(&self, filter: Document, limit: i64) -> Stored<Vec<Upload>> {
        let uploads = self.uploads();
        let find = uploads.find(filter).sort(doc! { "createdAt": 1, "_id": 1 }).limit(limit);
        call(async { find.await?.map_ok(Upload::from).try_collect().await }).await
    }
}

#[async_trait]
impl Uploads for Mongo {
    async fn add(&self, upload: Upload) -> Stored<()> {
        call(self.uploads().insert_one(UploadDocument::from(upload))).await?;
        Ok(())
    }

    async fn lookup(&self, upload_id: &str) -> Stored<Option<Upload>> {
        Ok(call(self.uploads().find_one(doc! { "_id": upload_id })).await?.map(Upload::from))
    }

    async fn mark_announced(&self, upload_id: &str, at: Timestamp) -> Stored<bool> {
        let waiting = doc! { "_id": upload_id, "announcedAt": null };
        let announced = doc! { "$set": { "announcedAt": int64(at) } };
        Ok(call(self.uploads().update_one(waiting, announced)).await?.modified_count == 1)
    }

    async fn of_room(&self, room_id: &RoomId) -> Stored<Vec<Upload>> {
        self.find_uploads(doc! { "roomId": room_id.as_str() }, 0).await
    }

    async fn unannounced(&self, before: Timestamp, limit: usize) -> Stored<Vec<Upload>> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let waiting = doc! { "announcedAt": null, "createdAt": { "$lt": int64(before) } };
        self.find_uploads(waiting, i64::try_from(limit).unwrap_or(i64::MAX)).await
    }

    async fn remove(&self, upload_id: &str) -> Stored<bool> {
        let waiting = doc! { "_id": upload_id, "announcedAt": null };
        Ok(call(self.uploads().delete_one(waiting)).await?.deleted_count == 1)
    }
}
