//! The whiteboard: elements, the ops that change them, and how they travel (SPEC 6).

use crate::{
    Seq, Timestamp,
    ids::{ElementId, EventId, RoomId, RoomRef, SocketId, UserId, VersionId},
    points::Points,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use ts_rs::TS;

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ElementKind {
    /// Freehand, by `points`.
    Stroke,
    /// From the first of `points` to the last.
    Line,
    /// Like a line, with a head at the end.
    Arrow,
    /// `x, y, w, h`.
    Rect,
    /// Inside `x, y, w, h`.
    Ellipse,
    /// `text` at `x, y`.
    Text,
    /// `text` on paper, in `x, y, w, h`.
    Note,
    /// `src` in `x, y, w, h`.
    Image,
}

/// A point in board units, with the pen's pressure (0 to 1) where there is one. Travels as
/// `[x, y]` or `[x, y, pressure]`.
#[derive(Clone, Copy, Debug, PartialEq, TS)]
#[ts(type = "[number, number] | [number, number, number]")]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
    /// 0 to 1.
    pub pressure: Option<f64>,
}

impl Serialize for Point {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.pressure {
            Some(pressure) => (self.x, self.y, pressure).serialize(serializer),
            None => (self.x, self.y).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Coordinates;
        impl<'de> de::Visitor<'de> for Coordinates {
            type Value = Point;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a point [x, y] or [x, y, pressure]")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Point, A::Error> {
                let x = seq.next_element()?.ok_or_else(|| de::Error::invalid_length(0, &self))?;
                let y = seq.next_element()?.ok_or_else(|| de::Error::invalid_length(1, &self))?;
                let pressure = seq.next_element()?;
                if seq.next_element::<de::IgnoredAny>()?.is_some() {
                    return Err(de::Error::invalid_length(4, &self));
                }
                Ok(Point { x, y, pressure })
            }
        }
        deserializer.deserialize_seq(Coordinates)
    }
}

/// Something drawn. Which of the optional fields are there depends on `kind`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(optional_fields)]
pub struct Element {
    /// Unique on its board.
    pub id: ElementId,
    /// What it is.
    pub kind: ElementKind,
    /// Of strokes, lines and arrows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<Vec<f64>>>))]
    #[ts(as = "Option<Vec<Point>>", optional)]
    pub points: Option<Points>,
    /// Left edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    /// Upper edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
    /// Width of the box.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub w: Option<f64>,
    /// Height of the box.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub h: Option<f64>,
    /// Of texts and notes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Of images: a file of this room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub src: Option<String>,
    /// `#rgb`, `#rrggbb` or `#rrggbbaa`.
    #[cfg_attr(feature = "openapi", schema(pattern = "^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$"))]
    pub color: String,
    /// Of the pen, in board units; the size of the letters for texts.
    pub width: f64,
    /// Higher is nearer. Given by the server when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub z: Option<f64>,
    /// Who drew it. Set by the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
}

/// What `patch` sets; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct ElementPatch {
    /// New points.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(as = "Option<Vec<Point>>", optional)]
    pub points: Option<Points>,
    /// New left edge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    /// New upper edge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
    /// New width of the box.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub w: Option<f64>,
    /// New height of the box.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub h: Option<f64>,
    /// New text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// New colour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// New width of the pen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<f64>,
    /// New height in the pile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub z: Option<f64>,
}

/// One change of a board. An op on an element that is not there does nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum BoardOp {
    /// A whole stroke in the plain form of any client.
    Stroke {
        /// The server gives one when it is absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        id: Option<ElementId>,
        /// At least one.
        #[ts(as = "Vec<Point>")]
        points: Points,
        /// `#rgb`, `#rrggbb` or `#rrggbbaa`.
        color: String,
        /// In board units.
        width: f64,
    },
    /// More points of a stroke that grows. Points before `offset` that are there already stay,
    /// so the same op again changes nothing.
    Append {
        /// The stroke.
        id: ElementId,
        /// Index of the first of `points` in the stroke.
        offset: u32,
        /// What follows.
        #[ts(as = "Vec<Point>")]
        points: Points,
    },
    /// A new element, or one in place of that with the same id.
    Put {
        /// All of it.
        element: Element,
    },
    /// Some fields of an element.
    Patch {
        /// The element.
        id: ElementId,
        /// What changes.
        set: ElementPatch,
    },
    /// Elements away.
    Erase {
        /// Which.
        ids: Vec<ElementId>,
    },
    /// All elements away.
    Clear,
}

/// Event `whiteboard:draw`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct Draw {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// 1 to 200 with 20,000 points at most, applied together.
    pub ops: Vec<BoardOp>,
    /// The same id again from the same person is the same batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op_id: Option<EventId>,
}

/// The ack of `whiteboard:draw`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct DrawAck {
    /// Place in the board log.
    pub seq: Seq,
}

/// Event `whiteboard:update`: one entry of the board log.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoardUpdate {
    /// The room.
    pub room_id: RoomId,
    /// Place in the board log.
    pub seq: Seq,
    /// As stored: every stroke has its id.
    pub ops: Vec<BoardOp>,
    /// Who drew.
    pub by: UserId,
    /// As the one who drew gave it, or as the server did.
    pub op_id: EventId,
}

/// Event `whiteboard:snapshot`: a part of the board at `seq`. Parts come in order and together
/// replace the board.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoardSnapshot {
    /// The room.
    pub room_id: RoomId,
    /// Position of the board log that this is the fold of.
    pub seq: Seq,
    /// In rising `z`.
    pub elements: Vec<Element>,
    /// 1 to `parts`.
    pub part: u32,
    /// How many there are.
    pub parts: u32,
}

/// Event `whiteboard:cursor` as a client sends it. Volatile, never stored.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct MoveCursor {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// Board units.
    pub x: f64,
    /// Board units.
    pub y: f64,
    /// The tool in hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
}

/// Event `whiteboard:cursor` as the others get it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct Cursor {
    /// The room.
    pub room_id: RoomId,
    /// Whose.
    pub socket_id: SocketId,
    /// Whose.
    pub user_id: UserId,
    /// Board units.
    pub x: f64,
    /// Board units.
    pub y: f64,
    /// The tool in hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
}

/// Event `whiteboard:save`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct SaveBoard {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// 1 to 120 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// A small picture of it: `data:image/png;base64,…`, also JPEG or WebP, or its bytes; at most
    /// 200,000 bytes as a data URL.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "picture")]
    #[ts(type = "string | Uint8Array")]
    pub data_url: Option<String>,
}

/// Under this name the bytes of a binary field stand in base64.
pub const BYTES: &str = "_bytes";

/// A picture as a data URL, or as its bytes: what they are, their beginning tells.
fn picture<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a data URL or the bytes of a picture")]
    enum Picture {
        Url(String),
        Bytes {
            #[serde(rename = "_bytes")]
            base64: String,
        },
    }
    Ok(match Option::<Picture>::deserialize(deserializer)? {
        None => None,
        Some(Picture::Url(url)) => Some(url),
        Some(Picture::Bytes { base64 }) => {
            // The first bytes of PNG, JPEG and WebP (which begins with RIFF), in base64.
            let kinds = [("iVBORw0K", "png"), ("/9j/", "jpeg"), ("UklGR", "webp")];
            let kind = kinds.iter().find(|(begin, _)| base64.starts_with(begin));
            let (_, kind) = kind.ok_or_else(|| de::Error::custom("not the bytes of a PNG, JPEG or WebP picture"))?;
            Some(format!("data:image/{kind};base64,{base64}"))
        }
    })
}

/// A named version of a board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct BoardVersion {
    /// For ever.
    pub version_id: VersionId,
    /// Position of the board log that it is the fold of.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub board_seq: Seq,
    /// As its maker named it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Who saved it.
    pub by: UserId,
    /// When.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub timestamp: Timestamp,
    /// A small picture of it, in the ack of `whiteboard:save`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_url: Option<String>,
    /// Whether it has a picture: `GET /api/rooms/:id/board/versions/:versionId/picture`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(as = "Option<bool>", optional)]
    pub has_picture: bool,
}

/// The ack of `whiteboard:save`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
pub struct BoardSaved {
    /// The version.
    pub version: BoardVersion,
}

/// Event `whiteboard:restore`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RestoreBoard {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// A version of this room's board.
    pub version_id: VersionId,
}

/// `GET /api/rooms/:id/board`, and the same of a version with `?version=`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct BoardElements {
    /// The room.
    pub room_id: RoomId,
    /// Position of the board log that this is the fold of.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub seq: Seq,
    /// In rising `z`.
    pub elements: Vec<Element>,
}

/// `GET /api/rooms/:id/board/versions/:versionId/picture`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct VersionPicture {
    /// A small picture of it.
    pub data_url: String,
}

/// `GET /api/rooms/:id/board/versions`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BoardVersions {
    /// The newest first.
    pub versions: Vec<BoardVersion>,
    /// What to pass as `before` for those before them; null when there are none.
    pub next: Option<VersionId>,
}
