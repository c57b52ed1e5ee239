//! Redis, where instances share it.

use super::Finding;
use crate::{config::Settings, wiring};

const PART: &str = "REDIS_URL";

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    if settings.redis.redis_url.is_none() {
        return vec![];
    }
    let mut findings = vec![match Box::pin(wiring::redis(&settings.redis)).await {
        Ok(_) => Finding::well(PART, "it is reached and lets us in"),
        Err(error) => Finding::wrong(
            PART,
            error.to_string(),
            "See that Redis runs, that address and password are right, and for rediss that REDIS_CA_FILE names who signed its certificate.",
        ),
    }];
    if settings.store.mongodb_uri.is_none() {
        findings.push(Finding::wrong(
            PART,
            "instances that share Redis must share their store too",
            "Set MONGODB_URI, the same for all; or unset REDIS_URL when there is one instance only.",
        ));
    }
    findings
}
