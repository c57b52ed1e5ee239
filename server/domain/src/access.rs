//! Who may come in, and who may do what once inside (SPEC 4). Nothing outside this module
//! decides on a role.

mod door;

pub use door::{Arrival, admit, admitted_role, banned, fits, keeps, takes};

use crate::{
    Refusal,
    rooms::{Member, Room, RoomKind},
};
use studyrooms_protocol::{
    error::ErrorCode,
    ids::UserId,
    rooms::{Role, RoomSettings, Whom},
};

/// Something that is done in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// See messages, board, tasks, members and statistics.
    Read,
    /// Say something.
    Post,
    /// Give a message of one's own another text.
    Edit,
    /// Take a message of one's own away.
    Delete,
    /// Take someone else's message away.
    DeleteOthers,
    /// Put an emoji under a message, or take one's own away.
    React,
    /// Keep a message in view.
    Pin,
    /// Change the board, and save versions of it.
    Draw,
    /// Bring a version of the board back.
    Restore,
    /// Type, point, signal, raise the hand, say what one sends and how far one has read.
    BePresent,
    /// Use the timer.
    RunTimer,
    /// Change the task list.
    ChangeTasks,
    /// Share a file.
    Share,
    /// Take a file of one's own away.
    Unshare,
    /// Take someone else's file away.
    UnshareOthers,
    /// Mute someone, or take a mute back.
    Mute,
    /// Send someone out, for now or for good.
    Kick,
    /// Let someone come back, and see who may not.
    Unban,
    /// Give a member another role.
    SetRole,
    /// Change title and settings.
    ChangeSettings,
    /// Let in who waits, or send them away.
    Admit,
    /// See who came and went, and who decided what.
    Audit,
    /// Take all of the room along.
    Export,
    /// Take the room away for ever.
    Remove,
}

/// Who may do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Everyone from this role up.
    From(Role),
    /// No one, in a room of this kind.
    NoOne,
}

impl Action {
    /// Every action, for tests that walk the table.
    pub const ALL: [Self; 24] = [
        Self::Read,
        Self::Post,
        Self::Edit,
        Self::Delete,
        Self::DeleteOthers,
        Self::React,
        Self::Pin,
        Self::Draw,
        Self::Restore,
        Self::BePresent,
        Self::RunTimer,
        Self::ChangeTasks,
        Self::Share,
        Self::Unshare,
        Self::UnshareOthers,
        Self::Mute,
        Self::Kick,
        Self::Unban,
        Self::SetRole,
        Self::ChangeSettings,
        Self::Admit,
        Self::Audit,
        Self::Export,
        Self::Remove,
    ];

    /// Who may, in words, for the reference.
    #[must_use]
    pub const fn who(self) -> &'static str {
        match self {
            Self::Read | Self::Post | Self::React | Self::BePresent | Self::ChangeTasks | Self::Share => "in room",
            Self::Edit => "author",
            Self::Delete | Self::Unshare => "author or mod",
            Self::Draw => "may draw: by `whoDraws`, everyone or mods",
            Self::RunTimer => "by `whoRunsTimer`, everyone or mods",
            Self::SetRole | Self::Remove => "owner",
            Self::Mute | Self::Kick => "mod, never against a higher role",
            Self::DeleteOthers
            | Self::UnshareOthers
            | Self::Pin
            | Self::Restore
            | Self::Unban
            | Self::ChangeSettings
            | Self::Admit
            | Self::Audit
            | Self::Export => "mod",
        }
    }

    /// Why someone may not.
    const fn refused(self) -> &'static str {
        match self {
            Self::Draw => "only moderators draw in this room",
            Self::RunTimer => "only moderators run the timer in this room",
            Self::SetRole | Self::Remove => "only the owner may do this",
            Self::Read
            | Self::Post
            | Self::Edit
            | Self::Delete
            | Self::React
            | Self::BePresent
            | Self::ChangeTasks
            | Self::Share
            | Self::Unshare => "not in this role",
            _ => "only moderators may do this",
        }
    }
}

/// The table: who may do `action` in a room of this kind with these settings.
#[must_use]
pub const fn allowed(action: Action, kind: RoomKind, settings: &RoomSettings) -> Allowed {
    let direct = matches!(kind, RoomKind::Direct);
    match action {
        Action::Read
        | Action::Post
        | Action::Edit
        | Action::Delete
        | Action::React
        | Action::BePresent
        | Action::ChangeTasks
        | Action::Share
        | Action::Unshare => Allowed::From(Role::Guest),
        Action::Draw => by_setting(settings.who_draws),
        Action::RunTimer => by_setting(settings.who_runs_timer),
        // Two people are equals: nobody moderates, and both may do what takes nothing from the other.
        Action::Pin | Action::Restore | Action::Export if direct => Allowed::From(Role::Member),
        Action::Pin | Action::Restore | Action::Export => Allowed::From(Role::Mod),
        Action::DeleteOthers
        | Action::UnshareOthers
        | Action::Mute
        | Action::Kick
        | Action::Unban
        | Action::SetRole
        | Action::ChangeSettings
        | Action::Admit
        | Action::Audit
        | Action::Remove
            if direct =>
        {
            Allowed::NoOne
        }
        Action::DeleteOthers
        | Action::UnshareOthers
        | Action::Mute
        | Action::Kick
        | Action::Unban
        | Action::ChangeSettings
        | Action::Admit
        | Action::Audit => Allowed::From(Role::Mod),
        Action::SetRole | Action::Remove => Allowed::From(Role::Owner),
    }
}

const fn by_setting(whom: Whom) -> Allowed {
    match whom {
        Whom::Everyone => Allowed::From(Role::Guest),
        Whom::Mods => Allowed::From(Role::Mod),
    }
}

/// Whether someone of `role` may do `action` in `room`.
///
/// # Errors
/// `forbidden`.
pub fn permit(action: Action, role: Role, room: &Room) -> Result<(), Refusal> {
    match allowed(action, room.kind, &room.settings) {
        Allowed::From(lowest) if role >= lowest => Ok(()),
        Allowed::From(_) => Err(Refusal::forbidden(action.refused())),
        Allowed::NoOne => Err(Refusal::forbidden("not between two people")),
    }
}

/// The answer to a socket that acts in a room it is not in.
#[must_use]
pub fn not_in_room() -> Refusal {
    Refusal::new(ErrorCode::NotInRoom, "roomId: join the room first")
}

/// Whether a moderator of `role` may act on someone of `target`'s role.
///
/// # Errors
/// `forbidden`.
pub fn permit_on(role: Role, target: Role) -> Result<(), Refusal> {
    if role >= target { Ok(()) } else { Err(Refusal::forbidden("not against a higher role")) }
}

/// Whether `caller` may change a message of `author`'s.
///
/// # Errors
/// `forbidden`.
pub fn permit_author(caller: &UserId, author: &UserId) -> Result<(), Refusal> {
    if caller == author { Ok(()) } else { Err(Refusal::forbidden("only its author may change a message")) }
}

/// Whether someone may be given a role: `guest` is for those without an account, and only for them.
///
/// # Errors
/// `bad_request`, `forbidden`.
pub fn permit_role(target: &Member, role: Role) -> Result<(), Refusal> {
    if role == Role::Guest {
        return Err(Refusal::field("role", "member, mod or owner"));
    }
    if target.role == Role::Guest {
        return Err(Refusal::forbidden("people without an account stay guests"));
    }
    Ok(())
}

/// Whether someone muted by a moderator may unmute oneself.
///
/// # Errors
/// `forbidden`.
pub fn permit_unmute(settings: &RoomSettings) -> Result<(), Refusal> {
    if settings.self_unmute {
        return Ok(());
    }
    Err(Refusal::forbidden("muted by a moderator; only a moderator can take that back"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::rooms::default_settings;

    pub(crate) fn room(change: impl FnOnce(&mut Room)) -> Room {
        let mut room = Room {
            room_id: "r".into(),
            code: "abc-defg-hjk".into(),
            title: "Algebra".into(),
            kind: RoomKind::Group,
            owner_id: "owner".into(),
            settings: default_settings(),
            created_at: 0,
        };
        change(&mut room);
        room
    }

    pub(crate) fn member(role: Role) -> Member {
        Member { room_id: "r".into(), user_id: "u".into(), role, joined_at: 0 }
    }

    /// Every cell of role and action: the letters are guest, member, mod and owner.
    // SPEC 4.1
    #[test]
    fn the_table_is_the_one_of_the_contract() {
        let roles = [('g', Role::Guest), ('m', Role::Member), ('M', Role::Mod), ('o', Role::Owner)];
        let walk = |change: fn(&mut Room)| {
            let room = room(change);
            Action::ALL.map(|action| {
                let may = roles.iter().filter(|(_, role)| permit(action, *role, &room).is_ok());
                (action, may.map(|(letter, _)| *letter).collect::<String>())
            })
        };
        for (action, may) in walk(|_| ()) {
            let expected = match action {
                Action::SetRole | Action::Remove => "o",
                Action::DeleteOthers
                | Action::UnshareOthers
                | Action::Pin
                | Action::Restore
                | Action::Mute
                | Action::Kick
                | Action::Unban
                | Action::ChangeSettings
                | Action::Admit
                | Action::Audit
                | Action::Export => "Mo",
                _ => "gmMo",
            };
            assert_eq!(may, expected, "{action:?}");
        }
        for (action, may) in walk(|room| {
            room.settings.who_draws = Whom::Mods;
            room.settings.who_runs_timer = Whom::Mods;
        }) {
            if matches!(action, Action::Draw | Action::RunTimer) {
                assert_eq!(may, "Mo", "{action:?}");
            }
        }
        for (action, may) in walk(|room| room.kind = RoomKind::Direct) {
            let none = matches!(
                action,
                Action::DeleteOthers
                    | Action::UnshareOthers
                    | Action::Mute
                    | Action::Kick
                    | Action::Unban
                    | Action::SetRole
                    | Action::ChangeSettings
                    | Action::Admit
                    | Action::Audit
                    | Action::Remove
            );
            assert_eq!(may.contains('m'), !none, "{action:?} between two people");
        }
    }

    #[test]
    fn moderators_act_on_equals_and_lower_roles_only() {
        assert!(permit_on(Role::Mod, Role::Owner).is_err());
        assert!(permit_on(Role::Mod, Role::Mod).is_ok());
        assert!(permit_on(Role::Owner, Role::Mod).is_ok());
    }

    #[test]
    fn roles_go_to_people_with_an_account() {
        assert!(permit_role(&member(Role::Member), Role::Mod).is_ok());
        assert_eq!(permit_role(&member(Role::Guest), Role::Mod).unwrap_err().code, ErrorCode::Forbidden);
        assert_eq!(permit_role(&member(Role::Member), Role::Guest).unwrap_err().code, ErrorCode::BadRequest);
    }

    #[test]
    fn unmuting_oneself_is_for_rooms_that_allow_it() {
        let mut settings = default_settings();
        assert!(permit_unmute(&settings).is_ok());
        settings.self_unmute = false;
        assert!(permit_unmute(&settings).is_err());
    }
}
