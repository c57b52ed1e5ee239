//! Who worked when, in MongoDB.

use super::{
    Mongo,
    call::{call, unless_taken},
};
use async_trait::async_trait;
use futures_util::{StreamExt, TryStreamExt, stream};
use mongodb::{Collection, bson::doc};
use studyrooms_domain::{stats::Worked, store::Stored, worker::FocusLedger};
use studyrooms_protocol::ids::UserId;

/// Inserts under way at the same time.
const AT_ONCE: usize = 16;

impl Mongo {
    fn worked(&self) -> Collection<Worked> {
        self.collection("worked")
    }
}

#[async_trait]
impl FocusLedger for Mongo {
    async fn note(&self, work: Vec<Worked>) -> Stored<()> {
        // Refused when it is known already.
        let insert = |part: Worked| async move { unless_taken(self.worked().insert_one(part)).await.map(drop) };
        stream::iter(work).map(insert).buffer_unordered(AT_ONCE).try_collect().await
    }

    async fn work_of(&self, user_id: &UserId, limit: usize) -> Stored<Vec<Worked>> {
        if limit == 0 {
            return Ok(vec![]);
        }
        let worked = self.worked();
        let find = worked
            .find(doc! { "userId": user_id.as_str() })
            .sort(doc! { "from": -1, "roomId": -1, "seq": -1 })
            .limit(i64::try_from(limit).unwrap_or(i64::MAX));
        let mut newest: Vec<Worked> = call(async { find.await?.try_collect().await }).await?;
        newest.reverse();
        Ok(newest)
    }
}
