//! The board: which ops are let in ([`admit`]), and what they make of it ([`Board`]) (DESIGN 7).

mod admit;
mod fold;
mod svg;
mod version;

pub use admit::admit;
pub use fold::Board;
pub use svg::svg;
pub use version::{restoring, valid_picture, valid_version_title};

/// Ops in one batch.
pub const BATCH_OPS: usize = 200;
/// Points of one stroke.
pub const STROKE_POINTS: usize = 10_000;
/// Elements of one board.
pub const BOARD_ELEMENTS: usize = 20_000;
