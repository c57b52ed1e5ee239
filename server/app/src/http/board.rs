//! The board by HTTP: its elements, its versions, and a picture of it (SPEC 6).

use super::{
    answer::Answer,
    caller::Caller,
    payload::{PathParams, QueryParams, RoomPath, VersionPath},
};
use crate::{
    app::App,
    auth::Bearer,
    history, membership,
    room::{BoardAt, Request},
};
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderName, header},
};
use futures_util::stream;
use serde::Deserialize;
use studyrooms_domain::{Refusal, access::Action, board::svg, limits::Limited};
use studyrooms_protocol::{
    board::{BoardElements, BoardVersions, VersionPicture},
    error::ErrorCode,
    ids::{RoomRef, VersionId},
};
use utoipa::IntoParams;

/// Versions in one answer, at most.
const VERSIONS: usize = 100;
const NO_VERSION: &str = "version: no such version";

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct VersionsQuery {
    /// A version: those saved before it. The newest when absent.
    before: Option<VersionId>,
    /// How many, 1 to 100; 100 when absent.
    limit: Option<usize>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct VersionQuery {
    /// A saved version; the board as it is now when absent.
    version: Option<VersionId>,
}

async fn board_of(app: &App, bearer: &Bearer, reference: &RoomRef, query: VersionQuery) -> Answer<BoardAt> {
    let Some(version_id) = query.version else {
        let (room_id, actor) = membership::acting(app, bearer, reference, Limited::Search).await?;
        return Ok(app.live_rooms.ask(&room_id, actor, |reply| Request::Board((), reply)).await?);
    };
    let (room, _) = membership::permitted(app, bearer, reference, Action::Read, Limited::Search).await?;
    let stores = &app.stores;
    let none = || Refusal::new(ErrorCode::NotFound, NO_VERSION);
    let version = stores.logs.version(&room.room_id, &version_id).await?.ok_or_else(none)?;
    let board = history::board_at(&stores.logs, &stores.snapshots, &room.room_id, version.board_seq).await?;
    Ok(BoardAt { room_id: room.room_id, seq: version.board_seq, elements: board.elements() })
}

/// As [`BoardElements`], an element at a time: a large board is never here as a whole.
fn json_of(board: BoardAt) -> impl Iterator<Item = serde_json::Result<String>> + Send {
    let BoardAt { room_id, seq, elements } = board;
    let head = serde_json::to_string(&room_id).map(|id| format!("{{\"roomId\":{id},\"seq\":{seq},\"elements\":["));
    let each = elements.into_iter().enumerate().map(|(place, element)| {
        let json = serde_json::to_string(&*element)?;
        Ok(if place == 0 { json } else { format!(",{json}") })
    });
    std::iter::once(head).chain(each).chain(std::iter::once(Ok("]}".to_owned())))
}

/// See the board.
///
/// As it is now, or as a version has it.
#[utoipa::path(
    get,
    path = "/rooms/{room}/board",
    tag = "board",
    operation_id = "board_elements",
    params(RoomPath, VersionQuery),
    responses((status = 200, body = BoardElements, description = "Its elements"), (status = 429))
)]
pub(super) async fn elements(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
    QueryParams(query): QueryParams<VersionQuery>,
) -> Answer<([(HeaderName, &'static str); 1], Body)> {
    let board = board_of(&app, &bearer, &reference, query).await?;
    Ok(([(header::CONTENT_TYPE, "application/json")], Body::from_stream(stream::iter(json_of(board)))))
}

/// See the board as a picture.
///
/// As it is now, or as a version has it.
#[utoipa::path(
    get,
    path = "/rooms/{room}/board.svg",
    tag = "board",
    operation_id = "board_picture",
    params(RoomPath, VersionQuery),
    responses((status = 200, content_type = "image/svg+xml", body = String, description = "The picture"), (status = 429))
)]
pub(super) async fn picture(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
    QueryParams(query): QueryParams<VersionQuery>,
) -> Answer<([(HeaderName, &'static str); 2], Body)> {
    let board = board_of(&app, &bearer, &reference, query).await?;
    let head =
        [(header::CONTENT_TYPE, "image/svg+xml"), (header::CONTENT_DISPOSITION, "attachment; filename=\"board.svg\"")];
    let parts = svg(board.elements).map(Ok::<_, std::convert::Infallible>);
    Ok((head, Body::from_stream(stream::iter(parts))))
}

/// List saved versions of the board.
///
/// The newest first, without their pictures.
#[utoipa::path(
    get,
    path = "/rooms/{room}/board/versions",
    tag = "board",
    operation_id = "board_versions",
    params(RoomPath, VersionsQuery),
    responses((status = 200, body = BoardVersions, description = "The versions"), (status = 429))
)]
pub(super) async fn versions(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
    QueryParams(query): QueryParams<VersionsQuery>,
) -> Answer<Json<BoardVersions>> {
    let (room, _) = membership::permitted(&app, &bearer, &reference, Action::Read, Limited::Request).await?;
    let limit = query.limit.unwrap_or(VERSIONS).clamp(1, VERSIONS);
    let mut versions = app.stores.logs.versions(&room.room_id, query.before.as_ref(), limit + 1).await?;
    let is_more = versions.len() > limit;
    versions.truncate(limit);
    let next = versions.last().filter(|_| is_more).map(|version| version.version_id.clone());
    Ok(Json(BoardVersions { versions, next }))
}

/// See the picture of a saved version.
///
/// As it was given with `whiteboard:save`.
#[utoipa::path(
    get,
    path = "/rooms/{room}/board/versions/{version}/picture",
    tag = "board",
    operation_id = "board_version_picture",
    params(VersionPath),
    responses((status = 200, body = VersionPicture, description = "The picture"), (status = 429))
)]
pub(super) async fn version_picture(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams((reference, version_id)): PathParams<(RoomRef, VersionId)>,
) -> Answer<Json<VersionPicture>> {
    let (room, _) = membership::permitted(&app, &bearer, &reference, Action::Read, Limited::Request).await?;
    let data_url = app.stores.logs.version_picture(&room.room_id, &version_id).await?;
    let none = || Refusal::new(ErrorCode::NotFound, "version: no such version, or none with a picture");
    Ok(Json(VersionPicture { data_url: data_url.ok_or_else(none)? }))
}
