//! Whether the server lives, and whether it can do its work.

use crate::app::App;
use axum::{
    Json, Router,
    extract::{FromRef, State},
    http::StatusCode,
    routing::get,
};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use studyrooms_domain::{
    log::LogName,
    reachable::Reachable,
    store::{Logs, StoreError, Stored, WriteProbe},
};
use tokio::time::timeout;
use utoipa::ToSchema;

/// How long the store is waited for.
const ANSWER_WITHIN: Duration = Duration::from_millis(700);
/// How long it may be slow before the server counts as not ready.
const SLOW_FOR: Duration = Duration::from_secs(10);
/// What was found out is told again for so long: anyone may ask, and each time costs a write.
const TOLD_FOR: Duration = Duration::from_millis(500);

/// What is asked, and what is told. Cheap to clone.
#[derive(Clone)]
pub struct Health(Arc<HealthState>);

struct HealthState {
    logs: Arc<dyn Logs>,
    write_probe: Arc<dyn WriteProbe>,
    /// What was found out last, and when. Held while someone looks.
    found: tokio::sync::Mutex<Option<(Instant, Stored<()>)>>,
    /// When the store answered last.
    answered_at: Mutex<Option<Instant>>,
    redis: Option<Arc<dyn Reachable>>,
    metrics: PrometheusHandle,
    is_draining: AtomicBool,
}

impl FromRef<App> for Health {
    fn from_ref(app: &App) -> Self {
        app.health.clone()
    }
}

/// Only the questions about health, for a process that serves nothing else.
pub fn health_router(health: Health) -> Router {
    Router::new()
        .route("/health", get(alive))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(health)
}

#[derive(Serialize, ToSchema)]
#[schema(as = Health)]
pub(super) struct Alive {
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
    responses((status = 200, body = Alive, description = "It is"))
)]
pub(super) async fn alive() -> Json<Alive> {
    Json(Alive { status: "ok" })
}

/// Can it do its work.
///
/// Each part by name; the store is asked to write, too. A store that is slow for a while, and Redis, without which an instance goes on by
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
pub(super) async fn ready(State(health): State<Health>) -> (StatusCode, Json<Readiness>) {
    let store = health.look().await;
    let ready = store.is_ok() && !health.0.is_draining.load(Ordering::Relaxed);
    let mut parts = BTreeMap::from([("store", word("store", store))]);
    if let Some(redis) = &health.0.redis {
        parts.insert("redis", word("redis", redis.reach().await));
    }
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, parts }))
}

impl Health {
    /// Of a process over this store, and over Redis where it has one.
    #[must_use]
    pub fn new(
        logs: Arc<dyn Logs>,
        write_probe: Arc<dyn WriteProbe>,
        redis: Option<Arc<dyn Reachable>>,
        metrics: PrometheusHandle,
    ) -> Self {
        let (answered_at, is_draining) = (Mutex::default(), AtomicBool::new(false));
        let found = tokio::sync::Mutex::default();
        Self(Arc::new(HealthState { logs, write_probe, found, answered_at, redis, metrics, is_draining }))
    }

    /// The process ends: balancers are to look elsewhere.
    pub fn drain(&self) {
        self.0.is_draining.store(true, Ordering::Relaxed);
    }

    /// What the store answered a moment ago, or answers now.
    async fn look(&self) -> Stored<()> {
        let mut found = self.0.found.lock().await;
        if let Some((at, answer)) = &*found
            && at.elapsed() < TOLD_FOR
        {
            return answer.clone();
        }
        let answer = self.ask().await;
        *found = Some((Instant::now(), answer.clone()));
        answer
    }

    /// Asks the store to read and to write. Balancers do not wait long: one that is late has answered if it
    /// did lately.
    async fn ask(&self) -> Stored<()> {
        let asking = async {
            self.0.logs.last_seq(&"ready".into(), LogName::Room).await?;
            self.0.write_probe.probe_write().await
        };
        let answer = timeout(ANSWER_WITHIN, asking).await;
        let mut answered_at = self.0.answered_at.lock().unwrap_or_else(PoisonError::into_inner);
        match answer {
            Ok(Ok(())) => {
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
pub(super) async fn metrics(State(health): State<Health>) -> String {
    health.0.metrics.render()
}
