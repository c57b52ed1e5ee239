//! How both engines write what is drawn: points as their short text (`protocol::points`), a third of their JSON and a
//! seventh of their BSON. Reading takes that text and plain lists alike, so what was stored before opens unchanged.

use serde::{Serialize, Serializer};
use std::sync::Arc;
use studyrooms_domain::log::EntryBody;
use studyrooms_protocol::{
    board::{BoardOp, Element, ElementPatch},
    ids::ElementId,
    points::Points,
};

/// The elements of a snapshot as they are stored.
pub(crate) struct StoredElements<'a>(pub &'a [Arc<Element>]);

impl Serialize for StoredElements<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|element| StoredElement::of(element)))
    }
}

/// One of them.
#[derive(Serialize)]
pub(crate) struct StoredElement {
    #[serde(flatten)]
    rest: Element,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<String>,
}

impl StoredElement {
    pub(crate) fn of(element: &Element) -> Self {
        let mut rest = element.clone();
        let points = rest.points.take().map(|points| points.to_text());
        Self { rest, points }
    }
}

/// An entry's body as it is stored.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum StoredBody<'a> {
    Drawn {
        #[serde(rename = "type")]
        kind: &'static str,
        payload: StoredOps<'a>,
    },
    Other(&'a EntryBody),
}

impl<'a> StoredBody<'a> {
    pub(crate) fn of(body: &'a EntryBody) -> Self {
        match body {
            EntryBody::Drawn { ops } => {
                Self::Drawn { kind: body.kind(), payload: StoredOps { ops: ops.iter().map(StoredOp::of).collect() } }
            }
            other => Self::Other(other),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct StoredOps<'a> {
    ops: Vec<StoredOp<'a>>,
}

/// As [`BoardOp`], field for field.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum StoredOp<'a> {
    Stroke {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<&'a ElementId>,
        points: String,
        color: &'a str,
        width: f64,
    },
    Append {
        id: &'a ElementId,
        offset: u32,
        points: String,
    },
    Put {
        element: StoredElement,
    },
    Patch {
        id: &'a ElementId,
        set: StoredPatch,
    },
    Erase {
        ids: &'a [ElementId],
    },
    Clear,
}

#[derive(Serialize)]
struct StoredPatch {
    #[serde(flatten)]
    rest: ElementPatch,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<String>,
}

impl<'a> StoredOp<'a> {
    fn of(op: &'a BoardOp) -> Self {
        match op {
            BoardOp::Stroke { id, points, color, width } => {
                Self::Stroke { id: id.as_ref(), points: points.to_text(), color, width: *width }
            }
            BoardOp::Append { id, offset, points } => Self::Append { id, offset: *offset, points: points.to_text() },
            BoardOp::Put { element } => Self::Put { element: StoredElement::of(element) },
            BoardOp::Patch { id, set } => {
                let points = set.points.as_ref().map(Points::to_text);
                Self::Patch { id, set: StoredPatch { rest: ElementPatch { points: None, ..set.clone() }, points } }
            }
            BoardOp::Erase { ids } => Self::Erase { ids },
            BoardOp::Clear => Self::Clear,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_again_and_so_is_what_was_stored_before() {
        let plain = r##"{"type":"drawn","payload":{"ops":[
            {"type":"stroke","id":"s","points":[[0.1,2.0],[3.0,4.0,0.25]],"color":"#abc","width":1.5},
            {"type":"append","id":"s","offset":2,"points":[[5.0,6.0]]},
            {"type":"put","element":{"id":"a","kind":"arrow","points":[[1.0,1.0],[2.0,2.0]],"color":"#000","width":1.0,"by":"ann"}},
            {"type":"put","element":{"id":"n","kind":"note","x":1.0,"y":2.0,"w":3.0,"h":4.0,"text":"hi","color":"#000","width":1.0}},
            {"type":"patch","id":"s","set":{"points":[[9.0,9.0]],"z":3.0}},{"type":"erase","ids":["x"]},{"type":"clear"}]}}"##;
        let body: EntryBody = serde_json::from_str(plain).unwrap();
        let stored = serde_json::to_string(&StoredBody::of(&body)).unwrap();
        assert!(stored.contains(r#""points":"2pU"#) && !stored.contains("[["), "{stored}");
        assert_eq!(serde_json::from_str::<EntryBody>(&stored).unwrap(), body);
        let other = EntryBody::Deleted { message_id: "m".into() };
        assert_eq!(serde_json::to_value(StoredBody::of(&other)).unwrap(), serde_json::to_value(&other).unwrap());
    }
}
