//! What comes in by HTTP: bodies and queries, with errors that name the field.

use super::answer::Failure;
use axum::{
    body::{Body, to_bytes},
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::request::Parts,
};
use serde::de::DeserializeOwned;
use studyrooms_domain::Refusal;
use studyrooms_protocol::{error::ErrorCode, events::parse_payload};

/// Bytes of a body, at most.
const BODY_BYTES: usize = 256 << 10;

/// A JSON body.
pub(super) struct Payload<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Payload<T> {
    type Rejection = Failure;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Failure> {
        let bytes = to_bytes(request.into_body(), BODY_BYTES)
            .await
            .map_err(|_| Refusal::too_large("body", format_args!("{BODY_BYTES} bytes")))?;
        let bad = |message: String| Refusal::new(ErrorCode::BadRequest, message);
        let text = std::str::from_utf8(&bytes).map_err(|_| bad("body: not UTF-8".into()))?;
        Ok(Self(parse_payload(text).map_err(|malformed| bad(malformed.0))?))
    }
}

/// The query of the address.
pub(super) struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let query = Query::from_request_parts(parts, state).await;
        let Query(asked) = query.map_err(|rejection| Refusal::new(ErrorCode::BadRequest, rejection.body_text()))?;
        Ok(Self(asked))
    }
}
