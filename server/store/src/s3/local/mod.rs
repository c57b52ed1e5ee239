//! An S3 endpoint of this program's own, over a directory: so that one machine needs no other
//! server, and files take one way everywhere.
//!
//! Signatures bind the host, which this server has many of. So everything is signed for one host
//! that does not exist, and told as a path; on the way in that host is put back.

mod disk;
mod incoming;
mod leftovers;
mod multipart;
mod requests;

use super::Keys;
use bytes::Bytes;
use disk::Disk;
use s3s::{
    Body, HttpRequest, HttpResponse,
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};
use std::{error::Error, fmt, io, path::Path, sync::Arc};
use studyrooms_domain::{
    store::{StoreError, Stored, Uploads},
    system::Random,
};

/// Signed for, and nowhere to be found.
pub(super) const HOST: &str = "objects.studyrooms.internal";
/// The one bucket, and so the path of this server where it is mounted.
pub const BUCKET: &str = "objects";
/// What a signature in an address is called.
const SIGNATURE: &str = "X-Amz-Signature=";

/// The endpoint. Cheap to clone.
#[derive(Clone)]
pub struct LocalS3 {
    service: S3Service,
    disk: Disk,
}

impl fmt::Debug for LocalS3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocalS3")
    }
}

/// An answer, as a body to be streamed.
pub type Answer = http::Response<Body>;

impl LocalS3 {
    /// Over the directory `root`, which is made when it is not there. Objects come in for `uploads`
    /// alone, and leave `reserve` bytes of the disk free.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(
        root: &Path,
        keys: &Keys,
        random: Arc<dyn Random>,
        uploads: Arc<dyn Uploads>,
        reserve: u64,
    ) -> io::Result<Self> {
        let disk = Disk::open(root, random, uploads, reserve)?;
        let mut builder = S3ServiceBuilder::new(disk.clone());
        builder.set_auth(SimpleAuth::from_single(keys.access.clone(), keys.secret.clone()));
        Ok(Self { service: builder.build(), disk })
    }

    /// Whether the disk has room for a file of `size` bytes.
    pub(super) fn has_room(&self, size: u64) -> Stored<bool> {
        self.disk.incoming.fits(size).map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    /// Takes away what broke off on its way in; gives how many there were.
    pub(super) async fn sweep(&self) -> Stored<u64> {
        self.disk.sweep().await
    }

    /// Answers someone from outside: only what is signed in the address is looked at.
    pub async fn answer<B>(&self, request: http::Request<B>) -> Answer
    where
        B: http_body::Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static,
    {
        let is_signed = request.uri().query().is_some_and(|query| query.contains(SIGNATURE));
        if !is_signed {
            return status(http::StatusCode::FORBIDDEN);
        }
        let (mut head, body) = request.into_parts();
        // Who follows a redirect to here may bring the token along; there is one proof, and it is in the address.
        for name in [http::header::AUTHORIZATION, http::header::COOKIE] {
            head.headers.remove(name);
        }
        head.headers.insert(http::header::HOST, http::HeaderValue::from_static(HOST));
        let body = http_body_util::BodyExt::map_err(body, Into::into);
        match self.call(http::Request::from_parts(head, Body::http_body_unsync(body))).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::error!(?error, "the file store failed");
                status(http::StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }

    /// Answers this program itself.
    pub(super) async fn call(&self, request: HttpRequest) -> Result<HttpResponse, s3s::HttpError> {
        self.service.call(request).await
    }
}

fn status(code: http::StatusCode) -> Answer {
    let mut answer = Answer::new(Body::empty());
    *answer.status_mut() = code;
    answer
}
