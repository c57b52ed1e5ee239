//! Focus statistics: each person's work, wherever it was.

use super::Consumer;
use crate::app::Stores;
use async_trait::async_trait;
use std::sync::Arc;
use studyrooms_domain::{log::Entry, stats::worked, store::Stored, worker::FocusLedger};
use studyrooms_protocol::ids::RoomId;

pub(super) struct NoteFocus {
    ledger: Arc<dyn FocusLedger>,
}

impl NoteFocus {
    pub(super) fn new(stores: &Stores) -> Self {
        Self { ledger: stores.focus.clone() }
    }
}

#[async_trait]
impl Consumer for NoteFocus {
    fn name(&self) -> &'static str {
        "focus"
    }

    async fn take(&self, _: &RoomId, entries: &[Entry]) -> Stored<()> {
        let work: Vec<_> = entries.iter().flat_map(worked).collect();
        if work.is_empty() { Ok(()) } else { self.ledger.note(work).await }
    }
}
