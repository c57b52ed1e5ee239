//! Webhooks that were given up: seen, tried anew, forgotten, by the operator's hand.

use crate::{
    app::{Stores, System},
    config::{DeadLetters, DeadLettersAction},
    worker::endpoint_name,
};
use std::{collections::HashMap, io::Write};
use studyrooms_domain::{store::StoreError, webhooks::Delivery};

/// Listed at most.
const LISTED: usize = 1000;

/// Why it could not be done.
#[derive(Debug, thiserror::Error)]
pub enum DeadLettersError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The settings.
    #[error(transparent)]
    Settings(#[from] crate::config::ConfigError),
    /// What was to be written.
    #[error("{0}")]
    Write(#[from] std::io::Error),
}

/// Does what `command` asks, and writes what came of it to `out`.
///
/// # Errors
/// [`DeadLettersError`].
pub async fn carry_out(
    command: &DeadLetters,
    stores: &Stores,
    system: &System,
    out: &mut impl Write,
) -> Result<(), DeadLettersError> {
    let ids = (!command.all).then_some(&command.ids[..]);
    match command.action {
        DeadLettersAction::List => {
            let urls = command.webhooks.urls()?;
            let hosts: HashMap<String, &str> =
                urls.iter().map(|url| (endpoint_name(url), url.host_str().unwrap_or_default())).collect();
            for dead in stores.deliveries.dead(LISTED).await? {
                writeln!(out, "{}", line(&dead, &hosts))?;
            }
        }
        DeadLettersAction::Retry => {
            let count = stores.deliveries.revive(ids, system.clock.now()).await?;
            writeln!(out, "{count} to be tried anew")?;
        }
        DeadLettersAction::Drop => {
            let count = stores.deliveries.drop_dead(ids).await?;
            writeln!(out, "{count} forgotten")?;
        }
    }
    Ok(())
}

/// Id, host, tries and reason, between tabs. An address that is no longer set has no host.
fn line(dead: &Delivery, hosts: &HashMap<String, &str>) -> String {
    let host = hosts.get(&dead.addressed.endpoint).copied().unwrap_or("-");
    let why = dead.why.as_deref().unwrap_or("-");
    format!("{}\t{host}\t{} tries\t{why}", dead.addressed.id(), dead.tries)
}
