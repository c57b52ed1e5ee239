//! The board by HTTP: its elements, its versions, and a picture of it (DESIGN 6).

use super::{
    answer::Answer,
    caller::Caller,
    payload::{Asked, Place, RoomPath},
};
use crate::{app::App, auth::Bearer, history, membership, room::Request};
use axum::{
    Json,
    extract::State,
    http::{HeaderName, header},
};
use serde::Deserialize;
use studyrooms_domain::{
    Refusal,
    access::Action,
    board::svg,
    limits::Limited,
    log::{EntryBody, LogName},
};
use studyrooms_protocol::{
    board::{BoardElements, BoardVersions},
    error::ErrorCode,
    ids::{RoomRef, VersionId},
};
use utoipa::IntoParams;

/// Versions listed, at most.
const VERSIONS: usize = 100;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct VersionQuery {
    /// A saved version; the board as it is now when absent.
    version: Option<VersionId>,
}

async fn board_of(app: &App, bearer: &Bearer, reference: &RoomRef, query: VersionQuery) -> Answer<BoardElements> {
    let Some(version_id) = query.version else {
        let (room_id, actor) = membership::acting(app, bearer, reference, Limited::Request).await?;
        return Ok(app.hot_rooms.ask(&room_id, actor, |reply| Request::Board((), reply)).await?);
    };
    let (room, _) = membership::permitted(app, bearer, reference, Action::Read, Limited::Search).await?;
    let stores = &app.stores;
    let none = || Refusal::new(ErrorCode::NotFound, "version: no such version");
    let version = history::find_version(&stores.logs, &room.room_id, &version_id).await?.ok_or_else(none)?;
    let board = history::board_at(&stores.logs, &stores.snapshots, &room.room_id, version.board_seq).await?;
    Ok(BoardElements { room_id: room.room_id, seq: version.board_seq, elements: board.elements() })
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
    Place(reference): Place<RoomRef>,
    Asked(query): Asked<VersionQuery>,
) -> Answer<Json<BoardElements>> {
    Ok(Json(board_of(&app, &bearer, &reference, query).await?))
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
    Place(reference): Place<RoomRef>,
    Asked(query): Asked<VersionQuery>,
) -> Answer<([(HeaderName, &'static str); 2], String)> {
    let board = board_of(&app, &bearer, &reference, query).await?;
    let head =
        [(header::CONTENT_TYPE, "image/svg+xml"), (header::CONTENT_DISPOSITION, "attachment; filename=\"board.svg\"")];
    Ok((head, svg(&board.elements)))
}

/// List saved versions of the board.
///
/// The newest first.
#[utoipa::path(
    get,
    path = "/rooms/{room}/board/versions",
    tag = "board",
    operation_id = "board_versions",
    params(RoomPath),
    responses((status = 200, body = BoardVersions, description = "The versions"), (status = 429))
)]
pub(super) async fn versions(
    State(app): State<App>,
    Caller(bearer): Caller,
    Place(reference): Place<RoomRef>,
) -> Answer<Json<BoardVersions>> {
    let (room, _) = membership::permitted(&app, &bearer, &reference, Action::Read, Limited::Request).await?;
    let saved = &[EntryBody::SAVED];
    let entries = app.stores.logs.page_before(&room.room_id, LogName::Room, saved, None, VERSIONS).await?;
    Ok(Json(BoardVersions { versions: entries.iter().rev().filter_map(history::version).collect() }))
}
