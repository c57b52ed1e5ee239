//! What happened in a room, day by day.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A room's day. Days are those of UTC, the same for everyone in the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DaySummary {
    /// `YYYY-MM-DD` in UTC.
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    pub date: String,
    /// Messages said that day, without those that were deleted since.
    pub messages: u64,
    /// Files shared that day, also those that were taken away since.
    pub files: u64,
    /// People who came, said something, shared a file, worked on the tasks or while a focus phase ran.
    pub people: u64,
    /// People who came into the room.
    pub joined: u64,
    /// Whole minutes of focus, of all people together.
    pub focus_minutes: u64,
    /// Tasks marked as done that day, and not taken back on it.
    pub tasks_done: u64,
}

/// `GET /api/rooms/:id/summaries`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SummaryPage {
    /// Days on which something happened, the oldest of the page first.
    pub summaries: Vec<DaySummary>,
    /// What to pass as `before` for the days before these; null when there are none.
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    pub next: Option<String>,
}
