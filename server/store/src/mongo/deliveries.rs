//! Webhook deliveries in MongoDB.

use super::{
    Mongo,
    call::{call, unless_taken},
    int64,
};
use async_trait::async_trait;
use futures_util::{StreamExt, TryStreamExt, stream};
use mongodb::{
    Collection,
    bson::{Document, doc},
};
use serde::{Deserialize, Serialize};
use studyrooms_domain::{
    store::Stored,
    webhooks::{Addressed, Delivery, Outcome, State},
    worker::Deliveries,
};
use studyrooms_protocol::Timestamp;

/// Inserts under way at the same time.
const AT_ONCE: usize = 16;

/// A delivery as a document.
#[derive(Serialize, Deserialize)]
struct DeliveryDocument {
    #[serde(rename = "_id")]
    id: String,
    #[serde(flatten)]
    delivery: Delivery,
    /// While someone is at it: who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lease: Option<String>,
}

fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

const fn word(state: State) -> &'static str {
    match state {
        State::Waiting => "waiting",
        State::Delivered => "delivered",
        State::Dead => "dead",
    }
}

fn dead(ids: Option<&[String]>) -> Document {
    match ids {
        Some(ids) => doc! { "_id": { "$in": ids }, "state": "dead" },
        None => doc! { "state": "dead" },
    }
}

impl Mongo {
    fn deliveries(&self) -> Collection<DeliveryDocument> {
        self.collection("deliveries")
    }

    async fn find_deliveries(&self, filter: Document, sort: Document, limit: i64) -> Stored<Vec<DeliveryDocument>> {
        let deliveries = self.deliveries();
        let find = deliveries.find(filter).sort(sort).limit(limit);
        call(async { find.await?.try_collect().await }).await
    }
}

#[async_trait]
impl Deliveries for Mongo {
    async fn enqueue(&self, deliveries: Vec<Addressed>, at: Timestamp) -> Stored<()> {
        let insert = |addressed: Addressed| async move {
            let id = addressed.id();
            let document = DeliveryDocument { id, delivery: Delivery::new(addressed, at), lease: None };
            // Refused when it is known already.
            unless_taken(self.deliveries().insert_one(document)).await.map(drop)
        };
        stream::iter(deliveries).map(insert).buffer_unordered(AT_ONCE).try_collect().await
    }

    async fn lease(
        &self,
        endpoint: &str,
        lease: &str,
        now: Timestamp,
        until: Timestamp,
        most: usize,
    ) -> Stored<Vec<Delivery>> {
        if most == 0 {
            return Ok(vec![]);
        }
        let sort = doc! { "dueAt": 1, "roomId": 1, "seq": 1 };
        let due = doc! { "endpoint": endpoint, "state": "waiting", "dueAt": { "$lte": int64(now) } };
        let found = self.find_deliveries(due, sort.clone(), limit(most)).await?;
        if found.is_empty() {
            return Ok(vec![]);
        }
        let ids: Vec<&str> = found.iter().map(|found| found.id.as_str()).collect();
        // Another worker may have been quicker with some of them: those are not due any more.
        let still = doc! { "_id": { "$in": &ids }, "state": "waiting", "dueAt": { "$lte": int64(now) } };
        let leased = doc! { "$set": { "lease": lease, "dueAt": int64(until) } };
        call(self.deliveries().update_many(still, leased)).await?;
        let mine = doc! { "_id": { "$in": &ids }, "lease": lease };
        let mine = self.find_deliveries(mine, doc! { "roomId": 1, "seq": 1 }, 0).await?;
        Ok(mine.into_iter().map(|document| document.delivery).collect())
    }

    async fn settle(&self, id: &str, lease: &str, outcome: Outcome) -> Stored<bool> {
        let mine = doc! { "_id": id, "lease": lease, "state": "waiting" };
        let Some(found) = call(self.deliveries().find_one(mine.clone())).await? else { return Ok(false) };
        let Delivery { state, tries, due_at, why, .. } = found.delivery.after(outcome);
        let mut change = doc! {
            "$set": { "state": word(state), "tries": i64::from(tries), "dueAt": int64(due_at) },
            "$unset": { "lease": "" },
        };
        let (part, value) = match why {
            Some(why) => ("$set", why),
            None => ("$unset", String::new()),
        };
        if let Ok(part) = change.get_document_mut(part) {
            part.insert("why", value);
        }
        Ok(call(self.deliveries().update_one(mine, change)).await?.matched_count == 1)
    }

    async fn next_due(&self, endpoint: &str) -> Stored<Option<Timestamp>> {
        let waiting = doc! { "endpoint": endpoint, "state": "waiting" };
        let next = self.find_deliveries(waiting, doc! { "dueAt": 1 }, 1).await?;
        Ok(next.first().map(|document| document.delivery.due_at))
    }

    async fn dead(&self, most: usize) -> Stored<Vec<Delivery>> {
        let found = self.find_deliveries(dead(None), doc! { "since": 1, "_id": 1 }, limit(most)).await?;
        Ok(found.into_iter().map(|document| document.delivery).collect())
    }

    async fn revive(&self, ids: Option<&[String]>, now: Timestamp) -> Stored<u64> {
        let anew = doc! {
            "$set": { "state": "waiting", "tries": 0_i64, "dueAt": int64(now), "since": int64(now) },
            "$unset": { "why": "" },
        };
        Ok(call(self.deliveries().update_many(dead(ids), anew)).await?.modified_count)
    }

    async fn drop_dead(&self, ids: Option<&[String]>) -> Stored<u64> {
        Ok(call(self.deliveries().delete_many(dead(ids))).await?.deleted_count)
    }

    async fn forget_past(&self, delivered: Timestamp, noted: Timestamp) -> Stored<u64> {
        let past = doc! { "state": "delivered", "dueAt": { "$lt": int64(delivered) } };
        let old = doc! { "since": { "$lt": int64(noted) } };
        let mut swept = 0;
        for filter in [past, old] {
            swept += call(self.deliveries().delete_many(filter)).await?.deleted_count;
        }
        Ok(swept)
    }
}
