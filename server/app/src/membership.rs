//! The door of a room, for sockets and HTTP alike: who comes in, and as what.

use crate::{
    app::App,
    auth::Bearer,
    room::{Acting, Actor},
};
use studyrooms_domain::{
    Refusal,
    access::{self, Action, Arrival},
    auth::User,
    limits::{self, Limited},
    log::LogName,
    outside::normalize_code,
    rooms::{Ban, Member, Room},
    text,
};
use studyrooms_protocol::{
    error::ErrorCode,
    ids::{RoomId, RoomRef},
    rooms::Role,
};

/// Someone who was let in.
pub(crate) struct Entry {
    pub room: Room,
    pub user: User,
    pub role: Role,
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
    app.stores.rooms.lookup(&reference).await?.ok_or_else(Refusal::no_room)
}

/// Someone at the door of a room, and all that decides on whether it opens.
pub(crate) struct Arriving {
    pub room: Room,
    pub user: User,
    member: Option<Member>,
    ban: Option<Ban>,
}

/// Looks up who comes, and to which room.
///
/// # Errors
/// `not_found`, `unauthorized`, `unavailable`.
pub(crate) async fn arrival(app: &App, bearer: &Bearer, reference: &RoomRef) -> Result<Arriving, Refusal> {
    let room = room(app, reference).await?;
    let user = user(app, bearer).await?;
    let member = app.stores.rooms.member(&room.room_id, &user.user_id).await?;
    let ban = app.stores.bans.lookup(&room.room_id, &user.user_id).await?;
    Ok(Arriving { room, user, member, ban })
}

/// Lets someone in; a newcomer becomes a member, for whom all that was said before is read.
///
/// # Errors
/// Those of [`access::admit`], `unavailable`.
pub(crate) async fn enter(app: &App, arriving: &Arriving) -> Result<Entry, Refusal> {
    let Arriving { room, user, member, ban } = arriving;
    let guest = user.is_guest();
    let role = access::admit(room, Arrival { member: member.as_ref(), ban: ban.as_ref(), guest })?;
    if member.is_none() {
        let (room_id, user_id) = (room.room_id.clone(), user.user_id.clone());
        let read = app.stores.logs.last_seq(&room_id, LogName::Room).await?;
        app.stores.read_markers.advance(&room_id, &user_id, read).await?;
        let member = Member { room_id, user_id, role, joined_at: app.outside.clock.now() };
        app.stores.rooms.add_member(member).await?;
    }
    Ok(Entry { room: room.clone(), user: user.clone(), role })
}

/// Whether a name looks like that of someone else who keeps order in the room, there or not.
///
/// # Errors
/// `unavailable`.
pub(crate) async fn is_moderators_name(app: &App, entry: &Entry, name: &str) -> Result<bool, Refusal> {
    let members = app.stores.rooms.members(&entry.room.room_id).await?;
    let others = members.into_iter().filter(|member| member.role >= Role::Mod && member.user_id != entry.user.user_id);
    let moderators: Vec<_> = others.map(|member| member.user_id).collect();
    let people = app.stores.users.lookup_all(&moderators).await?;
    Ok(people.iter().any(|moderator| text::look_alike(&moderator.name, name)))
}

/// A room of which the caller is a member. Others learn nothing of it.
///
/// # Errors
/// `not_found`.
pub(crate) async fn of_member(app: &App, bearer: &Bearer, reference: &RoomRef) -> Result<(Room, Member), Refusal> {
    let room = room(app, reference).await?;
    let member = app.stores.rooms.member(&room.room_id, &bearer.user_id).await?.ok_or_else(Refusal::no_room)?;
    Ok((room, member))
}

/// A member who may do `action` in a room, and has not done it too often.
///
/// # Errors
/// `rate_limited`, `not_found`, `forbidden`.
pub(crate) async fn permitted(
    app: &App,
    bearer: &Bearer,
    reference: &RoomRef,
    action: Action,
    limited: Limited,
) -> Result<(Room, Member), Refusal> {
    limits::take(&*app.limits, limited, bearer.user_id.as_str()).await?;
    let (room, member) = of_member(app, bearer, reference).await?;
    access::permit(action, member.role, &room)?;
    Ok((room, member))
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
    let (room, member) = of_member(app, bearer, reference).await?;
    let user = user(app, bearer).await?;
    let acting = Acting { user_id: user.user_id, name: user.name, role: member.role, socket_id: None };
    Ok((room.room_id, Actor::Member(acting)))
}
