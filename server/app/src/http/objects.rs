//! The object store of this program, where it has one: mounted under the name of its bucket.

use crate::app::App;
use axum::{
    body::Body,
    extract::{Request, State},
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// Answers requests for objects; made where the engines are named.
pub type ObjectEndpoint = Arc<dyn Fn(Request<Body>) -> BoxFuture<'static, Response> + Send + Sync>;

/// What paths of objects begin with.
pub(super) const PREFIX: &str = "/objects/";

/// Uploads and downloads by signed addresses. Nothing else is to be had from outside.
pub(super) async fn answer(State(app): State<App>, request: Request) -> Response {
    let Some(endpoint) = &app.object_endpoint else { return StatusCode::NOT_FOUND.into_response() };
    if ![Method::GET, Method::HEAD, Method::PUT].contains(request.method()) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    endpoint(request).await
}
