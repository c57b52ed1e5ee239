//! The door of a room, for sockets and HTTP alike: who comes in, and as what.

use crate::{app::App, auth::Bearer};
use studyrooms_domain::{
    Refusal,
    access::{self, Arrival},
    auth::User,
    outside::normalize_code,
    rooms::{Member, Room},
};
use studyrooms_protocol::{error::ErrorCode, ids::RoomRef, rooms::Role};

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

/// Lets someone in; a newcomer becomes a member.
///
/// # Errors
/// Those of [`access::admit`], `not_found`, `unavailable`.
pub(crate) async fn enter(app: &App, bearer: &Bearer, reference: &RoomRef) -> Result<Entry, Refusal> {
    let room = room(app, reference).await?;
    let user = user(app, bearer).await?;
    let member = app.stores.rooms.member(&room.room_id, &user.user_id).await?;
    let role = access::admit(&room, Arrival { member: member.as_ref(), guest: bearer.guest })?;
    if member.is_none() {
        let member = Member {
            room_id: room.room_id.clone(),
            user_id: user.user_id.clone(),
            role,
            joined_at: app.outside.clock.now(),
        };
        app.stores.rooms.add_member(member).await?;
    }
    Ok(Entry { room, user, role })
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
