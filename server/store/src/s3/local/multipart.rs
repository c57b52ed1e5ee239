//! Uploads in parts, until they are put together.

use super::disk::{About, Disk, Written, blocking, hex, read_about, sync, write_about};
use s3s::{S3Result, s3_error};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// Smaller ones may only be the last.
const LEAST: u64 = 5 << 20;

/// A part that is there.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub number: i32,
    pub size: u64,
    pub tag: String,
    path: PathBuf,
}

impl Disk {
    pub(super) async fn begin_parts(&self, id: &str, key: String, content_type: Option<String>) -> S3Result<()> {
        let path = self.parts_of(id)?;
        let about = About { content_type, key: Some(key), tag: String::new() };
        blocking(move || {
            fs::create_dir(&path)?;
            write_about(&path, &about)?;
            sync(&path)?;
            path.parent().map_or(Ok(()), sync)
        })
        .await
    }

    /// The parts of an upload of this key.
    pub(super) async fn parts(&self, id: &str, key: &str) -> S3Result<(PathBuf, About, Vec<Part>)> {
        let path = self.parts_of(id)?;
        let read = blocking(move || match read_about::<About>(&path) {
            Ok(about) => listed(&path).map(|parts| Some((path, about, parts))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        });
        let found = read.await?.filter(|(_, about, _)| about.key.as_deref() == Some(key));
        found.ok_or_else(|| s3_error!(NoSuchUpload))
    }

    /// Keeps a part in place of the one of the same number.
    pub(super) async fn keep_part(&self, of: PathBuf, number: i32, from: PathBuf, written: &Written) -> S3Result<()> {
        let name = format!("{number:05}-{}", written.tag());
        blocking(move || {
            fs::rename(from, of.join(&name))?;
            for other in listed(&of)? {
                if other.number == number && !other.path.ends_with(&name) {
                    fs::remove_file(other.path)?;
                }
            }
            sync(&of)
        })
        .await
    }

    /// Puts parts together in a new directory; gives what the whole is known by.
    pub(super) async fn join(&self, into: PathBuf, parts: Vec<Part>) -> S3Result<String> {
        let wrong = parts.iter().rev().skip(1).any(|part| part.size < LEAST);
        if parts.is_empty() {
            return Err(s3_error!(InvalidPart));
        }
        if wrong {
            return Err(s3_error!(EntityTooSmall));
        }
        let mut sum = Sha256::new();
        parts.iter().for_each(|part| sum.update(&part.tag));
        let tag = format!("{}-{}", hex(&sum.finalize()[..16]), parts.len());
        blocking(move || {
            fs::create_dir(&into)?;
            let mut whole = File::create_new(into.join("data"))?;
            for part in parts {
                // The system copies; nothing of it comes by here.
                io::copy(&mut File::open(part.path)?, &mut whole)?;
            }
            whole.sync_all()
        })
        .await?;
        Ok(tag)
    }
}

/// In order; of two with one number, left by a cut, the newer.
fn listed(directory: &Path) -> io::Result<Vec<Part>> {
    let mut found: Vec<(std::time::SystemTime, Part)> = vec![];
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some((number, tag)) = name.split_once('-').and_then(|(number, tag)| Some((number.parse().ok()?, tag)))
        else {
            continue;
        };
        let metadata = match entry.metadata() {
            Ok(metadata) => metadata,
            // Replaced at this moment.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        let part = Part { number, size: metadata.len(), tag: tag.to_owned(), path: entry.path() };
        found.push((metadata.modified()?, part));
    }
    found.sort_by_key(|(at, part)| (part.number, std::cmp::Reverse(*at)));
    found.dedup_by_key(|(_, part)| part.number);
    Ok(found.into_iter().map(|(_, part)| part).collect())
}
