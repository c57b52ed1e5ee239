//! What is on its way into the store of objects: whose it is, how much of it is still to come, and
//! whether the disk has room for it.

use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};
use std::{
    collections::HashMap,
    io,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Writes at once of one person; the client of this program sends three parts of each file.
pub(super) const WRITES_OF_PERSON: usize = 16;
/// Writes at once of everyone. Each holds a file and up to two chunks in memory.
pub(super) const WRITES: usize = 128;
/// Bytes that must come within [`PACE_WITHIN`] of waiting for them, or the write ends.
const PACE_BYTES: u64 = 16 << 10;
/// See [`PACE_BYTES`].
const PACE_WITHIN: Duration = Duration::from_secs(30);

/// The writes under way. One for each slot: an object, or a part of one.
pub(super) struct Incoming {
    root: PathBuf,
    /// Bytes of the disk that files leave free.
    reserve: u64,
    writes: Mutex<HashMap<String, Write>>,
}

struct Write {
    person: String,
    /// Bytes that were announced and are not on the disk yet.
    to_come: u64,
    /// Told to end.
    stop: CancellationToken,
    /// Nothing of it is left.
    ended: CancellationToken,
}

/// A write that may go on for as long as this is held.
pub(super) struct Admitted {
    incoming: Arc<Incoming>,
    slot: String,
    stop: CancellationToken,
    ended: CancellationToken,
}

impl Incoming {
    pub(super) fn new(root: PathBuf, reserve: u64) -> Arc<Self> {
        Arc::new(Self { root, reserve, writes: Mutex::default() })
    }

    fn writes(&self) -> MutexGuard<'_, HashMap<String, Write>> {
        self.writes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a write of `size` bytes begin, and keeps room for it. An earlier write to the same slot
    /// ends first: its sender may be gone without a word, and is the same person.
    pub(super) async fn admit(self: &Arc<Self>, slot: &str, person: &str, size: u64) -> S3Result<Admitted> {
        loop {
            let earlier = {
                let mut writes = self.writes();
                match writes.get(slot) {
                    Some(write) => {
                        write.stop.cancel();
                        write.ended.clone()
                    }
                    None => {
                        self.has_room(&writes, person, size)?;
                        let (stop, ended) = (CancellationToken::new(), CancellationToken::new());
                        let write = Write {
                            person: person.to_owned(),
                            to_come: size,
                            stop: stop.clone(),
                            ended: ended.clone(),
                        };
                        writes.insert(slot.to_owned(), write);
                        return Ok(Admitted { incoming: self.clone(), slot: slot.to_owned(), stop, ended });
                    }
                }
            };
            earlier.cancelled().await;
        }
    }

    fn has_room(&self, writes: &HashMap<String, Write>, person: &str, size: u64) -> S3Result<()> {
        if writes.len() >= WRITES {
            return Err(s3_error!(SlowDown, "too many uploads are under way"));
        }
        if writes.values().filter(|write| write.person == person).count() >= WRITES_OF_PERSON {
            return Err(s3_error!(SlowDown, "too many uploads of one person are under way"));
        }
        let promised: u64 = writes.values().map(|write| write.to_come).sum();
        let left = self.free().map_err(super::disk::failed)?.saturating_sub(promised);
        if left < size.saturating_add(self.reserve) {
            return Err(full());
        }
        Ok(())
    }

    /// Bytes that this program may still use of the disk.
    fn free(&self) -> io::Result<u64> {
        let disk = rustix::fs::statvfs(&self.root)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Whether a file of `size` bytes would be let in now, as far as the disk goes.
    pub(super) fn fits(&self, size: u64) -> io::Result<bool> {
        let promised: u64 = self.writes().values().map(|write| write.to_come).sum();
        Ok(self.free()?.saturating_sub(promised) >= size.saturating_add(self.reserve))
    }

    /// Whether no write is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.writes().is_empty()
    }

    /// Ends the writes to all slots that fit, and waits until nothing of them is left.
    pub(super) async fn end(&self, fits: impl Fn(&str) -> bool) {
        let ended: Vec<CancellationToken> = {
            let writes = self.writes();
            let meant = writes.iter().filter(|(slot, _)| fits(slot)).map(|(_, write)| write);
            meant.inspect(|write| write.stop.cancel()).map(|write| write.ended.clone()).collect()
        };
        for ended in ended {
            ended.cancelled().await;
        }
    }
}

impl Admitted {
    /// Resolves when another write takes the place of this one, or the upload was given up.
    pub(super) async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    /// So many bytes are on the disk now.
    pub(super) fn wrote(&self, bytes: u64) {
        if let Some(write) = self.incoming.writes().get_mut(&self.slot) {
            write.to_come = write.to_come.saturating_sub(bytes);
        }
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.incoming.writes().remove(&self.slot);
        self.ended.cancel();
    }
}

/// How fast bytes must come.
pub(super) struct Pace {
    /// How long may still be waited for the rest of [`PACE_BYTES`].
    left: Duration,
    came: u64,
}

impl Pace {
    pub(super) const fn new() -> Self {
        Self { left: PACE_WITHIN, came: 0 }
    }

    /// Waits for `next`, which gives so many bytes as `size` says.
    pub(super) async fn next<T>(
        &mut self,
        next: impl Future<Output = T>,
        size: impl FnOnce(&T) -> usize,
    ) -> S3Result<T> {
        let since = Instant::now();
        let slow = |_| {
            let mut error = s3_error!(RequestTimeout, "the bytes come too slowly");
            error.set_status_code(http::StatusCode::REQUEST_TIMEOUT);
            error
        };
        let next = tokio::time::timeout(self.left, next).await.map_err(slow)?;
        self.left = self.left.saturating_sub(since.elapsed());
        self.came += size(&next) as u64;
        if self.came >= PACE_BYTES {
            *self = Self::new();
        }
        Ok(next)
    }
}

/// The disk has no room for files any more.
pub(super) fn full() -> S3Error {
    let code = S3ErrorCode::Custom("InsufficientStorage".into());
    let mut error = S3Error::with_message(code, "the server's disk has no room for files");
    error.set_status_code(http::StatusCode::INSUFFICIENT_STORAGE);
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incoming(reserve: u64) -> Arc<Incoming> {
        Incoming::new(std::env::temp_dir(), reserve)
    }

    #[tokio::test]
    async fn a_later_write_to_a_slot_begins_when_the_earlier_one_has_ended() {
        let incoming = incoming(0);
        let first = incoming.admit("a", "ann", 1).await.unwrap();
        let other = incoming.clone();
        let second = tokio::spawn(async move { other.admit("a", "ann", 1).await });
        first.stopped().await;
        assert!(!second.is_finished());
        drop(first);
        let second = second.await.unwrap().unwrap();
        assert!(!second.stop.is_cancelled());
        drop(second);
        assert!(incoming.is_idle());
    }

    #[tokio::test]
    async fn one_person_has_so_many_writes_and_everyone_together_has() {
        let incoming = incoming(0);
        let mut held = vec![];
        for person in 0..WRITES / WRITES_OF_PERSON {
            for n in 0..WRITES_OF_PERSON {
                held.push(incoming.admit(&format!("{person}-{n}"), &person.to_string(), 1).await.unwrap());
            }
            let refused = incoming.admit("one more", &person.to_string(), 1).await.err().unwrap();
            assert_eq!(refused.code(), &S3ErrorCode::SlowDown);
        }
        assert!(incoming.admit("one more", "someone", 1).await.is_err());
        held.pop();
        assert!(incoming.admit("one more", "someone", 1).await.is_ok());
    }

    #[tokio::test]
    async fn what_others_were_promised_and_the_reserve_are_not_given_away() {
        let free = incoming(0).free().unwrap();
        let incoming = incoming(free / 4);
        let held = incoming.admit("a", "ann", free / 2).await.unwrap();
        let refused = incoming.admit("b", "ben", free / 2).await.err().unwrap();
        assert_eq!(refused.status_code(), Some(http::StatusCode::INSUFFICIENT_STORAGE));
        assert!(!incoming.fits(free / 2).unwrap());
        drop(held);
        assert!(incoming.fits(free / 2).unwrap() && incoming.admit("b", "ben", free / 2).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_byte_a_second_is_too_slow_and_a_slow_line_is_not() {
        let pace = async |bytes: usize| {
            let (mut pace, since) = (Pace::new(), Instant::now());
            for _ in 0..100 {
                let next = async {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    bytes
                };
                if let Err(error) = pace.next(next, |bytes| *bytes).await {
                    return Err((error.code().clone(), since.elapsed().as_secs()));
                }
            }
            Ok(())
        };
        assert_eq!(pace(1).await, Err((S3ErrorCode::RequestTimeout, 30)));
        assert_eq!(pace(1000).await, Ok(()));
    }
}
