//! Chat by HTTP: history in pages, and posting (DESIGN 6).

use super::{
    answer::Answer,
    caller::Caller,
    payload::{Asked, Payload},
};
use crate::{
    app::App,
    membership,
    room::{Command, Reply, Speaker},
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use studyrooms_domain::{
    Refusal,
    access::{self, Action},
    chat::{PAGE_MESSAGES, message},
    log::{EntryBody, LogName},
};
use studyrooms_protocol::{
    Seq,
    chat::{MessageAck, MessagePage, PostMessage},
    error::ErrorCode,
    ids::RoomRef,
};

const DEFAULT_MESSAGES: usize = 50;

#[derive(Deserialize)]
pub(super) struct PageQuery {
    before: Option<Seq>,
    after: Option<Seq>,
    limit: Option<usize>,
}

/// `GET /api/rooms/:id/messages?before=&after=&limit=`: the newest page, or the one before or
/// after a place.
pub(super) async fn page(
    State(app): State<App>,
    Caller(bearer): Caller,
    Path(reference): Path<RoomRef>,
    Asked(query): Asked<PageQuery>,
) -> Answer<Json<MessagePage>> {
    let PageQuery { before, after, limit } = query;
    let (room, member) = membership::of_member(&app, &bearer, &reference).await?;
    access::permit(Action::Read, member.role, &room.settings)?;
    let limit = limit.unwrap_or(DEFAULT_MESSAGES);
    if !(1..=PAGE_MESSAGES).contains(&limit) {
        return Err(Refusal::field("limit", format_args!("1 to {PAGE_MESSAGES}")).into());
    }
    let (logs, kind) = (&app.stores.logs, EntryBody::MESSAGE);
    // One more than asked tells whether there is a next page.
    let mut entries = match (before, after) {
        (Some(_), Some(_)) => return Err(Refusal::field("before, after", "only one of them").into()),
        (before, None) => logs.page_before(&room.room_id, LogName::Room, kind, before, limit + 1).await?,
        (None, Some(after)) => logs.page_after(&room.room_id, LogName::Room, kind, after, limit + 1).await?,
    };
    let more = entries.len() > limit;
    if more && after.is_some() {
        entries.truncate(limit);
    } else if more {
        entries.remove(0);
    }
    let edge = if after.is_some() { entries.last() } else { entries.first() };
    let next = edge.filter(|_| more).map(|entry| entry.seq);
    Ok(Json(MessagePage { messages: entries.iter().filter_map(message).collect(), next }))
}

/// `POST /api/rooms/:id/messages` -> 201: as by socket, and with the same guarantees.
pub(super) async fn post(
    State(app): State<App>,
    Caller(bearer): Caller,
    Path(reference): Path<RoomRef>,
    Payload(post): Payload<PostMessage>,
) -> Answer<(StatusCode, Json<MessageAck>)> {
    let (room, member) = membership::of_member(&app, &bearer, &reference).await?;
    let user = membership::user(&app, &bearer).await?;
    let speaker = Speaker::Member { user_id: user.user_id, name: user.name, role: member.role };
    let (reply, answer) = Reply::channel();
    app.hot_rooms.send(&room.room_id, Command::Post(speaker, post, reply)).await;
    let gone = |_| Err(Refusal::new(ErrorCode::Unavailable, "the room is not available; try again"));
    let ack = answer.await.unwrap_or_else(gone)?;
    Ok((StatusCode::CREATED, Json(ack)))
}
