//! The whole board at one position, in parts that are encoded when they are wanted: the elements are shared with the
//! board, so a picture costs next to nothing until it is sent.

use crate::room::Outgoing;
use serde::{Serialize, Serializer};
use std::{collections::VecDeque, sync::Arc};
use studyrooms_protocol::{Seq, board::Element, events::server, ids::RoomId};

/// Bytes of a part as JSON, about; a single larger element is a part of its own. No part is above 1 MiB.
const PART_BYTES: usize = 192 << 10;
/// Bytes of an element as JSON beside its points and texts.
const ELEMENT_BYTES: usize = 200;
/// Parts kept encoded, for those who come at the same time.
const KEPT: usize = 16;

/// A board at a position of its log.
#[derive(Clone)]
pub struct BoardAt {
    /// The room.
    pub room_id: RoomId,
    /// The position.
    pub seq: Seq,
    /// In rising `z`.
    pub elements: Vec<Arc<Element>>,
}

/// As [`studyrooms_protocol::board::BoardSnapshot`], without copies of the elements.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    room_id: &'a RoomId,
    seq: Seq,
    #[serde(serialize_with = "each")]
    elements: &'a [Arc<Element>],
    part: u32,
    parts: u32,
}

fn each<S: Serializer>(elements: &[Arc<Element>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(elements.iter().map(|element| &**element))
}

/// A board in parts.
pub(super) struct Picture {
    at: BoardAt,
    /// Where each part ends.
    ends: Vec<usize>,
    /// The parts encoded last, with their numbers from 0.
    encoded: VecDeque<(usize, Arc<Outgoing>)>,
}

impl Picture {
    pub(super) fn new(at: BoardAt) -> Self {
        let mut ends = vec![];
        let mut bytes = 0;
        for (place, element) in at.elements.iter().enumerate() {
            let of_element = json_bytes(element);
            if bytes > 0 && bytes + of_element > PART_BYTES {
                ends.push(place);
                bytes = 0;
            }
            bytes += of_element;
        }
        ends.push(at.elements.len());
        Self { at, ends, encoded: VecDeque::new() }
    }

    pub(super) const fn seq(&self) -> Seq {
        self.at.seq
    }

    pub(super) fn parts(&self) -> usize {
        self.ends.len()
    }

    /// A part by its number from 0.
    pub(super) fn part(&mut self, number: usize) -> Arc<Outgoing> {
        if let Some((_, outgoing)) = self.encoded.iter().find(|(encoded, _)| *encoded == number) {
            return outgoing.clone();
        }
        let from = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let part = Part {
            room_id: &self.at.room_id,
            seq: self.at.seq,
            elements: &self.at.elements[from..self.ends[number]],
            part: count(number + 1),
            parts: count(self.ends.len()),
        };
        let outgoing = Outgoing::new(server::WHITEBOARD_SNAPSHOT, &part);
        if self.encoded.len() >= KEPT {
            self.encoded.pop_front();
        }
        self.encoded.push_back((number, outgoing.clone()));
        outgoing
    }
}

/// Bytes of an element as JSON, within a factor of two.
fn json_bytes(element: &Element) -> usize {
    let texts = [&element.text, &element.src].into_iter().flatten().map(String::len).sum::<usize>();
    ELEMENT_BYTES + texts + element.points.as_ref().map_or(0, |points| points.json_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use studyrooms_protocol::{
        board::{BoardSnapshot, ElementKind, Point},
        points::Points,
    };

    fn stroke(n: u32, points: Vec<Point>) -> Arc<Element> {
        Arc::new(Element {
            id: n.to_string().into(),
            kind: ElementKind::Stroke,
            points: Some(points.into()),
            x: None,
            y: None,
            w: None,
            h: None,
            text: None,
            src: None,
            color: "#112233".into(),
            width: 2.0,
            z: Some(f64::from(n)),
            by: Some("ann".into()),
        })
    }

    fn sizes(elements: Vec<Arc<Element>>) -> Vec<usize> {
        let mut picture = Picture::new(BoardAt { room_id: "r".into(), seq: 9, elements: elements.clone() });
        let parts: Vec<Arc<Outgoing>> = (0..picture.parts()).map(|number| picture.part(number)).collect();
        let read = |part: &Arc<Outgoing>| serde_json::from_str::<BoardSnapshot>(part.body.get()).unwrap();
        let all: Vec<BoardSnapshot> = parts.iter().map(read).collect();
        assert!(all.iter().zip(1..).all(|(part, number)| part.part == number && part.parts as usize == all.len()));
        let told = |element: &Element| (element.id.clone(), element.points.as_ref().map_or(0, Points::len));
        let together = all.iter().flat_map(|part| &part.elements).map(told);
        assert!(together.eq(elements.iter().map(|element| told(element))));
        parts.iter().map(|part| part.body.get().len()).collect()
    }

    #[test]
    fn a_blank_board_is_one_part() {
        let mut picture = Picture::new(BoardAt { room_id: "r".into(), seq: 0, elements: vec![] });
        assert_eq!(picture.parts(), 1);
        assert_eq!(picture.part(0).body.get(), r#"{"roomId":"r","seq":0,"elements":[],"part":1,"parts":1}"#);
    }

    #[test]
    fn parts_together_are_the_board_and_none_is_large_whatever_is_drawn() {
        let pen =
            |n: u32| (0..50).map(move |at| Point { x: f64::from(at + n), y: f64::from(at) + 0.25, pressure: None });
        let heavy = sizes((0..10_000).map(|n| stroke(n, pen(n).collect())).collect());
        assert!(heavy.iter().all(|bytes| *bytes < 400 << 10), "{heavy:?}");
        assert!(heavy.len() < 80, "{}", heavy.len());
        let bits = |n: u32| Point {
            x: -f64::from(n).sqrt() * 1e-200,
            y: f64::from(n).cbrt() * 1e-100,
            pressure: Some(1.0 / 3.0),
        };
        let longest = sizes((0..5).map(|n| stroke(n, (1..=10_000).map(bits).collect())).collect());
        assert_eq!(longest.len(), 5);
        assert!(longest.iter().all(|bytes| *bytes < 1 << 20), "{longest:?}");
    }
}
