//! Who may come in, and who may do what once inside (DESIGN 4 and 11). Nothing outside this file
//! decides on a role.

use crate::{
    Refusal,
    rooms::{Member, Room, RoomKind},
};
use studyrooms_protocol::{
    error::ErrorCode,
    rooms::{Access, Role, RoomSettings, Whom},
};

/// Something that is done in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// See messages and board.
    Read,
    /// Say something.
    Post,
    /// Change the board.
    Draw,
    /// Type, point, signal, say what one sends.
    BePresent,
}

impl Action {
    /// Every action, for tests that walk the table.
    pub const ALL: [Self; 4] = [Self::Read, Self::Post, Self::Draw, Self::BePresent];
}

/// The table: the lowest role that may do `action` in a room with these settings.
const fn lowest(action: Action, settings: &RoomSettings) -> Role {
    match action {
        Action::Read | Action::Post | Action::BePresent => Role::Guest,
        Action::Draw => match settings.who_draws {
            Whom::Everyone => Role::Guest,
            Whom::Mods => Role::Mod,
        },
    }
}

/// Whether someone of `role` may do `action`.
///
/// # Errors
/// `forbidden`.
pub fn permit(action: Action, role: Role, settings: &RoomSettings) -> Result<(), Refusal> {
    if role >= lowest(action, settings) {
        return Ok(());
    }
    Err(Refusal::forbidden(match action {
        Action::Draw => "only moderators draw in this room",
        Action::Read | Action::Post | Action::BePresent => "not in this role",
    }))
}

/// Who stands at the door.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// Their place in the room, when they have one.
    pub member: Option<&'a Member>,
    /// Whether they have no account.
    pub guest: bool,
}

/// Whether someone may come in, and as what. A newcomer becomes a member with that role.
///
/// # Errors
/// `not_found` where an outsider may not even know of the room, else `forbidden`, `room_locked` or
/// `waiting_for_admission`.
pub fn admit(room: &Room, arrival: Arrival<'_>) -> Result<Role, Refusal> {
    let settings = &room.settings;
    let role = match arrival.member {
        Some(member) => member.role,
        None => admit_newcomer(room, arrival.guest)?,
    };
    if role == Role::Guest && !settings.guests {
        return Err(Refusal::forbidden("this room takes no guests"));
    }
    if settings.locked && role < Role::Mod {
        return Err(Refusal::new(ErrorCode::RoomLocked, "the room is locked"));
    }
    Ok(role)
}

fn admit_newcomer(room: &Room, guest: bool) -> Result<Role, Refusal> {
    if room.kind == RoomKind::Direct {
        return Err(Refusal::no_room());
    }
    match room.settings.access {
        Access::Link if guest => Ok(Role::Guest),
        Access::Link => Ok(Role::Member),
        Access::Members => Err(Refusal::forbidden("this room is for its members")),
        Access::Waiting => {
            Err(Refusal::new(ErrorCode::WaitingForAdmission, "a moderator of this room must let you in"))
        }
    }
}

/// Whether one more socket fits, when `online` are in the room.
///
/// # Errors
/// `room_full`.
pub fn fits(room: &Room, online: usize) -> Result<(), Refusal> {
    if online < room.settings.capacity as usize {
        return Ok(());
    }
    let capacity = room.settings.capacity;
    Err(Refusal::new(ErrorCode::RoomFull, format!("the room is full: {capacity} are in it")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rooms::default_settings;

    fn room(change: impl FnOnce(&mut Room)) -> Room {
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

    fn member(role: Role) -> Member {
        Member { room_id: "r".into(), user_id: "u".into(), role, joined_at: 0 }
    }

    fn newcomer(guest: bool) -> Arrival<'static> {
        Arrival { member: None, guest }
    }

    #[test]
    fn with_the_link_one_becomes_a_member_and_a_guest_stays_a_guest() {
        assert_eq!(admit(&room(|_| ()), newcomer(false)), Ok(Role::Member));
        assert_eq!(admit(&room(|_| ()), newcomer(true)), Ok(Role::Guest));
    }

    #[test]
    fn a_room_that_takes_no_guests_takes_none_back_either() {
        let closed = room(|room| room.settings.guests = false);
        let former = member(Role::Guest);
        assert_eq!(admit(&closed, newcomer(true)).unwrap_err().code, ErrorCode::Forbidden);
        let back = Arrival { member: Some(&former), guest: true };
        assert_eq!(admit(&closed, back).unwrap_err().code, ErrorCode::Forbidden);
    }

    #[test]
    fn a_locked_room_opens_for_moderators_only() {
        let locked = room(|room| room.settings.locked = true);
        for (role, in_) in [(Role::Guest, false), (Role::Member, false), (Role::Mod, true), (Role::Owner, true)] {
            let member = member(role);
            assert_eq!(admit(&locked, Arrival { member: Some(&member), guest: false }).is_ok(), in_, "{role:?}");
        }
    }

    #[test]
    fn outsiders_do_not_learn_that_two_people_talk() {
        let direct = room(|room| room.kind = RoomKind::Direct);
        assert_eq!(admit(&direct, newcomer(false)).unwrap_err().code, ErrorCode::NotFound);
    }

    #[test]
    fn members_only_and_waiting_rooms_tell_newcomers_so() {
        let members = room(|room| room.settings.access = Access::Members);
        assert_eq!(admit(&members, newcomer(false)).unwrap_err().code, ErrorCode::Forbidden);
        let waiting = room(|room| room.settings.access = Access::Waiting);
        assert_eq!(admit(&waiting, newcomer(false)).unwrap_err().code, ErrorCode::WaitingForAdmission);
    }

    #[test]
    fn a_room_is_full_at_its_capacity() {
        let two = room(|room| room.settings.capacity = 2);
        assert!(fits(&two, 1).is_ok());
        assert_eq!(fits(&two, 2).unwrap_err().code, ErrorCode::RoomFull);
    }

    #[test]
    fn only_moderators_draw_where_the_room_says_so() {
        let mut settings = default_settings();
        for role in [Role::Guest, Role::Member, Role::Mod, Role::Owner] {
            for action in Action::ALL {
                assert!(permit(action, role, &settings).is_ok());
            }
        }
        settings.who_draws = Whom::Mods;
        assert!(permit(Action::Draw, Role::Member, &settings).is_err());
        assert!(permit(Action::Draw, Role::Mod, &settings).is_ok());
    }
}
