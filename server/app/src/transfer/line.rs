//! The lines of an export.

use serde::{Deserialize, Serialize};
use studyrooms_domain::{
    auth::User,
    chat::ReadMarker,
    files::Upload,
    log::{Entry, LogName},
    rooms::{Ban, Member, Room},
};
use studyrooms_protocol::{Seq, board::Element};

/// The version of this format.
pub(super) const FORMAT: u32 = 1;

/// One line. A room comes before all that belongs to it, a person before all that they did.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "camelCase")]
pub(super) enum Line {
    /// The first.
    Header { format: u32 },
    /// A person, with the hash of the password, so that they can sign in at the other end.
    User(User),
    /// The room.
    Room(Room),
    /// A member of it.
    Member(Member),
    /// A ban from it.
    Ban(Ban),
    /// How far someone has read.
    ReadMarker(ReadMarker),
    /// A file's facts; the file itself is in the object store.
    Upload(Upload),
    /// An entry of one of its logs, in order of `seq`.
    Entry(LogEntry),
    /// A part of a board at a position of its log, before the entries that follow it: the newest snapshot of a log that
    /// was compacted, or one that is kept for a saved version.
    #[serde(rename_all = "camelCase")]
    Board { seq: Seq, kept: bool, elements: Vec<Element>, last: bool },
    /// The last, with the newest positions.
    #[serde(rename_all = "camelCase")]
    End { chat_seq: Seq, board_seq: Seq },
}

/// An entry and the log it is of.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct LogEntry {
    pub log: LogName,
    #[serde(flatten)]
    pub entry: Entry,
}
