//! Who may do what at one place of a room's log. Roles, bans and settings are folded from the entries up to
//! there, so whoever acts is judged where the act takes effect: a draft by all that will stand before it.

use crate::{
    Refusal, access,
    access::Action,
    log::{Draft, Entry, EntryBody},
    rooms::{Ban, Member, Room, patched, valid_title},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};
use studyrooms_protocol::{
    Timestamp,
    error::ErrorCode,
    ids::UserId,
    rooms::{PatchRoom, Role},
};

/// People whose last message is remembered in slow mode, at most; those whose pause is over are let go.
const POSTED: usize = 4096;
/// No pause of slow mode is longer.
const LONGEST_PAUSE_MS: u64 = 3_600_000;

/// Rights at one place of a room log. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Rights {
    room: Arc<Room>,
    /// Moderators and the owner; everyone else is a member or a guest.
    roles: Arc<BTreeMap<UserId, Role>>,
    /// Who may not come back, and why.
    banned: Arc<BTreeMap<UserId, Option<String>>>,
    /// Who had to go or went, until they come in again: what their sockets still say is not taken.
    away: BTreeSet<UserId>,
    guests_removed: Option<GuestsRemoved>,
    /// When people last went for good by their own wish.
    resigned: Arc<BTreeMap<UserId, Timestamp>>,
    /// Who was let in or sent away, until they wait again.
    answered: BTreeSet<UserId>,
    /// When people last said something; kept in slow mode only.
    posted: Arc<HashMap<UserId, Timestamp>>,
}

#[derive(Clone, Debug)]
struct GuestsRemoved {
    at: Timestamp,
    /// Guests who came in since.
    back: BTreeSet<UserId>,
    /// Guests who were let in since, and are members from then on: maybe within the same millisecond.
    admitted: BTreeSet<UserId>,
}

impl GuestsRemoved {
    /// Whether it ended a membership that began at `since`.
    fn ended(&self, guest: &UserId, since: Timestamp) -> bool {
        since <= self.at && !self.admitted.contains(guest)
    }
}

/// What someone says to be allowed to.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Who.
    pub user_id: UserId,
    /// As it was looked up some time ago: only whether they are a guest is believed.
    pub role: Role,
    /// Since when they are in the room, or a member of it.
    pub since: Timestamp,
    /// What.
    pub action: Action,
    /// From where.
    pub from: Origin,
    /// Since when the one it is about is a member.
    pub target_since: Option<Timestamp>,
    /// What they want title and settings to be, for an entry `settings`.
    pub patch: Option<PatchRoom>,
    /// Whether it was said before: then it is not said twice, and costs nothing.
    pub repeats: bool,
}

/// From where someone acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A socket in the room.
    Socket,
    /// By HTTP, from someone who has a socket in the room as well.
    Inside,
    /// By HTTP.
    Outside,
}

impl Rights {
    /// As they are kept: `moderators` may hold others too.
    #[must_use]
    pub fn new(room: Room, moderators: Vec<Member>, bans: Vec<Ban>) -> Self {
        let elevated = moderators.into_iter().filter(|member| member.role >= Role::Mod);
        Self {
            room: Arc::new(room),
            roles: Arc::new(elevated.map(|member| (member.user_id, member.role)).collect()),
            banned: Arc::new(bans.into_iter().map(|ban| (ban.user_id, ban.reason)).collect()),
            away: BTreeSet::new(),
            guests_removed: None,
            resigned: Arc::default(),
            answered: BTreeSet::new(),
            posted: Arc::default(),
        }
    }

    /// The room as it is at this place.
    #[must_use]
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// The role of someone who is a member or a guest as far as `known`.
    #[must_use]
    pub fn role_of(&self, user_id: &UserId, known: Role) -> Role {
        match known {
            Role::Guest => Role::Guest,
            _ => self.roles.get(user_id).copied().unwrap_or(Role::Member),
        }
    }

    /// Whether someone moderates the room or owns it, and so is a member.
    #[must_use]
    pub fn is_moderator(&self, user_id: &UserId) -> bool {
        self.roles.contains_key(user_id)
    }

    /// Whether someone was let in or sent away, and has not come in since or waited again.
    #[must_use]
    pub fn is_answered(&self, user_id: &UserId) -> bool {
        self.answered.contains(user_id)
    }

    /// Whether a role that was looked up is higher than what is known here: there may be entries to read.
    #[must_use]
    pub fn is_promoted(&self, user_id: &UserId, known: Role) -> bool {
        known > self.role_of(user_id, known)
    }

    /// Why someone may not come in, when they are banned.
    ///
    /// # Errors
    /// `banned`.
    pub fn not_banned(&self, user_id: &UserId) -> Result<(), Refusal> {
        self.banned.get(user_id).map_or(Ok(()), |reason| Err(access::banned(reason.as_deref())))
    }

    /// Takes an entry.
    pub fn apply(&mut self, entry: &Entry) {
        self.take(&entry.user_id, &entry.body, entry.timestamp);
    }

    /// Takes a draft as if it were written.
    pub fn foresee(&mut self, draft: &Draft) {
        self.take(&draft.user_id, &draft.body, draft.timestamp);
    }

    fn take(&mut self, user_id: &UserId, body: &EntryBody, at: Timestamp) {
        match body {
            EntryBody::Message(_) if self.room.settings.slow_mode_sec > 0 => self.said(user_id, at),
            EntryBody::Kicked { target, ban, reason, .. } => {
                if *ban {
                    Arc::make_mut(&mut self.banned).insert(target.clone(), reason.clone());
                    Arc::make_mut(&mut self.roles).remove(target);
                } else {
                    self.away.insert(target.clone());
                }
            }
            EntryBody::Unbanned { target } => {
                Arc::make_mut(&mut self.banned).remove(target);
                self.away.insert(target.clone());
            }
            EntryBody::Role { target, role } => self.give(target, *role),
            EntryBody::Resigned { target } => {
                self.away.insert(target.clone());
                Arc::make_mut(&mut self.roles).remove(target);
                Arc::make_mut(&mut self.resigned).insert(target.clone(), at);
            }
            EntryBody::GuestsRemoved { .. } => {
                self.guests_removed = Some(GuestsRemoved { at, back: BTreeSet::new(), admitted: BTreeSet::new() });
            }
            EntryBody::Admitted { target, admit, .. } => {
                self.answered.insert(target.clone());
                if *admit {
                    Arc::make_mut(&mut self.resigned).remove(target);
                    if let Some(removed) = &mut self.guests_removed {
                        removed.admitted.insert(target.clone());
                    }
                }
            }
            EntryBody::Settings { title, settings } => {
                let room = Arc::make_mut(&mut self.room);
                room.title.clone_from(title);
                room.settings = settings.clone();
                if settings.slow_mode_sec == 0 {
                    self.posted = Arc::default();
                }
            }
            EntryBody::CodeRenewed { code } => Arc::make_mut(&mut self.room).code.clone_from(code),
            _ => {}
        }
    }

    /// Who gets the room takes it from its owner; else the owner's role is not changed.
    fn give(&mut self, target: &UserId, role: Role) {
        let roles = Arc::make_mut(&mut self.roles);
        if role == Role::Owner {
            roles.values_mut().filter(|role| **role == Role::Owner).for_each(|role| *role = Role::Mod);
            roles.insert(target.clone(), Role::Owner);
            Arc::make_mut(&mut self.room).owner_id = target.clone();
        } else if roles.get(target) != Some(&Role::Owner) {
            if role == Role::Mod {
                roles.insert(target.clone(), Role::Mod);
            } else {
                roles.remove(target);
            }
        }
    }

    /// Someone said something at `at`.
    pub fn said(&mut self, user_id: &UserId, at: Timestamp) {
        let posted = Arc::make_mut(&mut self.posted);
        if posted.len() >= POSTED {
            posted.retain(|_, last| *last + LONGEST_PAUSE_MS > at);
        }
        let last = posted.entry(user_id.clone()).or_default();
        *last = at.max(*last);
    }

    /// Someone came in: what was said of them before says nothing of this socket.
    pub fn came_in(&mut self, user_id: &UserId) {
        self.away.remove(user_id);
        self.answered.remove(user_id);
        if let Some(removed) = &mut self.guests_removed {
            removed.back.insert(user_id.clone());
        }
    }

    /// Whether someone is still a member who was one as far as `since`: they may have gone meanwhile.
    ///
    /// # Errors
    /// `banned`; `unavailable`, which a second try answers.
    pub fn is_still_member(&self, user_id: &UserId, role: Role, since: Timestamp) -> Result<(), Refusal> {
        self.not_banned(user_id)?;
        let resigned = self.resigned.get(user_id).is_some_and(|at| since <= *at);
        let removed = self.guests_removed.as_ref().filter(|_| role == Role::Guest);
        if resigned || removed.is_some_and(|removed| removed.ended(user_id, since)) {
            return Err(Refusal::new(ErrorCode::Unavailable, "the membership ended meanwhile; join again"));
        }
        Ok(())
    }

    /// Someone waits at the door, maybe once more.
    pub fn came_to_door(&mut self, user_id: &UserId) {
        self.answered.remove(user_id);
    }

    /// Whether someone may do what they say, and as what.
    ///
    /// # Errors
    /// `not_in_room` of a socket, and `not_found` by HTTP, for who had to go or is banned; those of
    /// [`access::keeps`] and [`access::permit`].
    pub fn permit(&self, claim: &Claim) -> Result<Role, Refusal> {
        let Claim { user_id, action, from, .. } = claim;
        let by_socket = *from == Origin::Socket;
        let role = self.role_of(user_id, claim.role);
        if self.banned.contains_key(user_id)
            || by_socket && self.away.contains(user_id)
            || role == Role::Guest && self.was_removed(claim)
        {
            return Err(if by_socket { access::not_in_room() } else { Refusal::no_room() });
        }
        access::keeps(&self.room, role, *from != Origin::Outside)?;
        access::permit(*action, role, &self.room)?;
        Ok(role)
    }

    /// Whether someone went after they were seen to be a member.
    fn is_gone(&self, target: &UserId, claim: &Claim) -> bool {
        self.resigned.get(target).is_some_and(|at| claim.target_since.is_none_or(|since| since <= *at))
    }

    fn was_removed(&self, guest: &Claim) -> bool {
        self.guests_removed.as_ref().is_some_and(|removed| match guest.from {
            Origin::Socket => !removed.back.contains(&guest.user_id),
            Origin::Inside | Origin::Outside => removed.ended(&guest.user_id, guest.since),
        })
    }

    /// Whether a draft may be written at this place. Title and settings are made anew from what they are here.
    ///
    /// # Errors
    /// Those of [`Self::permit`]; `not_found` of whom it is about, `conflict`, `rate_limited`.
    pub fn judge(&self, claim: &Claim, draft: &mut Draft) -> Result<(), Refusal> {
        if let EntryBody::Resigned { target } = &draft.body {
            // Whoever may stay may go; one who is gone is.
            return match self.role_of(target, claim.role) {
                Role::Owner => Err(Refusal::new(ErrorCode::Conflict, "the owner cannot leave the room")),
                _ if self.banned.contains_key(target) => Err(Refusal::no_room()),
                _ => Ok(()),
            };
        }
        let role = self.permit(claim)?;
        let now = draft.timestamp;
        match &mut draft.body {
            EntryBody::Message(_) if !claim.repeats => self.not_too_soon(&claim.user_id, role, now),
            // What people do themselves, by what they say they send.
            EntryBody::Muted { on: false, .. } if claim.action == Action::BePresent => {
                access::permit_unmute(&self.room.settings)
            }
            EntryBody::Muted { target, .. } => access::permit_on(role, self.role_of(target, Role::Member)),
            EntryBody::Kicked { target, .. } => {
                if self.banned.contains_key(target) {
                    return Err(Refusal::new(ErrorCode::NotFound, "userId: not in this room"));
                }
                access::permit_on(role, self.role_of(target, Role::Member))
            }
            EntryBody::Unbanned { target } if !self.banned.contains_key(target) => {
                Err(Refusal::new(ErrorCode::NotFound, "userId: not banned"))
            }
            EntryBody::Role { target, .. } if *target == claim.user_id => {
                Err(Refusal::new(ErrorCode::Conflict, "userId: hand the room to someone else instead"))
            }
            EntryBody::Role { target, .. } if self.banned.contains_key(target) || self.is_gone(target, claim) => {
                Err(Refusal::new(ErrorCode::NotFound, "userId: not a member of this room"))
            }
            EntryBody::Admitted { target, .. }
                if self.banned.contains_key(target) || self.answered.contains(target) =>
            {
                Err(Refusal::new(ErrorCode::NotFound, "userId: does not wait at this room"))
            }
            EntryBody::Settings { title, settings } => {
                let patch = claim.patch.clone().unwrap_or_default();
                *title = patch.title.map_or_else(|| Ok(self.room.title.clone()), |title| valid_title(&title))?;
                *settings = patched(self.room.settings.clone(), patch.settings.unwrap_or_default())?;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Slow mode, by the times of the log. An instance whose clock is behind takes the log's time for its own.
    fn not_too_soon(&self, user_id: &UserId, role: Role, now: Timestamp) -> Result<(), Refusal> {
        let pause_ms = u64::from(self.room.settings.slow_mode_sec) * 1000;
        if pause_ms == 0 || role >= Role::Mod {
            return Ok(());
        }
        let wait_ms = self.posted.get(user_id).map_or(0, |last| (last + pause_ms).saturating_sub(now.max(*last)));
        if wait_ms == 0 {
            return Ok(());
        }
        Err(Refusal::rate_limited("messages for the slow mode of this room", wait_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{access::tests::room, log::MessageBody};
    use studyrooms_protocol::rooms::RoomSettingsPatch;

    fn rights() -> Rights {
        let member = |who: &str, role| Member { room_id: "r".into(), user_id: who.into(), role, joined_at: 0 };
        let owned = room(|room| room.owner_id = "ann".into());
        Rights::new(owned, vec![member("ann", Role::Owner), member("mod", Role::Mod)], vec![])
    }

    fn claim(who: &str, role: Role, action: Action, from: Origin) -> Claim {
        let user_id = who.into();
        Claim { user_id, role, since: 5, action, from, target_since: Some(5), patch: None, repeats: false }
    }

    fn draft(who: &str, at: Timestamp, body: EntryBody) -> Draft {
        Draft { event_id: "e".into(), user_id: who.into(), timestamp: at, body }
    }

    fn said(rights: &mut Rights, who: &str, at: Timestamp, body: EntryBody) {
        rights.foresee(&draft(who, at, body));
    }

    fn code(outcome: Result<impl std::fmt::Debug, Refusal>) -> ErrorCode {
        outcome.unwrap_err().code
    }

    fn message() -> EntryBody {
        EntryBody::Message(MessageBody {
            id: "m".into(),
            sender_name: "Ben".into(),
            text: "hi".into(),
            attachments: vec![],
            reply_to: None,
            own_event_id: false,
        })
    }

    fn kicked(target: &str, ban: bool) -> EntryBody {
        EntryBody::Kicked { target: target.into(), ban, reason: None, address_until: None }
    }

    #[test]
    fn a_role_that_was_looked_up_is_not_believed() {
        let rights = rights();
        let change = |who, role| rights.permit(&claim(who, role, Action::ChangeSettings, Origin::Outside));
        assert_eq!(change("mod", Role::Member), Ok(Role::Mod));
        assert_eq!(code(change("ben", Role::Owner)), ErrorCode::Forbidden);
        assert!(rights.is_promoted(&"ben".into(), Role::Mod) && !rights.is_promoted(&"ann".into(), Role::Owner));
    }

    #[test]
    fn who_gets_the_room_takes_it_and_the_owner_is_not_demoted_else() {
        let mut rights = rights();
        said(&mut rights, "ann", 1, EntryBody::Role { target: "ben".into(), role: Role::Owner });
        said(&mut rights, "ann", 1, EntryBody::Role { target: "ben".into(), role: Role::Member });
        let role = |who: &str| rights.role_of(&who.into(), Role::Member);
        assert_eq!((role("ann"), role("ben"), role("mod")), (Role::Mod, Role::Owner, Role::Mod));
        assert_eq!(rights.room().owner_id.as_str(), "ben");
    }

    #[test]
    fn who_had_to_go_is_not_in_the_room_until_they_come_in() {
        let mut rights = rights();
        said(&mut rights, "ann", 1, kicked("ben", false));
        let by = |rights: &Rights, from| rights.permit(&claim("ben", Role::Member, Action::Post, from));
        assert_eq!(code(by(&rights, Origin::Socket)), ErrorCode::NotInRoom);
        assert!(by(&rights, Origin::Outside).is_ok(), "a member all the same");
        rights.came_in(&"ben".into());
        assert!(by(&rights, Origin::Socket).is_ok());
        said(&mut rights, "ann", 2, kicked("ben", true));
        rights.came_in(&"ben".into());
        assert_eq!(code(by(&rights, Origin::Socket)), ErrorCode::NotInRoom);
        assert_eq!(code(by(&rights, Origin::Outside)), ErrorCode::NotFound);
        said(&mut rights, "ann", 3, EntryBody::Unbanned { target: "ben".into() });
        assert_eq!(code(by(&rights, Origin::Socket)), ErrorCode::NotInRoom, "not by the socket of before");
    }

    #[test]
    fn guests_who_were_removed_have_to_come_again() {
        let mut rights = rights();
        said(&mut rights, "mod", 7, EntryBody::GuestsRemoved { reason: None });
        let guest = |rights: &Rights, from| rights.permit(&claim("gus", Role::Guest, Action::Post, from));
        assert_eq!(code(guest(&rights, Origin::Socket)), ErrorCode::NotInRoom);
        assert_eq!(code(guest(&rights, Origin::Outside)), ErrorCode::NotFound);
        assert!(rights.permit(&claim("ben", Role::Member, Action::Post, Origin::Socket)).is_ok());
        rights.came_in(&"gus".into());
        assert!(guest(&rights, Origin::Socket).is_ok());
        let again = Claim { since: 8, ..claim("gus", Role::Guest, Action::Post, Origin::Outside) };
        assert!(rights.permit(&again).is_ok());
        assert_eq!(code(rights.is_still_member(&"gus".into(), Role::Guest, 7)), ErrorCode::Unavailable);
    }

    #[test]
    fn who_is_let_in_behind_a_removal_in_the_same_millisecond_is_a_member() {
        let mut rights = rights();
        let admitted = |target: &str| EntryBody::Admitted { target: target.into(), admit: true, role: None };
        said(&mut rights, "mod", 7, admitted("before"));
        said(&mut rights, "mod", 7, EntryBody::GuestsRemoved { reason: None });
        said(&mut rights, "gone", 7, EntryBody::Resigned { target: "gone".into() });
        for target in ["gus", "gone"] {
            said(&mut rights, "mod", 7, admitted(target));
        }
        assert!(rights.is_still_member(&"gus".into(), Role::Guest, 7).is_ok());
        assert!(rights.is_still_member(&"gone".into(), Role::Member, 7).is_ok());
        assert_eq!(code(rights.is_still_member(&"before".into(), Role::Guest, 7)), ErrorCode::Unavailable);
        let by_http = |who: &str| Claim { since: 7, ..claim(who, Role::Guest, Action::Post, Origin::Outside) };
        assert!(rights.permit(&by_http("gus")).is_ok());
        assert_eq!(code(rights.permit(&by_http("before"))), ErrorCode::NotFound);
    }

    #[test]
    fn settings_are_made_of_what_they_are_where_the_entry_stands() {
        let mut rights = rights();
        let patch = |settings: RoomSettingsPatch| PatchRoom { settings: Some(settings), ..PatchRoom::default() };
        let judged = |rights: &Rights, settings| {
            let old = rights.room().settings.clone();
            let mut draft = draft("ann", 1, EntryBody::Settings { title: "?".into(), settings: old });
            let by = claim("ann", Role::Owner, Action::ChangeSettings, Origin::Socket);
            rights.judge(&Claim { patch: Some(patch(settings)), ..by }, &mut draft).unwrap();
            draft
        };
        let first = judged(&rights, RoomSettingsPatch { capacity: Some(7), ..Default::default() });
        rights.foresee(&first);
        let second = judged(&rights, RoomSettingsPatch { locked: Some(true), ..Default::default() });
        let EntryBody::Settings { title, settings } = second.body else { panic!("another entry") };
        assert_eq!((title.as_str(), settings.capacity, settings.locked), ("Algebra", 7, true));
    }

    // SPEC 4.9
    #[test]
    fn slow_mode_counts_from_the_log_whatever_the_own_clock_says() {
        let mut rights = rights();
        let mut settings = rights.room().settings.clone();
        settings.slow_mode_sec = 30;
        said(&mut rights, "ann", 1, EntryBody::Settings { title: "Algebra".into(), settings });
        said(&mut rights, "ben", 100_000, message());
        let post = |at, repeats| {
            let by = claim("ben", Role::Member, Action::Post, Origin::Socket);
            rights.judge(&Claim { repeats, ..by }, &mut draft("ben", at, message()))
        };
        assert_eq!(post(40_000, false).unwrap_err().retry_after_ms, Some(30_000), "a clock that is behind");
        assert_eq!(post(110_000, false).unwrap_err().retry_after_ms, Some(20_000));
        assert!(post(110_000, true).is_ok() && post(130_000, false).is_ok());
    }

    #[test]
    fn a_door_is_answered_once_and_never_for_the_banned() {
        let mut rights = rights();
        let admit = |rights: &Rights| {
            let body = EntryBody::Admitted { target: "dan".into(), admit: true, role: None };
            rights.judge(&claim("mod", Role::Mod, Action::Admit, Origin::Socket), &mut draft("mod", 1, body))
        };
        assert!(admit(&rights).is_ok());
        said(&mut rights, "mod", 1, EntryBody::Admitted { target: "dan".into(), admit: false, role: None });
        assert_eq!(code(admit(&rights)), ErrorCode::NotFound);
        rights.came_to_door(&"dan".into());
        assert!(admit(&rights).is_ok());
        said(&mut rights, "mod", 2, kicked("dan", true));
        assert_eq!(code(admit(&rights)), ErrorCode::NotFound);
    }

    #[test]
    fn who_went_gets_no_role_and_an_owner_does_not_go() {
        let mut rights = rights();
        let give = |rights: &Rights| {
            let body = EntryBody::Role { target: "ben".into(), role: Role::Owner };
            rights.judge(&claim("ann", Role::Owner, Action::SetRole, Origin::Socket), &mut draft("ann", 1, body))
        };
        assert!(give(&rights).is_ok());
        said(&mut rights, "ben", 6, EntryBody::Resigned { target: "ben".into() });
        assert_eq!(code(give(&rights)), ErrorCode::NotFound);
        let go = |who: &str| {
            let body = EntryBody::Resigned { target: who.into() };
            rights.judge(&claim(who, Role::Member, Action::Read, Origin::Outside), &mut draft(who, 1, body))
        };
        assert_eq!(code(go("ann")), ErrorCode::Conflict);
        assert!(go("mod").is_ok());
    }
}
