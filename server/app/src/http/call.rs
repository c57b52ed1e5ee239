//! What a call needs before it begins (DESIGN 8).

use super::{answer::Answer, caller::Caller};
use crate::app::App;
use axum::{Json, extract::State};
use studyrooms_protocol::call::IceServers;

/// Get STUN and TURN servers.
///
/// With short-lived credentials of the caller's own.
#[utoipa::path(
    get,
    path = "/ice-servers",
    tag = "calls",
    operation_id = "call_ice_servers",
    responses((status = 200, body = IceServers, description = "For `RTCConfiguration`"))
)]
pub(super) async fn ice_servers(State(app): State<App>, Caller(bearer): Caller) -> Answer<Json<IceServers>> {
    Ok(Json(app.ice.servers_for(&bearer.user_id, app.outside.clock.now())))
}
