//! Objects in S3: of an S3 server somewhere, or of the endpoint in this program. Both take the same
//! way, signatures and all.

mod connect;
mod inside;
mod local;

pub use connect::{ConnectError, Origins};
pub use local::{Answer, BUCKET, LocalS3};

use async_trait::async_trait;
use aws_sdk_s3::{
    Client,
    config::{BehaviorVersion, Config, Credentials, Region, SharedCredentialsProvider, timeout::TimeoutConfig},
    error::{DisplayErrorContext, SdkError},
    presigning::{PresignedRequest, PresigningConfig},
    types::{CompletedMultipartUpload, CompletedPart},
};
use std::{error::Error, fmt, time::Duration};
use studyrooms_domain::{
    files::{Grant, ObjectFacts, Objects, Showing, StoredPart},
    store::{StoreError, Stored},
};
use studyrooms_protocol::files::SignedRequest;

/// How long one try of a request may take.
const TRY_FOR: Duration = Duration::from_secs(20);
/// How long a connection may take.
const CONNECT_FOR: Duration = Duration::from_secs(3);

/// What requests are signed with.
#[derive(Clone)]
pub struct Keys {
    /// The name of the key.
    pub access: String,
    /// The key.
    pub secret: String,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}

/// An S3 server, and a bucket there.
#[derive(Clone, Debug)]
pub struct S3Config {
    /// Where this program reaches it.
    pub endpoint: String,
    /// Where browsers reach it.
    pub public_endpoint: String,
    /// As the server wants it.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// The keys.
    pub keys: Keys,
}

/// Objects of one bucket.
#[derive(Clone, Debug)]
pub struct S3 {
    /// Asks.
    client: Client,
    /// Signs, for where browsers go.
    signer: Client,
    bucket: String,
    /// The endpoint in this program, where it is that.
    local: Option<LocalS3>,
    /// What addresses begin with that are paths of this server.
    own: Option<String>,
}

fn config(endpoint: &str, region: &str, keys: &Keys) -> aws_sdk_s3::config::Builder {
    let keys = Credentials::new(&keys.access, &keys.secret, None, None, "settings");
    let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_FOR).operation_attempt_timeout(TRY_FOR).build();
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::new(region.to_owned()))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .force_path_style(true)
        .timeout_config(timeouts)
        // Other servers than Amazon's do not know the newer sums.
        .request_checksum_calculation(aws_sdk_s3::config::RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(aws_sdk_s3::config::ResponseChecksumValidation::WhenRequired)
}

impl S3 {
    /// Of the endpoint in this program.
    #[must_use]
    pub fn inside(local: LocalS3, keys: &Keys) -> Self {
        let own = format!("http://{}", local::HOST);
        let config = config(&own, "local", keys).http_client(inside::client(local.clone())).build();
        let client = Client::from_conf(config);
        Self { signer: client.clone(), client, bucket: BUCKET.into(), local: Some(local), own: Some(own) }
    }

    /// As browsers are told it.
    fn told(&self, address: &str) -> String {
        let path = self.own.as_ref().and_then(|own| address.strip_prefix(own));
        path.unwrap_or(address).to_owned()
    }

    fn request(&self, signed: &PresignedRequest) -> SignedRequest {
        SignedRequest {
            method: signed.method().to_owned(),
            url: self.told(signed.uri()),
            // Browsers send the length by themselves, and let no page say it.
            headers: signed
                .headers()
                .filter(|(name, _)| !name.eq_ignore_ascii_case("content-length"))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }
}

fn until(valid_for: Duration) -> Stored<PresigningConfig> {
    PresigningConfig::expires_in(valid_for).map_err(|error| StoreError::Corrupt(format!("a signature: {error}")))
}

fn bytes(size: u64) -> Stored<i64> {
    i64::try_from(size).map_err(|_| StoreError::Corrupt("a size is out of range".into()))
}

fn failed<E: Error + 'static>(error: &SdkError<E>) -> StoreError {
    StoreError::Unavailable(format!("the object store: {}", DisplayErrorContext(error)))
}

fn status<E>(error: &SdkError<E>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}

/// Nothing, where there is no such thing.
fn found<T, E: Error + 'static>(outcome: Result<T, SdkError<E>>) -> Stored<Option<T>> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(error) if status(&error) == Some(404) => Ok(None),
        Err(error) => Err(failed(&error)),
    }
}

fn part_number(number: u32) -> Stored<i32> {
    i32::try_from(number).map_err(|_| StoreError::Corrupt("a part's number is out of range".into()))
}

#[async_trait]
impl Objects for S3 {
    async fn sign_put(&self, grant: Grant<'_>) -> Stored<SignedRequest> {
        let put = self.signer.put_object().bucket(&self.bucket).key(grant.key).content_type(grant.mime_type);
        // The same address does not put twice, on servers that know the condition.
        let put = put.content_length(bytes(grant.size)?).if_none_match("*");
        let signed = put.presigned(until(grant.valid_for)?).await.map_err(|error| failed(&error))?;
        Ok(self.request(&signed))
    }

    async fn sign_get(&self, key: &str, showing: Showing<'_>) -> Stored<String> {
        let get = self.signer.get_object().bucket(&self.bucket).key(key);
        let get = get.response_content_type(showing.mime_type).response_content_disposition(showing.disposition);
        let get = get.response_cache_control("private, max-age=300");
        let signed = get.presigned(until(showing.valid_for)?).await.map_err(|error| failed(&error))?;
        Ok(self.told(signed.uri()))
    }

    async fn head(&self, key: &str) -> Stored<Option<ObjectFacts>> {
        let there = found(self.client.head_object().bucket(&self.bucket).key(key).send().await)?;
        Ok(there.map(|there| ObjectFacts {
            size: there.content_length().and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
            mime_type: there.content_type().map(str::to_owned),
        }))
    }

    async fn remove(&self, key: &str) -> Stored<()> {
        found(self.client.delete_object().bucket(&self.bucket).key(key).send().await).map(drop)
    }

    async fn begin_parts(&self, key: &str, mime_type: &str) -> Stored<String> {
        let begin = self.client.create_multipart_upload().bucket(&self.bucket).key(key).content_type(mime_type);
        let begun = begin.send().await.map_err(|error| failed(&error))?;
        let nameless = || StoreError::Corrupt("the object store gave an upload in parts no name".into());
        begun.upload_id().map(str::to_owned).ok_or_else(nameless)
    }

    async fn sign_part(&self, multipart: &str, number: u32, grant: Grant<'_>) -> Stored<SignedRequest> {
        let part = self.signer.upload_part().bucket(&self.bucket).key(grant.key).upload_id(multipart);
        let part = part.part_number(part_number(number)?).content_length(bytes(grant.size)?);
        let signed = part.presigned(until(grant.valid_for)?).await.map_err(|error| failed(&error))?;
        Ok(self.request(&signed))
    }

    async fn parts(&self, key: &str, multipart: &str) -> Stored<Option<Vec<StoredPart>>> {
        let mut parts = vec![];
        let mut after: Option<String> = None;
        loop {
            let list = self.client.list_parts().bucket(&self.bucket).key(key).upload_id(multipart);
            let Some(page) = found(list.set_part_number_marker(after).send().await)? else { return Ok(None) };
            for part in page.parts() {
                parts.push(StoredPart {
                    number: part.part_number().and_then(|number| u32::try_from(number).ok()).unwrap_or_default(),
                    size: part.size().and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
                    tag: part.e_tag().unwrap_or_default().to_owned(),
                });
            }
            match page.next_part_number_marker() {
                Some(next) if page.is_truncated() == Some(true) => after = Some(next.to_owned()),
                _ => return Ok(Some(parts)),
            }
        }
    }

    async fn complete(&self, key: &str, multipart: &str, parts: &[StoredPart]) -> Stored<()> {
        let completed = parts.iter().map(|part| {
            part_number(part.number).map(|number| CompletedPart::builder().part_number(number).e_tag(&part.tag).build())
        });
        let completed = completed.collect::<Stored<Vec<_>>>()?;
        let whole = CompletedMultipartUpload::builder().set_parts(Some(completed)).build();
        let complete = self.client.complete_multipart_upload().bucket(&self.bucket).key(key).upload_id(multipart);
        complete.multipart_upload(whole).send().await.map(drop).map_err(|error| failed(&error))
    }

    async fn has_room(&self, size: u64) -> Stored<bool> {
        // Of another server, only what it answers to an upload tells.
        self.local.as_ref().map_or(Ok(true), |local| local.has_room(size))
    }

    async fn sweep(&self) -> Stored<u64> {
        match &self.local {
            Some(local) => local.sweep().await,
            None => Ok(0),
        }
    }

    async fn abandon_parts(&self, key: &str, multipart: &str) -> Stored<()> {
        let abort = self.client.abort_multipart_upload().bucket(&self.bucket).key(key).upload_id(multipart);
        found(abort.send().await).map(drop)
    }
}
