//! Whether the server lives, and whether it can do its work.

use crate::app::App;
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError, atomic::Ordering},
    time::{Duration, Instant},
};
use studyrooms_domain::{
    log::LogName,
    store::{Logs, StoreError, Stored},
};
use tokio::time::timeout;
use utoipa::ToSchema;

/// How long the store is waited for.
const ANSWER_WITHIN: Duration = Duration::from_millis(700);
/// How long it may be slow before the server counts as not ready.
const SLOW_FOR: Duration = Duration::from_secs(10);

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
/// Each part by name. A store that is slow for a while, and Redis, without which an instance goes on by
/// itself, are no reason to send people elsewhere, where it is the same. A server that is about to end is
/// not ready.
#[utoipa::path(
    get,
    path = "/ready",
    tag = "health",
    operation_id = "health_ready",
    security(()),
    responses((status = 200, body = Readiness, description = "It can"), (status = 503, body = Readiness, description = "It ends, or a part is out of reach that nothing works without"))
)]
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, Json<Readiness>) {
    let store = app.store_health.look(&*app.stores.logs).await;
    let ready = store.is_ok() && !app.is_draining.load(Ordering::Relaxed);
    let mut parts = BTreeMap::from([("store", word("store", store))]);
    if let Some(redis) = &app.redis {
        parts.insert("redis", word("redis", redis.reach().await));
    }
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, parts }))
}

/// Whether the store answers, as of late.
#[derive(Default)]
pub struct StoreHealth {
    answered_at: Mutex<Option<Instant>>,
}

impl StoreHealth {
    /// Asks the store. Balancers do not wait long: one that is late has answered if it did lately.
    async fn look(&self, logs: &dyn Logs) -> Stored<()> {
        let answer = timeout(ANSWER_WITHIN, logs.last_seq(&"ready".into(), LogName::Room)).await;
        let mut answered_at = self.answered_at.lock().unwrap_or_else(PoisonError::into_inner);
        match answer {
            Ok(Ok(_)) => {
                *answered_at = Some(Instant::now());
                Ok(())
            }
            Ok(Err(error)) => Err(error),
            Err(_) if answered_at.is_some_and(|at| at.elapsed() < SLOW_FOR) => Ok(()),
            Err(late) => Err(StoreError::Unavailable(late.to_string())),
        }
    }
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
