//! The newest updates of a board, so that a short absence is made up without a snapshot.

use std::collections::VecDeque;
use studyrooms_domain::board;
use studyrooms_protocol::{Seq, board::BoardUpdate};

/// Updates kept, at most.
const UPDATES: usize = 5_000;
/// Bytes of them, at most, in memory and in the log.
const BYTES: usize = 4 << 20;
/// Bytes of an update beside its ops, in memory and in the log.
const UPDATE_BYTES: usize = 250;

#[derive(Default)]
pub(super) struct Tail {
    updates: VecDeque<BoardUpdate>,
    bytes: usize,
}

/// Bytes that an update takes here and in the log, about.
pub(super) fn bytes_of(update: &BoardUpdate) -> usize {
    UPDATE_BYTES + board::weight(&update.ops)
}

impl Tail {
    pub(super) fn push(&mut self, update: BoardUpdate) {
        self.bytes += bytes_of(&update);
        self.updates.push_back(update);
        while self.updates.len() > UPDATES || self.bytes > BYTES {
            let Some(gone) = self.updates.pop_front() else { return };
            self.bytes -= bytes_of(&gone);
        }
    }

    /// Bytes of all of them.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// The position after which all up to `newest` are here.
    pub(super) fn begins_after(&self, newest: Seq) -> Seq {
        self.updates.front().map_or(newest, |update| update.seq - 1)
    }

    /// All after `known`, which must not lie before [`Self::begins_after`].
    pub(super) fn after(&self, known: Seq) -> impl Iterator<Item = &BoardUpdate> {
        let first = self.updates.partition_point(|update| update.seq <= known);
        self.updates.range(first..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use studyrooms_protocol::board::{BoardOp, Point};

    fn update(seq: Seq, points: u32) -> BoardUpdate {
        // No two alike and no short decimals: about 22 bytes each.
        let points = (0..points).map(|n| Point { x: f64::from(n).sqrt(), y: f64::from(n).cbrt(), pressure: None });
        let stroke =
            BoardOp::Stroke { id: Some("s".into()), points: points.collect(), color: "#000".into(), width: 1.0 };
        BoardUpdate { room_id: "r".into(), seq, ops: vec![stroke], by: "ann".into(), op_id: "o".into() }
    }

    #[test]
    fn it_is_bounded_in_bytes_and_in_updates_whichever_comes_first() {
        let mut few = Tail::default();
        (1..=100).for_each(|seq| few.push(update(seq, 10_000)));
        assert!(few.bytes() <= BYTES && few.bytes() > BYTES - 300_000, "{}", few.bytes());
        assert_eq!(few.after(few.begins_after(100)).count(), few.updates.len());
        assert!(few.begins_after(100) > 70);
        let mut many = Tail::default();
        (1..=6_000).for_each(|seq| many.push(update(seq, 1)));
        assert_eq!((many.updates.len(), many.begins_after(6_000)), (UPDATES, 1_000));
        assert_eq!(many.after(5_998).map(|update| update.seq).collect::<Vec<_>>(), [5_999, 6_000]);
        assert_eq!(Tail::default().begins_after(7), 7);
    }
}
