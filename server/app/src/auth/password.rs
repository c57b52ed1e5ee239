//! Passwords: argon2id, off the async threads, a few at a time (RFC 9106).

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use studyrooms_domain::Refusal;
use studyrooms_protocol::error::ErrorCode;
use tokio::sync::Semaphore;

/// Each hash takes 19 MiB and tens of milliseconds of a core: more at once would only let a flood
/// of sign-ins starve everything else.
const AT_ONCE: usize = 2;

/// Hashes and checks passwords.
pub struct Passwords {
    permits: Semaphore,
    /// Checked against when there is no such person, so that the time taken tells nothing.
    decoy: String,
}

impl Passwords {
    /// Makes the decoy, which takes as long as any hash.
    ///
    /// # Errors
    /// When hashing does not work at all.
    pub fn new() -> Result<Self, Refusal> {
        Ok(Self { permits: Semaphore::new(AT_ONCE), decoy: hash_now("decoy")? })
    }

    /// A PHC string of `password` under a fresh salt.
    ///
    /// # Errors
    /// `internal` when hashing fails.
    pub async fn hash(&self, password: String) -> Result<String, Refusal> {
        self.off_thread(move || hash_now(&password)).await?
    }

    /// Whether `password` is the one hashed. Without a hash it never is, after the same time.
    ///
    /// # Errors
    /// `internal` when the hash cannot be read.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Refusal> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.clone());
        let right = self.off_thread(move || verify_now(&password, &hash)).await??;
        Ok(right && known)
    }

    async fn off_thread<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
        let _permit = self.permits.acquire().await.map_err(|error| broken(&error))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| broken(&error))
    }
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

    #[tokio::test]
    async fn the_right_password_and_only_that_is_accepted() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(passwords.verify("correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("wrong horse".into(), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_the_decoys_password() {
        assert!(!Passwords::new().unwrap().verify("decoy".into(), None).await.unwrap());
    }
}
