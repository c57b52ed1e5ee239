//! The secret that signs access tokens.

use super::Finding;
use crate::config::Settings;

const PART: &str = "JWT_SECRET";

pub(super) fn check(settings: &Settings) -> Finding {
    match (&settings.jwt_secret, &settings.redis.redis_url) {
        // The settings were refused if it were too short.
        (Some(_), _) => Finding::well(PART, "it is set and long enough"),
        (None, None) => Finding::well(PART, "it is made at the first start and kept in the data directory"),
        (None, Some(_)) => Finding::wrong(
            PART,
            "REDIS_URL is set, so there may be several instances, and each would have a secret of its own",
            "Give all instances the same JWT_SECRET, for example from: openssl rand -hex 32",
        ),
    }
}
