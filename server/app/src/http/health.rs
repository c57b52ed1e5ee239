//! Whether the server lives, and whether it can do its work.

use crate::app::App;
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use std::collections::BTreeMap;
use studyrooms_domain::{log::LogName, store::Stored};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`.
    status: &'static str,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Readiness {
    /// Whether all parts are.
    ready: bool,
    /// `ok` or `unavailable`, by the part's name.
    parts: BTreeMap<&'static str, &'static str>,
}

/// Is the process alive.
#[utoipa::path(
    get,
    path = "/health",
    tag = "health",
    operation_id = "health_alive",
    security(()),
    responses((status = 200, body = Health, description = "It is"))
)]
pub(super) async fn alive() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Can it do its work.
///
/// Each part by name.
#[utoipa::path(
    get,
    path = "/ready",
    tag = "health",
    operation_id = "health_ready",
    security(()),
    responses((status = 200, body = Readiness, description = "It can"), (status = 503, body = Readiness, description = "A part is out of reach"))
)]
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, Json<Readiness>) {
    let store = app.stores.logs.last_seq(&"ready".into(), LogName::Room).await.map(drop);
    let mut parts = BTreeMap::from([("store", store)]);
    if let Some(redis) = &app.redis {
        parts.insert("redis", redis.reach().await);
    }
    let ready = parts.values().all(Result::is_ok);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = |(part, reached): (&'static str, Stored<()>)| {
        let word = match reached {
            Ok(()) => "ok",
            Err(error) => {
                tracing::error!(part, %error, "not ready");
                "unavailable"
            }
        };
        (part, word)
    };
    (status, Json(Readiness { ready, parts: parts.into_iter().map(word).collect() }))
}

/// What was counted and measured, as Prometheus reads it.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "health",
    operation_id = "health_metrics",
    security(()),
    responses((status = 200, body = String, content_type = "text/plain", description = "In the text format of Prometheus"))
)]
pub(super) async fn metrics(State(app): State<App>) -> String {
    app.metrics.render()
}
