//! The door of a room, for sockets and HTTP alike: who comes in, and as what.

mod new_member;

pub use self::new_member::become_member;
use crate::{
    app::App,
    auth::Bearer,
    room::{Acting, Actor, Request, project_rest},
};
use studyrooms_domain::{
    Refusal,
    access::{self, Action, Arrival},
    auth::User,
    limits::{self, Limited},
    room_code::normalize_code,
    rooms::{AddressHash, Ban, Member, Room},
    text,
};
use studyrooms_protocol::{
    Timestamp,
    error::ErrorCode,
    ids::{RoomId, RoomRef},
    rooms::Role,
};

/// Someone who was admitted to a room.
pub(crate) struct Admission {
    pub room: Room,
    pub user: User,
    pub role: Role,
    /// Since when they are a member.
    pub since: Timestamp,
}

/// The person a token speaks for.
///
/// # Errors
/// `unauthorized` when there is no such person any more.
pub(crate) async fn user(app: &App, bearer: &Bearer) -> Result<User, Refusal> {
    let gone = || Refusal::new(ErrorCode::Unauthorized, "no such person any more");
    app.stores.users.lookup(&bearer.user_id).await?.ok_or_else(gone)
}

/// A room by its id or code.
///
/// # Errors
/// `not_found`.
pub(crate) async fn room(app: &App, reference: &RoomRef) -> Result<Room, Refusal> {
    let reference = RoomRef(normalize_code(reference.as_str()));
    // Before the records are asked: what is not under way any more they say.
    let renamed = app.live_rooms.being_renamed(reference.as_str());
    if let Some(room) = app.stores.rooms.lookup(&reference).await? {
        return Ok(room);
    }
    let room_id = renamed.ok_or_else(Refusal::no_room)?;
    project_rest(&app.stores, &room_id).await?;
    app.stores.rooms.lookup(&RoomRef(room_id.0)).await?.ok_or_else(Refusal::no_room)
}

/// A room as those in it were told here that it is.
///
/// # Errors
/// `not_found`.
pub(crate) async fn room_as_told(app: &App, reference: &RoomRef) -> Result<Room, Refusal> {
    let are_ahead = app.live_rooms.are_ahead_of_records();
    let room = room(app, reference).await?;
    if !are_ahead {
        return Ok(room);
    }
    project_rest(&app.stores, &room.room_id).await?;
    app.stores.rooms.lookup(&RoomRef(room.room_id.0)).await?.ok_or_else(Refusal::no_room)
}

/// Lets the records say what was told of a room here, for who reads them next.
///
/// # Errors
/// `unavailable`.
pub(crate) async fn follow_what_was_told(app: &App, room_id: &RoomId) -> Result<(), Refusal> {
    if app.live_rooms.is_ahead_of_records(room_id) {
        project_rest(&app.stores, room_id).await?;
    }
    Ok(())
}

/// Whether what the records refused is to be asked once more: they follow the log now. A change of rights is told
/// before they have it, on any instance.
///
/// # Errors
/// `unavailable`.
pub(crate) async fn is_to_be_asked_again(
    app: &App,
    reference: &RoomRef,
    refused: Option<&Refusal>,
) -> Result<bool, Refusal> {
    if !refused.is_some_and(|refusal| is_by_records(refusal.code)) {
        return Ok(false);
    }
    let Ok(room) = room(app, reference).await else { return Ok(false) };
    project_rest(&app.stores, &room.room_id).await?;
    Ok(true)
}

const fn is_by_records(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::NotFound
            | ErrorCode::Forbidden
            | ErrorCode::RoomLocked
            | ErrorCode::Banned
            | ErrorCode::WaitingForAdmission
    )
}

/// Someone who asks to join a room, and all that decides on it.
pub(crate) struct Applicant {
    pub room: Room,
    pub user: User,
    member: Option<Member>,
    ban: Option<Ban>,
    /// Until when nobody new comes in from where they are.
    address_until: Option<Timestamp>,
}

impl Applicant {
    /// A member who may be in the room already, although the door does not open.
    pub(crate) fn back(&self) -> Option<Admission> {
        let member = self.member.as_ref()?;
        let (room, user) = (self.room.clone(), self.user.clone());
        Some(Admission { room, user, role: member.role, since: member.joined_at })
    }
}

/// Looks up who asks to join, from where, and which room.
///
/// # Errors
/// `not_found`, `unauthorized`, `unavailable`.
async fn look_up_applicant(
    app: &App,
    bearer: &Bearer,
    reference: &RoomRef,
    address: Option<AddressHash>,
) -> Result<Applicant, Refusal> {
    let room = room(app, reference).await?;
    let user = user(app, bearer).await?;
    let member = app.stores.rooms.member(&room.room_id, &user.user_id).await?;
    let ban = app.stores.bans.lookup(&room.room_id, &user.user_id).await?;
    let address_until = match address.filter(|_| member.is_none()) {
        Some(address) => app.stores.bans.address_until(&room.room_id, &address, app.system.clock.now()).await?,
        None => None,
    };
    Ok(Applicant { room, user, member, ban, address_until })
}

/// Looks up who asks to join, and admits them.
///
/// # Errors
/// Those of [`look_up_applicant`]; inside, those of [`enter`].
pub(crate) async fn admit(
    app: &App,
    bearer: &Bearer,
    reference: &RoomRef,
    address: Option<AddressHash>,
) -> Result<(Applicant, Result<Admission, Refusal>), Refusal> {
    let applicant = look_up_applicant(app, bearer, reference, address.clone()).await?;
    let entered = enter(app, &applicant).await;
    if !is_to_be_asked_again(app, reference, entered.as_ref().err()).await? {
        return Ok((applicant, entered));
    }
    let applicant = look_up_applicant(app, bearer, reference, address).await?;
    let entered = enter(app, &applicant).await;
    Ok((applicant, entered))
}

/// Lets someone in; a newcomer becomes a member, for whom all that was said before is read.
///
/// # Errors
/// Those of [`access::admit`], `unavailable`.
async fn enter(app: &App, applicant: &Applicant) -> Result<Admission, Refusal> {
    let Applicant { room, user, member, ban, address_until } = applicant;
    let guest = user.is_guest();
    let arrival = Arrival { member: member.as_ref(), ban: ban.as_ref(), guest, is_kept_out: address_until.is_some() };
    let role = access::admit(room, arrival)?;
    let since = match member {
        Some(member) => member.joined_at,
        None => become_member(&app.stores, &*app.system.clock, &room.room_id, &user.user_id, role).await?,
    };
    Ok(Admission { room: room.clone(), user: user.clone(), role, since })
}

/// Whether a name looks like that of someone else who keeps order in the room, there or not.
///
/// # Errors
/// `unavailable`.
pub(crate) async fn is_moderators_name(app: &App, admission: &Admission, name: &str) -> Result<bool, Refusal> {
    let moderators = app.stores.rooms.moderators(&admission.room.room_id).await?;
    let others = moderators.into_iter().filter(|member| member.user_id != admission.user.user_id);
    let moderators: Vec<_> = others.map(|member| member.user_id).collect();
    let people = app.stores.users.lookup_all(&moderators).await?;
    Ok(people.iter().any(|moderator| text::look_alike(&moderator.name, name)))
}

/// A room of which the caller is a member. Others, and who is banned, learn nothing of it.
///
/// # Errors
/// `not_found`.
pub(crate) async fn of_member(app: &App, bearer: &Bearer, reference: &RoomRef) -> Result<(Room, Member), Refusal> {
    let room = room(app, reference).await?;
    let member = app.stores.rooms.member(&room.room_id, &bearer.user_id).await?.ok_or_else(Refusal::no_room)?;
    Ok((room, member))
}

/// A member who may do `action` in a room now, as the records have it. Guests keep less outside than in the room,
/// which knows whether they are in it.
///
/// # Errors
/// `not_found`, `forbidden`, `room_locked`.
pub(crate) async fn judged(
    app: &App,
    bearer: &Bearer,
    reference: &RoomRef,
    action: Action,
) -> Result<(Room, Member), Refusal> {
    let mut found = permitted_by_records(app, bearer, reference, action).await;
    if is_to_be_asked_again(app, reference, found.as_ref().err()).await? {
        found = permitted_by_records(app, bearer, reference, action).await;
    }
    let (room, member) = found?;
    if access::keeps(&room, member.role, false).is_err() {
        let user = user(app, bearer).await?;
        let actor = Actor::Member(Box::new(as_acting(user, &member)));
        app.live_rooms.ask(&room.room_id, actor, |reply| Request::Attend((), reply)).await?;
    }
    Ok((room, member))
}

async fn permitted_by_records(
    app: &App,
    bearer: &Bearer,
    reference: &RoomRef,
    action: Action,
) -> Result<(Room, Member), Refusal> {
    let (room, member) = of_member(app, bearer, reference).await?;
    access::permit(action, member.role, &room)?;
    Ok((room, member))
}

/// The same, when they have not done it too often.
///
/// # Errors
/// `rate_limited`, and those of [`judged`].
pub(crate) async fn permitted(
    app: &App,
    bearer: &Bearer,
    reference: &RoomRef,
    action: Action,
    limited: Limited,
) -> Result<(Room, Member), Refusal> {
    limits::take(&*app.limits, limited, bearer.user_id.as_str()).await?;
    judged(app, bearer, reference, action).await
}

/// A member who asks something of a live room, which judges by itself whether they may.
///
/// # Errors
/// `rate_limited`, `not_found`, `unauthorized`.
pub(crate) async fn acting(
    app: &App,
    bearer: &Bearer,
    reference: &RoomRef,
    limited: Limited,
) -> Result<(RoomId, Actor), Refusal> {
    limits::take(&*app.limits, limited, bearer.user_id.as_str()).await?;
    let mut found = of_member(app, bearer, reference).await;
    if is_to_be_asked_again(app, reference, found.as_ref().err()).await? {
        found = of_member(app, bearer, reference).await;
    }
    let (room, member) = found?;
    let user = user(app, bearer).await?;
    Ok((room.room_id, Actor::Member(Box::new(as_acting(user, &member)))))
}

fn as_acting(user: User, member: &Member) -> Acting {
    let User { user_id, name, .. } = user;
    Acting { user_id, name, role: member.role, since: member.joined_at, socket_id: None }
}
