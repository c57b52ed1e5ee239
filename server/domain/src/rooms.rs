//! Rooms, their members and settings: what is valid and what a new one is like (SPEC 4).

use crate::{Refusal, text};
use serde::{Deserialize, Serialize};
use studyrooms_protocol::{
    Timestamp,
    ids::{RoomId, UserId},
    rooms::{Access, Role, RoomSettings, RoomSettingsPatch, Whom},
};

pub use studyrooms_protocol::rooms::{Room, RoomKind};

const TITLE_CHARACTERS: usize = 120;
const CAPACITY: std::ops::RangeInclusive<u32> = 1..=1000;
const SLOW_MODE_SEC: u32 = 3600;

/// A person's place in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The room.
    pub room_id: RoomId,
    /// The person.
    pub user_id: UserId,
    /// What they are there.
    pub role: Role,
    /// When they first joined.
    pub joined_at: Timestamp,
}

/// Why someone may not come into a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ban {
    /// The room.
    pub room_id: RoomId,
    /// Who may not come in.
    pub user_id: UserId,
    /// Who banned them.
    pub by: UserId,
    /// As the moderator put it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Since when.
    pub at: Timestamp,
}

/// An address of the network that says nothing of itself: a keyed hash, so that stores and logs hold none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AddressHash(pub String);

/// How a room behaves when its maker says nothing.
#[must_use]
pub const fn default_settings() -> RoomSettings {
    RoomSettings {
        access: Access::Link,
        guests: true,
        capacity: 100,
        locked: false,
        who_draws: Whom::Everyone,
        who_runs_timer: Whom::Everyone,
        self_unmute: true,
        timer_drives_room: false,
        slow_mode_sec: 0,
    }
}

/// `settings` with `patch` laid over.
///
/// # Errors
/// `bad_request` that names the setting out of range.
pub fn patched(settings: RoomSettings, patch: RoomSettingsPatch) -> Result<RoomSettings, Refusal> {
    let RoomSettingsPatch {
        access,
        guests,
        capacity,
        locked,
        who_draws,
        who_runs_timer,
        self_unmute,
        timer_drives_room,
        slow_mode_sec,
    } = patch;
    if capacity.is_some_and(|capacity| !CAPACITY.contains(&capacity)) {
        let (least, most) = (CAPACITY.start(), CAPACITY.end());
        return Err(Refusal::field("settings.capacity", format_args!("{least} to {most}")));
    }
    if slow_mode_sec.is_some_and(|seconds| seconds > SLOW_MODE_SEC) {
        return Err(Refusal::field("settings.slowModeSec", format_args!("at most {SLOW_MODE_SEC}")));
    }
    Ok(RoomSettings {
        access: access.unwrap_or(settings.access),
        guests: guests.unwrap_or(settings.guests),
        capacity: capacity.unwrap_or(settings.capacity),
        locked: locked.unwrap_or(settings.locked),
        who_draws: who_draws.unwrap_or(settings.who_draws),
        who_runs_timer: who_runs_timer.unwrap_or(settings.who_runs_timer),
        self_unmute: self_unmute.unwrap_or(settings.self_unmute),
        timer_drives_room: timer_drives_room.unwrap_or(settings.timer_drives_room),
        slow_mode_sec: slow_mode_sec.unwrap_or(settings.slow_mode_sec),
    })
}

/// A title as it is stored, of at most 120 characters: see [`text::line`].
///
/// # Errors
/// `bad_request` that names `title`.
pub fn valid_title(title: &str) -> Result<String, Refusal> {
    text::line("title", title, TITLE_CHARACTERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_patch_leaves_out_stays() {
        let patch = RoomSettingsPatch { locked: Some(true), ..Default::default() };
        let settings = patched(default_settings(), patch).unwrap();
        assert_eq!(settings, RoomSettings { locked: true, ..default_settings() });
    }

    #[test]
    fn a_setting_out_of_range_is_named() {
        let none = RoomSettingsPatch { capacity: Some(0), ..Default::default() };
        assert_eq!(patched(default_settings(), none).unwrap_err().message, "settings.capacity: 1 to 1000");
        let slow = RoomSettingsPatch { slow_mode_sec: Some(3601), ..Default::default() };
        assert!(patched(default_settings(), slow).unwrap_err().message.starts_with("settings.slowModeSec"));
    }
}
