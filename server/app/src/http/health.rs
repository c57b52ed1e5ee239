//! Whether the server lives, and whether it can do its work.

use crate::app::App;
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use std::{collections::BTreeMap, sync::atomic::Ordering};
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
/// Each part by name. Without Redis an instance goes on by itself, so that alone is no reason to send
/// people elsewhere, where it is the same. A server that is about to end is not ready.
#[utoipa::path(
    get,
    path = "/ready",
    tag = "health",
    operation_id = "health_ready",
    security(()),
    responses((status = 200, body = Readiness, description = "It can"), (status = 503, body = Readiness, description = "It ends, or a part is out of reach that nothing works without"))
)]
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, Json<Readiness>) {
    let store = app.stores.logs.last_seq(&"ready".into(), LogName::Room).await.map(drop);
    let ready = store.is_ok() && !app.is_draining.load(Ordering::Relaxed);
    let mut parts = BTreeMap::from([("store", word("store", store))]);
    if let Some(redis) = &app.redis {
        parts.insert("redis", word("redis", redis.reach().await));
    }
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, parts }))
}

fn word(part: &str, reached: Stored<()>) -> &'static str {
    match reached {
        Ok(()) => "ok",
        Err(error) => {
            tracing::error!(part, %error, "out of reach");
            "unavailable"
        }
    }
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
