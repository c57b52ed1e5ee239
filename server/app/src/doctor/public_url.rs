//! How browsers reach the server: cameras and microphones need HTTPS, or this machine.

use super::Finding;
use crate::{config::Settings, ice};
use std::time::Duration;
use url::Url;

const PART: &str = "PUBLIC_URL";
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    let has_tls = settings.tls.tls_self_signed || settings.tls.tls_cert.is_some();
    let Some(url) = &settings.public_url else {
        if has_tls || settings.listen.ip().is_loopback() {
            return vec![Finding::well(PART, "not set: links name the host that a request came to")];
        }
        return vec![Finding::wrong(
            PART,
            "others are served by plain HTTP, and browsers give them no camera and no microphone",
            "Put a TLS proxy in front and set PUBLIC_URL=https://…, or use --tls-self-signed in a LAN.",
        )];
    };
    let is_for_others = url.host_str().and_then(ice::named).is_some();
    if url.scheme() != "https" && is_for_others {
        return vec![Finding::wrong(
            PART,
            format!("{url} is plain HTTP, and browsers give it no camera and no microphone"),
            "Put a TLS proxy in front and set PUBLIC_URL=https://…, or use --tls-self-signed in a LAN.",
        )];
    }
    vec![ask(url).await]
}

/// A server that does not run yet is no fault.
async fn ask(url: &Url) -> Finding {
    let health = format!("{}/health", url.as_str().trim_end_matches('/'));
    let client = reqwest::Client::builder().timeout(ANSWER_WITHIN).build();
    let asked = match client {
        Ok(client) => client.get(&health).send().await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(answer) if answer.status().is_success() => Finding::well(PART, format!("{health} answers")),
        Ok(answer) => Finding::wrong(
            PART,
            format!("{health} answers {}", answer.status()),
            "See that the proxy sends all paths to this server, which must be running.",
        ),
        Err(error) if error.is_connect() => Finding::advice(
            PART,
            format!(
                "{url} is not reached from here ({}). If the server runs, see to name, proxy and certificate",
                cause(&error)
            ),
        ),
        Err(error) => {
            Finding::wrong(PART, format!("{health}: {}", cause(&error)), "See to the proxy and its certificate.")
        }
    }
}

fn cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
