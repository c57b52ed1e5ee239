//! How much a board holds, and how much a batch would add to it.

use super::{BOARD, Board};
use crate::Refusal;
use std::{
    collections::HashMap,
    ops::{AddAssign, SubAssign},
};
use studyrooms_protocol::{
    board::{BoardOp, Element, ElementPatch},
    ids::ElementId,
};

/// Bytes of an element beside its points, text and ids.
const ELEMENT_BYTES: usize = 400;
/// Bytes of an op beside its points and text.
const OP_BYTES: usize = 100;
/// What is there may be changed up to an eighth above what a board may hold, so that a full board can still be
/// arranged.
const SLACK: usize = 8;

/// How much there is of something drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Elements.
    pub elements: usize,
    /// Points of all of them.
    pub points: usize,
    /// Bytes in memory, about.
    pub bytes: usize,
}

impl Size {
    pub(super) fn of(element: &Element) -> Self {
        let Element { id, points, text, src, .. } = element;
        let texts = [text, src].into_iter().flatten().map(String::len).sum::<usize>();
        let (count, bytes) = points.as_ref().map_or((0, 0), |points| (points.len(), points.bytes()));
        Self { elements: 1, points: count, bytes: ELEMENT_BYTES + id.as_str().len() + texts + bytes }
    }

    /// The most that ops add to a board.
    #[must_use]
    pub fn most(ops: &[BoardOp]) -> Self {
        let mut most = Self { elements: 0, points: 0, bytes: weight(ops) };
        for op in ops {
            match op {
                BoardOp::Stroke { points, .. } => {
                    most += Self { elements: 1, points: points.len(), bytes: ELEMENT_BYTES }
                }
                BoardOp::Put { element } => most += Self { bytes: 0, ..Self::of(element) },
                BoardOp::Append { points, .. } => most.points += points.len(),
                BoardOp::Patch { .. } | BoardOp::Erase { .. } | BoardOp::Clear => {}
            }
        }
        most
    }

    /// By field: it, its name in words, and what there may be of it.
    fn fields(self, bound: Self) -> [(usize, usize, &'static str); 3] {
        [
            (self.elements, bound.elements, "elements"),
            (self.points, bound.points, "points"),
            (self.bytes, bound.bytes, "bytes"),
        ]
    }
}

impl AddAssign for Size {
    fn add_assign(&mut self, other: Self) {
        self.elements += other.elements;
        self.points += other.points;
        self.bytes += other.bytes;
    }
}

impl SubAssign for Size {
    fn sub_assign(&mut self, other: Self) {
        self.elements = self.elements.saturating_sub(other.elements);
        self.points = self.points.saturating_sub(other.points);
        self.bytes = self.bytes.saturating_sub(other.bytes);
    }
}

/// Bytes that ops take in memory and in the log, about.
#[must_use]
pub fn weight(ops: &[BoardOp]) -> usize {
    let one = |op: &BoardOp| match op {
        BoardOp::Stroke { points, .. } | BoardOp::Append { points, .. } => points.bytes(),
        BoardOp::Put { element } => Size::of(element).bytes,
        BoardOp::Patch { set, .. } => {
            set.points.as_ref().map_or(0, |points| points.bytes()) + set.text.as_ref().map_or(0, String::len)
        }
        BoardOp::Erase { ids } => ids.iter().map(|id| id.as_str().len() + 24).sum(),
        BoardOp::Clear => 0,
    };
    ops.iter().map(|op| OP_BYTES + one(op)).sum()
}

/// What a batch adds to a board and takes from it, followed op by op.
struct Following<'a> {
    board: &'a Board,
    /// Of what the batch touches: how much there is of it by now.
    touched: HashMap<&'a ElementId, Size>,
    is_clear: bool,
    present: Size,
}

impl<'a> Following<'a> {
    fn of(&self, id: &ElementId) -> Size {
        let before = || self.board.get(id).filter(|_| !self.is_clear).map_or_else(Size::default, Size::of);
        self.touched.get(id).copied().unwrap_or_else(before)
    }

    fn set(&mut self, id: &'a ElementId, size: Size) {
        self.present -= self.of(id);
        self.present += size;
        self.touched.insert(id, size);
    }

    fn follow(&mut self, op: &'a BoardOp) {
        match op {
            BoardOp::Stroke { id: Some(id), points, .. } => {
                let bytes = ELEMENT_BYTES + id.as_str().len() + points.bytes();
                self.set(id, Size { elements: 1, points: points.len(), bytes });
            }
            BoardOp::Stroke { id: None, .. } => {}
            BoardOp::Put { element } => self.set(&element.id, Size::of(element)),
            BoardOp::Append { id, offset, points } => {
                let before = self.of(id);
                let fresh = (*offset as usize + points.len()).saturating_sub(before.points);
                if before.elements > 0 && fresh > 0 {
                    let (points, bytes) = (before.points + fresh, before.bytes + points.bytes());
                    self.set(id, Size { points, bytes, ..before });
                }
            }
            BoardOp::Patch { id, set } => self.patch(id, set),
            BoardOp::Erase { ids } => ids.iter().for_each(|id| self.set(id, Size::default())),
            BoardOp::Clear => {
                self.touched.clear();
                self.is_clear = true;
                self.present = Size::default();
            }
        }
    }

    fn patch(&mut self, id: &'a ElementId, set: &ElementPatch) {
        let mut size = self.of(id);
        if size.elements == 0 {
            return;
        }
        let old = self.board.get(id).filter(|_| !self.is_clear);
        if let Some(points) = &set.points {
            // Of what the batch itself put there only the sum is known: then it counts as more.
            let before = old.and_then(|old| old.points.as_ref()).map_or(0, |points| points.bytes());
            size.bytes = size.bytes.saturating_sub(before) + points.bytes();
            size.points = points.len();
        }
        if let Some(text) = &set.text {
            let before = old.and_then(|old| old.text.as_ref()).map_or(0, String::len);
            size.bytes = size.bytes.saturating_sub(before) + text.len();
        }
        self.set(id, size);
    }
}

/// Whether a batch may be drawn on `board`, on which `waiting` comes first. What makes it smaller always may.
///
/// # Errors
/// `too_large` that says what to do.
pub(super) fn fits(ops: &[BoardOp], board: &Board, waiting: Size) -> Result<(), Refusal> {
    let before = board.size();
    let mut following = Following { board, touched: HashMap::new(), is_clear: false, present: before };
    ops.iter().for_each(|op| following.follow(op));
    let after = following.present;
    let only_changes = ops.iter().all(|op| matches!(op, BoardOp::Patch { .. }));
    let grown = after.fields(BOARD).into_iter().zip(before.fields(BOARD)).zip(waiting.fields(BOARD));
    for (((after, bound, what), (before, ..)), (waiting, ..)) in grown {
        let bound = if only_changes { bound + bound / SLACK } else { bound };
        if after > before && after + waiting > bound {
            let to_do = "erase something, or go on in a new room";
            return Err(Refusal::too_large("ops", format_args!("{bound} {what} on a board; {to_do}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use studyrooms_protocol::{board::Point, error::ErrorCode, points::Points};

    fn points(count: usize) -> Points {
        vec![Point { x: 1.0, y: 2.0, pressure: None }; count].into()
    }

    fn stroke(id: &str, count: usize) -> BoardOp {
        BoardOp::Stroke { id: Some(id.into()), points: points(count), color: "#000".into(), width: 2.0 }
    }

    fn erase(id: &str) -> BoardOp {
        BoardOp::Erase { ids: vec![id.into()] }
    }

    fn full() -> Board {
        let mut board = Board::default();
        let strokes: Vec<BoardOp> = (0..100).map(|n| stroke(&format!("s{n}"), 10_000)).collect();
        board.apply(&"ann".into(), &strokes);
        assert_eq!(board.size().points, BOARD.points);
        board
    }

    fn judged(board: &Board, ops: &[BoardOp]) -> Result<(), ErrorCode> {
        fits(ops, board, Size::default()).map_err(|refusal| refusal.code)
    }

    #[test]
    fn a_full_board_takes_nothing_more_and_says_what_to_do() {
        let refusal = fits(&[stroke("new", 1)], &full(), Size::default()).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::TooLarge);
        let words = "ops: at most 1000000 points on a board; erase something, or go on in a new room";
        assert_eq!(refusal.message, words);
        let more = BoardOp::Append { id: "s1".into(), offset: 10_000, points: points(1) };
        assert_eq!(judged(&full(), &[more]), Err(ErrorCode::TooLarge));
    }

    // SPEC 6.2
    #[test]
    fn a_full_board_is_erased_cleared_redrawn_and_arranged() {
        let board = full();
        let moved = ElementPatch { points: Some(points(10_000)), ..ElementPatch::default() };
        let moved = BoardOp::Patch { id: "s1".into(), set: moved };
        let again = BoardOp::Append { id: "s1".into(), offset: 0, points: points(10_000) };
        assert_eq!(judged(&board, &[erase("s1")]), Ok(()));
        assert_eq!(judged(&board, &[BoardOp::Clear]), Ok(()));
        assert_eq!(judged(&board, &[stroke("s1", 10_000)]), Ok(()));
        assert_eq!(judged(&board, &[moved]), Ok(()));
        assert_eq!(judged(&board, &[again]), Ok(()), "what is there already adds nothing");
        assert_eq!(judged(&board, &[erase("s1"), stroke("new", 10_000)]), Ok(()));
        assert_eq!(judged(&board, &[BoardOp::Clear, stroke("new", 10_000)]), Ok(()));
        assert_eq!(
            judged(&board, &[erase("s1"), erase("s1"), stroke("a", 10_000), stroke("b", 1)]),
            Err(ErrorCode::TooLarge)
        );
    }

    #[test]
    fn a_board_beyond_its_bound_still_gets_smaller() {
        let mut board = full();
        board.apply(&"ann".into(), &[stroke("more", 10_000)]);
        assert_eq!(judged(&board, &[erase("s1")]), Ok(()));
        assert_eq!(judged(&board, &[erase("s1"), stroke("new", 9_000)]), Ok(()));
        assert_eq!(judged(&board, &[stroke("new", 1)]), Err(ErrorCode::TooLarge));
    }

    #[test]
    fn what_waits_to_be_drawn_counts() {
        let waiting = Size { elements: 1, points: BOARD.points, bytes: 0 };
        assert!(fits(&[stroke("a", 1)], &Board::default(), waiting).is_err());
        assert!(fits(&[BoardOp::Clear], &Board::default(), waiting).is_ok());
    }

    #[test]
    fn what_is_followed_is_what_is_folded() {
        let mut board = Board::default();
        board.apply(&"ann".into(), &[stroke("a", 3), stroke("b", 5)]);
        let ops = [
            BoardOp::Append { id: "a".into(), offset: 2, points: points(4) },
            erase("b"),
            stroke("c", 9),
            erase("none"),
            BoardOp::Patch { id: "c".into(), set: ElementPatch { points: Some(points(2)), ..ElementPatch::default() } },
        ];
        let mut following =
            Following { board: &board, touched: HashMap::new(), is_clear: false, present: board.size() };
        ops.iter().for_each(|op| following.follow(op));
        let followed = following.present;
        board.apply(&"ann".into(), &ops);
        assert_eq!((followed.elements, followed.points), (board.size().elements, board.size().points));
        assert!(followed.bytes >= board.size().bytes);
        board.apply(&"ann".into(), &[BoardOp::Clear]);
        assert_eq!(board.size(), Size::default());
    }
}
