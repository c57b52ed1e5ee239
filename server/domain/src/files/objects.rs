//! Where the bytes are: an S3 server, someone else's or the one inside this program.

use crate::store::Stored;
use async_trait::async_trait;
use std::time::Duration;
use studyrooms_protocol::files::SignedRequest;

/// What may be uploaded under a signature, and nothing else.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    /// Where to.
    pub key: &'a str,
    /// Bytes.
    pub size: u64,
    /// The media type.
    pub mime_type: &'a str,
    /// How long.
    pub valid_for: Duration,
}

/// How an object is handed out. The uploader's own words about it are never used.
#[derive(Clone, Copy, Debug)]
pub struct Showing<'a> {
    /// `Content-Type`.
    pub mime_type: &'a str,
    /// `Content-Disposition`.
    pub disposition: &'a str,
    /// How long the address works.
    pub valid_for: Duration,
}

/// What is there under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectFacts {
    /// Bytes.
    pub size: u64,
    /// As it was uploaded.
    pub mime_type: Option<String>,
}

/// A part that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPart {
    /// From 1.
    pub number: u32,
    /// Bytes.
    pub size: u64,
    /// What the object store knows it by.
    pub tag: String,
}

/// Objects by key, in one bucket.
#[async_trait]
pub trait Objects: Send + Sync {
    /// Signs an upload.
    async fn sign_put(&self, grant: Grant<'_>) -> Stored<SignedRequest>;
    /// Signs a download; the address may be a path on this server.
    async fn sign_get(&self, key: &str, showing: Showing<'_>) -> Stored<String>;
    /// What is there under a key; none when nothing is.
    async fn head(&self, key: &str) -> Stored<Option<ObjectFacts>>;
    /// Takes an object away; nothing happens when there is none.
    async fn remove(&self, key: &str) -> Stored<()>;
    /// Begins an upload in parts, and gives what the object store calls it.
    async fn begin_parts(&self, key: &str, mime_type: &str) -> Stored<String>;
    /// Signs a part of `grant.size` bytes; its media type is that of the whole.
    async fn sign_part(&self, multipart: &str, number: u32, grant: Grant<'_>) -> Stored<SignedRequest>;
    /// The parts that are there, in order; none when there is no such upload any more.
    async fn parts(&self, key: &str, multipart: &str) -> Stored<Option<Vec<StoredPart>>>;
    /// Puts the parts together, in order.
    async fn complete(&self, key: &str, multipart: &str, parts: &[StoredPart]) -> Stored<()>;
    /// Whether there is room for a file of `size` bytes, as far as that is known.
    async fn has_room(&self, size: u64) -> Stored<bool>;
    /// Takes away what broke off on its way in and belongs to no upload; gives how much was found.
    async fn sweep(&self) -> Stored<u64>;
    /// Takes the parts away; nothing happens when there are none.
    async fn abandon_parts(&self, key: &str, multipart: &str) -> Stored<()>;
}
