//! One's own profile (docs/PROTOCOL.md).

use super::{answer::Answer, caller::Caller, payload::Payload};
use crate::{app::App, membership};
use axum::{Json, extract::State};
use studyrooms_domain::{
    Refusal,
    auth::valid_name,
    limits::{self, Limited},
    stats::time_zone,
};
use studyrooms_protocol::{
    auth::{PatchProfile, UserProfile},
    error::ErrorCode,
};

/// See who one is.
#[utoipa::path(
    get,
    path = "/me",
    tag = "people",
    operation_id = "me_show",
    responses((status = 200, body = UserProfile, description = "The caller"))
)]
pub(super) async fn show(State(app): State<App>, Caller(bearer): Caller) -> Answer<Json<UserProfile>> {
    Ok(Json(membership::user(&app, &bearer).await?.profile()))
}

/// Change one's profile.
///
/// What is absent stays. Rooms one is in see a new name when one joins again.
#[utoipa::path(
    patch,
    path = "/me",
    tag = "people",
    operation_id = "me_change",
    request_body = PatchProfile,
    responses((status = 200, body = UserProfile, description = "As it is now"), (status = 404), (status = 429))
)]
pub(super) async fn change(
    State(app): State<App>,
    Caller(bearer): Caller,
    Payload(patch): Payload<PatchProfile>,
) -> Answer<Json<UserProfile>> {
    limits::take(&*app.limits, Limited::Request, bearer.user_id.as_str()).await?;
    let mut user = membership::user(&app, &bearer).await?;
    if let Some(name) = patch.name {
        user.name = valid_name("name", &name)?;
    }
    if let Some(zone) = patch.time_zone {
        time_zone(&zone)?;
        user.time_zone = Some(zone);
    }
    let profile = user.profile();
    if !app.stores.users.update(user).await? {
        return Err(Refusal::new(ErrorCode::NotFound, "no such person").into());
    }
    Ok(Json(profile))
}
