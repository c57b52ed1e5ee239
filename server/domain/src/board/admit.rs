//! Which ops may enter the board log: finite, bounded, and every stroke with an id.

use super::{BATCH_OPS, BATCH_POINTS, Board, ERASE_IDS, STROKE_POINTS, Size, size};
use crate::{
    Refusal,
    files::SharedFiles,
    system::{Random, random_id},
};
use studyrooms_protocol::{
    board::{BoardOp, Element, ElementKind, ElementPatch},
    ids::ElementId,
    points::Points,
};

const ID_BYTES: usize = 64;
const TEXT_CHARACTERS: usize = 2000;
const FARTHEST: f64 = 1e7;
const WIDTH: std::ops::RangeInclusive<f64> = 0.1..=500.0;

/// Checks a batch against `board`, on which `waiting` comes first, and gives ids to strokes that have none.
///
/// # Errors
/// `bad_request` or `too_large` that names the field, like `ops[2].points`.
pub fn admit(
    mut ops: Vec<BoardOp>,
    board: &Board,
    waiting: Size,
    files: &SharedFiles,
    random: &dyn Random,
) -> Result<Vec<BoardOp>, Refusal> {
    if ops.is_empty() {
        return Err(Refusal::field("ops", "not empty"));
    }
    if ops.len() > BATCH_OPS {
        return Err(Refusal::too_large("ops", format_args!("{BATCH_OPS} in a batch")));
    }
    if ops.iter().map(points_of).sum::<usize>() > BATCH_POINTS {
        return Err(Refusal::too_large("ops", format_args!("{BATCH_POINTS} points in a batch; send them in several")));
    }
    for (index, op) in ops.iter_mut().enumerate() {
        let at = Field(format!("ops[{index}]"));
        check(op, &at, board, files)?;
        if let BoardOp::Stroke { id, .. } = op {
            id.get_or_insert_with(|| ElementId(random_id(random)));
        }
    }
    size::fits(&ops, board, waiting)?;
    Ok(ops)
}

fn points_of(op: &BoardOp) -> usize {
    match op {
        BoardOp::Stroke { points, .. } | BoardOp::Append { points, .. } => points.len(),
        BoardOp::Put { element } => element.points.as_ref().map_or(0, Points::len),
        BoardOp::Patch { set, .. } => set.points.as_ref().map_or(0, Points::len),
        BoardOp::Erase { .. } | BoardOp::Clear => 0,
    }
}

/// The path of what is being checked.
struct Field(String);

impl Field {
    fn of(&self, name: &str) -> String {
        format!("{}.{name}", self.0)
    }
}

fn check(op: &BoardOp, at: &Field, board: &Board, files: &SharedFiles) -> Result<(), Refusal> {
    match op {
        BoardOp::Stroke { id, points, color, width } => {
            id.as_ref().map_or(Ok(()), |id| valid_id(&at.of("id"), id))?;
            valid_points(&at.of("points"), points)?;
            valid_color(&at.of("color"), color)?;
            valid_width(&at.of("width"), *width)
        }
        BoardOp::Append { id, offset, points } => {
            valid_id(&at.of("id"), id)?;
            valid_points(&at.of("points"), points)?;
            let present = board.get(id).and_then(|element| element.points.as_ref()).map_or(0, Points::len);
            let length = present.max(*offset as usize + points.len());
            if length > STROKE_POINTS { Err(too_many_points(&at.of("points"))) } else { Ok(()) }
        }
        BoardOp::Put { element } => valid_element(&Field(at.of("element")), element, files),
        BoardOp::Patch { id, set } => {
            valid_id(&at.of("id"), id)?;
            valid_patch(&Field(at.of("set")), set)
        }
        BoardOp::Erase { ids } => {
            if ids.is_empty() {
                return Err(Refusal::field(&at.of("ids"), "not empty"));
            }
            if ids.len() > ERASE_IDS {
                return Err(Refusal::too_large(&at.of("ids"), format_args!("{ERASE_IDS} in one op")));
            }
            ids.iter().try_for_each(|id| valid_id(&at.of("ids"), id))
        }
        BoardOp::Clear => Ok(()),
    }
}

fn valid_element(at: &Field, element: &Element, files: &SharedFiles) -> Result<(), Refusal> {
    valid_id(&at.of("id"), &element.id)?;
    valid_color(&at.of("color"), &element.color)?;
    valid_width(&at.of("width"), element.width)?;
    valid_patch(
        at,
        &ElementPatch {
            points: element.points.clone(),
            x: element.x,
            y: element.y,
            w: element.w,
            h: element.h,
            text: element.text.clone(),
            color: None,
            width: None,
            z: element.z,
        },
    )?;
    let missing = |name: &str| Err(Refusal::field(&at.of(name), format_args!("missing for a {:?}", element.kind)));
    match element.kind {
        ElementKind::Stroke | ElementKind::Line | ElementKind::Arrow if element.points.is_none() => missing("points"),
        ElementKind::Text | ElementKind::Note if element.text.is_none() => missing("text"),
        ElementKind::Image if !element.src.as_ref().is_some_and(|src| files.may_be_shown(src)) => {
            Err(Refusal::field(&at.of("src"), "no such picture in this room"))
        }
        ElementKind::Stroke | ElementKind::Line | ElementKind::Arrow => Ok(()),
        _ if element.x.is_none() => missing("x"),
        _ if element.y.is_none() => missing("y"),
        ElementKind::Text => Ok(()),
        _ if element.w.is_none() => missing("w"),
        _ if element.h.is_none() => missing("h"),
        _ => Ok(()),
    }
}

fn valid_patch(at: &Field, set: &ElementPatch) -> Result<(), Refusal> {
    let ElementPatch { points, x, y, w, h, text, color, width, z } = set;
    points.as_ref().map_or(Ok(()), |points| valid_points(&at.of("points"), points))?;
    for (name, value) in [("x", x), ("y", y), ("w", w), ("h", h), ("z", z)] {
        value.map_or(Ok(()), |value| valid_number(&at.of(name), value))?;
    }
    if text.as_ref().is_some_and(|text| text.chars().count() > TEXT_CHARACTERS) {
        return Err(Refusal::too_large(&at.of("text"), format_args!("{TEXT_CHARACTERS} characters")));
    }
    color.as_ref().map_or(Ok(()), |color| valid_color(&at.of("color"), color))?;
    width.map_or(Ok(()), |width| valid_width(&at.of("width"), width))
}

fn valid_id(field: &str, id: &ElementId) -> Result<(), Refusal> {
    let plain = id.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte));
    if plain && (1..=ID_BYTES).contains(&id.as_str().len()) {
        return Ok(());
    }
    Err(Refusal::field(field, format_args!("1 to {ID_BYTES} letters, digits or any of -_.:")))
}

fn valid_points(field: &str, points: &Points) -> Result<(), Refusal> {
    if points.is_empty() {
        return Err(Refusal::field(field, "not empty"));
    }
    if points.len() > STROKE_POINTS {
        return Err(too_many_points(field));
    }
    for point in points.iter() {
        valid_number(field, point.x)?;
        valid_number(field, point.y)?;
        if point.pressure.is_some_and(|pressure| !(0.0..=1.0).contains(&pressure)) {
            return Err(Refusal::field(field, "pressure from 0 to 1"));
        }
    }
    Ok(())
}

fn too_many_points(field: &str) -> Refusal {
    Refusal::too_large(field, format_args!("{STROKE_POINTS} points in a stroke"))
}

fn valid_number(field: &str, value: f64) -> Result<(), Refusal> {
    if value.abs() <= FARTHEST {
        return Ok(());
    }
    Err(Refusal::field(field, format_args!("finite, from -{FARTHEST} to {FARTHEST}")))
}

fn valid_width(field: &str, width: f64) -> Result<(), Refusal> {
    if WIDTH.contains(&width) {
        return Ok(());
    }
    Err(Refusal::field(field, format_args!("from {} to {}", WIDTH.start(), WIDTH.end())))
}

fn valid_color(field: &str, color: &str) -> Result<(), Refusal> {
    let hex = color.strip_prefix('#').is_some_and(|digits| {
        matches!(digits.len(), 3 | 6 | 8) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    });
    if hex { Ok(()) } else { Err(Refusal::field(field, "#rgb, #rrggbb or #rrggbbaa")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use studyrooms_protocol::{board::Point, error::ErrorCode};

    struct Zero;

    impl Random for Zero {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    fn at(x: f64) -> Point {
        Point { x, y: 0.0, pressure: None }
    }

    fn stroke(points: Vec<Point>) -> BoardOp {
        BoardOp::Stroke { id: None, points: points.into(), color: "#1a2b3c".into(), width: 3.0 }
    }

    fn admitted(ops: Vec<BoardOp>) -> Result<Vec<BoardOp>, Refusal> {
        admit(ops, &Board::default(), Size::default(), &SharedFiles::default(), &Zero)
    }

    fn refused(ops: Vec<BoardOp>) -> (ErrorCode, String) {
        let refusal = admitted(ops).unwrap_err();
        (refusal.code, refusal.message)
    }

    #[test]
    fn a_plain_stroke_gets_an_id() {
        let ops = admitted(vec![stroke(vec![at(1.0)])]).unwrap();
        assert!(matches!(&ops[0], BoardOp::Stroke { id: Some(id), .. } if id.as_str().len() == 22));
    }

    #[test]
    fn numbers_that_are_none_are_refused_by_name() {
        for wrong in [f64::NAN, f64::INFINITY, 1e8] {
            let (code, message) = refused(vec![BoardOp::Clear, stroke(vec![at(wrong)])]);
            assert_eq!(code, ErrorCode::BadRequest);
            assert!(message.starts_with("ops[1].points: finite"), "{message}");
        }
    }

    #[test]
    fn batches_strokes_and_boards_are_bounded() {
        assert_eq!(refused(vec![BoardOp::Clear; BATCH_OPS + 1]).0, ErrorCode::TooLarge);
        assert_eq!(refused(vec![stroke(vec![at(0.0); STROKE_POINTS + 1])]).0, ErrorCode::TooLarge);
        let append = BoardOp::Append { id: "s".into(), offset: u32::MAX, points: vec![at(0.0)].into() };
        assert_eq!(refused(vec![append]).0, ErrorCode::TooLarge);
        let erase = BoardOp::Erase { ids: vec!["s".into(); ERASE_IDS + 1] };
        assert_eq!(refused(vec![erase]).0, ErrorCode::TooLarge);
        let (code, message) = refused(vec![stroke(vec![at(0.0); STROKE_POINTS]); 3]);
        assert_eq!(code, ErrorCode::TooLarge);
        assert_eq!(message, "ops: at most 20000 points in a batch; send them in several");
        assert_eq!(refused(vec![]), (ErrorCode::BadRequest, "ops: not empty".into()));
    }

    #[test]
    fn an_element_has_what_its_kind_needs() {
        let json = r##"{"id":"a","kind":"note","x":1,"y":1,"w":5,"h":5,"color":"#fff","width":1}"##;
        let note: Element = serde_json::from_str(json).unwrap();
        let (_, message) = refused(vec![BoardOp::Put { element: note.clone() }]);
        assert_eq!(message, "ops[0].element.text: missing for a Note");
        let whole = Element { text: Some("hi".into()), ..note };
        assert!(admitted(vec![BoardOp::Put { element: whole }]).is_ok());
    }

    #[test]
    fn a_colour_cannot_smuggle_anything_else() {
        let op = BoardOp::Stroke { id: None, points: vec![at(1.0)].into(), color: "url(x)".into(), width: 1.0 };
        assert!(refused(vec![op]).1.starts_with("ops[0].color"));
    }
}
