//! Rooms by HTTP (docs/PROTOCOL.md).

use super::{
    address::ClientAddress,
    answer::Answer,
    caller::{Caller, MaybeCaller},
    control::people,
    pages::{PeopleQuery, next_of, page_of, place_after},
    payload::{PathParams, Payload, QueryParams, RoomPath},
};
use crate::{app::App, membership, room::Request};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header::HOST},
};
use serde::Deserialize;
use std::collections::HashMap;
use studyrooms_domain::{
    Refusal,
    access::Action,
    auth::User,
    avatars,
    limits::{self, Limited},
    room_code::room_code,
    rooms::{Member, Room, RoomKind, default_settings, patched, valid_title},
    store::{MemberPlace, MemberRooms},
    system::random_id,
};
use studyrooms_protocol::{
    Seq,
    error::ErrorCode,
    ids::{RoomId, RoomRef, UserId},
    presence::OnlineUser,
    rooms::{
        Access, CreateRoom, DirectRoom, MemberList, PatchRoom, Role, RoomCreated, RoomJoined, RoomList, RoomListing,
        RoomMember, RoomPatched, RoomPreview, RoomSettings, StartDirect,
    },
};
use utoipa::IntoParams;

/// A code is one of 41 million million; three of them taken in a row is no accident.
const CODE_TRIES: usize = 3;
/// Unread messages are counted up to this.
const COUNTED: usize = 100;
/// Rooms of one page.
const ROOMS: usize = 200;
/// Two people with many devices.
const DIRECT_SOCKETS: u32 = 20;

/// Make a room.
///
/// Its maker is the owner. Guests cannot.
#[utoipa::path(
    post,
    path = "/rooms",
    tag = "rooms",
    operation_id = "rooms_create",
    request_body = CreateRoom,
    responses((status = 201, body = RoomCreated, description = "The new room"), (status = 429))
)]
pub(super) async fn create(
    State(app): State<App>,
    Caller(bearer): Caller,
    headers: HeaderMap,
    Payload(create): Payload<CreateRoom>,
) -> Answer<(StatusCode, Json<RoomCreated>)> {
    if bearer.guest {
        return Err(Refusal::forbidden("guests cannot make rooms; sign up first").into());
    }
    limits::take(&*app.limits, Limited::Create, bearer.user_id.as_str()).await?;
    let title = valid_title(&create.title)?;
    let settings = patched(default_settings(), create.settings.unwrap_or_default())?;
    let owner = membership::user(&app, &bearer).await?;
    let now = app.system.clock.now();
    for _ in 0..CODE_TRIES {
        let room = Room {
            room_id: RoomId(random_id(&*app.system.random)),
            code: room_code(&*app.system.random),
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
pub(super) fn base(app: &App, headers: &HeaderMap) -> String {
    if let Some(url) = &app.public_url {
        return url.as_str().trim_end_matches('/').to_owned();
    }
    let host = headers.get(HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
    let scheme = if app.is_https() { "https" } else { "http" };
    format!("{scheme}://{host}")
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RoomsQuery {
    /// `next` of the page before; the first page when absent.
    after: Option<String>,
}

impl RoomsQuery {
    fn place(&self) -> Result<Option<MemberPlace>, Refusal> {
        place_after::<RoomId>(self.after.as_deref())
    }
}

/// List the caller's rooms.
///
/// The one joined last first, 200 at a time, with unread counts.
#[utoipa::path(
    get,
    path = "/rooms",
    tag = "rooms",
    operation_id = "rooms_mine",
    params(RoomsQuery),
    responses((status = 200, body = RoomList, description = "The rooms"), (status = 429))
)]
pub(super) async fn mine(
    State(app): State<App>,
    Caller(bearer): Caller,
    QueryParams(query): QueryParams<RoomsQuery>,
) -> Answer<Json<RoomList>> {
    limits::take(&*app.limits, Limited::Request, bearer.user_id.as_str()).await?;
    let (user_id, stores) = (&bearer.user_id, &app.stores);
    let MemberRooms { rooms, next } = stores.rooms.of_user(user_id, query.place()?.as_ref(), ROOMS).await?;
    let ids: Vec<RoomId> = rooms.iter().map(|(room, _)| room.room_id.clone()).collect();
    let markers = stores.read_markers.of_user(user_id, &ids).await?;
    let markers: HashMap<RoomId, Seq> = markers.into_iter().map(|marker| (marker.room_id, marker.seq)).collect();
    let read = |id: RoomId| (id.clone(), markers.get(&id).copied().unwrap_or_default());
    let unread = stores.logs.count_unread(&ids.into_iter().map(read).collect::<Vec<_>>(), user_id, COUNTED).await?;
    let mut peers = peers(&app, &rooms, user_id).await?;
    let listed = rooms.into_iter().zip(unread).map(|((room, member), unread)| RoomListing {
        peer: peers.remove(&room.room_id),
        room,
        role: member.role,
        joined_at: member.joined_at,
        unread: u32::try_from(unread).unwrap_or(u32::MAX),
    });
    let next = next.map(next_of);
    Ok(Json(RoomList { rooms: listed.collect(), next }))
}

/// The other one of two, in each room that is of two.
async fn peers(app: &App, rooms: &[(Room, Member)], user_id: &UserId) -> Result<HashMap<RoomId, OnlineUser>, Refusal> {
    let direct = rooms.iter().filter(|(room, _)| room.kind == RoomKind::Direct);
    let direct: Vec<RoomId> = direct.map(|(room, _)| room.room_id.clone()).collect();
    if direct.is_empty() {
        return Ok(HashMap::new());
    }
    let others = app.stores.rooms.others(&direct, user_id).await?;
    let ids: Vec<UserId> = others.iter().map(|member| member.user_id.clone()).collect();
    let users = app.stores.users.lookup_all(&ids).await?;
    let users: HashMap<UserId, User> = users.into_iter().map(|user| (user.user_id.clone(), user)).collect();
    let shown = |member: Member| Some((member.room_id, online(users.get(&member.user_id)?.clone())));
    Ok(others.into_iter().filter_map(shown).collect())
}

fn online(user: User) -> OnlineUser {
    OnlineUser { avatar_url: avatars::url(&user), user_id: user.user_id, name: user.name }
}

/// Open the direct room with someone.
///
/// There is one for every two people, and it is the same each time.
#[utoipa::path(
    post,
    path = "/dms",
    tag = "rooms",
    operation_id = "rooms_direct",
    request_body = StartDirect,
    responses((status = 200, body = DirectRoom, description = "They have one already"), (status = 201, body = DirectRoom, description = "It is new"), (status = 404), (status = 429))
)]
pub(super) async fn direct(
    State(app): State<App>,
    Caller(bearer): Caller,
    Payload(start): Payload<StartDirect>,
) -> Answer<(StatusCode, Json<DirectRoom>)> {
    limits::take(&*app.limits, Limited::Create, bearer.user_id.as_str()).await?;
    let user = membership::user(&app, &bearer).await?;
    let none = || Refusal::new(ErrorCode::NotFound, "userId: no such person");
    let other = app.stores.users.lookup(&start.user_id).await?.ok_or_else(none)?;
    if user.is_guest() || other.is_guest() {
        return Err(Refusal::forbidden("only people with an account write to each other").into());
    }
    if user.user_id == other.user_id {
        return Err(Refusal::field("userId", "not oneself").into());
    }
    let now = app.system.clock.now();
    let room = Room {
        room_id: RoomId(random_id(&*app.system.random)),
        code: room_code(&*app.system.random),
        title: "Direct messages".into(),
        kind: RoomKind::Direct,
        owner_id: user.user_id.clone(),
        settings: RoomSettings {
            access: Access::Members,
            guests: false,
            capacity: DIRECT_SOCKETS,
            ..default_settings()
        },
        created_at: now,
    };
    let fresh = room.room_id.clone();
    let member = |user: &User| Member {
        room_id: fresh.clone(),
        user_id: user.user_id.clone(),
        role: Role::Member,
        joined_at: now,
    };
    let room = app.stores.rooms.direct(room, [member(&user), member(&other)]).await?;
    let status = if room.room_id == fresh { StatusCode::CREATED } else { StatusCode::OK };
    let peer = online(other);
    Ok((status, Json(DirectRoom { room_id: room.room_id.clone(), room, peer })))
}

/// List the members.
///
/// The first to join first, a page at a time.
#[utoipa::path(
    get,
    path = "/rooms/{room}/members",
    tag = "rooms",
    operation_id = "rooms_members",
    params(RoomPath, PeopleQuery),
    responses((status = 200, body = MemberList, description = "A page of members"), (status = 429))
)]
pub(super) async fn members(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
    QueryParams(query): QueryParams<PeopleQuery>,
) -> Answer<Json<MemberList>> {
    let (limit, after) = (query.limit()?, query.place()?);
    let (room, _) = membership::permitted(&app, &bearer, &reference, Action::Read, Limited::Request).await?;
    membership::follow_what_was_told(&app, &room.room_id).await?;
    let members = app.stores.rooms.members(&room.room_id, after.as_ref(), limit + 1).await?;
    let (members, next) = page_of(members, limit, |member| (member.joined_at, member.user_id.clone()));
    let people = people(&app, members.iter().map(|member| &member.user_id)).await?;
    let named = members.into_iter().map(|member| {
        let user = people.get(&member.user_id);
        RoomMember {
            name: user.map(|user| user.name.clone()).unwrap_or_default(),
            avatar_url: user.and_then(avatars::url),
            user_id: member.user_id,
            role: member.role,
            joined_at: member.joined_at,
        }
    });
    Ok(Json(MemberList { members: named.collect(), next }))
}

/// Change title and settings.
///
/// What is absent stays. With `renewCode` the room gets another code, and links with the old one lead nowhere.
#[utoipa::path(
    patch,
    path = "/rooms/{room}",
    tag = "rooms",
    operation_id = "rooms_change",
    params(RoomPath), request_body = PatchRoom,
    responses((status = 200, body = RoomPatched, description = "The room as it is now"), (status = 429))
)]
pub(super) async fn change(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
    Payload(patch): Payload<PatchRoom>,
) -> Answer<Json<RoomPatched>> {
    let (room_id, actor) = membership::acting(&app, &bearer, &reference, Limited::Control).await?;
    Ok(Json(app.live_rooms.ask(&room_id, actor, |reply| Request::Change(patch, reply)).await?))
}

/// Remove the room for ever.
///
/// Its logs go with it.
#[utoipa::path(
    delete,
    path = "/rooms/{room}",
    tag = "rooms",
    operation_id = "rooms_remove",
    params(RoomPath),
    responses((status = 204, description = "It is gone"), (status = 429))
)]
pub(super) async fn remove(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
) -> Answer<StatusCode> {
    let (room_id, actor) = membership::acting(&app, &bearer, &reference, Limited::Control).await?;
    app.live_rooms.ask(&room_id, actor, |reply| Request::Remove((), reply)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// See a room.
///
/// All of it for members, what one must know to join for others.
#[utoipa::path(
    get,
    path = "/rooms/{room}",
    tag = "rooms",
    operation_id = "rooms_preview",
    params(RoomPath), security((), ("bearer" = [])),
    responses((status = 200, body = RoomPreview, description = "The room"), (status = 429))
)]
pub(super) async fn preview(
    State(app): State<App>,
    address: ClientAddress,
    MaybeCaller(bearer): MaybeCaller,
    PathParams(reference): PathParams<RoomRef>,
) -> Answer<Json<RoomPreview>> {
    match &bearer {
        Some(bearer) => limits::take(&*app.limits, Limited::Request, bearer.user_id.as_str()).await?,
        None => limits::take(&*app.limits, Limited::RequestFrom, &address.to_string()).await?,
    }
    let room = membership::room_as_told(&app, &reference).await?;
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

/// Become a member.
///
/// No more than `joinRoom` does, without entering.
#[utoipa::path(
    post,
    path = "/rooms/{room}/join",
    tag = "rooms",
    operation_id = "rooms_join",
    params(RoomPath),
    responses((status = 200, body = RoomJoined, description = "The caller is a member"), (status = 429))
)]
pub(super) async fn join(
    State(app): State<App>,
    Caller(bearer): Caller,
    address: ClientAddress,
    PathParams(reference): PathParams<RoomRef>,
) -> Answer<Json<RoomJoined>> {
    limits::take(&*app.limits, Limited::Join, bearer.user_id.as_str()).await?;
    let address = Some(app.address_key.hash(&address)?);
    let (_, entered) = membership::admit(&app, &bearer, &reference, address).await?;
    let membership::Admission { room, role, .. } = entered?;
    Ok(Json(RoomJoined { room, role }))
}

/// Be a member no longer.
///
/// The owner cannot leave.
#[utoipa::path(
    post,
    path = "/rooms/{room}/leave",
    tag = "rooms",
    operation_id = "rooms_leave",
    params(RoomPath),
    responses((status = 204, description = "The caller is no member"), (status = 409))
)]
pub(super) async fn leave(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
) -> Answer<StatusCode> {
    let (room_id, actor) = membership::acting(&app, &bearer, &reference, Limited::Join).await?;
    app.live_rooms.ask(&room_id, actor, |reply| Request::Resign((), reply)).await?;
    Ok(StatusCode::NO_CONTENT)
}
