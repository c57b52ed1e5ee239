//! What a call needs before it begins (SPEC 9).

use super::{answer::Answer, caller::Caller};
use crate::app::App;
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
};
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
pub(super) async fn ice_servers(
    State(app): State<App>,
    Caller(bearer): Caller,
    headers: HeaderMap,
) -> Answer<Json<IceServers>> {
    let reached_by = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    Ok(Json(app.ice.servers_for(&bearer.user_id, app.system.clock.now(), reached_by)))
}
