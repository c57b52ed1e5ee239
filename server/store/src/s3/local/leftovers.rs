//! What broke off on its way in: writes of processes that are gone, and parts of uploads that nobody
//! waits for.

use super::disk::{About, Disk, New, is_plain, read_about};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};
use studyrooms_domain::{
    files::Upload,
    store::{StoreError, Stored},
};

/// An upload in parts is noted in the store a moment after its directory was made.
const NOTED_WITHIN: Duration = Duration::from_secs(3600);
/// What is put aside to be deleted is deleted within this.
const DELETED_WITHIN: Duration = Duration::from_secs(60);

/// A directory of this process alone, for what it is writing. Its lock ends with the process, however
/// that ends: so what another one left is told from what another one is at.
pub(super) struct Workplace {
    path: PathBuf,
    lock_path: PathBuf,
    _lock: File,
}

impl Workplace {
    /// `name` is random.
    pub(super) fn open(parent: &Path, name: &str) -> io::Result<Self> {
        let (path, lock_path) = (parent.join(name), lock_of(parent, name));
        let lock = File::create_new(&lock_path)?;
        lock.lock()?;
        fs::create_dir(&path)?;
        if !lock_path.exists() {
            // Another process that starts at this moment took it for a leftover.
            return Err(io::ErrorKind::ResourceBusy.into());
        }
        Ok(Self { path, lock_path, _lock: lock })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        drop(New(self.path.clone()));
        drop(New(self.lock_path.clone()));
    }
}

fn lock_of(parent: &Path, name: &str) -> PathBuf {
    parent.join(format!("{name}.lock"))
}

impl Disk {
    /// Takes away what broke off; gives how many writes and uploads that were.
    pub(super) async fn sweep(&self) -> Stored<u64> {
        let (parent, own) = (self.root.join("new"), self.workplace.path().to_owned());
        let idle = self.incoming.is_idle();
        let written = blocking(move || {
            let left = sweep_processes(&parent, &own)?;
            Ok(left + if idle { sweep_own(&own)? } else { 0 })
        });
        Ok(written.await? + self.sweep_parts().await?)
    }

    async fn sweep_parts(&self) -> Stored<u64> {
        let parts = self.root.join("parts");
        let old = blocking(move || {
            let entries = fs::read_dir(parts)?.map(|entry| entry.map(|entry| entry.path()));
            let entries = entries.collect::<io::Result<Vec<_>>>()?;
            Ok(entries.into_iter().filter(|path| is_older(path, NOTED_WITHIN)).collect::<Vec<_>>())
        });
        let mut swept = 0;
        for path in old.await? {
            let of = path.clone();
            let about = blocking(move || Ok(read_about::<About>(&of).ok())).await?;
            let key = about.and_then(|about| about.key);
            let upload = match &key {
                Some(key) => self.uploads.by_key(Upload::key_of(key)).await?,
                None => None,
            };
            if upload.is_none_or(|upload| upload.announced_at.is_some()) {
                self.remove(path).await.map_err(|error| StoreError::Unavailable(error.to_string()))?;
                swept += 1;
            }
        }
        Ok(swept)
    }
}

/// What processes left that are gone.
fn sweep_processes(parent: &Path, own: &Path) -> io::Result<u64> {
    let mut swept = 0;
    for entry in fs::read_dir(parent)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if let Some(name) = name.strip_suffix(".lock") {
            // Its directory comes by itself; a lock without one is of a process that ended just then.
            if !parent.join(name).exists() && is_older(&path, DELETED_WITHIN) {
                drop(New(path));
            }
            continue;
        }
        if path == own || !is_plain(name) {
            continue;
        }
        let lock_path = lock_of(parent, name);
        let lock = match File::open(&lock_path) {
            Ok(lock) if lock.try_lock().is_err() => continue,
            Ok(lock) => Some(lock),
            // Of a program that made no directory of its own.
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        drop(New(path));
        drop(New(lock_path));
        drop(lock);
        swept += 1;
    }
    Ok(swept)
}

/// What this process left while no write is under way.
fn sweep_own(own: &Path) -> io::Result<u64> {
    let mut swept = 0;
    for entry in fs::read_dir(own)? {
        let path = entry?.path();
        if is_older(&path, DELETED_WITHIN) {
            drop(New(path));
            swept += 1;
        }
    }
    Ok(swept)
}

fn is_older(path: &Path, than: Duration) -> bool {
    let modified = fs::metadata(path).and_then(|metadata| metadata.modified());
    modified.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > than))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Stored<T> {
    super::disk::blocking(work).await.map_err(|error| StoreError::Unavailable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_left_goes_and_what_one_is_at_stays() {
        let directory = tempfile::tempdir().unwrap();
        let parent = directory.path();
        let [own, other, gone] = ["own-process", "other-process", "gone-process"];
        let (own, other) = (Workplace::open(parent, own).unwrap(), Workplace::open(parent, other).unwrap());
        fs::create_dir(parent.join(gone)).unwrap();
        fs::write(parent.join(gone).join("data"), "half of it").unwrap();
        fs::write(lock_of(parent, gone), "").unwrap();
        // As earlier programs left them.
        fs::create_dir(parent.join("an-object-half")).unwrap();
        fs::write(parent.join("a-part-half"), "half of it").unwrap();
        fs::write(other.path().join("data-of-it"), "more comes").unwrap();
        assert_eq!(sweep_processes(parent, own.path()).unwrap(), 3);
        assert!(own.path().exists() && other.path().join("data-of-it").exists());
        assert_eq!(fs::read_dir(parent).unwrap().count(), 4, "two directories and their locks");
        let path = other.path().to_owned();
        drop(other);
        assert!(!path.exists());
    }
}
