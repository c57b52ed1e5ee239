//! The door of a room: who comes in, and who keeps what when it changes.
//!
//! The door decides on who comes in; who is in stays until they leave. Two settings reach further. Without
//! `guests` a room has none: those in it are sent out, and nothing is left to them by HTTP. And guests, who are
//! members of nothing, have what they have by being in the room: while it is locked or for members only, those
//! outside keep nothing. Members outside keep what they have by HTTP, whatever the door.

use crate::{
    Refusal,
    rooms::{Ban, Member, Room, RoomKind},
};
use studyrooms_protocol::{
    error::ErrorCode,
    rooms::{Access, Role},
};

/// Who stands at the door.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// Their place in the room, when they have one.
    pub member: Option<&'a Member>,
    /// Why they may not come in, when they may not.
    pub ban: Option<&'a Ban>,
    /// Whether they have no account.
    pub guest: bool,
    /// Whether nobody new comes in from where they are.
    pub is_kept_out: bool,
}

/// Whether someone may come in, and as what. A newcomer becomes a member with that role.
///
/// # Errors
/// `not_found` where an outsider may not even know of the room, else `banned`, `forbidden`,
/// `room_locked` or `waiting_for_admission`.
pub fn admit(room: &Room, arrival: Arrival<'_>) -> Result<Role, Refusal> {
    if let Some(ban) = arrival.ban {
        return Err(banned(ban.reason.as_deref()));
    }
    let role = match arrival.member {
        Some(member) => member.role,
        None if arrival.is_kept_out => {
            return Err(Refusal::new(ErrorCode::Banned, "nobody new comes in from your network for a while"));
        }
        None => admit_newcomer(room, arrival.guest)?,
    };
    takes(room, role)?;
    Ok(role)
}

/// The answer to who may not come back.
#[must_use]
pub fn banned(reason: Option<&str>) -> Refusal {
    let why = reason.map_or_else(String::new, |reason| format!(": {reason}"));
    Refusal::new(ErrorCode::Banned, format!("banned from this room{why}"))
}

/// What holds at the door for members and guests, too: a room may be closed to guests, locked, and for members
/// only.
///
/// # Errors
/// `forbidden`, `room_locked`.
pub fn takes(room: &Room, role: Role) -> Result<(), Refusal> {
    has_guests(room, role)?;
    if room.settings.locked && role < Role::Mod {
        return Err(locked());
    }
    if room.settings.access == Access::Members && role == Role::Guest {
        return Err(members_only());
    }
    Ok(())
}

fn has_guests(room: &Room, role: Role) -> Result<(), Refusal> {
    if role == Role::Guest && !room.settings.guests {
        return Err(Refusal::forbidden("this room takes no guests"));
    }
    Ok(())
}

fn locked() -> Refusal {
    Refusal::new(ErrorCode::RoomLocked, "the room is locked")
}

fn members_only() -> Refusal {
    Refusal::forbidden("this room is for its members")
}

/// Whether someone who came in before keeps what their role allows, in the room or, by HTTP, outside it.
///
/// # Errors
/// `forbidden`, `room_locked`.
pub fn keeps(room: &Room, role: Role, inside: bool) -> Result<(), Refusal> {
    has_guests(room, role)?;
    if role > Role::Guest || inside {
        return Ok(());
    }
    takes(room, role)
}

/// What someone becomes by being let in from the waiting room.
#[must_use]
pub const fn admitted_role(guest: bool) -> Role {
    if guest { Role::Guest } else { Role::Member }
}

fn admit_newcomer(room: &Room, guest: bool) -> Result<Role, Refusal> {
    if room.kind == RoomKind::Direct {
        return Err(Refusal::no_room());
    }
    match room.settings.access {
        Access::Link => Ok(admitted_role(guest)),
        Access::Members => Err(members_only()),
        Access::Waiting => {
            // A closed door is said before one is asked to wait at it.
            takes(room, admitted_role(guest))?;
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
    use crate::access::tests::{member, room};

    fn newcomer(guest: bool) -> Arrival<'static> {
        Arrival { member: None, ban: None, guest, is_kept_out: false }
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
        let back = Arrival { member: Some(&former), ban: None, guest: true, is_kept_out: false };
        assert_eq!(admit(&closed, back).unwrap_err().code, ErrorCode::Forbidden);
    }

    #[test]
    fn a_locked_room_opens_for_moderators_only() {
        let locked = room(|room| room.settings.locked = true);
        for (role, in_) in [(Role::Guest, false), (Role::Member, false), (Role::Mod, true), (Role::Owner, true)] {
            let member = member(role);
            assert_eq!(
                admit(&locked, Arrival { member: Some(&member), ban: None, guest: false, is_kept_out: false }).is_ok(),
                in_,
                "{role:?}"
            );
        }
    }

    // SPEC 4.8
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
    fn the_banned_stay_out_whatever_they_are_and_are_told_why() {
        let ban = |reason: Option<&str>| Ban {
            room_id: "r".into(),
            user_id: "u".into(),
            by: "owner".into(),
            reason: reason.map(Into::into),
            at: 0,
        };
        let (silent, spam, former) = (ban(None), ban(Some("spam")), member(Role::Mod));
        let refused = |member, ban| {
            let refusal =
                admit(&room(|_| ()), Arrival { member, ban: Some(ban), guest: false, is_kept_out: false }).unwrap_err();
            (refusal.code, refusal.message)
        };
        assert_eq!(refused(None, &silent), (ErrorCode::Banned, "banned from this room".into()));
        assert_eq!(refused(Some(&former), &spam), (ErrorCode::Banned, "banned from this room: spam".into()));
    }

    #[test]
    fn no_one_waits_at_a_door_that_will_not_open() {
        let waiting = room(|room| {
            room.settings.access = Access::Waiting;
            room.settings.locked = true;
        });
        assert_eq!(admit(&waiting, newcomer(false)).unwrap_err().code, ErrorCode::RoomLocked);
        let no_guests = room(|room| {
            room.settings.access = Access::Waiting;
            room.settings.guests = false;
        });
        assert_eq!(admit(&no_guests, newcomer(true)).unwrap_err().code, ErrorCode::Forbidden);
    }

    /// Every cell of door and role: whether they come in, and what is kept by those who are in, and who are
    /// outside. `owner mod member guest newcomer`; a newcomer with an account has nothing to keep.
    // SPEC 4.5
    #[test]
    fn who_keeps_what_when_the_door_changes() {
        type Door = (&'static str, fn(&mut Room), [bool; 5], [bool; 4], [bool; 4]);
        let doors: [Door; 6] = [
            ("open", |_| (), [true; 5], [true; 4], [true; 4]),
            (
                "no guests",
                |room| room.settings.guests = false,
                [true, true, true, false, true],
                [true, true, true, false],
                [true, true, true, false],
            ),
            (
                "locked",
                |room| room.settings.locked = true,
                [true, true, false, false, false],
                [true; 4],
                [true, true, true, false],
            ),
            (
                "members only",
                |room| room.settings.access = Access::Members,
                [true, true, true, false, false],
                [true; 4],
                [true, true, true, false],
            ),
            (
                "waiting",
                |room| room.settings.access = Access::Waiting,
                [true, true, true, true, false],
                [true; 4],
                [true; 4],
            ),
            (
                "waiting and locked",
                |room| {
                    room.settings.access = Access::Waiting;
                    room.settings.locked = true;
                },
                [true, true, false, false, false],
                [true; 4],
                [true, true, true, false],
            ),
        ];
        let roles = [Role::Owner, Role::Mod, Role::Member, Role::Guest];
        for (name, change, comes_in, inside, outside) in doors {
            let room = room(change);
            for (number, role) in roles.into_iter().enumerate() {
                let member = member(role);
                let arrival =
                    Arrival { member: Some(&member), ban: None, guest: role == Role::Guest, is_kept_out: false };
                assert_eq!(admit(&room, arrival).is_ok(), comes_in[number], "{name}: {role:?} comes in");
                assert_eq!(keeps(&room, role, true).is_ok(), inside[number], "{name}: {role:?} inside");
                assert_eq!(keeps(&room, role, false).is_ok(), outside[number], "{name}: {role:?} outside");
            }
            assert_eq!(admit(&room, newcomer(false)).is_ok(), comes_in[4], "{name}: a newcomer");
        }
    }
}
