//! The S3 server, where files are on one: a small file goes there as browsers send theirs, is seen, and
//! taken away again.

use super::Finding;
use crate::{config::Settings, system::SystemRandom, wiring};
use std::{sync::Arc, time::Duration};
use studyrooms_domain::{
    files::{Grant, Objects},
    store::StoreError,
    system::random_id,
};
use studyrooms_protocol::files::SignedRequest;

const PART: &str = "S3_ENDPOINT";
const PUBLIC: &str = "S3_PUBLIC_ENDPOINT";
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
const VALID_FOR: Duration = Duration::from_secs(60);
const BYTES: &[u8] = b"studyrooms doctor";

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    let remedy = "See that the S3 server runs, and that address, keys and bucket are right.";
    match Box::pin(wiring::object_server(&settings.files)).await {
        Ok(None) => vec![],
        Ok(Some(objects)) => match Box::pin(send(&objects)).await {
            Ok(sent) => vec![Finding::well(PART, "it is reached and takes the keys, and the bucket is there"), sent],
            Err(error) => vec![Finding::wrong(PART, error.to_string(), remedy)],
        },
        Err(error) => vec![Finding::wrong(PART, error.to_string(), remedy)],
    }
}

async fn send(objects: &Arc<dyn Objects>) -> Result<Finding, StoreError> {
    let key = format!("doctor/{}", random_id(&SystemRandom));
    let size = BYTES.len() as u64;
    let grant = Grant { key: &key, size, mime_type: "text/plain", valid_for: VALID_FOR };
    let put = objects.sign_put(grant).await?;
    let address = put.url.split('?').next().unwrap_or_default().to_owned();
    let remedy = "It must be where browsers reach the same S3 server; a proxy before it must keep path and Host.";
    let finding = match request(put).await {
        Ok(status) if status.is_success() => match objects.head(&key).await? {
            Some(facts) if facts.size == size => Finding::well(PUBLIC, "files can be uploaded there"),
            _ => Finding::wrong(PUBLIC, format!("what was sent to {address} is not in the bucket"), remedy),
        },
        Ok(status) => Finding::wrong(PUBLIC, format!("{address} answers {status} to an upload"), remedy),
        // It may be a name that only browsers know.
        Err(error) if error.is_connect() => {
            Finding::advice(PUBLIC, format!("{address} is not reached from here; see that browsers reach it"))
        }
        Err(error) => Finding::wrong(PUBLIC, format!("{address}: {error}"), remedy),
    };
    objects.remove(&key).await?;
    Ok(finding)
}

async fn request(put: SignedRequest) -> reqwest::Result<reqwest::StatusCode> {
    let client = reqwest::Client::builder().timeout(ANSWER_WITHIN).build()?;
    let with_headers = |request, (name, value)| reqwest::RequestBuilder::header(request, name, value);
    let request = put.headers.into_iter().fold(client.put(put.url).body(BYTES), with_headers);
    // Its own words would show the signature.
    Ok(request.send().await.map_err(reqwest::Error::without_url)?.status())
}
