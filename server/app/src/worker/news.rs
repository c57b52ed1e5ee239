//! Which rooms have news: those waiting, and those at work.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};
use studyrooms_protocol::ids::RoomId;
use tokio::sync::Notify;

/// Rooms that wait, at most. What does not fit is found by looking at all rooms.
const WAITING: usize = 4096;

/// The rooms that have news.
#[derive(Default)]
pub(super) struct News {
    rooms: Mutex<Rooms>,
    came: Notify,
    /// Something was missed: all rooms are to be looked at.
    missed: Notify,
    /// There is space again.
    space: Notify,
}

#[derive(Default)]
struct Rooms {
    waiting: VecDeque<RoomId>,
    is_waiting: HashSet<RoomId>,
    /// With whether there were more news since.
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

impl News {
    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A room has news.
    pub(super) fn hint(&self, room_id: RoomId) {
        if self.rooms().add(room_id) {
            self.came.notify_one();
        } else {
            self.missed();
        }
    }

    /// A room has news; waits until there is space for it.
    pub(super) async fn add(&self, room_id: RoomId) {
        while !self.rooms().add(room_id.clone()) {
            self.space.notified().await;
        }
        self.came.notify_one();
    }

    /// There may be news of any room.
    pub(super) fn missed(&self) {
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

    /// A room is at work no longer; it waits again when it had news meanwhile.
    pub(super) fn done(&self, room_id: &RoomId) {
        let had_news = self.rooms().at_work.remove(room_id) == Some(true);
        if had_news {
            self.hint(room_id.clone());
        }
    }

    /// Resolves once there may be a room to take.
    pub(super) async fn come(&self) {
        self.came.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[test]
    fn a_room_waits_once_and_is_at_work_once() {
        let news = News::default();
        news.hint("a".into());
        news.hint("b".into());
        news.hint("a".into());
        assert_eq!(news.take(), Some("a".into()));
        news.hint("a".into());
        assert_eq!((news.take(), news.take()), (Some("b".into()), None));
        news.done(&"a".into());
        assert_eq!(news.take(), Some("a".into()), "it had news while it was at work");
        news.done(&"a".into());
        assert_eq!(news.take(), None);
    }

    #[test]
    fn what_does_not_fit_is_missed_and_not_kept() {
        let news = News::default();
        for n in 0..WAITING {
            news.hint(n.to_string().into());
        }
        assert!(news.any_missed().now_or_never().is_none());
        news.hint("one more".into());
        assert!(news.any_missed().now_or_never().is_some());
        assert!(news.add("another".into()).now_or_never().is_none());
        news.take();
        assert!(news.add("another".into()).now_or_never().is_some());
    }
}
