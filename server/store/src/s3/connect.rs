//! Beginning with an S3 server: it answers, the bucket is there, and pages may upload to it.

use super::{S3, S3Config, config, status};
use aws_sdk_s3::{
    Client,
    error::{DisplayErrorContext, SdkError},
    types::{CorsConfiguration, CorsRule},
};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use std::error::Error;

/// How long a browser may remember what it was told of other origins.
const REMEMBERED_SEC: i32 = 3600;

/// Why an S3 server cannot be used; each names the setting.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// It does not answer, or not as S3 does.
    #[error("S3_ENDPOINT: {endpoint}: {reason}")]
    Endpoint {
        /// Where.
        endpoint: String,
        /// What came of it.
        reason: String,
    },
    /// The keys are not taken.
    #[error("S3_ACCESS_KEY, S3_SECRET_KEY: {endpoint} does not take them for the bucket {bucket}")]
    Keys {
        /// Where.
        endpoint: String,
        /// The bucket.
        bucket: String,
    },
    /// The bucket is not there and cannot be made.
    #[error("S3_BUCKET: {bucket} is not there and cannot be made: {reason}")]
    Bucket {
        /// Which.
        bucket: String,
        /// What came of it.
        reason: String,
    },
}

/// Whose pages may upload and read: web origins, or `*` for all.
#[derive(Clone, Debug)]
pub struct Origins(pub Vec<String>);

impl S3 {
    /// Of a server, whose bucket is made when it is not there, and told that pages of `origins` may
    /// use it. Who serves no pages gives none.
    ///
    /// # Errors
    /// [`ConnectError`] names the setting.
    pub async fn connect(settings: S3Config, origins: &Origins) -> Result<Self, ConnectError> {
        let S3Config { endpoint, public_endpoint, region, bucket, keys } = settings;
        let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
        let client = Client::from_conf(config(&endpoint, &region, &keys).http_client(http.clone()).build());
        let signer = Client::from_conf(config(&public_endpoint, &region, &keys).http_client(http).build());
        ensure_bucket(&client, &endpoint, &bucket).await?;
        ensure_origins(&client, &bucket, origins).await;
        Ok(Self { client, signer, bucket, local: None, own: None })
    }
}

async fn ensure_bucket(client: &Client, endpoint: &str, bucket: &str) -> Result<(), ConnectError> {
    let keys = || ConnectError::Keys { endpoint: endpoint.to_owned(), bucket: bucket.to_owned() };
    let error = match client.head_bucket().bucket(bucket).send().await {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    match status(&error) {
        Some(401 | 403) => return Err(keys()),
        Some(404) => {}
        _ => return Err(ConnectError::Endpoint { endpoint: endpoint.to_owned(), reason: reason(&error) }),
    }
    match client.create_bucket().bucket(bucket).send().await {
        Ok(_) => Ok(()),
        // Another instance made it at the same moment.
        Err(error) if status(&error) == Some(409) => Ok(()),
        Err(error) => Err(ConnectError::Bucket { bucket: bucket.to_owned(), reason: reason(&error) }),
    }
}

/// Not all servers have such rules, and not all keys may set them: then whoever runs the server is told.
async fn ensure_origins(client: &Client, bucket: &str, origins: &Origins) {
    if origins.0.is_empty() {
        return;
    }
    let rules = client.get_bucket_cors().bucket(bucket).send().await;
    if rules.is_ok_and(|rules| suffices(rules.cors_rules(), origins)) {
        return;
    }
    let rule = CorsRule::builder()
        .set_allowed_origins(Some(origins.0.clone()))
        .set_allowed_methods(Some(["PUT", "GET", "HEAD"].map(str::to_owned).into()))
        .allowed_headers("*")
        .expose_headers("ETag")
        .max_age_seconds(REMEMBERED_SEC)
        .build();
    let rules = rule.and_then(|rule| CorsConfiguration::builder().cors_rules(rule).build());
    let put = match rules {
        Ok(rules) => client.put_bucket_cors().bucket(bucket).cors_configuration(rules).send().await,
        Err(error) => return tracing::warn!(%error, "S3_BUCKET: no rule for other origins was set"),
    };
    if let Err(error) = put {
        let (reason, origins) = (reason(&error), &origins.0);
        tracing::warn!(bucket, reason, ?origins, "S3_BUCKET: let pages of these origins PUT and GET there by hand");
    }
}

fn suffices(rules: &[CorsRule], origins: &Origins) -> bool {
    origins.0.iter().all(|origin| {
        rules.iter().any(|rule| {
            let from = rule.allowed_origins().iter().any(|allowed| allowed == "*" || allowed == origin);
            let may = |method: &str| rule.allowed_methods().iter().any(|allowed| allowed == method);
            from && may("PUT") && may("GET") && rule.allowed_headers().iter().any(|header| header == "*")
        })
    })
}

fn reason<E: Error + 'static>(error: &SdkError<E>) -> String {
    DisplayErrorContext(error).to_string()
}
