//! The study timer: server deadlines, never ticks (SPEC 8).

use crate::{
    Seq, Timestamp,
    ids::{RoomId, RoomRef, UserId},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the timer counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum TimerPhase {
    /// Work.
    Focus,
    /// A short rest.
    Break,
    /// A long rest after the last cycle.
    LongBreak,
    /// Nothing.
    #[default]
    Idle,
}

/// Lengths of the phases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct TimerSettings {
    /// Minutes of work.
    pub focus_min: u32,
    /// Minutes of a short rest.
    pub break_min: u32,
    /// Minutes of the long rest.
    pub long_break_min: u32,
    /// How many times work comes before the long rest.
    pub cycles: u32,
}

impl Default for TimerSettings {
    /// 25, 5 and 15 minutes, four times: the technique's own numbers.
    fn default() -> Self {
        Self { focus_min: 25, break_min: 5, long_break_min: 15, cycles: 4 }
    }
}

/// The timer of a room.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct TimerState {
    /// What it counts.
    pub phase: TimerPhase,
    /// False while paused or idle.
    pub running: bool,
    /// When the phase ends, by the server's clock; none while paused or idle.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u64>))]
    pub ends_at: Option<Timestamp>,
    /// What was left when it was paused; none while running or idle.
    pub remaining_ms: Option<u64>,
    /// 1 for the first; 0 while idle.
    pub cycle: u32,
    /// Lengths of the phases.
    pub settings: TimerSettings,
    /// Who started it.
    pub started_by: Option<UserId>,
}

/// Event `timer:start`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct StartTimer {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// Minutes of work, 1 to 180; 25 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub focus_min: Option<u32>,
    /// Minutes of a short rest, 1 to 60; 5 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub break_min: Option<u32>,
    /// Minutes of the long rest, 1 to 120; 15 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long_break_min: Option<u32>,
    /// How many times work comes before the long rest, 1 to 12; 4 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycles: Option<u32>,
}

impl From<StartTimer> for TimerLengths {
    fn from(start: StartTimer) -> Self {
        let StartTimer { room_id: _, focus_min, break_min, long_break_min, cycles } = start;
        Self { focus_min, break_min, long_break_min, cycles }
    }
}

/// `POST /api/rooms/:id/pomodoro/start`: [`StartTimer`] without the room, which the path names.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
#[ts(optional_fields)]
pub struct TimerLengths {
    /// Minutes of work, 1 to 180; 25 when absent.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 180))]
    pub focus_min: Option<u32>,
    /// Minutes of a short rest, 1 to 60; 5 when absent.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 60))]
    pub break_min: Option<u32>,
    /// Minutes of the long rest, 1 to 120; 15 when absent.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 120))]
    pub long_break_min: Option<u32>,
    /// How many times work comes before the long rest, 1 to 12; 4 when absent.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 12))]
    pub cycles: Option<u32>,
}

/// Events `timer:pause`, `timer:resume`, `timer:skip` and `timer:stop`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunTimer {
    /// The room's id or code.
    pub room_id: RoomRef,
}

/// The ack of every `timer:*` event, and the answer to the same by HTTP.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimerAck {
    /// As it is now.
    pub state: TimerState,
}

/// Event `timer:state`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TimerChanged {
    /// The room.
    pub room_id: RoomId,
    /// Place in the room log.
    pub seq: Seq,
    /// As it is now.
    pub state: TimerState,
}
