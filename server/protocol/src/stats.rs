//! What the focus ledger tells (SPEC 8).

use crate::ids::UserId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A day's work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FocusDay {
    /// `YYYY-MM-DD` in the person's time zone.
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    pub date: String,
    /// Whole minutes.
    pub minutes: u64,
}

/// A person's work in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FocusPerson {
    /// Who.
    pub user_id: UserId,
    /// As in their profile now.
    pub name: String,
    /// Whole minutes of all days.
    pub total_minutes: u64,
    /// Days in a row with work, up to today or yesterday.
    pub streak_days: u32,
    /// Days with work, the oldest first.
    pub days: Vec<FocusDay>,
}

/// `GET /api/rooms/:id/stats`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RoomStats {
    /// Who has worked most, first.
    pub people: Vec<FocusPerson>,
}

/// `GET /api/me/stats`: the caller's work in all their rooms. Time in two rooms at once counts once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OwnStats {
    /// Whole minutes of all days, listed here or not.
    pub total_minutes: u64,
    /// Days in a row with work, up to today or yesterday.
    pub streak_days: u32,
    /// Days with work in the caller's time zone, the oldest of the page first.
    pub days: Vec<FocusDay>,
    /// To be passed as `before` for the page of earlier days; none when there is none.
    #[cfg_attr(feature = "openapi", schema(format = Date))]
    pub next: Option<String>,
}
