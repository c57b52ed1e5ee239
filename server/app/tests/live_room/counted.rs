//! Read markers of a real store, counted as they are read.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use studyrooms_domain::{
    chat::ReadMarker,
    store::{ReadMarkers, Stored},
};
use studyrooms_protocol::{
    Seq,
    ids::{RoomId, UserId},
};

pub struct CountedMarkers {
    pub markers: Arc<dyn ReadMarkers>,
    /// Markers that were read.
    pub read: AtomicUsize,
}

impl CountedMarkers {
    fn count(&self, found: Stored<Vec<ReadMarker>>) -> Stored<Vec<ReadMarker>> {
        self.read.fetch_add(found.as_ref().map_or(0, Vec::len), Ordering::SeqCst);
        found
    }
}

#[async_trait::async_trait]
impl ReadMarkers for CountedMarkers {
    async fn advance(&self, room_id: &RoomId, user_id: &UserId, seq: Seq) -> Stored<Seq> {
        self.markers.advance(room_id, user_id, seq).await
    }

    async fn of_user(&self, user_id: &UserId, room_ids: &[RoomId]) -> Stored<Vec<ReadMarker>> {
        self.count(self.markers.of_user(user_id, room_ids).await)
    }

    async fn of_people(&self, room_id: &RoomId, user_ids: &[UserId]) -> Stored<Vec<ReadMarker>> {
        self.count(self.markers.of_people(room_id, user_ids).await)
    }

    async fn furthest(&self, room_id: &RoomId, limit: usize) -> Stored<Vec<ReadMarker>> {
        self.count(self.markers.furthest(room_id, limit).await)
    }
}
