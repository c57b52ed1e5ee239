//! Whether the server lives, and whether it can do its work.

use crate::app::App;
use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};
use studyrooms_domain::log::LogName;

/// `GET /health`: the process answers.
pub(super) async fn alive() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// `GET /ready`: each part by name; 503 while one is out of reach.
pub(super) async fn ready(State(app): State<App>) -> (StatusCode, Json<Value>) {
    let store = app.stores.logs.last_seq(&"ready".into(), LogName::Room).await;
    match store {
        Ok(_) => (StatusCode::OK, Json(json!({ "ready": true, "parts": { "store": "ok" } }))),
        Err(error) => {
            tracing::error!(%error, "not ready");
            let parts = json!({ "store": "unavailable" });
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "ready": false, "parts": parts })))
        }
    }
}
