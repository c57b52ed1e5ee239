//! A refusal as an HTTP answer: the one place where a code meets a status.

use axum::{
    Json,
    http::{StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use studyrooms_domain::Refusal;
use studyrooms_protocol::error::{ErrorBody, ErrorCode, ErrorInfo};

/// A handler's refusal.
pub(crate) struct Failure(pub Refusal);

pub(super) type Answer<T> = Result<T, Failure>;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<studyrooms_domain::store::StoreError> for Failure {
    fn from(error: studyrooms_domain::store::StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self(error.into())
    }
}

const fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
        ErrorCode::Unauthorized | ErrorCode::TokenExpired => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden
        | ErrorCode::NotInRoom
        | ErrorCode::RoomLocked
        | ErrorCode::Banned
        | ErrorCode::WaitingForAdmission => StatusCode::FORBIDDEN,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::Conflict | ErrorCode::RoomFull => StatusCode::CONFLICT,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let error = ErrorInfo::from(self.0);
        let wait = error.retry_after_ms.map(|ms| [(RETRY_AFTER, ms.div_ceil(1000).to_string())]);
        (status(error.code), wait, Json(ErrorBody { error })).into_response()
    }
}

pub(super) async fn method_not_allowed() -> Response {
    let error = ErrorInfo::new(ErrorCode::BadRequest, "this route does not take that method");
    (StatusCode::METHOD_NOT_ALLOWED, Json(ErrorBody { error })).into_response()
}
