//! Pictures of people: signed here, uploaded where files are (SPEC 7).

use super::{
    address::ClientAddress,
    answer::Answer,
    caller::Caller,
    files::{Redirect, absolute, redirect},
    payload::{AvatarPath, PathParams, Payload},
};
use crate::{app::App, membership};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use studyrooms_domain::{
    Refusal,
    avatars::{self, Avatar, Slot},
    files::{Grant, LINK_FOR, SIGNED_FOR, Showing, content_disposition, no_file},
    limits::{self, Limited},
};
use studyrooms_protocol::{
    auth::{AvatarFacts, AvatarUrl, UserProfile},
    error::ErrorCode,
    files::SignedRequest,
    ids::UserId,
};

/// Browsers ask again while the signature of the last answer still holds.
const KEPT_SECONDS: u64 = LINK_FOR.as_secs() - 60;

/// Ask where to upload a picture of oneself.
///
/// For accounts. What is signed takes this size and this type and nothing else; `PUT` shows it.
#[utoipa::path(
    post,
    path = "/me/avatar",
    tag = "people",
    operation_id = "avatar_ask",
    request_body = AvatarFacts,
    responses((status = 201, body = AvatarUrl, description = "Where to"), (status = 429))
)]
pub(super) async fn ask(
    State(app): State<App>,
    Caller(bearer): Caller,
    headers: HeaderMap,
    Payload(facts): Payload<AvatarFacts>,
) -> Answer<(StatusCode, Json<AvatarUrl>)> {
    limits::take(&*app.limits, Limited::Share, bearer.user_id.as_str()).await?;
    let user = membership::user(&app, &bearer).await?;
    avatars::permitted(&user, &facts)?;
    let (key, AvatarFacts { size, mime_type }) = (avatars::key(&user.user_id, avatars::free_slot(&user)), &facts);
    // What was uploaded before and never shown would be in the way.
    app.objects.remove(&key).await?;
    let grant = Grant { key: &key, size: *size, mime_type, valid_for: SIGNED_FOR };
    let signed = app.objects.sign_put(grant).await?;
    let answer = AvatarUrl {
        request: SignedRequest { url: absolute(&app, &headers, signed.url.clone()), ..signed },
        expires_at: app.system.clock.now() + SIGNED_FOR.as_secs() * 1000,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Show the picture of oneself that was uploaded.
///
/// In place of the one before. Rooms one is in see it when one joins again.
#[utoipa::path(
    put,
    path = "/me/avatar",
    tag = "people",
    operation_id = "avatar_set",
    request_body = AvatarFacts,
    responses((status = 200, body = UserProfile, description = "As it is now"), (status = 409), (status = 429))
)]
pub(super) async fn set(
    State(app): State<App>,
    Caller(bearer): Caller,
    Payload(facts): Payload<AvatarFacts>,
) -> Answer<Json<UserProfile>> {
    limits::take(&*app.limits, Limited::Share, bearer.user_id.as_str()).await?;
    let mut user = membership::user(&app, &bearer).await?;
    avatars::permitted(&user, &facts)?;
    let slot = avatars::free_slot(&user);
    avatars::agrees(&facts, app.objects.head(&avatars::key(&user.user_id, slot)).await?.as_ref())?;
    let avatar = Avatar::new(facts, slot, &*app.system.random);
    let before = user.avatar.replace(avatar);
    if !app.stores.users.set_avatar(&user.user_id, user.avatar.clone()).await? {
        return Err(Refusal::new(ErrorCode::Unauthorized, "no such person any more").into());
    }
    if let Some(before) = before
        && let Err(error) = app.objects.remove(&avatars::key(&user.user_id, before.slot)).await
    {
        tracing::warn!(%error, "a picture that is not shown any more goes when the next one comes");
    }
    Ok(Json(user.profile()))
}

/// Take the picture of oneself away.
#[utoipa::path(
    delete,
    path = "/me/avatar",
    tag = "people",
    operation_id = "avatar_remove",
    responses((status = 204, description = "It is gone"), (status = 429))
)]
pub(super) async fn remove(State(app): State<App>, Caller(bearer): Caller) -> Answer<StatusCode> {
    limits::take(&*app.limits, Limited::Share, bearer.user_id.as_str()).await?;
    app.stores.users.set_avatar(&bearer.user_id, None).await?;
    for slot in [Slot::A, Slot::B] {
        app.objects.remove(&avatars::key(&bearer.user_id, slot)).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Get a picture of a person.
///
/// For everyone who was told its address, which no one guesses: to where it is kept, by an address that works for five minutes.
#[utoipa::path(
    get,
    path = "/avatars/{user}/{version}",
    tag = "people",
    operation_id = "avatar_get",
    params(AvatarPath),
    security(()),
    responses((status = 302, description = "It is there", headers(("location" = String))), (status = 429))
)]
pub(super) async fn get(
    State(app): State<App>,
    address: ClientAddress,
    PathParams((user_id, version)): PathParams<(UserId, String)>,
) -> Answer<Redirect> {
    limits::take(&*app.limits, Limited::Picture, &address.to_string()).await?;
    let user = app.stores.users.lookup(&user_id).await?;
    let avatar = user.and_then(|user| user.avatar).filter(|avatar| avatar.version == version);
    let Avatar { mime_type, slot, .. } = avatar.ok_or_else(no_file)?;
    let disposition = content_disposition(true, "picture");
    let showing = Showing { mime_type: &mime_type, disposition: &disposition, valid_for: LINK_FOR };
    let to = app.objects.sign_get(&avatars::key(&user_id, slot), showing).await?;
    Ok(redirect(to, &format!("private, max-age={KEPT_SECONDS}")))
}
