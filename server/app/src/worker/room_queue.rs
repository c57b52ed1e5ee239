//! The rooms whose logs have grown: those waiting, and those at work.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};
use studyrooms_protocol::ids::RoomId;
use tokio::sync::Notify;

/// Rooms that wait, at most. What does not fit is found by looking at all rooms.
const WAITING: usize = 4096;

/// The rooms whose logs have grown.
#[derive(Default)]
pub(super) struct RoomQueue {
    rooms: Mutex<Rooms>,
    added: Notify,
    /// Something was missed: all rooms are to be looked at.
    missed: Notify,
    /// There is space again.
    space: Notify,
}

#[derive(Default)]
struct Rooms {
    waiting: VecDeque<RoomId>,
    is_waiting: HashSet<RoomId>,
    /// With whether the log has grown since.
    at_work: HashMap<RoomId, bool>,
}

impl Rooms {
    /// False when there is no space.
    fn add(&mut self, room_id: RoomId) -> bool {
        if let Some(again) = self.at_work.get_mut(&room_id) {
            *again = true;
            return true;
        }
        if self.is_waiting.contains(&room_id) {
            return true;
        }
        if self.waiting.len() >= WAITING {
            return false;
        }
        self.is_waiting.insert(room_id.clone());
        self.waiting.push_back(room_id);
        true
    }
}

impl RoomQueue {
    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A room's log has grown. When there is no space for it, all rooms are to be looked at.
    pub(super) fn offer(&self, room_id: RoomId) {
        if self.rooms().add(room_id) {
            self.added.notify_one();
        } else {
            self.mark_missed();
        }
    }

    /// A room's log has grown; waits until there is space for it.
    pub(super) async fn add(&self, room_id: RoomId) {
        while !self.rooms().add(room_id.clone()) {
            self.space.notified().await;
        }
        self.added.notify_one();
    }

    /// The log of any room may have grown.
    pub(super) fn mark_missed(&self) {
        self.missed.notify_one();
    }

    /// Resolves once something was missed.
    pub(super) async fn any_missed(&self) {
        self.missed.notified().await;
    }

    /// The next room, which is at work from now on.
    pub(super) fn take(&self) -> Option<RoomId> {
        let mut rooms = self.rooms();
        let room_id = rooms.waiting.pop_front()?;
        rooms.is_waiting.remove(&room_id);
        rooms.at_work.insert(room_id.clone(), false);
        self.space.notify_one();
        Some(room_id)
    }

    /// A room is at work no longer; it waits again when its log has grown meanwhile.
    pub(super) fn done(&self, room_id: &RoomId) {
        let has_grown = self.rooms().at_work.remove(room_id) == Some(true);
        if has_grown {
            self.offer(room_id.clone());
        }
    }

    /// Resolves once there may be a room to take.
    pub(super) async fn added(&self) {
        self.added.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[test]
    fn a_room_waits_once_and_is_at_work_once() {
        let queue = RoomQueue::default();
        queue.offer("a".into());
        queue.offer("b".into());
        queue.offer("a".into());
        assert_eq!(queue.take(), Some("a".into()));
        queue.offer("a".into());
        assert_eq!((queue.take(), queue.take()), (Some("b".into()), None));
        queue.done(&"a".into());
        assert_eq!(queue.take(), Some("a".into()), "its log grew while it was at work");
        queue.done(&"a".into());
        assert_eq!(queue.take(), None);
    }

    #[test]
    fn what_does_not_fit_is_missed_and_not_kept() {
        let queue = RoomQueue::default();
        for n in 0..WAITING {
            queue.offer(n.to_string().into());
        }
        assert!(queue.any_missed().now_or_never().is_none());
        queue.offer("one more".into());
        assert!(queue.any_missed().now_or_never().is_some());
        assert!(queue.add("another".into()).now_or_never().is_none());
        queue.take();
        assert!(queue.add("another".into()).now_or_never().is_some());
    }
}
