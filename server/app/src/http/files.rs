//! Files by HTTP: what is shared, and addresses to get it from (SPEC 7).

use super::{
    answer::Answer,
    caller::Caller,
    payload::{FilePath, PathParams, RoomPath},
    rooms::base,
};
use crate::{app::App, auth::Bearer, membership, room::Request};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode, header},
};
use studyrooms_domain::{
    Refusal,
    access::Action,
    files::{self, LINK_FOR, Showing, Upload},
    limits::Limited,
};
use studyrooms_protocol::{
    error::ErrorCode,
    files::{FileLinks, FileList},
    ids::RoomRef,
};

/// Whether one may see it is asked each time.
const NOT_KEPT: &str = "no-store";

/// An address as programs can use it: what is a path goes to this server.
pub(super) fn absolute(app: &App, headers: &HeaderMap, address: String) -> String {
    if address.starts_with('/') { base(app, headers) + &address } else { address }
}

/// A file that was shared in a room of the caller's. Others learn nothing of it.
async fn shared(app: &App, bearer: &Bearer, upload_id: &str, limited: Limited) -> Result<Upload, Refusal> {
    studyrooms_domain::limits::take(&*app.limits, limited, bearer.user_id.as_str()).await?;
    let found = app.stores.uploads.lookup(upload_id).await?;
    let upload = found.filter(|upload| upload.announced_at.is_some()).ok_or_else(files::no_file)?;
    let reference = RoomRef(upload.room_id.0.clone());
    match membership::judged(app, bearer, &reference, Action::Read).await {
        Ok(_) => {}
        Err(refusal) if refusal.code == ErrorCode::NotFound => return Err(files::no_file()),
        Err(refusal) => return Err(refusal),
    }
    Ok(upload)
}

async fn link(app: &App, key: &str, mime_type: &str, disposition: &str) -> Result<String, Refusal> {
    Ok(app.objects.sign_get(key, Showing { mime_type, disposition, valid_for: LINK_FOR }).await?)
}

/// To keep, whatever it is.
async fn download(app: &App, upload: &Upload) -> Result<String, Refusal> {
    // What is never shown needs no type that something might be done with.
    let mime_type = if files::shows_inline(&upload.mime_type) { &upload.mime_type } else { "application/octet-stream" };
    link(app, &upload.key, mime_type, &files::content_disposition(false, &upload.name)).await
}

async fn thumbnail_link(app: &App, upload: &Upload) -> Result<Option<String>, Refusal> {
    let Some(thumbnail) = &upload.thumbnail else { return Ok(None) };
    let disposition = files::content_disposition(true, "thumbnail");
    link(app, &upload.thumbnail_key(), &thumbnail.mime_type, &disposition).await.map(Some)
}

pub(super) type Redirect = (StatusCode, [(HeaderName, String); 2]);

/// There, for as long as `caching` says (RFC 9111).
pub(super) fn redirect(to: String, caching: &str) -> Redirect {
    (StatusCode::FOUND, [(header::LOCATION, to), (header::CACHE_CONTROL, caching.into())])
}

/// List what is shared.
///
/// The newest first.
#[utoipa::path(
    get,
    path = "/rooms/{room}/files",
    tag = "files",
    operation_id = "files_list",
    params(RoomPath),
    responses((status = 200, body = FileList, description = "The files"), (status = 429))
)]
pub(super) async fn list(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
) -> Answer<Json<FileList>> {
    let (room_id, actor) = membership::acting(&app, &bearer, &reference, Limited::Request).await?;
    Ok(Json(app.live_rooms.ask(&room_id, actor, |reply| Request::Files((), reply)).await?))
}

/// Get a file.
///
/// For members of its room: to an address that works for five minutes, from where it is kept and never shown in place.
#[utoipa::path(
    get,
    path = "/files/{file}",
    tag = "files",
    operation_id = "files_get",
    params(FilePath),
    responses((status = 302, description = "It is there", headers(("location" = String))), (status = 429))
)]
pub(super) async fn get(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(upload_id): PathParams<String>,
) -> Answer<Redirect> {
    let upload = shared(&app, &bearer, &upload_id, Limited::Request).await?;
    Ok(redirect(download(&app, &upload).await?, NOT_KEPT))
}

/// Get the small picture of a file.
///
/// As the file itself.
#[utoipa::path(
    get,
    path = "/files/{file}/thumbnail",
    tag = "files",
    operation_id = "files_thumbnail",
    params(FilePath),
    responses((status = 302, description = "It is there", headers(("location" = String))), (status = 429))
)]
pub(super) async fn thumbnail(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(upload_id): PathParams<String>,
) -> Answer<Redirect> {
    let upload = shared(&app, &bearer, &upload_id, Limited::Request).await?;
    let to = thumbnail_link(&app, &upload).await?.ok_or_else(files::no_file)?;
    Ok(redirect(to, NOT_KEPT))
}

/// Get addresses of a file.
///
/// They work for five minutes and need no token: to keep it, to show it where it may be shown, and of its small picture.
#[utoipa::path(
    get,
    path = "/files/{file}/links",
    tag = "files",
    operation_id = "files_links",
    params(FilePath),
    responses((status = 200, body = FileLinks, description = "The addresses"), (status = 429))
)]
pub(super) async fn links(
    State(app): State<App>,
    Caller(bearer): Caller,
    headers: HeaderMap,
    PathParams(upload_id): PathParams<String>,
) -> Answer<Json<FileLinks>> {
    let upload = shared(&app, &bearer, &upload_id, Limited::Request).await?;
    let whole = |address| absolute(&app, &headers, address);
    let inline = if files::shows_inline(&upload.mime_type) {
        let disposition = files::content_disposition(true, &upload.name);
        Some(whole(link(&app, &upload.key, &upload.mime_type, &disposition).await?))
    } else {
        None
    };
    Ok(Json(FileLinks {
        download: whole(download(&app, &upload).await?),
        inline,
        thumbnail: thumbnail_link(&app, &upload).await?.map(whole),
        expires_at: app.system.clock.now() + LINK_FOR.as_secs() * 1000,
    }))
}

/// Take a file away.
///
/// Its author or a moderator. Its bytes go too, and messages keep no more than its name.
#[utoipa::path(
    delete,
    path = "/files/{file}",
    tag = "files",
    operation_id = "files_delete",
    params(FilePath),
    responses((status = 204, description = "It is gone"), (status = 429))
)]
pub(super) async fn delete(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(upload_id): PathParams<String>,
) -> Answer<StatusCode> {
    let upload = shared(&app, &bearer, &upload_id, Limited::Share).await?;
    let reference = RoomRef(upload.room_id.0);
    let (room_id, actor) = membership::acting(&app, &bearer, &reference, Limited::Request).await?;
    app.live_rooms.ask(&room_id, actor, |reply| Request::Unshare(upload_id, reply)).await?;
    Ok(StatusCode::NO_CONTENT)
}
