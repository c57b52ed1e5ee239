//! Chat by HTTP: history in pages, search, and posting (SPEC 5).

use super::{
    answer::Answer,
    caller::Caller,
    payload::{PathParams, Payload, QueryParams, RoomPath},
};
use crate::{app::App, history, membership, room::Request};
use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use studyrooms_domain::{
    Refusal,
    access::Action,
    chat::{PAGE_MESSAGES, SEARCH_CHARACTERS, search_words},
    limits::Limited,
    log::{Entry, EntryBody, LogName},
};
use studyrooms_protocol::{
    Seq,
    chat::{MessageAck, MessagePage, PostMessage},
    ids::RoomRef,
};
use utoipa::IntoParams;

const DEFAULT_MESSAGES: usize = 50;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct PageQuery {
    /// Only messages before this place in the room log.
    #[param(value_type = Option<u64>)]
    before: Option<Seq>,
    /// Only messages after this place; not with `before`.
    #[param(value_type = Option<u64>)]
    after: Option<Seq>,
    /// How many, at most; 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// How many of a page were asked for.
///
/// # Errors
/// `bad_request` that names `limit`.
pub(super) fn page_limit(limit: Option<usize>) -> Result<usize, Refusal> {
    let limit = limit.unwrap_or(DEFAULT_MESSAGES);
    if (1..=PAGE_MESSAGES).contains(&limit) {
        return Ok(limit);
    }
    Err(Refusal::field("limit", format_args!("1 to {PAGE_MESSAGES}")))
}

/// Of one entry more than the page holds, what is on the page, and what to pass as `before` for the
/// next one.
pub(super) fn newest_page(mut entries: Vec<Entry>, limit: usize) -> (Vec<Entry>, Option<Seq>) {
    let more = entries.len() > limit;
    if more {
        entries.remove(0);
    }
    let next = entries.first().filter(|_| more).map(|entry| entry.seq);
    (entries, next)
}

/// Read messages.
///
/// The newest page, or the one before or after a place.
#[utoipa::path(
    get,
    path = "/rooms/{room}/messages",
    tag = "chat",
    operation_id = "chat_page",
    params(RoomPath, PageQuery),
    responses((status = 200, body = MessagePage, description = "A page"), (status = 429))
)]
pub(super) async fn page(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
    QueryParams(query): QueryParams<PageQuery>,
) -> Answer<Json<MessagePage>> {
    let PageQuery { before, after, limit } = query;
    let limit = page_limit(limit)?;
    if before.is_some() && after.is_some() {
        return Err(Refusal::field("before, after", "only one of them").into());
    }
    let (room, _) = membership::permitted(&app, &bearer, &reference, Action::Read, Limited::Request).await?;
    let (logs, kinds) = (&app.stores.logs, &[EntryBody::MESSAGE]);
    // One more than asked tells whether there is a next page.
    let (entries, next) = match after {
        Some(after) => {
            let mut entries = logs.page_after(&room.room_id, LogName::Room, kinds, after, limit + 1).await?;
            let more = entries.len() > limit;
            entries.truncate(limit);
            let next = entries.last().filter(|_| more).map(|entry| entry.seq);
            (entries, next)
        }
        None => newest_page(logs.page_before(&room.room_id, LogName::Room, kinds, before, limit + 1).await?, limit),
    };
    let messages = history::amended(logs, &room.room_id, &entries).await?;
    Ok(Json(MessagePage { messages, next }))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchQuery {
    /// The words.
    #[param(max_length = 200)]
    q: String,
    /// Only messages before this place in the room log.
    #[param(value_type = Option<u64>)]
    before: Option<Seq>,
    /// How many, at most; 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// Search messages.
///
/// The newest messages that have, for each word of `q`, a word that begins with it. Edited text is found, deleted text is not.
#[utoipa::path(
    get,
    path = "/rooms/{room}/messages/search",
    tag = "chat",
    operation_id = "chat_search",
    params(RoomPath, SearchQuery),
    responses((status = 200, body = MessagePage, description = "A page of what was found"), (status = 413), (status = 429))
)]
pub(super) async fn search(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
    QueryParams(query): QueryParams<SearchQuery>,
) -> Answer<Json<MessagePage>> {
    let SearchQuery { q, before, limit } = query;
    let limit = page_limit(limit)?;
    if q.chars().count() > SEARCH_CHARACTERS {
        return Err(Refusal::too_large("q", format_args!("{SEARCH_CHARACTERS} characters")).into());
    }
    let (room, _) = membership::permitted(&app, &bearer, &reference, Action::Read, Limited::Search).await?;
    let logs = &app.stores.logs;
    let found = logs.search(&room.room_id, &search_words(&q), before, limit + 1).await?;
    let (entries, next) = newest_page(found, limit);
    let messages = history::amended(logs, &room.room_id, &entries).await?;
    Ok(Json(MessagePage { messages, next }))
}

/// Post a message.
///
/// As by socket, and with the same guarantees: it reaches every socket, and the same `eventId` again stores nothing.
#[utoipa::path(
    post,
    path = "/rooms/{room}/messages",
    tag = "chat",
    operation_id = "chat_post",
    params(RoomPath), request_body = PostMessage,
    responses((status = 201, body = MessageAck, description = "The message as it was stored"), (status = 429))
)]
pub(super) async fn post(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
    Payload(post): Payload<PostMessage>,
) -> Answer<(StatusCode, Json<MessageAck>)> {
    let (room_id, actor) = membership::acting(&app, &bearer, &reference, Limited::Chat).await?;
    let ack = app.live_rooms.ask(&room_id, actor, |reply| Request::Post(post, reply)).await?;
    Ok((StatusCode::CREATED, Json(ack)))
}
