//! What moderators see and do by HTTP: bans, audit, the whole of a room (SPEC 4).

use super::{
    answer::Answer,
    caller::Caller,
    chat::{newest_page, page_limit},
    pages::{PeopleQuery, page_of},
    payload::{PathParams, QueryParams, RoomPath},
};
use crate::{app::App, membership, transfer};
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderName, header},
};
use serde::Deserialize;
use std::collections::HashMap;
use studyrooms_domain::{
    Refusal,
    access::Action,
    auth::User,
    limits::Limited,
    log::{Entry, EntryBody, LogName},
    store::Stored,
};
use studyrooms_protocol::{
    Seq,
    control::{AuditEntry, AuditPage, BanList, BannedUser},
    error::ErrorCode,
    ids::{RoomRef, UserId},
};
use utoipa::IntoParams;

/// List who is banned.
///
/// For moderators, the newest first, a page at a time.
#[utoipa::path(
    get,
    path = "/rooms/{room}/bans",
    tag = "moderation",
    operation_id = "control_bans",
    params(RoomPath, PeopleQuery),
    responses((status = 200, body = BanList, description = "A page of bans"), (status = 429))
)]
pub(super) async fn bans(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
    QueryParams(query): QueryParams<PeopleQuery>,
) -> Answer<Json<BanList>> {
    let (limit, after) = (query.limit()?, query.place()?);
    let (room, _) = membership::permitted(&app, &bearer, &reference, Action::Unban, Limited::Request).await?;
    membership::follow_what_was_told(&app, &room.room_id).await?;
    let bans = app.stores.bans.of_room(&room.room_id, after.as_ref(), limit + 1).await?;
    let (bans, next) = page_of(bans, limit, |ban| (ban.at, ban.user_id.clone()));
    let names = names(&app, bans.iter().map(|ban| &ban.user_id)).await?;
    let named = bans.into_iter().map(|ban| BannedUser {
        name: names.get(&ban.user_id).cloned().unwrap_or_default(),
        user_id: ban.user_id,
        by: ban.by,
        reason: ban.reason,
        at: ban.at,
    });
    Ok(Json(BanList { bans: named.collect(), next }))
}

/// These people, as they are now.
pub(super) async fn people(app: &App, ids: impl Iterator<Item = &UserId>) -> Stored<HashMap<UserId, User>> {
    let mut ids: Vec<UserId> = ids.cloned().collect();
    ids.sort();
    ids.dedup();
    let users = app.stores.users.lookup_all(&ids).await?;
    Ok(users.into_iter().map(|user| (user.user_id.clone(), user)).collect())
}

/// The names that these people have now.
async fn names(app: &App, ids: impl Iterator<Item = &UserId>) -> Stored<HashMap<UserId, String>> {
    Ok(people(app, ids).await?.into_iter().map(|(user_id, user)| (user_id, user.name)).collect())
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditQuery {
    /// Only entries before this place in the room log.
    #[param(value_type = Option<u64>)]
    before: Option<Seq>,
    /// How many, at most; 50 when absent.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<usize>,
}

/// See who came and went, and who decided what.
///
/// For moderators.
#[utoipa::path(
    get,
    path = "/rooms/{room}/audit",
    tag = "moderation",
    operation_id = "control_audit",
    params(RoomPath, AuditQuery),
    responses((status = 200, body = AuditPage, description = "A page"), (status = 429))
)]
pub(super) async fn audit(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
    QueryParams(query): QueryParams<AuditQuery>,
) -> Answer<Json<AuditPage>> {
    let limit = page_limit(query.limit)?;
    let (room, _) = membership::permitted(&app, &bearer, &reference, Action::Audit, Limited::Search).await?;
    let logs = &app.stores.logs;
    let entries = logs.page_before(&room.room_id, LogName::Room, EntryBody::AUDITED, query.before, limit + 1).await?;
    let (entries, next) = newest_page(entries, limit);
    let names = names(&app, entries.iter().map(|entry| &entry.user_id)).await?;
    let entries = entries.into_iter().map(|entry| audited(entry, &names)).collect::<Result<_, Refusal>>()?;
    Ok(Json(AuditPage { entries, next }))
}

fn audited(entry: Entry, names: &HashMap<UserId, String>) -> Result<AuditEntry, Refusal> {
    let Entry { seq, user_id, timestamp, body, .. } = entry;
    let name = names.get(&user_id).cloned();
    let unreadable = |error: serde_json::Error| Refusal::new(ErrorCode::Internal, error.to_string());
    let payload = body.payload().map_err(unreadable)?;
    Ok(AuditEntry { seq, kind: body.kind().into(), user_id, name, timestamp, payload })
}

/// Take all of the room along.
///
/// JSON lines, without anyone's secrets; `studyrooms import` reads them. For moderators.
#[utoipa::path(
    get,
    path = "/rooms/{room}/export",
    tag = "moderation",
    operation_id = "control_export",
    params(RoomPath),
    responses((status = 200, content_type = "application/jsonl", body = String, description = "One JSON value a line"), (status = 429))
)]
pub(super) async fn export(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
) -> Answer<([(HeaderName, String); 2], Body)> {
    let (room, _) = membership::permitted(&app, &bearer, &reference, Action::Export, Limited::Search).await?;
    let head = [
        (header::CONTENT_TYPE, "application/jsonl".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.jsonl\"", room.code)),
    ];
    Ok((head, Body::from_stream(transfer::lines(app.stores.clone(), room))))
}
