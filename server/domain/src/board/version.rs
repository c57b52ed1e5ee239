//! Versions of a board: what may be saved, and the ops that bring one back (SPEC 6.5).

use super::{BATCH_OPS, BATCH_POINTS, Board, ERASE_IDS, Size, VERSION_BYTES, VERSIONS};
use crate::{Refusal, rooms::valid_title};
use studyrooms_protocol::{
    board::{BoardOp, Element},
    rooms::Role,
};

const PICTURE_BYTES: usize = 200_000;
/// Bytes of one batch of a restored board: more would make a large entry.
const BATCH_BYTES: usize = 128 << 10;

/// A version's title as it is stored; none when there is none.
///
/// # Errors
/// `bad_request` that names `title`.
pub fn valid_version_title(title: Option<String>) -> Result<Option<String>, Refusal> {
    title.filter(|title| !title.trim().is_empty()).map(|title| valid_title(&title)).transpose()
}

/// A version's picture as it is stored: a data URL of a raster picture, which runs no script
/// wherever it is shown.
///
/// # Errors
/// `bad_request` or `too_large` that names `dataUrl`.
pub fn valid_picture(data_url: Option<String>) -> Result<Option<String>, Refusal> {
    let Some(data_url) = data_url else { return Ok(None) };
    if data_url.len() > PICTURE_BYTES {
        return Err(Refusal::too_large("dataUrl", format_args!("{PICTURE_BYTES} bytes")));
    }
    let body = ["png", "jpeg", "webp"]
        .iter()
        .find_map(|kind| data_url.strip_prefix("data:image/")?.strip_prefix(kind)?.strip_prefix(";base64,"));
    let base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    if body.is_some_and(|body| !body.is_empty() && body.bytes().all(base64)) {
        return Ok(Some(data_url));
    }
    Err(Refusal::field("dataUrl", "a PNG, JPEG or WebP picture as data:image/…;base64,…"))
}

/// How many versions of a board are kept, and what their boards take.
#[derive(Clone, Copy, Debug)]
pub struct KeptVersions {
    /// Versions.
    pub count: usize,
    /// Bytes.
    pub bytes: u64,
}

impl KeptVersions {
    /// Whether someone of this role may add one whose board takes `bytes`.
    ///
    /// # Errors
    /// `too_large` that says what to do.
    pub fn fits(self, bytes: u64, role: Role) -> Result<(), Refusal> {
        // What anybody may save must not keep those who moderate from it.
        let share = if matches!(role, Role::Owner | Role::Mod) { 1 } else { 2 };
        let to_do = if share == 1 { "go on in a new room" } else { "ask a moderator to save it" };
        if self.count >= VERSIONS / share {
            return Err(Refusal::too_large("versions", format_args!("{} of a board; {to_do}", VERSIONS / share)));
        }
        let most = VERSION_BYTES / share as u64;
        if self.bytes.saturating_add(bytes) > most {
            return Err(Refusal::too_large("versions", format_args!("{most} bytes of all together; {to_do}")));
        }
        Ok(())
    }
}

/// The batches of ops that make `present` look like `version`: only what differs, so that they are
/// few and can be undone. Empty when nothing differs.
#[must_use]
pub fn restoring(present: &Board, version: &Board) -> Vec<Vec<BoardOp>> {
    let gone = present.elements().into_iter().filter(|element| version.get(&element.id).is_none());
    let gone = gone.map(|element| element.id.clone());
    let mut batches = Batches::default();
    let gone: Vec<_> = gone.collect();
    for ids in gone.chunks(ERASE_IDS) {
        batches.push(BoardOp::Erase { ids: ids.to_vec() }, Size::default());
    }
    for element in version.elements() {
        match present.get(&element.id) {
            Some(same) if *same == *element => {}
            // What is there keeps its author, which a put cannot change.
            Some(other) if other.by != element.by => {
                batches.push(BoardOp::Erase { ids: vec![element.id.clone()] }, Size::default());
                batches.put(&element);
            }
            _ => batches.put(&element),
        }
    }
    batches.done
}

#[derive(Default)]
struct Batches {
    done: Vec<Vec<BoardOp>>,
    size: Size,
}

impl Batches {
    fn put(&mut self, element: &Element) {
        self.push(BoardOp::Put { element: element.clone() }, Size::of(element));
    }

    fn push(&mut self, op: BoardOp, size: Size) {
        let full = self.size.points + size.points > BATCH_POINTS || self.size.bytes + size.bytes > BATCH_BYTES;
        match self.done.last_mut() {
            Some(batch) if batch.len() < BATCH_OPS && !full => {
                batch.push(op);
                self.size += size;
            }
            _ => {
                self.done.push(vec![op]);
                self.size = size;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use studyrooms_protocol::{board::Point, points::Points};

    fn points_of(op: &BoardOp) -> usize {
        let BoardOp::Put { element } = op else { return 0 };
        element.points.as_ref().map_or(0, Points::len)
    }

    fn stroke(id: &str, points: usize) -> BoardOp {
        let points: Points = vec![Point { x: 1.0, y: 2.0, pressure: None }; points].into();
        BoardOp::Stroke { id: Some(id.into()), points, color: "#000".into(), width: 2.0 }
    }

    fn drawn(ops: &[BoardOp]) -> Board {
        let mut board = Board::default();
        board.apply(&"ann".into(), ops);
        board
    }

    fn restored(mut present: Board, version: &Board) -> Board {
        for batch in restoring(&present, version) {
            assert!(batch.len() <= BATCH_OPS && batch.iter().map(points_of).sum::<usize>() <= BATCH_POINTS);
            present.apply(&"mod".into(), &batch);
        }
        present
    }

    /// All but the author, who of what was gone is the one that brings it back.
    fn looks(board: &Board) -> Vec<Element> {
        board.elements().iter().map(|element| Element { by: None, ..Element::clone(element) }).collect()
    }

    #[test]
    fn versions_are_bounded_and_half_of_them_are_for_those_who_moderate() {
        let kept = |count, bytes| KeptVersions { count, bytes };
        assert!(kept(249, 0).fits(1, Role::Guest).is_ok());
        let refusal = kept(250, 0).fits(1, Role::Member).unwrap_err();
        assert_eq!(refusal.message, "versions: at most 250 of a board; ask a moderator to save it");
        assert!(kept(250, 0).fits(1, Role::Mod).is_ok());
        assert!(kept(500, 0).fits(1, Role::Owner).is_err());
        assert!(kept(9, 60 << 20).fits(5 << 20, Role::Guest).is_err());
        assert!(kept(9, 60 << 20).fits(5 << 20, Role::Mod).is_ok());
        assert!(kept(9, 127 << 20).fits(5 << 20, Role::Owner).is_err());
    }

    // SPEC 6.5
    #[test]
    fn a_board_looks_like_the_version_again() {
        let version = drawn(&[stroke("a", 3), stroke("b", 5), stroke("c", 1)]);
        let mut present = version.clone();
        present.apply(&"ben".into(), &[BoardOp::Erase { ids: vec!["a".into()] }, stroke("d", 2), stroke("b", 9)]);
        assert_eq!(looks(&restored(present, &version)), looks(&version));
        assert_eq!(looks(&restored(Board::default(), &version)), looks(&version));
        assert_eq!(looks(&restored(version.clone(), &Board::default())), vec![]);
    }

    #[test]
    fn what_is_the_same_is_left_alone() {
        let version = drawn(&[stroke("a", 3)]);
        assert!(restoring(&version, &version).is_empty());
    }

    #[test]
    fn a_large_board_comes_back_in_several_batches() {
        let ops: Vec<BoardOp> = (0..450).map(|n| stroke(&n.to_string(), 100)).collect();
        let version = drawn(&ops);
        assert_eq!(restoring(&Board::default(), &version).len(), 3);
        assert_eq!(looks(&restored(Board::default(), &version)), looks(&version));
    }

    #[test]
    fn a_picture_is_a_raster_picture_and_nothing_else() {
        assert!(valid_picture(Some("data:image/png;base64,iVBORw0KGgo=".into())).is_ok());
        for wrong in ["", "data:image/svg+xml;base64,PHN2Zz4=", "data:image/png;base64,", "data:image/png;base64,<x>"] {
            assert!(valid_picture(Some(wrong.into())).unwrap_err().message.starts_with("dataUrl"), "{wrong}");
        }
        let long = format!("data:image/png;base64,{}", "A".repeat(PICTURE_BYTES));
        assert!(valid_picture(Some(long)).unwrap_err().message.starts_with("dataUrl: at most"));
    }
}
