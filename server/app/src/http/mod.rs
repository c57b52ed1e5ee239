//! HTTP: the REST contract (docs/PROTOCOL.md), the client's files, health, and what every answer bears.

mod address;
mod answer;
mod auth;
mod avatars;
mod board;
mod call;
mod caller;
mod chat;
mod client;
mod control;
mod files;
mod health;
mod objects;
mod oidc;
mod openapi;
mod origin;
mod pages;
mod payload;
mod profile;
mod rooms;
mod security;
mod stats;
mod summaries;
mod tasks;
mod timer;
mod uploads;

pub(crate) use address::{ClientAddress, hashed};
pub(crate) use answer::Failure;
pub use health::{Health, health_router};
pub use objects::ObjectEndpoint;
pub use openapi::document;

use crate::{app::App, socket};
use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use std::{any::Any, time::Duration};
use studyrooms_domain::{Refusal, store::StoreError};
use studyrooms_protocol::error::ErrorCode;
use tokio::time::timeout;
use tower_http::{catch_panic::CatchPanicLayer, trace::TraceLayer};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// How long a REST request may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// Everything the server answers to.
///
/// # Errors
/// The channels of the other instances cannot be subscribed to.
pub(crate) async fn router(app: App) -> Result<Router, StoreError> {
    let router = Router::from(documented())
        .method_not_allowed_fallback(answer::method_not_allowed)
        .route("/objects/{*key}", any(objects::answer))
        .fallback(get(client::file))
        .with_state(app.clone());
    let router = socket::serve(router, &app)
        .await?
        .layer(middleware::from_fn_with_state(app.clone(), origin::check))
        .layer(origin::cors(&app.cors_origins))
        .layer(middleware::from_fn_with_state(app, security::headers))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TraceLayer::new_for_http().make_span_with(|request: &Request| {
            // Without the query: it may hold a session's id or a code that signs someone in.
            tracing::debug_span!("request", method = %request.method(), path = %request.uri().path())
        }));
    Ok(router)
}

/// Every route with what the OpenAPI document says of it; `routes!` takes none without.
fn documented() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(openapi::Base::openapi())
        .nest("/api", api())
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
}

fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(auth::signup))
        .routes(routes!(auth::login))
        .routes(routes!(auth::guest))
        .routes(routes!(auth::refresh))
        .routes(routes!(auth::refresh_guest))
        .routes(routes!(auth::logout))
        .routes(routes!(oidc::providers))
        .routes(routes!(oidc::authorize))
        .routes(routes!(oidc::callback))
        .routes(routes!(profile::show, profile::change))
        .routes(routes!(avatars::ask, avatars::set, avatars::remove))
        .routes(routes!(avatars::get))
        .routes(routes!(stats::own))
        .routes(routes!(rooms::mine, rooms::create))
        .routes(routes!(rooms::preview, rooms::change, rooms::remove))
        .routes(routes!(rooms::join))
        .routes(routes!(rooms::leave))
        .routes(routes!(rooms::members))
        .routes(routes!(rooms::direct))
        .routes(routes!(chat::page, chat::post))
        .routes(routes!(chat::search))
        .routes(routes!(tasks::list, tasks::create))
        .routes(routes!(tasks::update, tasks::delete))
        .routes(routes!(timer::start))
        .routes(routes!(timer::pause))
        .routes(routes!(timer::resume))
        .routes(routes!(timer::skip))
        .routes(routes!(timer::stop))
        .routes(routes!(uploads::ask))
        .routes(routes!(uploads::state, uploads::cancel))
        .routes(routes!(uploads::parts))
        .routes(routes!(uploads::complete))
        .routes(routes!(files::list))
        .routes(routes!(files::get, files::delete))
        .routes(routes!(files::thumbnail))
        .routes(routes!(files::links))
        .routes(routes!(board::elements))
        .routes(routes!(board::picture))
        .routes(routes!(board::versions))
        .routes(routes!(board::version_picture))
        .routes(routes!(control::bans))
        .routes(routes!(control::audit))
        .routes(routes!(stats::of_room))
        .routes(routes!(summaries::of_room))
        .routes(routes!(control::export))
        .routes(routes!(call::ice_servers))
        .routes(routes!(openapi::read))
        .fallback(async || answer::Failure(Refusal::new(ErrorCode::NotFound, "no such route")))
        .layer(middleware::from_fn(in_time))
}

/// Answers by itself when a handler takes too long.
async fn in_time(request: Request, next: Next) -> Response {
    let late = || Refusal::new(ErrorCode::Unavailable, "the server took too long; try again");
    timeout(ANSWER_WITHIN, next.run(request)).await.unwrap_or_else(|_| answer::Failure(late()).into_response())
}

fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let cause = cause.downcast_ref::<&str>().map_or("no message", |text| text);
    tracing::error!(cause, "a handler panicked");
    answer::Failure(Refusal::new(ErrorCode::Internal, "a fault of the server")).into_response()
}
