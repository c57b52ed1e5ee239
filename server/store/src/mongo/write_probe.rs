//! Whether writes succeed: one document that is written over.

use super::{Mongo, call::call};
use async_trait::async_trait;
use mongodb::bson::{Document, doc};
use studyrooms_domain::store::{Stored, WriteProbe};

#[async_trait]
impl WriteProbe for Mongo {
    async fn probe_write(&self) -> Stored<()> {
        let meta = self.collection::<Document>("meta");
        call(meta.update_one(doc! { "_id": "writeProbe" }, doc! { "$inc": { "writes": 1_i64 } }).upsert(true)).await?;
        Ok(())
    }
}
