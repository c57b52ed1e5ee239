//! What a live room knows of its board: the fold, the newest updates, and when to store a
//! snapshot.

use crate::room::Outgoing;
use std::{collections::VecDeque, sync::Arc};
use studyrooms_domain::{
    board::Board,
    log::{Entry, EntryBody, LogName},
    store::{Logs, Snapshot, Snapshots, Stored},
};
use studyrooms_protocol::{
    Seq,
    board::{BoardSnapshot, BoardUpdate, Element},
    events::server,
    ids::RoomId,
};

/// Updates kept, so that a short absence is made up without a snapshot.
const TAIL: usize = 500;
/// Entries after which a snapshot is stored: a start reads at most that many.
const SNAPSHOT_EVERY: u64 = 300;
/// Entries read at a time while loading.
const LOAD_PAGE: usize = 500;
/// A part of a snapshot holds about this many points, so that no packet grows large.
const PART_WEIGHT: usize = 4000;

pub(in crate::room) struct LiveBoard {
    /// Position of the board log that has been delivered.
    pub seq: Seq,
    pub board: Board,
    tail: VecDeque<(BoardUpdate, Arc<Outgoing>)>,
    /// Position of the newest snapshot stored or about to be.
    snapshot_seq: Seq,
    /// The parts for those who come anew, made once for each position.
    parts: Option<(Seq, Vec<Arc<Outgoing>>)>,
}

impl LiveBoard {
    pub(in crate::room) async fn load(
        logs: &Arc<dyn Logs>,
        snapshots: &Arc<dyn Snapshots>,
        room_id: &RoomId,
    ) -> Stored<Self> {
        let (seq, elements) =
            snapshots.latest(room_id).await?.map_or((0, vec![]), |snapshot| (snapshot.seq, snapshot.elements));
        let mut live = Self { seq, board: Board::new(elements), tail: VecDeque::new(), snapshot_seq: seq, parts: None };
        loop {
            let entries = logs.after(room_id, LogName::Board, live.seq, LOAD_PAGE).await?;
            for entry in &entries {
                live.apply(entry);
            }
            if entries.len() < LOAD_PAGE {
                return Ok(live);
            }
        }
    }

    /// Takes the next entry of the log; gives the event that tells of it.
    pub(in crate::room) fn apply(&mut self, entry: &Entry) -> Option<Arc<Outgoing>> {
        self.seq = entry.seq;
        let EntryBody::Drawn { ops } = &entry.body else { return None };
        self.board.apply(&entry.user_id, ops);
        let update = BoardUpdate {
            room_id: entry.room_id.clone(),
            seq: entry.seq,
            ops: ops.clone(),
            by: entry.user_id.clone(),
            op_id: entry.event_id.clone(),
        };
        let outgoing = Outgoing::new(server::WHITEBOARD_UPDATE, &update);
        self.tail.push_back((update, outgoing.clone()));
        if self.tail.len() > TAIL {
            self.tail.pop_front();
        }
        Some(outgoing)
    }

    /// What a client gets that has everything up to `known`: updates when it was away shortly,
    /// else all elements.
    pub(in crate::room) fn catch_up(&mut self, room_id: &RoomId, known: Option<Seq>) -> Vec<Arc<Outgoing>> {
        if let Some(later) = known.and_then(|known| self.later(known)) {
            return later.map(|(_, outgoing)| outgoing.clone()).collect();
        }
        self.all(room_id)
    }

    /// What was drawn after `known`; none when the client is too far behind, or ahead.
    pub(in crate::room) fn updates_after(&self, known: Seq) -> Option<Vec<BoardUpdate>> {
        Some(self.later(known)?.map(|(update, _)| update.clone()).collect())
    }

    fn later(&self, known: Seq) -> Option<impl Iterator<Item = &(BoardUpdate, Arc<Outgoing>)>> {
        let tail_from = self.tail.front().map_or(self.seq, |(update, _)| update.seq - 1);
        let in_tail = (tail_from..=self.seq).contains(&known);
        in_tail.then(|| self.tail.iter().filter(move |(update, _)| update.seq > known))
    }

    fn all(&mut self, room_id: &RoomId) -> Vec<Arc<Outgoing>> {
        match &self.parts {
            Some((seq, parts)) if *seq == self.seq => parts.clone(),
            _ => {
                let parts = parts(room_id, self.seq, self.board.elements());
                self.parts = Some((self.seq, parts.clone()));
                parts
            }
        }
    }

    /// The snapshot to store, when enough has changed since the last one; `at_end` takes any
    /// change for enough.
    pub(in crate::room) fn due_snapshot(&mut self, at_end: bool) -> Option<Snapshot> {
        let changes = self.seq - self.snapshot_seq;
        if changes < if at_end { 1 } else { SNAPSHOT_EVERY } {
            return None;
        }
        self.snapshot_seq = self.seq;
        Some(Snapshot { seq: self.seq, elements: self.board.elements() })
    }
}

fn parts(room_id: &RoomId, seq: Seq, elements: Vec<Element>) -> Vec<Arc<Outgoing>> {
    let mut groups: Vec<Vec<Element>> = vec![vec![]];
    let mut weight = 0;
    for element in elements {
        let element_weight = 10 + element.points.as_ref().map_or(0, Vec::len);
        if weight + element_weight > PART_WEIGHT && weight > 0 {
            groups.push(vec![]);
            weight = 0;
        }
        weight += element_weight;
        if let Some(group) = groups.last_mut() {
            group.push(element);
        }
    }
    let parts = u32::try_from(groups.len()).unwrap_or(u32::MAX);
    (1..)
        .zip(groups)
        .map(|(part, elements)| {
            let snapshot = BoardSnapshot { room_id: room_id.clone(), seq, elements, part, parts };
            Outgoing::new(server::WHITEBOARD_SNAPSHOT, &snapshot)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use studyrooms_protocol::{
        board::{BoardOp, Point},
        ids::ElementId,
    };

    fn drawn(entries: u64, points: usize) -> LiveBoard {
        let mut live =
            LiveBoard { seq: 0, board: Board::default(), tail: VecDeque::new(), snapshot_seq: 0, parts: None };
        for seq in 1..=entries {
            let points = vec![Point { x: 1.0, y: 1.0, pressure: None }; points];
            let id = Some(ElementId(seq.to_string()));
            let ops = vec![BoardOp::Stroke { id, points, color: "#000".into(), width: 1.0 }];
            let event_id = seq.to_string().into();
            let body = EntryBody::Drawn { ops };
            live.apply(&Entry { event_id, room_id: "r".into(), seq, user_id: "ann".into(), timestamp: 0, body });
        }
        live
    }

    #[test]
    fn a_newcomer_gets_an_empty_board_too() {
        let parts = drawn(0, 0).catch_up(&"r".into(), None);
        assert_eq!(parts.len(), 1);
        assert_eq!(parts[0].body.get(), r#"{"roomId":"r","seq":0,"elements":[],"part":1,"parts":1}"#);
    }

    #[test]
    fn a_large_board_comes_in_parts_that_together_are_all_of_it() {
        let parts = drawn(40, 990).catch_up(&"r".into(), None);
        assert_eq!(parts.len(), 10);
        let elements: usize = parts
            .iter()
            .map(|part| serde_json::from_str::<BoardSnapshot>(part.body.get()).unwrap().elements.len())
            .sum();
        assert_eq!(elements, 40);
    }

    #[test]
    fn who_was_away_shortly_gets_only_the_updates_since() {
        let back = drawn(600, 1).catch_up(&"r".into(), Some(597));
        assert_eq!(back.len(), 3);
        assert!(back.iter().all(|outgoing| outgoing.event == server::WHITEBOARD_UPDATE));
        assert!(drawn(600, 1).catch_up(&"r".into(), Some(600)).is_empty());
    }

    #[test]
    fn who_was_away_long_or_knows_another_history_gets_all() {
        for known in [0, 99, 601] {
            let back = drawn(600, 1).catch_up(&"r".into(), Some(known));
            assert!(back.iter().all(|outgoing| outgoing.event == server::WHITEBOARD_SNAPSHOT), "{known}");
        }
    }

    #[test]
    fn a_snapshot_is_due_after_many_changes_and_at_the_end_after_any() {
        let mut live = drawn(SNAPSHOT_EVERY - 1, 1);
        assert!(live.due_snapshot(false).is_none());
        assert_eq!(live.due_snapshot(true).unwrap().seq, SNAPSHOT_EVERY - 1);
        assert!(live.due_snapshot(true).is_none());
    }
}
