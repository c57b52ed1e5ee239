//! Whom to tell of what happens in rooms.

use super::ConfigError;
use crate::worker::{Secret, SecretError};
use clap::Args;
use std::time::Duration;
use studyrooms_domain::webhooks::{Filter, Schedule};
use url::Url;

/// A day, in seconds: no time that makes sense here is longer.
const LONGEST: f64 = 86_400.0;

/// Whom the worker tells of the entries of room logs.
#[derive(Clone, Debug, Args)]
pub struct WebhookSettings {
    /// Addresses that are told of every entry of the room logs by a signed POST, separated by commas.
    #[arg(long, env = "WEBHOOK_URLS", hide_env_values = true, value_delimiter = ',', value_name = "URLS")]
    webhook_urls: Vec<String>,

    /// Secret that signs webhooks, at least 24 bytes: whsec_ and base64, or the key as it is.
    #[arg(long, env = "WEBHOOK_SECRET", hide_env_values = true)]
    webhook_secret: Option<String>,

    /// Types of entries that are told, separated by commas; all unless told.
    #[arg(long, env = "WEBHOOK_TYPES", value_delimiter = ',', value_name = "TYPES")]
    webhook_types: Vec<String>,

    /// Seconds that an address has to answer.
    #[arg(long, env = "WEBHOOK_TIMEOUT", default_value = "15", value_name = "SECONDS")]
    webhook_timeout: f64,

    /// Seconds after which a failed webhook is tried again for the first time. The pauses grow to 4320 times
    /// that, and after 12 tries it is given up.
    #[arg(long, env = "WEBHOOK_FIRST_RETRY", default_value = "5", value_name = "SECONDS")]
    webhook_first_retry: f64,
}

/// Whom to tell, checked.
pub struct Telling {
    /// Each of them.
    pub urls: Vec<Url>,
    /// What signs.
    pub secret: Secret,
    /// What they are told.
    pub filter: Filter,
    /// When it is tried again.
    pub schedule: Schedule,
    /// How long one has to answer.
    pub answer_within: Duration,
}

fn wrong<T>(setting: &'static str, rule: &'static str) -> Result<T, ConfigError> {
    Err(ConfigError::Contradiction { setting, rule })
}

fn seconds(setting: &'static str, number: f64) -> Result<Duration, ConfigError> {
    if number > 0.0 && number <= LONGEST {
        return Ok(Duration::from_secs_f64(number));
    }
    wrong(setting, "must be a number of seconds above 0, a day at most")
}

impl WebhookSettings {
    /// The addresses. What is empty, as compose files leave it, is not there.
    ///
    /// # Errors
    /// `Contradiction`.
    pub fn urls(&self) -> Result<Vec<Url>, ConfigError> {
        let texts = self.webhook_urls.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        let url = |text: &str| match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url),
            _ => wrong("WEBHOOK_URLS", "each must be an address that begins with http:// or https://"),
        };
        let urls: Vec<Url> = texts.map(url).collect::<Result<_, _>>()?;
        for (place, one) in urls.iter().enumerate() {
            if urls[..place].contains(one) {
                return wrong("WEBHOOK_URLS", "the same address stands there twice");
            }
        }
        Ok(urls)
    }

    /// Whom to tell; none when there is no one.
    ///
    /// # Errors
    /// `Contradiction` names the setting.
    pub fn telling(&self) -> Result<Option<Telling>, ConfigError> {
        let answer_within = seconds("WEBHOOK_TIMEOUT", self.webhook_timeout)?;
        let schedule = Schedule { first: seconds("WEBHOOK_FIRST_RETRY", self.webhook_first_retry)? };
        let kinds = self.webhook_types.iter().map(|kind| kind.trim().to_owned()).filter(|kind| !kind.is_empty());
        let Ok(filter) = Filter::new(kinds.collect()) else {
            return wrong("WEBHOOK_TYPES", "each must be a type of the room log, as docs/OPERATIONS.md lists them");
        };
        let secret = self.webhook_secret.as_deref().filter(|secret| !secret.is_empty()).map(Secret::new);
        let secret = match secret {
            Some(Err(SecretError::Short)) => return wrong("WEBHOOK_SECRET", "at least 24 bytes"),
            Some(Err(SecretError::NotBase64)) => return wrong("WEBHOOK_SECRET", "must be base64 after whsec_"),
            Some(Ok(secret)) => Some(secret),
            None => None,
        };
        let urls = self.urls()?;
        if urls.is_empty() {
            return Ok(None);
        }
        match secret {
            Some(secret) => Ok(Some(Telling { urls, secret, filter, schedule, answer_within })),
            None => wrong("WEBHOOK_URLS", "WEBHOOK_SECRET must be set too"),
        }
    }
}
