//! Folding ops into a board. The client does the same in TypeScript; both run the cases of
//! `client/src/features/board/model/fold-cases.json`.

use super::Size;
use std::{collections::HashMap, sync::Arc};
use studyrooms_protocol::{
    board::{BoardOp, Element, ElementKind, ElementPatch},
    ids::{ElementId, UserId},
    points::Points,
};

/// The elements of a board. Each is shared with the pictures taken of it ([`Board::elements`]) until
/// it changes.
#[derive(Clone, Debug, Default)]
pub struct Board {
    elements: HashMap<ElementId, Arc<Element>>,
    /// Always that of the elements present, so that a board made from a snapshot goes on exactly
    /// like the one the snapshot was taken of; none while it has to be looked for.
    highest_z: Option<f64>,
    size: Size,
}

impl PartialEq for Board {
    fn eq(&self, other: &Self) -> bool {
        self.elements == other.elements
    }
}

impl Board {
    /// A board with these elements.
    #[must_use]
    pub fn new(elements: impl IntoIterator<Item = Arc<Element>>) -> Self {
        let elements: HashMap<ElementId, Arc<Element>> =
            elements.into_iter().map(|element| (element.id.clone(), element)).collect();
        let mut size = Size::default();
        elements.values().for_each(|element| size += Size::of(element));
        Self { elements, highest_z: None, size }
    }

    /// Applies ops of one person in their order. Ops on what is not there do nothing.
    pub fn apply(&mut self, by: &UserId, ops: &[BoardOp]) {
        for op in ops {
            self.apply_one(by, op);
        }
    }

    /// How many elements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether the board is blank.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// How much it holds.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// One element.
    #[must_use]
    pub fn get(&self, id: &ElementId) -> Option<&Element> {
        self.elements.get(id).map(|element| &**element)
    }

    /// All elements in rising `z`, equals by id.
    #[must_use]
    pub fn elements(&self) -> Vec<Arc<Element>> {
        let mut all: Vec<Arc<Element>> = self.elements.values().cloned().collect();
        all.sort_by(|a, b| a.z.unwrap_or(0.0).total_cmp(&b.z.unwrap_or(0.0)).then_with(|| a.id.cmp(&b.id)));
        all
    }

    fn apply_one(&mut self, by: &UserId, op: &BoardOp) {
        match op {
            BoardOp::Stroke { id: Some(id), points, color, width } => {
                self.put(by, stroke(id.clone(), points.clone(), color.clone(), *width));
            }
            // Without an id it was never admitted: nothing could address it later.
            BoardOp::Stroke { id: None, .. } => {}
            BoardOp::Append { id, offset, points } => self.change(id, |element| {
                if let Some(present) = &mut element.points {
                    append(present, *offset as usize, points);
                }
            }),
            BoardOp::Put { element } => self.put(by, element.clone()),
            BoardOp::Patch { id, set } => {
                self.change(id, |element| patch(element, set));
                if set.z.is_some() {
                    self.highest_z = None;
                }
            }
            BoardOp::Erase { ids } => {
                for id in ids {
                    self.remove(id);
                }
            }
            BoardOp::Clear => *self = Self::default(),
        }
    }

    /// Changes an element, when it is there.
    fn change(&mut self, id: &ElementId, change: impl FnOnce(&mut Element)) {
        if let Some(element) = self.elements.get_mut(id) {
            self.size -= Size::of(element);
            let element = Arc::make_mut(element);
            change(element);
            self.size += Size::of(element);
        }
    }

    fn remove(&mut self, id: &ElementId) {
        if let Some(gone) = self.elements.remove(id) {
            self.size -= Size::of(&gone);
            if gone.z >= self.highest_z {
                self.highest_z = None;
            }
        }
    }

    fn put(&mut self, by: &UserId, mut element: Element) {
        match self.elements.get(&element.id) {
            None => {
                element.by = Some(by.clone());
                let highest = self.highest();
                let z = *element.z.get_or_insert(highest.unwrap_or(0.0) + 1.0);
                self.highest_z = Some(highest.map_or(z, |highest| highest.max(z)));
            }
            Some(old) => {
                element.by.clone_from(&old.by);
                if element.z.is_some() {
                    self.highest_z = None;
                }
                element.z = element.z.or(old.z);
                self.size -= Size::of(old);
            }
        }
        self.size += Size::of(&element);
        self.elements.insert(element.id.clone(), Arc::new(element));
    }

    /// The highest `z`; none on a blank board.
    fn highest(&self) -> Option<f64> {
        self.highest_z.or_else(|| self.elements.values().filter_map(|element| element.z).reduce(f64::max))
    }
}

fn stroke(id: ElementId, points: Points, color: String, width: f64) -> Element {
    Element {
        id,
        kind: ElementKind::Stroke,
        points: Some(points),
        x: None,
        y: None,
        w: None,
        h: None,
        text: None,
        src: None,
        color,
        width,
        z: None,
        by: None,
    }
}

/// Adds what goes beyond the present end; a gap before it would be a stroke never drawn.
fn append(present: &mut Points, offset: usize, points: &Points) {
    if let Some(known) = present.len().checked_sub(offset).filter(|known| *known < points.len()) {
        present.extend(points.iter().skip(known));
    }
}

fn patch(element: &mut Element, set: &ElementPatch) {
    let ElementPatch { points, x, y, w, h, text, color, width, z } = set;
    if element.points.is_some() && points.is_some() {
        element.points.clone_from(points);
    }
    for (field, value) in [(&mut element.x, x), (&mut element.y, y), (&mut element.w, w), (&mut element.h, h)] {
        if value.is_some() {
            *field = *value;
        }
    }
    if text.is_some() {
        element.text.clone_from(text);
    }
    if let Some(color) = color {
        element.color.clone_from(color);
    }
    element.width = width.unwrap_or(element.width);
    element.z = z.or(element.z);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use studyrooms_protocol::board::Point;

    fn shared(elements: Vec<Element>) -> Vec<Arc<Element>> {
        elements.into_iter().map(Arc::new).collect()
    }

    #[derive(serde::Deserialize)]
    struct Case {
        name: String,
        before: Vec<Element>,
        batches: Vec<Batch>,
        after: Vec<Element>,
    }

    #[derive(serde::Deserialize)]
    struct Batch {
        by: UserId,
        ops: Vec<BoardOp>,
    }

    // SPEC 6.1
    #[test]
    fn folds_the_cases_that_the_client_folds() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../client/src/features/board/model/fold-cases.json");
        let cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert!(cases.len() >= 10, "only {} cases", cases.len());
        for case in cases {
            let mut board = Board::new(shared(case.before));
            for batch in &case.batches {
                board.apply(&batch.by, &batch.ops);
            }
            assert_eq!(board.elements(), shared(case.after), "{}", case.name);
            assert_eq!(board.size(), Board::new(board.elements()).size(), "{}", case.name);
        }
    }

    fn any_op() -> impl Strategy<Value = BoardOp> {
        let id = || (0..6u8).prop_map(|n| ElementId(format!("e{n}")));
        let points = || {
            prop::collection::vec((0..9i32, 0..9i32), 1..4).prop_map(|points| {
                points
                    .into_iter()
                    .map(|(x, y)| Point { x: f64::from(x), y: f64::from(y), pressure: None })
                    .collect::<Points>()
            })
        };
        prop_oneof![
            4 => (id(), points()).prop_map(|(id, points)| BoardOp::Stroke {
                id: Some(id), points, color: "#000".into(), width: 2.0
            }),
            4 => (id(), 0..5u32, points()).prop_map(|(id, offset, points)| BoardOp::Append { id, offset, points }),
            2 => (id(), prop::option::of(0..9i32)).prop_map(|(id, z)| BoardOp::Patch {
                id, set: ElementPatch { z: z.map(f64::from), width: Some(5.0), ..ElementPatch::default() }
            }),
            2 => prop::collection::vec(id(), 1..3).prop_map(|ids| BoardOp::Erase { ids }),
            1 => Just(BoardOp::Clear),
        ]
    }

    proptest! {
        // SPEC 6.1
        #[test]
        fn a_board_goes_on_from_a_snapshot_as_from_its_history(
            ops in prop::collection::vec(any_op(), 0..60), cut in 0..60usize
        ) {
            let by = UserId::from("u");
            let mut whole = Board::default();
            whole.apply(&by, &ops);
            let cut = cut.min(ops.len());
            let mut half = Board::default();
            half.apply(&by, &ops[..cut]);
            let mut resumed = Board::new(half.elements());
            resumed.apply(&by, &ops[cut..]);
            prop_assert_eq!(resumed.elements(), whole.elements());
            prop_assert_eq!(resumed.size(), whole.size());
        }

        #[test]
        fn the_same_append_again_changes_nothing(offset in 0..4u32, extra in 1..4usize) {
            let points = |count: usize| Points::from(vec![Point { x: 1.0, y: 1.0, pressure: None }; count]);
            let by = UserId::from("u");
            let append = [BoardOp::Append { id: "s".into(), offset, points: points(extra) }];
            let mut once = Board::new(shared(vec![stroke("s".into(), points(2), "#000".into(), 1.0)]));
            once.apply(&by, &append);
            let mut twice = once.clone();
            twice.apply(&by, &append);
            prop_assert_eq!(once, twice);
        }
    }
}
