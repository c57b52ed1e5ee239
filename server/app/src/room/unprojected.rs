//! What live rooms of this instance have told of, or are about to, and the records beside the logs may not say yet.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use studyrooms_domain::log::{Entry, EntryBody};
use studyrooms_protocol::{Seq, ids::RoomId};

/// Positions of entries, each with the code that it gives its room, if it does.
type Entries = Vec<(Seq, Option<String>)>;

/// Entries whose projection waits or is under way, of all rooms.
#[derive(Default)]
pub(super) struct Unprojected(Mutex<HashMap<RoomId, Entries>>);

impl Unprojected {
    fn rooms(&self) -> MutexGuard<'_, HashMap<RoomId, Entries>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes an entry before anyone is told of it.
    pub(super) fn add(&self, entry: &Entry) {
        let code = match &entry.body {
            EntryBody::CodeRenewed { code } => Some(code.clone()),
            _ => None,
        };
        self.rooms().entry(entry.room_id.clone()).or_default().push((entry.seq, code));
    }

    /// The records say what entries up to `seq` do.
    pub(super) fn done(&self, room_id: &RoomId, seq: Seq) {
        let mut rooms = self.rooms();
        if let Some(entries) = rooms.get_mut(room_id) {
            entries.retain(|(of, _)| *of > seq);
            if entries.is_empty() {
                rooms.remove(room_id);
            }
        }
    }

    /// Whether any room has some.
    pub(super) fn has_any(&self) -> bool {
        !self.rooms().is_empty()
    }

    /// Whether a room has any.
    pub(super) fn has(&self, room_id: &RoomId) -> bool {
        self.rooms().contains_key(room_id)
    }

    /// The room that is being given a code.
    pub(super) fn room_of(&self, code: &str) -> Option<RoomId> {
        let rooms = self.rooms();
        let gives = |entries: &Entries| entries.iter().any(|(_, given)| given.as_deref() == Some(code));
        rooms.iter().find(|(_, entries)| gives(entries)).map(|(room_id, _)| room_id.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(room: &str, seq: Seq, body: EntryBody) -> Entry {
        Entry {
            event_id: seq.to_string().as_str().into(),
            room_id: room.into(),
            seq,
            user_id: "ann".into(),
            timestamp: 1,
            body,
        }
    }

    #[test]
    fn a_room_is_known_by_its_new_code_until_the_records_have_it() {
        let unprojected = Unprojected::default();
        unprojected.add(&entry("r", 4, EntryBody::Unbanned { target: "ben".into() }));
        unprojected.add(&entry("r", 5, EntryBody::CodeRenewed { code: "new".into() }));
        unprojected.add(&entry("q", 9, EntryBody::Unbanned { target: "ben".into() }));
        unprojected.done(&"r".into(), 4);
        assert_eq!((unprojected.room_of("new"), unprojected.has(&"r".into())), (Some("r".into()), true));
        assert!(unprojected.has_any());
        unprojected.done(&"r".into(), 5);
        assert_eq!((unprojected.room_of("new"), unprojected.has(&"r".into())), (None, false));
        assert!(unprojected.has(&"q".into()));
    }
}
