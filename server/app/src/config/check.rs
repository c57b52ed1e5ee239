//! What settings must fit, beside their own form.

use super::{ConfigError, Settings, StoreSettings};

/// Settings of the contract whose part this build does not have. They are refused, so that no one
/// believes their data to be where it is not.
const NOT_IN_THIS_BUILD: &[&str] = &["S3_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

const JWT_SECRET_BYTES: usize = 32;

impl StoreSettings {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.mongodb_db.is_some() && self.mongodb_uri.is_none() {
            let rule = "MONGODB_URI must be set too";
            return Err(ConfigError::Contradiction { setting: "MONGODB_DB", rule });
        }
        Ok(())
    }
}

impl Settings {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.store.check()?;
        let contradiction = |setting, rule| Err(ConfigError::Contradiction { setting, rule });
        for name in NOT_IN_THIS_BUILD {
            if std::env::var_os(name).is_some_and(|value| !value.is_empty()) {
                return contradiction(name, "this build has no such part; unset it to use the embedded one");
            }
        }
        if self.jwt_secret.as_ref().is_some_and(|secret| secret.len() < JWT_SECRET_BYTES) {
            return contradiction("JWT_SECRET", "at least 32 bytes");
        }
        let redis_by_tls = self.redis_url.as_ref().is_some_and(|url| url.starts_with("rediss"));
        if self.redis_ca_file.is_some() && !redis_by_tls {
            return contradiction("REDIS_CA_FILE", "REDIS_URL must begin with rediss");
        }
        let relays = self.turn_urls.iter().any(|url| url.starts_with("turn"));
        if relays && self.turn_secret.is_none() {
            return contradiction("TURN_URLS", "TURN_SECRET must be set too");
        }
        if self.turn_secret.is_some() && !relays {
            return contradiction("TURN_SECRET", "TURN_URLS must name a turn: or turns: server");
        }
        if !self.turn_urls.iter().all(|url| ["stun:", "stuns:", "turn:", "turns:"].iter().any(|s| url.starts_with(s))) {
            return contradiction("TURN_URLS", "each must begin with stun:, stuns:, turn: or turns:");
        }
        match (&self.tls.tls_cert, &self.tls.tls_key, self.tls.tls_self_signed) {
            (Some(_), None, _) => return contradiction("TLS_CERT", "TLS_KEY must be set too"),
            (None, Some(_), _) => return contradiction("TLS_KEY", "TLS_CERT must be set too"),
            (Some(_), Some(_), true) => return contradiction("TLS_SELF_SIGNED", "TLS_CERT names another certificate"),
            _ => {}
        }
        if self.turn.turn_listen.is_some() && !self.turn_urls.is_empty() {
            return contradiction("TURN_LISTEN", "TURN_URLS names other servers");
        }
        if self.public_url.as_ref().is_some_and(|url| !matches!(url.scheme(), "http" | "https")) {
            return contradiction("PUBLIC_URL", "must begin with http:// or https://");
        }
        if !(self.rate_limit_factor.is_finite() && self.rate_limit_factor > 0.0) {
            return contradiction("RATE_LIMIT_FACTOR", "must be a number above 0");
        }
        let mut ids: Vec<String> = self.providers()?.into_iter().map(|provider| provider.id).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) {
            return contradiction("OIDC_PROVIDERS", "two have the same id");
        }
        Ok(())
    }
}
