//! The study timer: server deadlines, never ticks (DESIGN 10).

use crate::{Timestamp, ids::UserId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the timer counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
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
#[serde(rename_all = "camelCase")]
pub struct TimerState {
    /// What it counts.
    pub phase: TimerPhase,
    /// False while paused or idle.
    pub running: bool,
    /// When the phase ends, by the server's clock; none while paused or idle.
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
