//! Uploads by HTTP: what may come in is signed here, and comes in elsewhere (SPEC 7).

use super::{
    answer::Answer,
    caller::Caller,
    files::absolute,
    payload::{PathParams, Payload, UploadPath},
};
use crate::{app::App, auth::Bearer, files::remove_objects, membership};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use studyrooms_domain::{
    Refusal,
    access::Action,
    files::{self, Grant, SIGNED_FOR, Upload},
    limits::{self, Limited},
    store::Stored,
};
use studyrooms_protocol::{
    Timestamp,
    error::ErrorCode,
    files::{AskParts, AskUpload, PartUrls, SignedPart, SignedRequest, UploadState, UploadUrl},
    ids::RoomRef,
};

/// When what is signed now ends.
fn signed_until(app: &App) -> Timestamp {
    app.system.clock.now() + SIGNED_FOR.as_secs() * 1000
}

fn reachable(app: &App, headers: &HeaderMap, request: SignedRequest) -> SignedRequest {
    SignedRequest { url: absolute(app, headers, request.url), ..request }
}

/// Ask where to upload a file.
///
/// Any member of the room. What is signed takes this size and this type and nothing else; what is uploaded is shown by `file:uploadMeta`, and taken away after a day without it.
#[utoipa::path(
    post,
    path = "/upload-url",
    tag = "files",
    operation_id = "uploads_ask",
    request_body = AskUpload,
    responses((status = 201, body = UploadUrl, description = "Where to"), (status = 404), (status = 429))
)]
pub(super) async fn ask(
    State(app): State<App>,
    Caller(bearer): Caller,
    headers: HeaderMap,
    Payload(ask): Payload<AskUpload>,
) -> Answer<(StatusCode, Json<UploadUrl>)> {
    let room = ask.room_id.clone();
    let in_parts = ask.in_parts == Some(true);
    let (room, _) = membership::permitted(&app, &bearer, &room, Action::Share, Limited::Share).await?;
    let (now, random) = (app.system.clock.now(), &*app.system.random);
    let mut upload = files::new_upload(ask, room.room_id, bearer.user_id, app.quotas, now, random)?;
    if !app.objects.has_room(upload.size).await? {
        return Err(Refusal::new(ErrorCode::Unavailable, "size: the server's disk has no room for it").into());
    }
    if in_parts {
        upload.multipart = Some(app.objects.begin_parts(&upload.key, &upload.mime_type).await?);
    }
    keep(&app, &upload).await?;
    let answer = UploadUrl {
        request: reachable(&app, &headers, sign(&app, &upload.key, upload.size, &upload.mime_type).await?),
        file_url: files::file_url(&upload.upload_id),
        expires_at: signed_until(&app),
        parts: in_parts.then(|| files::plan(upload.size)),
        thumbnail: match &upload.thumbnail {
            Some(thumbnail) => {
                let signed = sign(&app, &upload.thumbnail_key(), thumbnail.size, &thumbnail.mime_type).await?;
                Some(reachable(&app, &headers, signed))
            }
            None => None,
        },
        upload_id: upload.upload_id,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Keeps an upload, if there is room for it. It is counted before it is judged: of many at once, none
/// slips through.
async fn keep(app: &App, upload: &Upload) -> Result<(), Refusal> {
    let uploads = &app.stores.uploads;
    uploads.add(upload.clone()).await?;
    let used = uploads.used(&upload.room_id, &upload.user_id).await?;
    if let Err(refusal) = files::within(used, app.quotas) {
        uploads.doom(&upload.upload_id).await?;
        remove_or_leave(app, upload).await;
        return Err(refusal);
    }
    Ok(())
}

/// Deletes the objects of a doomed upload now, if that succeeds.
async fn remove_or_leave(app: &App, upload: &Upload) {
    if let Err(error) = remove_objects(&*app.objects, upload).await {
        tracing::warn!(%error, "an upload's object is left to the next sweep");
    }
}

async fn sign(app: &App, key: &str, size: u64, mime_type: &str) -> Stored<SignedRequest> {
    app.objects.sign_put(Grant { key, size, mime_type, valid_for: SIGNED_FOR }).await
}

/// An upload of the caller's that is not announced yet, in a room where they may still share.
async fn own(app: &App, bearer: &Bearer, upload_id: &str) -> Result<Upload, Refusal> {
    limits::take(&*app.limits, Limited::Request, bearer.user_id.as_str()).await?;
    let none = || Refusal::new(ErrorCode::NotFound, "no such upload");
    let found = app.stores.uploads.lookup(upload_id).await?;
    let is_own = |upload: &Upload| upload.user_id == bearer.user_id && upload.announced_at.is_none();
    let upload = found.filter(is_own).ok_or_else(none)?;
    membership::judged(app, bearer, &RoomRef(upload.room_id.0.clone()), Action::Share).await?;
    Ok(upload)
}

/// See how far an upload is.
///
/// For who began it, until it is announced.
#[utoipa::path(
    get,
    path = "/uploads/{upload}",
    tag = "files",
    operation_id = "uploads_state",
    params(UploadPath),
    responses((status = 200, body = UploadState, description = "So far"), (status = 429))
)]
pub(super) async fn state(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(upload_id): PathParams<String>,
) -> Answer<Json<UploadState>> {
    let upload = own(&app, &bearer, &upload_id).await?;
    let found = app.objects.head(&upload.key).await?;
    let complete = files::agrees(&upload, found.as_ref()).is_ok();
    let parts = match &upload.multipart {
        Some(multipart) if !complete => app.objects.parts(&upload.key, multipart).await?.unwrap_or_default(),
        _ => vec![],
    };
    Ok(Json(UploadState {
        file_url: files::file_url(&upload.upload_id),
        parts: upload.multipart.is_some().then(|| files::plan(upload.size)),
        stored: files::whole_parts(upload.size, &parts),
        complete,
        upload_id: upload.upload_id,
        name: upload.name,
        size: upload.size,
        mime_type: upload.mime_type,
    }))
}

/// Ask where to upload parts.
///
/// Of an upload that was asked for with `inParts`.
#[utoipa::path(
    post,
    path = "/uploads/{upload}/parts",
    tag = "files",
    operation_id = "uploads_parts",
    params(UploadPath), request_body = AskParts,
    responses((status = 200, body = PartUrls, description = "Where to"), (status = 409), (status = 429))
)]
pub(super) async fn parts(
    State(app): State<App>,
    Caller(bearer): Caller,
    headers: HeaderMap,
    PathParams(upload_id): PathParams<String>,
    Payload(ask): Payload<AskParts>,
) -> Answer<Json<PartUrls>> {
    let upload = own(&app, &bearer, &upload_id).await?;
    let multipart = multipart(&upload)?;
    let mut parts = vec![];
    for (number, size) in files::valid_parts(upload.size, &ask.numbers)? {
        let grant = Grant { key: &upload.key, size, mime_type: &upload.mime_type, valid_for: SIGNED_FOR };
        let request = app.objects.sign_part(multipart, number, grant).await?;
        parts.push(SignedPart { number, size, request: reachable(&app, &headers, request) });
    }
    Ok(Json(PartUrls { parts, expires_at: signed_until(&app) }))
}

fn multipart(upload: &Upload) -> Result<&str, Refusal> {
    let at_once = || Refusal::new(ErrorCode::Conflict, "the upload comes at once, not in parts");
    upload.multipart.as_deref().ok_or_else(at_once)
}

/// Put the parts together.
///
/// When all of them are there. Again is no failure.
#[utoipa::path(
    post,
    path = "/uploads/{upload}/complete",
    tag = "files",
    operation_id = "uploads_complete",
    params(UploadPath),
    responses((status = 204, description = "It is whole"), (status = 409), (status = 429))
)]
pub(super) async fn complete(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(upload_id): PathParams<String>,
) -> Answer<StatusCode> {
    let upload = own(&app, &bearer, &upload_id).await?;
    let multipart = multipart(&upload)?;
    if files::agrees(&upload, app.objects.head(&upload.key).await?.as_ref()).is_err() {
        let parts = app.objects.parts(&upload.key, multipart).await?.unwrap_or_default();
        files::all_there(upload.size, &parts)?;
        app.objects.complete(&upload.key, multipart, &parts).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Give an upload up.
///
/// What came of it is taken away.
#[utoipa::path(
    delete,
    path = "/uploads/{upload}",
    tag = "files",
    operation_id = "uploads_cancel",
    params(UploadPath),
    responses((status = 204, description = "It is gone"), (status = 429))
)]
pub(super) async fn cancel(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(upload_id): PathParams<String>,
) -> Answer<StatusCode> {
    let upload = own(&app, &bearer, &upload_id).await?;
    app.stores.uploads.doom(&upload.upload_id).await?;
    remove_or_leave(&app, &upload).await;
    Ok(StatusCode::NO_CONTENT)
}
