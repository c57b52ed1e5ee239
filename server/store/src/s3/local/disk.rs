//! Objects on disk. Nothing is seen before all of it is there and synced, and no object is ever
//! replaced.
//!
//! `objects/<two letters>/<key>/{data,about.json}`; `parts/<id>/{about.json,<number>-<sum>}`;
//! `new/<process>/` is what a process is writing.

use super::{
    incoming::{Admitted, Incoming, Pace, full},
    leftovers::Workplace,
};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use s3s::{S3Error, S3Result, s3_error};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::{
    error::Error,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};
use studyrooms_domain::{
    avatars,
    files::Upload,
    store::Uploads,
    system::{Random, random_id},
};
use tokio::task::{JoinHandle, spawn_blocking};

/// Written at a time; a body is never in memory as a whole.
const CHUNK: usize = 256 << 10;

/// What is known of an object, or of one that comes in parts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct About {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Known by this name to those who ask whether it changed.
    #[serde(default)]
    pub tag: String,
    /// Of parts: what they will be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

#[derive(Clone)]
pub(super) struct Disk {
    pub(super) root: PathBuf,
    pub(super) workplace: Arc<Workplace>,
    pub(super) incoming: Arc<Incoming>,
    pub(super) uploads: Arc<dyn Uploads>,
    random: Arc<dyn Random>,
}

/// A name among what is being written; what is left of it goes when this does.
pub(super) struct New(pub PathBuf);

impl Drop for New {
    fn drop(&mut self) {
        // It is gone already when it was finished.
        let outcome = if self.0.is_dir() { fs::remove_dir_all(&self.0) } else { fs::remove_file(&self.0) };
        if let Err(error) = outcome
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(path = %self.0.display(), %error, "a leftover was not removed");
        }
    }
}

/// A body as it was written.
pub(super) struct Written {
    /// SHA-256.
    pub sum: [u8; 32],
}

impl Written {
    /// A name of what is in it.
    pub(super) fn tag(&self) -> String {
        hex(&self.sum[..16])
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn failed(error: io::Error) -> S3Error {
    if error.kind() == io::ErrorKind::StorageFull {
        return full();
    }
    tracing::error!(%error, "the file store's disk failed");
    s3_error!(error, InternalError)
}

/// Runs what waits for the disk where it holds up no one.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> S3Result<T> {
    finished(spawn_blocking(work)).await
}

async fn finished<T>(work: JoinHandle<io::Result<T>>) -> S3Result<T> {
    match work.await {
        Ok(outcome) => outcome.map_err(failed),
        Err(error) => Err(s3_error!(error, InternalError)),
    }
}

/// A file that is written, and summed up, while more of it comes.
struct Writing(JoinHandle<io::Result<(File, Sha256)>>);

impl Writing {
    async fn begin(path: &Path) -> S3Result<Self> {
        let path = path.to_owned();
        let file = blocking(move || File::create_new(path)).await?;
        Ok(Self(spawn_blocking(move || Ok((file, Sha256::new())))))
    }

    /// Begins with the next chunk as soon as the one before is written: no more than two are in memory.
    async fn then(self, chunk: Bytes) -> S3Result<Self> {
        let (mut file, mut sum) = finished(self.0).await?;
        let work = move || {
            sum.update(&chunk);
            file.write_all(&chunk)?;
            Ok((file, sum))
        };
        Ok(Self(spawn_blocking(work)))
    }

    /// Syncs it; gives its sum.
    async fn end(self) -> S3Result<[u8; 32]> {
        let (file, sum) = finished(self.0).await?;
        blocking(move || file.sync_all()).await?;
        Ok(sum.finalize().into())
    }
}

impl Disk {
    pub(super) fn open(
        root: &Path,
        random: Arc<dyn Random>,
        uploads: Arc<dyn Uploads>,
        reserve: u64,
    ) -> io::Result<Self> {
        for name in ["objects", "parts", "new"] {
            fs::create_dir_all(root.join(name))?;
        }
        let workplace = Arc::new(Workplace::open(&root.join("new"), &random_id(&*random))?);
        let incoming = Incoming::new(root.to_owned(), reserve);
        Ok(Self { root: root.to_owned(), workplace, incoming, uploads, random })
    }

    /// Whose write to `key` it is, when an upload waits for it: one that was given up gets nothing more.
    pub(super) async fn sender(&self, key: &str) -> S3Result<String> {
        if let Some(person) = avatars::owner(key) {
            return Ok(person.to_owned());
        }
        let found = self.uploads.by_key(Upload::key_of(key)).await;
        let found = found.map_err(|error| s3_error!(error, ServiceUnavailable))?;
        let waits = found.filter(|upload| upload.announced_at.is_none());
        let none = || s3_error!(AccessDenied, "no upload waits for this object");
        waits.map(|upload| upload.user_id.0).ok_or_else(none)
    }

    /// Where an object is. Keys are made by this program, of characters that lead nowhere else.
    pub(super) fn object(&self, bucket: &str, key: &str) -> S3Result<PathBuf> {
        if bucket != super::BUCKET {
            return Err(s3_error!(NoSuchBucket));
        }
        if !is_plain(key) {
            return Err(s3_error!(NoSuchKey));
        }
        Ok(self.root.join("objects").join(&key[..2]).join(key))
    }

    pub(super) fn parts_of(&self, id: &str) -> S3Result<PathBuf> {
        if is_plain(id) {
            return Ok(self.root.join("parts").join(id));
        }
        Err(s3_error!(NoSuchUpload))
    }

    /// A name that nothing else has.
    pub(super) fn fresh_id(&self) -> String {
        random_id(&*self.random)
    }

    /// A path that nothing else has, among what is being written.
    pub(super) fn fresh(&self) -> New {
        New(self.workplace.path().join(self.fresh_id()))
    }

    /// Writes a body of exactly `size` bytes and syncs it.
    pub(super) async fn write<S, E>(
        &self,
        path: &Path,
        mut body: S,
        size: u64,
        admitted: &Admitted,
    ) -> S3Result<Written>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        let mut writing = Writing::begin(path).await?;
        let (mut written, mut pace) = (0, Pace::new());
        let mut waiting = BytesMut::with_capacity(CHUNK);
        let length =
            |next: &Option<Result<Bytes, E>>| next.as_ref().and_then(|next| next.as_ref().ok()).map_or(0, Bytes::len);
        loop {
            let next = tokio::select! {
                biased;
                () = admitted.stopped() => return Err(s3_error!(OperationAborted, "another upload of the same takes its place")),
                next = pace.next(body.next(), length) => next?,
            };
            let Some(bytes) = next else { break };
            let bytes = bytes.map_err(|error| S3Error::with_source(s3s::S3ErrorCode::IncompleteBody, error.into()))?;
            written += bytes.len() as u64;
            if written > size {
                return Err(s3_error!(EntityTooLarge));
            }
            waiting.extend_from_slice(&bytes);
            if waiting.len() >= CHUNK {
                admitted.wrote(waiting.len() as u64);
                writing = writing.then(waiting.split().freeze()).await?;
                waiting.reserve(CHUNK);
            }
        }
        if written != size {
            return Err(s3_error!(IncompleteBody));
        }
        let sum = writing.then(waiting.freeze()).await?.end().await?;
        Ok(Written { sum })
    }

    /// Makes what is in `new` an object, all at once.
    pub(super) async fn publish(&self, new: New, to: PathBuf, about: About) -> S3Result<()> {
        let published = spawn_blocking(move || {
            write_about(&new.0, &about)?;
            sync(&new.0)?;
            let parent = to.parent().ok_or(io::ErrorKind::NotFound)?;
            fs::create_dir_all(parent)?;
            // A directory that has something in it is not replaced.
            fs::rename(&new.0, &to)?;
            sync(parent)?;
            parent.parent().map_or(Ok(()), sync)
        });
        match published.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) if is_taken(&error) => Err(s3_error!(PreconditionFailed, "objects do not change")),
            Ok(Err(error)) => Err(failed(error)),
            Err(error) => Err(s3_error!(error, InternalError)),
        }
    }

    /// An object that is open, with its size and what is known of it.
    pub(super) async fn open_object(&self, bucket: &str, key: &str) -> S3Result<(File, fs::Metadata, About)> {
        let path = self.object(bucket, key)?;
        let opened = blocking(move || {
            let file = match File::open(path.join("data")) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(error),
            };
            let (metadata, about) = (file.metadata()?, read_about(&path)?);
            Ok(Some((file, metadata, about)))
        });
        opened.await?.ok_or_else(|| s3_error!(NoSuchKey))
    }

    /// Takes a directory away, at once for everyone who looks.
    pub(super) async fn remove(&self, path: PathBuf) -> S3Result<()> {
        let aside = self.fresh();
        blocking(move || {
            match fs::rename(&path, &aside.0) {
                Ok(()) => path.parent().map_or(Ok(()), sync)?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
            drop(aside);
            Ok(())
        })
        .await
    }
}

/// Characters that lead out of no directory.
pub(super) fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (8..=128).contains(&name.len()) && name.bytes().all(plain)
}

fn is_taken(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty)
}

pub(super) fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

pub(super) fn write_about(directory: &Path, about: &About) -> io::Result<()> {
    let mut file = File::create(directory.join("about.json"))?;
    file.write_all(&serde_json::to_vec(about)?)?;
    file.sync_all()
}

pub(super) fn read_about<T: DeserializeOwned>(directory: &Path) -> io::Result<T> {
    Ok(serde_json::from_slice(&fs::read(directory.join("about.json"))?)?)
}
