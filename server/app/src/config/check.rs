//! What settings must fit, beside their own form.

use super::{ConfigError, FileSettings, RedisSettings, Settings, StoreSettings};
use url::Url;

/// Settings of the contract whose part this build does not have. They are refused, so that no one
/// believes their data to be where it is not.
const NOT_IN_THIS_BUILD: &[&str] = &["OTEL_EXPORTER_OTLP_ENDPOINT"];

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

impl RedisSettings {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let by_tls = self.redis_url.as_ref().is_some_and(|url| url.starts_with("rediss"));
        if self.redis_ca_file.is_some() && !by_tls {
            let rule = "REDIS_URL must begin with rediss";
            return Err(ConfigError::Contradiction { setting: "REDIS_CA_FILE", rule });
        }
        Ok(())
    }
}

impl FileSettings {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let contradiction = |setting, rule| Err(ConfigError::Contradiction { setting, rule });
        let given = [
            ("S3_BUCKET", self.s3_bucket.is_some()),
            ("S3_ACCESS_KEY", self.s3_access_key.is_some()),
            ("S3_SECRET_KEY", self.s3_secret_key.is_some()),
        ];
        match &self.s3_endpoint {
            Some(_) => {
                if let Some((missing, _)) = given.into_iter().find(|(_, given)| !given) {
                    return contradiction(
                        "S3_ENDPOINT",
                        match missing {
                            "S3_BUCKET" => "S3_BUCKET must be set too",
                            "S3_ACCESS_KEY" => "S3_ACCESS_KEY must be set too",
                            _ => "S3_SECRET_KEY must be set too",
                        },
                    );
                }
            }
            None => {
                if let Some((lonely, _)) = given.into_iter().find(|(_, given)| *given) {
                    return contradiction(lonely, "S3_ENDPOINT must be set too");
                }
                if self.s3_public_endpoint.is_some() {
                    return contradiction("S3_PUBLIC_ENDPOINT", "S3_ENDPOINT must be set too");
                }
            }
        }
        for (setting, url) in [("S3_ENDPOINT", &self.s3_endpoint), ("S3_PUBLIC_ENDPOINT", &self.s3_public_endpoint)] {
            if url.as_ref().is_some_and(|url| !matches!(url.scheme(), "http" | "https") || url.path() != "/") {
                return contradiction(setting, "must be http://… or https://…, without a path");
            }
        }
        for (setting, mib) in [
            ("MAX_FILE_MIB", self.max_file_mib),
            ("MAX_ROOM_FILES_MIB", self.max_room_files_mib),
            ("MAX_USER_FILES_MIB", self.max_user_files_mib),
        ] {
            if mib == 0 {
                return contradiction(setting, "at least 1");
            }
        }
        Ok(())
    }
}

impl Settings {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        self.store.check()?;
        self.files.check()?;
        let contradiction = |setting, rule| Err(ConfigError::Contradiction { setting, rule });
        for name in NOT_IN_THIS_BUILD {
            if std::env::var_os(name).is_some_and(|value| !value.is_empty()) {
                return contradiction(name, "this build has no such part; unset it to use the embedded one");
            }
        }
        self.webhooks.telling()?;
        if self.jwt_secret.as_ref().is_some_and(|secret| secret.len() < JWT_SECRET_BYTES) {
            return contradiction("JWT_SECRET", "at least 32 bytes");
        }
        self.redis.check()?;
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
        let bare = |url: &Url| url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if self.public_url.as_ref().is_some_and(|url| !bare(url)) {
            return contradiction("PUBLIC_URL", "must end with the host: the program is not served under a path");
        }
        if !(self.rate_limit_factor.is_finite() && self.rate_limit_factor > 0.0) {
            return contradiction("RATE_LIMIT_FACTOR", "must be a number above 0");
        }
        for (setting, number) in [
            ("MAX_CONNECTIONS", self.connections.max_connections),
            ("MAX_CONNECTIONS_PER_ADDRESS", self.connections.max_connections_per_address),
        ] {
            if number == Some(0) {
                return contradiction(setting, "at least 1");
            }
        }
        let mut ids: Vec<String> = self.providers()?.into_iter().map(|provider| provider.id).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) {
            return contradiction("OIDC_PROVIDERS", "two have the same id");
        }
        Ok(())
    }
}
