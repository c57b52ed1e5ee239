//! When the board is stored as it is, so that a start need not read its whole log.

use crate::room::task::Task;
use studyrooms_domain::store::Snapshot;

impl Task {
    /// Stores a snapshot when enough has changed; `at_end` takes any change for enough, and waits.
    pub(in crate::room) async fn store_snapshot(&mut self, at_end: bool) {
        let Some(snapshot) = self.board.due_snapshot(at_end) else { return };
        let storing = self.storing(snapshot);
        if at_end { storing.await } else { drop(tokio::spawn(storing)) }
    }

    /// Stores a snapshot of any change, for a version that was saved.
    pub(in crate::room) fn save_snapshot(&mut self) {
        if let Some(snapshot) = self.board.due_snapshot(true) {
            drop(tokio::spawn(self.storing(snapshot)));
        }
    }

    fn storing(&self, snapshot: Snapshot) -> impl Future<Output = ()> + Send + 'static {
        let (room_id, now) = (self.room.room_id.clone(), self.outside.clock.now());
        let snapshots = self.stores.snapshots.clone();
        async move {
            if let Err(error) = snapshots.put(&room_id, snapshot, now).await {
                // Nothing is lost: the log holds it all, and the next one comes.
                tracing::warn!(room = %room_id, %error, "a board snapshot was not stored");
            }
        }
    }
}
