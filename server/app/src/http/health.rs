//! Whether the server lives, and whether it can do its work.

use crate::app::App;
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use std::collections::BTreeMap;
use studyrooms_domain::log::LogName;
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
    let store = app.stores.logs.last_seq(&"ready".into(), LogName::Room).await;
    let (status, word) = match store {
        Ok(_) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
        }
    };
    let parts = BTreeMap::from([("store", word)]);
    (status, Json(Readiness { ready: status.is_success(), parts }))
}
