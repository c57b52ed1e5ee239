//! HTTP: the REST contract (DESIGN 6), the client's files, health, and what every answer bears.

mod answer;
mod auth;
mod call;
mod caller;
mod chat;
mod client;
mod health;
mod origin;
mod payload;
mod rooms;
mod security;

use crate::{app::App, socket};
use axum::{
    Router, middleware,
    routing::{get, post},
};
use socketioxide::SocketIo;
use std::{any::Any, time::Duration};
use studyrooms_domain::Refusal;
use studyrooms_protocol::error::ErrorCode;
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer, trace::TraceLayer};

/// How long a REST request may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// Everything the server answers to, and the handle to end the sockets.
pub(crate) fn router(app: App) -> (Router, SocketIo) {
    let (sockets, io) = socket::layer(app.clone());
    let router = Router::new()
        .nest("/api", api())
        .route("/health", get(health::alive))
        .route("/ready", get(health::ready))
        .fallback(get(client::file))
        .with_state(app.clone())
        .layer(sockets)
        .layer(middleware::from_fn_with_state(app.clone(), origin::check))
        .layer(origin::cors(&app.cors_origins))
        .layer(middleware::from_fn_with_state(app, security::headers))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TraceLayer::new_for_http());
    (router, io)
}

fn api() -> Router<App> {
    Router::new()
        .route("/auth/signup", post(auth::signup))
        .route("/auth/login", post(auth::login))
        .route("/auth/guest", post(auth::guest))
        .route("/auth/refresh", post(auth::refresh))
        .route("/auth/logout", post(auth::logout))
        .route("/me", get(auth::me))
        .route("/rooms", get(rooms::mine).post(rooms::create))
        .route("/rooms/{room}", get(rooms::preview))
        .route("/rooms/{room}/join", post(rooms::join))
        .route("/rooms/{room}/leave", post(rooms::leave))
        .route("/rooms/{room}/messages", get(chat::page).post(chat::post))
        .route("/ice-servers", get(call::ice_servers))
        .fallback(async || answer::Failure(Refusal::new(ErrorCode::NotFound, "no such route")))
        .method_not_allowed_fallback(answer::method_not_allowed)
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, ANSWER_WITHIN))
}

fn panicked(cause: Box<dyn Any + Send>) -> axum::response::Response {
    let cause = cause.downcast_ref::<&str>().map_or("no message", |text| text);
    tracing::error!(cause, "a handler panicked");
    axum::response::IntoResponse::into_response(answer::Failure(Refusal::new(
        ErrorCode::Internal,
        "a fault of the server",
    )))
}
