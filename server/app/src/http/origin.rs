//! Which web pages may use the server: its own, and those of `CORS_ORIGINS`. Programs that are no
//! browsers send no `Origin` and pass.

use super::answer::Failure;
use crate::app::App;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::time::Duration;
use studyrooms_domain::Refusal;
use tower_http::cors::{AllowOrigin, CorsLayer};
use url::Url;

/// Refuses what a page of another origin asks for.
pub(super) async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let guarded = ["/api", "/socket.io"].iter().any(|prefix| request.uri().path().starts_with(prefix));
    if guarded && !is_allowed(&app, request.headers()) {
        return Failure(Refusal::forbidden("this web origin may not use the server; see CORS_ORIGINS")).into_response();
    }
    next.run(request).await
}

fn is_allowed(app: &App, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Some(origin) = origin.to_str().ok().and_then(|text| Url::parse(text).ok()) else { return false };
    let same = |url: &Url| url.origin() == origin.origin();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let own = host.is_some_and(|host| host == origin.authority());
    own || app.public_url.as_ref().is_some_and(same) || app.cors_origins.iter().any(same)
}

/// Tells browsers that the pages of `origins` may.
pub(super) fn cors(origins: &[Url]) -> CorsLayer {
    let origins: Vec<HeaderValue> =
        origins.iter().filter_map(|url| url.origin().ascii_serialization().parse().ok()).collect();
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE, Method::PUT])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_NONE_MATCH, header::RANGE])
        .max_age(Duration::from_secs(3600))
}
