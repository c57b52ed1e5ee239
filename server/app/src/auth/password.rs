//! Passwords: argon2id, off the async threads, a few at a time (RFC 9106).

use super::{
    fair_queue::Origin,
    hashers::{self, Blocks, Hashers},
};
use argon2::{
    Argon2, Params,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use std::sync::Arc;
use studyrooms_domain::{Refusal, system::Random};
use studyrooms_protocol::error::ErrorCode;
use unicode_normalization::UnicodeNormalization;

/// Bytes (RFC 9106, section 3.1).
const SALT_BYTES: usize = 16;

/// Hashes and checks passwords, a few at a time.
pub struct Passwords {
    hashers: Hashers,
    random: Arc<dyn Random>,
    /// Checked against when there is no such person, so that the time taken tells nothing.
    decoy: String,
}

/// The right to hash or check one password now.
pub struct HashingPermit<'a> {
    passwords: &'a Passwords,
    permit: hashers::Permit,
}

impl Passwords {
    /// Makes the decoy, which takes as long as any hash.
    ///
    /// # Errors
    /// When hashing does not work at all.
    pub fn new(random: Arc<dyn Random>) -> Result<Self, Refusal> {
        let decoy = hash_now("decoy", &salt(&*random), &mut Blocks::new())?;
        Ok(Self { hashers: Hashers::of_this_machine(), random, decoy })
    }

    /// Waits for a permit, in a queue that is fair between addresses, and between the accounts of an address, of which
    /// those that were signed in to from there before come first.
    ///
    /// # Errors
    /// `rate_limited` when too many of this account or address wait, `unavailable` when too many wait in all,
    /// or for too long.
    pub async fn permit(&self, address: &str, account: &str, is_known: bool) -> Result<HashingPermit<'_>, Refusal> {
        Ok(HashingPermit { passwords: self, permit: self.hashers.permit(Origin { address, account, is_known }).await? })
    }
}

impl HashingPermit<'_> {
    /// A PHC string of `password` under a fresh salt.
    ///
    /// # Errors
    /// `internal` when hashing fails.
    pub async fn hash(self, password: String) -> Result<String, Refusal> {
        let salt = salt(&*self.passwords.random);
        off_thread(self.permit, move |blocks| hash_now(&password, &salt, blocks)).await
    }

    /// Whether `password` is the one hashed. Without a hash it never is, after the same time.
    ///
    /// # Errors
    /// `internal` when the hash cannot be read.
    pub async fn verify(self, password: String, hash: Option<String>) -> Result<bool, Refusal> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.passwords.decoy.clone());
        let right = off_thread(self.permit, move |blocks| verify_now(&password, &hash, blocks)).await?;
        Ok(right && known)
    }
}

/// The permit lasts as long as the work, also when whoever waits for it has gone away.
async fn off_thread<T: Send + 'static>(
    mut permit: hashers::Permit,
    work: impl FnOnce(&mut Blocks) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let done = tokio::task::spawn_blocking(move || work(&mut permit.blocks));
    done.await.map_err(|error| broken(&error))?
}

fn salt(random: &dyn Random) -> [u8; SALT_BYTES] {
    let mut salt = [0; SALT_BYTES];
    random.fill(&mut salt);
    salt
}

/// In one normal form (RFC 8265): keyboards and systems write the same letter in several ways.
fn hash_now(password: &str, salt: &[u8], blocks: &mut Blocks) -> Result<String, Refusal> {
    let password: &str = &password.nfc().collect::<String>();
    let (argon2, params) = (Argon2::default(), Params::default());
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    fill(&argon2, &params, password, salt, &mut output, blocks)?;
    let hash = PasswordHash {
        algorithm: argon2::Algorithm::default().ident(),
        version: Some(argon2::Version::default().into()),
        params: ParamsString::try_from(&params).map_err(|error| broken(&error))?,
        salt: Some(Salt::new(salt).map_err(|error| broken(&error))?),
        hash: Some(Output::new(&output).map_err(|error| broken(&error))?),
    };
    Ok(hash.to_string())
}

fn verify_now(password: &str, hash: &str, blocks: &mut Blocks) -> Result<bool, Refusal> {
    let normal: String = password.nfc().collect();
    // Older hashes are of what was typed.
    Ok(fits(&normal, hash, blocks)? || (normal != password && fits(password, hash, blocks)?))
}

fn fits(password: &str, hash: &str, blocks: &mut Blocks) -> Result<bool, Refusal> {
    let unreadable = |error: &dyn std::fmt::Display| broken(error);
    let hash = PasswordHash::new(hash).map_err(|error| unreadable(&error))?;
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else { return Err(broken(&"a hash without its salt")) };
    let algorithm = argon2::Algorithm::try_from(hash.algorithm.as_str()).map_err(|error| unreadable(&error))?;
    let version = hash.version.map_or(Ok(argon2::Version::default()), argon2::Version::try_from);
    let version = version.map_err(|error| unreadable(&error))?;
    let params = Params::try_from(&hash).map_err(|error| unreadable(&error))?;
    let mut bytes = [0; Output::MAX_LENGTH];
    let output = bytes.get_mut(..expected.len()).ok_or_else(|| broken(&"a hash of no known length"))?;
    fill(&Argon2::new(algorithm, version, params.clone()), &params, password, salt, output, blocks)?;
    // Compared in constant time.
    Ok(Output::new(output).map_err(|error| unreadable(&error))? == *expected)
}

/// Computes a hash in `blocks`, which grow to what it needs and stay so.
fn fill(
    argon2: &Argon2<'_>,
    params: &Params,
    password: &str,
    salt: &[u8],
    output: &mut [u8],
    blocks: &mut Blocks,
) -> Result<(), Refusal> {
    if blocks.len() < params.block_count() {
        blocks.resize(params.block_count(), argon2::Block::new());
    }
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, output, blocks).map_err(|error| broken(&error))
}

fn broken(error: &dyn std::fmt::Display) -> Refusal {
    tracing::error!(%error, "a password could not be hashed or checked");
    Refusal::new(ErrorCode::Internal, "the password could not be checked")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::SystemRandom;
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

    fn passwords() -> Passwords {
        Passwords::new(Arc::new(SystemRandom)).unwrap()
    }

    async fn verify(passwords: &Passwords, password: &str, hash: Option<String>) -> bool {
        passwords.permit("a", "ann", false).await.unwrap().verify(password.into(), hash).await.unwrap()
    }

    #[tokio::test]
    async fn the_right_password_and_only_that_is_accepted() {
        let passwords = passwords();
        let hash = passwords.permit("a", "ann", false).await.unwrap().hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify(&passwords, "correct horse", Some(hash.clone())).await);
        assert!(!verify(&passwords, "wrong horse", Some(hash)).await);
    }

    #[tokio::test]
    async fn a_password_is_the_same_in_every_normal_form() {
        let passwords = passwords();
        let (composed, decomposed) = ("p\u{e4}ssw\u{f6}rd", "pa\u{308}sswo\u{308}rd");
        for typed in [composed, decomposed] {
            let hash = passwords.permit("a", "ann", false).await.unwrap().hash(typed.into()).await.unwrap();
            assert!(verify(&passwords, composed, Some(hash.clone())).await);
            assert!(verify(&passwords, decomposed, Some(hash)).await);
        }
    }

    #[tokio::test]
    async fn a_hash_of_what_was_typed_goes_on_to_fit_it() {
        let typed = "pa\u{308}ssword";
        let hash = Argon2::default().hash_password(typed.as_bytes()).unwrap().to_string();
        assert!(verify(&passwords(), typed, Some(hash)).await);
    }

    #[tokio::test]
    async fn hashes_are_those_of_the_library() {
        let passwords = passwords();
        let theirs = Argon2::default().hash_password(b"correct horse").unwrap().to_string();
        assert!(verify(&passwords, "correct horse", Some(theirs)).await);
        let ours = passwords.permit("a", "ann", false).await.unwrap().hash("correct horse".into()).await.unwrap();
        let ours = PasswordHash::new(&ours).unwrap();
        assert!(Argon2::default().verify_password(b"correct horse", &ours).is_ok());
    }

    #[tokio::test]
    async fn nobody_has_the_decoys_password() {
        assert!(!verify(&passwords(), "decoy", None).await);
    }

    #[tokio::test]
    async fn a_turn_lasts_as_long_as_its_work_though_whoever_asked_has_gone_away() {
        let passwords = Passwords { hashers: Hashers::new(1), ..passwords() };
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let permit = passwords.permit("a", "ann", false).await.unwrap().permit;
        let mut work = Box::pin(off_thread(permit, move |_| {
            ended.recv().ok();
            Ok(())
        }));
        assert!(futures_util::poll!(&mut work).is_pending());
        drop(work);
        let mut next = Box::pin(passwords.permit("a", "bob", false));
        assert!(futures_util::poll!(&mut next).is_pending());
        end.send(()).unwrap();
        assert!(next.await.is_ok());
    }
}
