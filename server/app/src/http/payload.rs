//! What comes in by HTTP: bodies and queries, with errors that name the field.

use super::answer::Failure;
use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest, FromRequestParts, Path, Query, Request, path::ErrorKind, rejection::PathRejection},
    http::request::Parts,
};
use serde::de::DeserializeOwned;
use studyrooms_domain::Refusal;
use studyrooms_protocol::{
    error::ErrorCode,
    events::parse_payload,
    ids::{RoomRef, TaskId, UserId, VersionId},
};
use utoipa::IntoParams;

/// Bytes of a body, at most, as of most events: no route takes more than a message or a list of a hundred numbers.
const BODY_BYTES: usize = 32 << 10;

/// A JSON body.
pub(super) struct Payload<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Payload<T> {
    type Rejection = Failure;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Failure> {
        Ok(Self(parsed(&body_text(request).await?)?))
    }
}

async fn body_text(request: Request<Body>) -> Result<String, Refusal> {
    let bytes = to_bytes(request.into_body(), BODY_BYTES)
        .await
        .map_err(|_| Refusal::too_large("body", format_args!("{} KiB", BODY_BYTES >> 10)))?;
    String::from_utf8(bytes.into()).map_err(|_| Refusal::field("body", "not UTF-8"))
}

fn parsed<T: DeserializeOwned>(text: &str) -> Result<T, Refusal> {
    parse_payload(text).map_err(|malformed| Refusal::new(ErrorCode::BadRequest, malformed.0))
}

/// A JSON body that may be left out: then everything in it is absent.
pub(super) struct MaybePayload<T>(pub T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequest<S> for MaybePayload<T> {
    type Rejection = Failure;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Failure> {
        let text = body_text(request).await?;
        Ok(Self(if text.trim().is_empty() { T::default() } else { parsed(&text)? }))
    }
}

/// The query of the address.
pub(super) struct QueryParams<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryParams<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let query = Query::from_request_parts(parts, state).await;
        let Query(params) = query.map_err(|rejection| Refusal::new(ErrorCode::BadRequest, cause(&rejection)))?;
        Ok(Self(params))
    }
}

/// The words of the innermost error, which name the field and nothing of how it was read.
fn cause(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), cause)
}

/// The ids in the path of the address.
pub(super) struct PathParams<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for PathParams<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(params)) => Ok(Self(params)),
            Err(PathRejection::FailedToDeserializePathParams(error)) => Err(Failure(match error.into_kind() {
                ErrorKind::InvalidUtf8InPathParam { key } => Refusal::field(&key, "not UTF-8"),
                other => Refusal::new(ErrorCode::BadRequest, other.to_string()),
            })),
            Err(other) => Err(Failure(Refusal::new(ErrorCode::Internal, other.body_text()))),
        }
    }
}

/// The room in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
pub(super) struct RoomPath {
    /// The room's id or code.
    room: RoomRef,
}

/// The room and the task in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
pub(super) struct TaskPath {
    /// The room's id or code.
    room: RoomRef,
    /// The task.
    task: TaskId,
}

/// The room and the saved version in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
pub(super) struct VersionPath {
    /// The room's id or code.
    room: RoomRef,
    /// The version.
    version: VersionId,
}

/// The file in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
pub(super) struct FilePath {
    /// Its upload.
    file: String,
}

/// The picture in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
pub(super) struct AvatarPath {
    /// Whose.
    user: UserId,
    /// Which of theirs.
    version: String,
}

/// The upload in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
pub(super) struct UploadPath {
    /// As `POST /api/upload-url` gave it.
    upload: String,
}

/// The identity provider in the path.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "only described")]
pub(super) struct ProviderPath {
    /// The id of a provider, as `GET /api/auth/providers` lists it.
    site: String,
}
