//! `studyrooms doctor`: looks at each part that is configured, and says in plain words what is wrong and
//! what to do. One file for a check; another part gets one more, and a line in [`examine`].

mod clock;
mod finding;
mod public_url;
mod redis;
mod relay;
mod s3;
mod secret;
mod store;
mod stun;
mod turn;

pub use finding::{Finding, Verdict};

use crate::config::Settings;

/// Looks at everything, one part after the other.
pub async fn examine(settings: &Settings) -> Vec<Finding> {
    let mut findings = vec![clock::check(), secret::check(settings), store::check(settings).await];
    findings.extend(redis::check(settings).await);
    findings.extend(s3::check(settings).await);
    findings.extend(public_url::check(settings).await);
    findings.extend(turn::check(settings).await);
    findings
}
