//! What becomes of objects that nobody needs any more.

use crate::app::Stores;
use studyrooms_domain::{
    files::{IDLE_FOR_MS, Objects, Upload},
    store::Stored,
};
use studyrooms_protocol::Timestamp;

/// Uploads swept at a time.
const PAGE: usize = 200;

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Uploads that were never announced, and may not be any more.
    pub abandoned: u64,
    /// Uploads whose objects were deleted, or found deleted.
    pub deleted: u64,
    /// Uploads that are forgotten.
    pub forgotten: u64,
}

/// Takes away the objects of uploads that were never announced, and of files and rooms that are gone.
/// May run on several instances at once, and be cut short anywhere.
///
/// # Errors
/// The stores or the objects are out of reach; the next sweep goes on.
pub async fn sweep_uploads(stores: &Stores, objects: &dyn Objects, now: Timestamp) -> Stored<Swept> {
    objects.sweep().await?;
    let before = now.saturating_sub(IDLE_FOR_MS);
    let mut swept = Swept { abandoned: stores.uploads.doom_unannounced(before).await?, ..Swept::default() };
    loop {
        let page = stores.uploads.doomed(PAGE).await?;
        let (count, forgotten) = (page.len(), swept.forgotten);
        for upload in page {
            remove_objects(objects, &upload).await?;
            swept.deleted += 1;
            // While its signature lasts, and what was begun under it, an object may come once more.
            if upload.created_at < before {
                stores.uploads.forget(&upload.upload_id).await?;
                swept.forgotten += 1;
            }
        }
        // The oldest come first: where none of a page could be forgotten, none after it can.
        if count < PAGE || swept.forgotten == forgotten {
            return Ok(swept);
        }
    }
}

/// Deletes all objects of an upload.
///
/// # Errors
/// `Unavailable`; the upload is doomed, and the next sweep tries again.
pub(crate) async fn remove_objects(objects: &dyn Objects, upload: &Upload) -> Stored<()> {
    if let Some(multipart) = &upload.multipart {
        objects.abandon_parts(&upload.key, multipart).await?;
    }
    objects.remove(&upload.key).await?;
    if upload.thumbnail.is_some() {
        objects.remove(&upload.thumbnail_key()).await?;
    }
    Ok(())
}
