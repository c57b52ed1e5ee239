//! One request to an endpoint.

use super::sign::Secret;
use crate::http_client;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use std::time::Duration;
use studyrooms_domain::{
    log::Entry,
    webhooks::{Answer, Event},
};
use studyrooms_protocol::Timestamp;
use url::Url;

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// Bytes of an answer that are read, so that the connection can be used again.
const ANSWER_BYTES: usize = 16 << 10;

/// No one can be asked.
#[derive(Debug, thiserror::Error)]
#[error("{}", http_client::innermost(.0))]
pub struct ClientError(#[from] reqwest::Error);

pub(super) struct Poster {
    client: reqwest::Client,
    secret: Secret,
}

impl Poster {
    pub(super) fn new(secret: Secret, answer_within: Duration) -> Result<Self, ClientError> {
        Ok(Self { client: http_client::client(CONNECT_WITHIN, answer_within)?, secret })
    }

    /// Tells an endpoint of an entry, under `id`, at `now`.
    pub(super) async fn post(&self, url: &Url, id: &str, now: Timestamp, entry: &Entry) -> Answer {
        let body = match serde_json::to_vec(&Event::of(entry)) {
            Ok(body) => body,
            Err(error) => return Answer::None(error.to_string()),
        };
        let seconds = (now / 1000).to_string();
        let request = self
            .client
            .post(url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", &seconds)
            .header("webhook-signature", self.secret.sign(id, &seconds, &body))
            .body(body);
        match request.send().await {
            Ok(response) => answer(response).await,
            Err(error) if error.is_timeout() => Answer::None("no answer in time".into()),
            Err(error) => Answer::None(http_client::innermost(&error)),
        }
    }
}

async fn answer(mut response: reqwest::Response) -> Answer {
    let status = response.status().as_u16();
    let after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut read = 0;
    // What it says beside its status is of no interest, nor whether all of it came.
    while let Ok(Some(chunk)) = response.chunk().await {
        read += chunk.len();
        if read > ANSWER_BYTES {
            break;
        }
    }
    Answer::Status(status, after)
}
