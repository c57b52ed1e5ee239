//! Moving a room from one store to another, as JSON lines: either engine to the other, without
//! losing a line.

mod export;
mod import;
mod line;

pub use export::export;
pub(crate) use export::lines;
pub use import::{ImportOptions, Summary, import};

use studyrooms_domain::store::StoreError;

/// Why a room could not be moved.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// No such room in the store.
    #[error("{0}: no such room")]
    NoRoom(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Standard input or output failed.
    #[error("reading or writing the lines: {0}")]
    Lines(#[from] std::io::Error),
    /// A line could not be made, which none of ours can.
    #[error("a line could not be written: {0}")]
    Encode(serde_json::Error),
    /// A line is not one of an export.
    #[error("line {number}: {error}")]
    Malformed {
        /// From 1.
        number: usize,
        /// What is wrong with it.
        error: serde_json::Error,
    },
    /// A line is not where it belongs.
    #[error("line {number}: {rule}")]
    Misplaced {
        /// From 1.
        number: usize,
        /// Where it belongs.
        rule: &'static str,
    },
    /// What the line says clashes with what the store has.
    #[error("line {number}: {clash}")]
    Clash {
        /// From 1.
        number: usize,
        /// With what.
        clash: String,
    },
    /// The end is missing: the export was cut off.
    #[error("the lines end early; what came so far is stored, run the import again with all of them")]
    CutOff,
}
