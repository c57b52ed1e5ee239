//! The board: which ops are let in ([`admit`]), and what they make of it ([`Board`]) (SPEC 6).

mod admit;
mod fold;
mod size;
mod svg;
mod version;

pub use admit::admit;
pub use fold::Board;
pub use size::{Size, weight};
pub use svg::svg;
pub use version::{KeptVersions, restoring, valid_picture, valid_version_title};

/// Ops in one batch.
pub const BATCH_OPS: usize = 200;
/// Points in one batch. As JSON they are below the 256 KiB that `whiteboard:draw` may have, unless they are told with
/// more than six digits each.
pub const BATCH_POINTS: usize = 20_000;
/// Points of one stroke.
pub const STROKE_POINTS: usize = 10_000;
/// Ids in one `erase`.
pub const ERASE_IDS: usize = 4_000;
/// Saved versions of one board.
pub const VERSIONS: usize = 500;
/// Bytes of the boards of all its saved versions in the store. Who does not moderate may fill half of either.
pub const VERSION_BYTES: u64 = 128 << 20;
/// Bytes of a board log that are not compacted: beyond them what is drawn already is kept by snapshots alone.
pub const LOG_BYTES: u64 = 8 << 20;
/// What one board may hold. An evening of a class, 10,000 strokes of 500,000 points, takes a third of it.
pub const BOARD: Size = Size { elements: 20_000, points: 1_000_000, bytes: 16 << 20 };
