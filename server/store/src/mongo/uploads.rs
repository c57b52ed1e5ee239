//! Uploads in MongoDB.

use super::{Mongo, call::call, int64};
use async_trait::async_trait;
use futures_util::TryStreamExt;
use mongodb::{
    Collection,
    bson::{Bson, Document, doc},
};
use serde::{Deserialize, Serialize};
use studyrooms_domain::{
    files::{Upload, Used},
    store::{StoreError, Stored, Uploads},
};
use studyrooms_protocol::{
    Timestamp,
    files::Thumbnail,
    ids::{RoomId, UserId},
};

/// An upload as a document; `announcedAt` is missing while it waits, and `doomed` unless it is.
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    multipart: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    thumbnail: Option<Thumbnail>,
    created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    announced_at: Option<Timestamp>,
}

impl From<Upload> for UploadDocument {
    fn from(upload: Upload) -> Self {
        let Upload {
            upload_id,
            room_id,
            user_id,
            key,
            name,
            size,
            mime_type,
            multipart,
            thumbnail,
            created_at,
            announced_at,
        } = upload;
        Self { upload_id, room_id, user_id, key, name, size, mime_type, multipart, thumbnail, created_at, announced_at }
    }
}

impl From<UploadDocument> for Upload {
    fn from(document: UploadDocument) -> Self {
        let UploadDocument {
            upload_id,
            room_id,
            user_id,
            key,
            name,
            size,
            mime_type,
            multipart,
            thumbnail,
            created_at,
            announced_at,
        } = document;
        Self { upload_id, room_id, user_id, key, name, size, mime_type, multipart, thumbnail, created_at, announced_at }
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

    /// Dooms all that fit; gives how many.
    pub(super) async fn doom_uploads(&self, mut filter: Document) -> Stored<u64> {
        filter.insert("doomed", Bson::Null);
        let doomed = doc! { "$set": { "doomed": true } };
        Ok(call(self.uploads().update_many(filter, doomed)).await?.modified_count)
    }

    /// Bytes and number of what is kept under this id.
    async fn sums(&self, field: &str, id: &str) -> Stored<(u64, u64)> {
        let stages = [
            doc! { "$match": { field: id, "doomed": null } },
            doc! { "$group": {
                "_id": null,
                "files": { "$sum": 1 },
                "bytes": { "$sum": "$size" },
                "small": { "$sum": "$thumbnail.size" },
            } },
        ];
        let uploads = self.uploads();
        let sums: Vec<Document> = call(async { uploads.aggregate(stages).await?.try_collect().await }).await?;
        let Some(sums) = sums.first() else { return Ok((0, 0)) };
        let number = |name| {
            let number = match sums.get(name) {
                Some(Bson::Int64(number)) => u64::try_from(*number).ok(),
                Some(Bson::Int32(number)) => u64::try_from(*number).ok(),
                _ => None,
            };
            number.ok_or_else(|| StoreError::Corrupt("uploads: a size is no number".into()))
        };
        Ok((number("bytes")? + number("small")?, number("files")?))
    }
}

#[async_trait]
impl Uploads for Mongo {
    async fn add(&self, upload: Upload) -> Stored<()> {
        let doomed = doc! { "_id": &upload.upload_id, "doomed": true };
        call(self.uploads().replace_one(doomed, UploadDocument::from(upload)).upsert(true)).await?;
        Ok(())
    }

    async fn lookup(&self, upload_id: &str) -> Stored<Option<Upload>> {
        let found = call(self.uploads().find_one(doc! { "_id": upload_id, "doomed": null })).await?;
        Ok(found.map(Upload::from))
    }

    async fn by_key(&self, key: &str) -> Stored<Option<Upload>> {
        let found = call(self.uploads().find_one(doc! { "key": key, "doomed": null })).await?;
        Ok(found.map(Upload::from))
    }

    async fn mark_announced(&self, upload_id: &str, at: Timestamp) -> Stored<bool> {
        let waiting = doc! { "_id": upload_id, "announcedAt": null, "doomed": null };
        let announced = doc! { "$set": { "announcedAt": int64(at) } };
        Ok(call(self.uploads().update_one(waiting, announced)).await?.modified_count == 1)
    }

    async fn of_room(&self, room_id: &RoomId) -> Stored<Vec<Upload>> {
        self.find_uploads(doc! { "roomId": room_id.as_str(), "doomed": null }, 0).await
    }

    async fn used(&self, room_id: &RoomId, user_id: &UserId) -> Stored<Used> {
        let (room, room_files) = self.sums("roomId", room_id.as_str()).await?;
        let (user, user_files) = self.sums("userId", user_id.as_str()).await?;
        Ok(Used { room, user, room_files, user_files })
    }

    async fn doom(&self, upload_id: &str) -> Stored<bool> {
        Ok(self.doom_uploads(doc! { "_id": upload_id }).await? == 1)
    }

    async fn doom_unannounced(&self, before: Timestamp) -> Stored<u64> {
        self.doom_uploads(doc! { "announcedAt": null, "createdAt": { "$lt": int64(before) } }).await
    }

    async fn doomed(&self, limit: usize) -> Stored<Vec<Upload>> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        self.find_uploads(doc! { "doomed": true }, i64::try_from(limit).unwrap_or(i64::MAX)).await
    }

    async fn forget(&self, upload_id: &str) -> Stored<()> {
        call(self.uploads().delete_one(doc! { "_id": upload_id, "doomed": true })).await?;
        Ok(())
    }
}
