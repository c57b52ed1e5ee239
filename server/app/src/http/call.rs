//! What a call needs before it begins (DESIGN 8).

use super::{answer::Answer, caller::Caller};
use crate::app::App;
use axum::{Json, extract::State};
use studyrooms_protocol::call::IceServers;

/// `GET /api/ice-servers`: with credentials of the caller's own.
pub(super) async fn ice_servers(State(app): State<App>, Caller(bearer): Caller) -> Answer<Json<IceServers>> {
    Ok(Json(app.ice.servers_for(&bearer.user_id, app.outside.clock.now())))
}
