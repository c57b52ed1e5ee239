//! Rooms by HTTP (DESIGN 6).

use super::{
    answer::Answer,
    caller::{Caller, MaybeCaller},
    payload::Payload,
};
use crate::{app::App, membership};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header::HOST},
};
use studyrooms_domain::{
    Refusal,
    outside::{random_id, room_code},
    rooms::{Member, Room, RoomKind, default_settings, patched, valid_title},
};
use studyrooms_protocol::{
    error::ErrorCode,
    ids::{RoomId, RoomRef},
    rooms::{CreateRoom, Role, RoomCreated, RoomJoined, RoomList, RoomListing, RoomPreview},
};

/// A code is one of 41 million million; three of them taken in a row is no accident.
const CODE_TRIES: usize = 3;

/// `POST /api/rooms` -> 201.
pub(super) async fn create(
    State(app): State<App>,
    Caller(bearer): Caller,
    headers: HeaderMap,
    Payload(create): Payload<CreateRoom>,
) -> Answer<(StatusCode, Json<RoomCreated>)> {
    if bearer.guest {
        return Err(Refusal::forbidden("guests cannot make rooms; sign up first").into());
    }
    let title = valid_title(&create.title)?;
    let settings = patched(default_settings(), create.settings.unwrap_or_default())?;
    let owner = membership::user(&app, &bearer).await?;
    let now = app.outside.clock.now();
    for _ in 0..CODE_TRIES {
        let room = Room {
            room_id: RoomId(random_id(&*app.outside.random)),
            code: room_code(&*app.outside.random),
            title: title.clone(),
            kind: RoomKind::Group,
            owner_id: owner.user_id.clone(),
            settings: settings.clone(),
            created_at: now,
        };
        let member =
            Member { room_id: room.room_id.clone(), user_id: owner.user_id.clone(), role: Role::Owner, joined_at: now };
        if app.stores.rooms.add(room.clone(), member).await? {
            let join_link = format!("{}/r/{}", base(&app, &headers), room.code);
            let created = RoomCreated { room_id: room.room_id, code: room.code, join_link };
            return Ok((StatusCode::CREATED, Json(created)));
        }
    }
    Err(Refusal::new(ErrorCode::Internal, "no free room code was found").into())
}

/// Where browsers reach the server: as it was told, else by the name this request came to.
fn base(app: &App, headers: &HeaderMap) -> String {
    if let Some(url) = &app.public_url {
        return url.as_str().trim_end_matches('/').to_owned();
    }
    let host = headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}")
}

/// `GET /api/rooms`.
pub(super) async fn mine(State(app): State<App>, Caller(bearer): Caller) -> Answer<Json<RoomList>> {
    let rooms = app.stores.rooms.of_user(&bearer.user_id).await?;
    let listing = |(room, member): (Room, Member)| RoomListing { room, role: member.role, joined_at: member.joined_at };
    Ok(Json(RoomList { rooms: rooms.into_iter().map(listing).collect() }))
}

/// `GET /api/rooms/:id`: all of it for members, what one must know to join for others.
pub(super) async fn preview(
    State(app): State<App>,
    MaybeCaller(bearer): MaybeCaller,
    Path(reference): Path<RoomRef>,
) -> Answer<Json<RoomPreview>> {
    let room = membership::room(&app, &reference).await?;
    let member = match &bearer {
        Some(bearer) => app.stores.rooms.member(&room.room_id, &bearer.user_id).await?,
        None => None,
    };
    if member.is_none() && room.kind == RoomKind::Direct {
        return Err(Refusal::no_room().into());
    }
    Ok(Json(RoomPreview {
        room_id: room.room_id.clone(),
        code: room.code.clone(),
        title: room.title.clone(),
        access: room.settings.access,
        guests: room.settings.guests,
        role: member.as_ref().map(|member| member.role),
        room: member.is_some().then_some(room),
    }))
}

/// `POST /api/rooms/:id/join`.
pub(super) async fn join(
    State(app): State<App>,
    Caller(bearer): Caller,
    Path(reference): Path<RoomRef>,
) -> Answer<Json<RoomJoined>> {
    let membership::Entry { room, role, .. } = membership::enter(&app, &bearer, &reference).await?;
    Ok(Json(RoomJoined { room, role }))
}

/// `POST /api/rooms/:id/leave` -> 204: no longer a member.
pub(super) async fn leave(
    State(app): State<App>,
    Caller(bearer): Caller,
    Path(reference): Path<RoomRef>,
) -> Answer<StatusCode> {
    let (room, member) = membership::of_member(&app, &bearer, &reference).await?;
    if member.role == Role::Owner {
        return Err(Refusal::new(ErrorCode::Conflict, "the owner cannot leave the room").into());
    }
    app.stores.rooms.remove_member(&room.room_id, &bearer.user_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
