//! Who calls by HTTP: the bearer of a valid access token.

use super::answer::Failure;
use crate::{
    app::App,
    auth::{Bearer, TokenError},
    net::Connection,
};
use axum::{
    extract::FromRequestParts,
    http::{header::AUTHORIZATION, request::Parts},
};
use std::sync::Arc;
use studyrooms_domain::Refusal;

/// The caller of a route that takes no one else.
pub(super) struct Caller(pub Bearer);

/// The caller of a route that takes anyone.
pub(super) struct MaybeCaller(pub Option<Bearer>);

fn bearer(parts: &Parts, app: &App) -> Result<Bearer, TokenError> {
    let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token =
        header.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let (_, token) = token.ok_or(TokenError::Invalid)?;
    let bearer = app.access_tokens.verify(token.trim(), app.system.clock.now())?;
    if let Some(connection) = parts.extensions.get::<Arc<Connection>>() {
        connection.set_known(true);
    }
    Ok(bearer)
}

impl FromRequestParts<App> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        Ok(Self(bearer(parts, app).map_err(Refusal::from)?))
    }
}

impl FromRequestParts<App> for MaybeCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        if !parts.headers.contains_key(AUTHORIZATION) {
            return Ok(Self(None));
        }
        Ok(Self(Some(bearer(parts, app).map_err(Refusal::from)?)))
    }
}
