//! Daily summaries: each entry is counted on the days of which it says something.

use super::Consumer;
use crate::app::Stores;
use async_trait::async_trait;
use std::sync::Arc;
use studyrooms_domain::{
    log::{Entry, EntryBody},
    store::{Logs, Stored},
    summaries::{Day, Deletions, dates, deletions},
    worker::Summaries,
};
use studyrooms_protocol::ids::{MessageId, RoomId};

pub(super) struct Summarize {
    logs: Arc<dyn Logs>,
    summaries: Arc<dyn Summaries>,
}

impl Summarize {
    pub(super) fn new(stores: &Stores) -> Self {
        Self { logs: stores.logs.clone(), summaries: stores.summaries.clone() }
    }

    /// What the entries delete.
    async fn deletions(&self, room_id: &RoomId, entries: &[Entry]) -> Stored<Deletions> {
        let deleted = |entry: &Entry| match &entry.body {
            EntryBody::Deleted { message_id } => Some(message_id.clone()),
            _ => None,
        };
        let ids: Vec<MessageId> = entries.iter().filter_map(deleted).collect();
        if ids.is_empty() {
            return Ok(Deletions::new());
        }
        let began = self.logs.messages(room_id, &ids).await?;
        Ok(deletions(&began, &self.logs.amendments(room_id, &ids).await?))
    }

    /// Counts a day up to the last of the entries, once, however many do so.
    async fn count(&self, room_id: &RoomId, date: String, entries: &[Entry], deletions: &Deletions) -> Stored<()> {
        loop {
            let found = self.summaries.day(room_id, &date).await?;
            let mut day = found.unwrap_or_else(|| Day::new(date.clone()));
            let before = day.counted;
            day.count(entries, deletions);
            // Refused when another worker counted meanwhile: then from where that one came to.
            if day.counted == before || self.summaries.replace(room_id, day, before).await? {
                return Ok(());
            }
        }
    }
}

#[async_trait]
impl Consumer for Summarize {
    fn name(&self) -> &'static str {
        "summaries"
    }

    async fn take(&self, room_id: &RoomId, entries: &[Entry]) -> Stored<()> {
        let deletions = self.deletions(room_id, entries).await?;
        for date in dates(entries, &deletions) {
            self.count(room_id, date, entries, &deletions).await?;
        }
        Ok(())
    }
}
