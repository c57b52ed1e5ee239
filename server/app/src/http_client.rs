//! The HTTP client for requests to other servers: over TLS with the machine's own certificates, and following
//! no redirects.

use std::time::Duration;

/// A client with these time-outs.
///
/// # Errors
/// Mostly the machine has no certificates.
pub(crate) fn client(connect_within: Duration, answer_within: Duration) -> reqwest::Result<reqwest::Client> {
    // Already there when something else needed it first.
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(connect_within)
        .timeout(answer_within)
        // GitHub refuses requests without a user agent.
        .user_agent("studyrooms")
        .build()
}

/// The cause itself: the outer errors repeat the address, which may hold a secret.
pub(crate) fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    if std::ptr::addr_eq(cause, error) { "the request failed".into() } else { cause.to_string() }
}
