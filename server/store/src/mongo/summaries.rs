//! Days of rooms in MongoDB.

use super::{
    Mongo,
    call::{call, unless_taken},
    int64,
};
use async_trait::async_trait;
use futures_util::TryStreamExt;
use mongodb::{Collection, bson::doc};
use serde::{Deserialize, Serialize};
use studyrooms_domain::{
    store::{StoreError, Stored},
    summaries::{Day, Tally},
    worker::Summaries,
};
use studyrooms_protocol::{Seq, ids::RoomId};

/// A day as a document.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct DayDocument {
    room_id: RoomId,
    date: String,
    counted: Seq,
    /// As JSON: ids are no names for fields of a document.
    tally: String,
}

fn written(tally: &Tally) -> Stored<String> {
    serde_json::to_string(tally).map_err(|error| StoreError::Corrupt(error.to_string()))
}

fn read(document: DayDocument) -> Stored<Day> {
    let DayDocument { date, counted, tally, .. } = document;
    let tally = serde_json::from_str(&tally).map_err(|error| StoreError::Corrupt(format!("day {date}: {error}")))?;
    Ok(Day { date, counted, tally })
}

impl Mongo {
    fn days(&self) -> Collection<DayDocument> {
        self.collection("days")
    }
}

#[async_trait]
impl Summaries for Mongo {
    async fn day(&self, room_id: &RoomId, date: &str) -> Stored<Option<Day>> {
        let found = call(self.days().find_one(doc! { "roomId": room_id.as_str(), "date": date })).await?;
        found.map(read).transpose()
    }

    async fn replace(&self, room_id: &RoomId, day: Day, before: Seq) -> Stored<bool> {
        let tally = written(&day.tally)?;
        let Day { date, counted, .. } = day;
        if before == 0 {
            let first = DayDocument { room_id: room_id.clone(), date, counted, tally };
            return unless_taken(self.days().insert_one(first)).await;
        }
        let there = doc! { "roomId": room_id.as_str(), "date": date, "counted": int64(before) };
        let on = doc! { "$set": { "counted": int64(counted), "tally": tally } };
        Ok(call(self.days().update_one(there, on)).await?.matched_count == 1)
    }

    async fn days_before(&self, room_id: &RoomId, before: Option<&str>, limit: usize) -> Stored<Vec<Day>> {
        if limit == 0 {
            return Ok(vec![]);
        }
        let mut filter = doc! { "roomId": room_id.as_str() };
        if let Some(before) = before {
            filter.insert("date", doc! { "$lt": before });
        }
        let days = self.days();
        let find = days.find(filter).sort(doc! { "date": -1 }).limit(i64::try_from(limit).unwrap_or(i64::MAX));
        let found: Vec<DayDocument> = call(async { find.await?.try_collect().await }).await?;
        found.into_iter().rev().map(read).collect()
    }
}
