//! What calls need to reach each other: the servers that are named, or one in this program.

use super::WiringError;
use crate::{
    app::System,
    config::{Settings, Switch},
    ice::{self, IceConfig},
    turn::EmbeddedTurn,
};
use hmac::{Hmac, KeyInit};
use studyrooms_domain::{Refusal, system::random_id};
use studyrooms_protocol::error::ErrorCode;
use url::Url;

/// What calls need: the servers that are named, or one in this program.
pub(super) async fn calls(
    settings: &Settings,
    system: &System,
) -> Result<(IceConfig, Option<EmbeddedTurn>), WiringError> {
    let named = IceConfig::new(&settings.turn_urls, settings.turn_secret.as_deref());
    let is_alone = settings.turn_urls.is_empty() && settings.redis.redis_url.is_none();
    if !is_alone || settings.turn.embedded_turn == Switch::Off {
        return Ok((named, None));
    }
    // Whoever is here comes again with new credentials when the program has started again.
    let secret = Hmac::new_from_slice(random_id(&*system.random).as_bytes())
        .map_err(|error| Refusal::new(ErrorCode::Internal, error.to_string()))?;
    let (clock, random) = (system.clock.clone(), system.random.clone());
    let turn = EmbeddedTurn::start(&settings.turn, settings.listen, secret.clone(), clock, random).await?;
    let url = settings.public_url.as_ref();
    let is_for_others = url.and_then(Url::host_str).and_then(ice::named).is_some();
    if is_for_others && turn.address().ip().is_loopback() {
        tracing::warn!("calls are not relayed: TURN_LISTEN is an address of this machine alone, PUBLIC_URL is not");
        turn.close().await;
        return Ok((named, None));
    }
    Ok((IceConfig::embedded(turn.address(), url, secret), Some(turn)))
}
