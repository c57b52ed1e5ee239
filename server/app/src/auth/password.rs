//! Passwords: argon2id, off the async threads, a few at a time (RFC 9106).

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::time::Duration;
use studyrooms_domain::Refusal;
use studyrooms_protocol::error::ErrorCode;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::timeout,
};

/// Each hash takes 19 MiB and tens of milliseconds of a core: more at once would only let a flood
/// of sign-ins starve everything else.
const AT_ONCE: usize = 2;
/// So many may wait for their turn: some classes that come at once.
const WAITING: usize = 256;
/// Longer than this no one waits.
const TURN_WITHIN: Duration = Duration::from_secs(10);

/// Hashes and checks passwords, a few at a time.
pub struct Passwords {
    turns: Semaphore,
    places: Semaphore,
    /// Checked against when there is no such person, so that the time taken tells nothing.
    decoy: String,
}

/// The right to hash or check one password now.
pub struct Turn<'a> {
    decoy: &'a str,
    _turn: SemaphorePermit<'a>,
}

impl Passwords {
    /// Makes the decoy, which takes as long as any hash.
    ///
    /// # Errors
    /// When hashing does not work at all.
    pub fn new() -> Result<Self, Refusal> {
        Ok(Self { turns: Semaphore::new(AT_ONCE), places: Semaphore::new(WAITING), decoy: hash_now("decoy")? })
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// `unavailable` when too many wait, or for too long.
    pub async fn turn(&self) -> Result<Turn<'_>, Refusal> {
        let busy = || Refusal::new(ErrorCode::Unavailable, "too many people sign in at this moment; try again");
        let _place = self.places.try_acquire().map_err(|_| busy())?;
        let turn = timeout(TURN_WITHIN, self.turns.acquire()).await.map_err(|_| busy())?;
        Ok(Turn { decoy: &self.decoy, _turn: turn.map_err(|error| broken(&error))? })
    }
}

impl Turn<'_> {
    /// A PHC string of `password` under a fresh salt.
    ///
    /// # Errors
    /// `internal` when hashing fails.
    pub async fn hash(self, password: String) -> Result<String, Refusal> {
        off_thread(move || hash_now(&password)).await?
    }

    /// Whether `password` is the one hashed. Without a hash it never is, after the same time.
    ///
    /// # Errors
    /// `internal` when the hash cannot be read.
    pub async fn verify(self, password: String, hash: Option<String>) -> Result<bool, Refusal> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.to_owned());
        let right = off_thread(move || verify_now(&password, &hash)).await??;
        Ok(right && known)
    }
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.map_err(|error| broken(&error))
}

fn hash_now(password: &str) -> Result<String, Refusal> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(|error| broken(&error))?;
    Ok(hash.to_string())
}

fn verify_now(password: &str, hash: &str) -> Result<bool, Refusal> {
    let hash = PasswordHash::new(hash).map_err(|error| broken(&error))?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

fn broken(error: &dyn std::fmt::Display) -> Refusal {
    tracing::error!(%error, "a password could not be hashed or checked");
    Refusal::new(ErrorCode::Internal, "the password could not be checked")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn verify(passwords: &Passwords, password: &str, hash: Option<String>) -> bool {
        passwords.turn().await.unwrap().verify(password.into(), hash).await.unwrap()
    }

    #[tokio::test]
    async fn the_right_password_and_only_that_is_accepted() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.turn().await.unwrap().hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify(&passwords, "correct horse", Some(hash.clone())).await);
        assert!(!verify(&passwords, "wrong horse", Some(hash)).await);
    }

    #[tokio::test]
    async fn nobody_has_the_decoys_password() {
        assert!(!verify(&Passwords::new().unwrap(), "decoy", None).await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_is_turned_away_and_not_queued() {
        let passwords = Passwords::new().unwrap();
        let held = [passwords.turn().await.unwrap(), passwords.turn().await.unwrap()];
        let crowd = futures_util::future::join_all((0..WAITING + 10).map(|_| passwords.turn()));
        let refused = crowd.await.into_iter().map(|turn| turn.err().unwrap().code);
        assert_eq!(refused.collect::<Vec<_>>(), [ErrorCode::Unavailable; WAITING + 10]);
        drop(held);
        assert!(passwords.turn().await.is_ok());
    }
}
