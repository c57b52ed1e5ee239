//! Requests to providers: over TLS with the machine's own certificates, bounded in time and size, and
//! following no redirects (RFC 9700 and the advice of `openidconnect`).

use crate::http_client;
use ::http::{Request, Response};
use futures_util::future::BoxFuture;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use std::time::Duration;

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
const ANSWER_BYTES: usize = 1 << 20;

/// Why a provider gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// It was not reached, or the connection broke.
    #[error("{}", http_client::innermost(.0))]
    Request(#[from] reqwest::Error),
    /// Its answer is too large.
    #[error("the answer is larger than {ANSWER_BYTES} bytes")]
    TooLarge,
    /// Its answer is not HTTP.
    #[error("{0}")]
    Malformed(#[from] ::http::Error),
}

pub(super) struct Http(reqwest::Client);

impl Http {
    pub(super) fn new() -> Result<Self, HttpError> {
        Ok(Self(http_client::client(CONNECT_WITHIN, ANSWER_WITHIN)?))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let mut response = self.0.execute(request.try_into()?).await?;
        let mut answer = Response::builder().status(response.status());
        if let Some(headers) = answer.headers_mut() {
            headers.clone_from(response.headers());
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > ANSWER_BYTES {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(answer.body(body)?)
    }

    /// Reads `url` with a bearer token.
    pub(super) async fn get(&self, url: &str, token: &str) -> Result<HttpResponse, HttpError> {
        let request = Request::get(url)
            .header(::http::header::ACCEPT, "application/json")
            .header(::http::header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Vec::new())?;
        self.send(request).await
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = BoxFuture<'c, Result<HttpResponse, HttpError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
