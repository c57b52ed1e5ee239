//! Ids of families of refresh tokens. They are signed, so one that was made up costs no look into the store.

use super::derived_secret;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use studyrooms_domain::{Refusal, system::Random};
use studyrooms_protocol::error::ErrorCode;

const RANDOM_BYTES: usize = 16;
const SIGNATURE_BYTES: usize = 12;

/// Makes ids, and knows those that it made. Ids of another secret are as good, but are not known.
pub struct FamilyIds {
    key: Hmac<Sha256>,
}

impl FamilyIds {
    /// With a key that is derived from this secret.
    ///
    /// # Errors
    /// `internal` when cryptography does not work here.
    pub fn new(secret: &str) -> Result<Self, Refusal> {
        let key = Hmac::new_from_slice(derived_secret(secret, "refresh token families")?.as_bytes())
            .map_err(|error| Refusal::new(ErrorCode::Internal, error.to_string()))?;
        Ok(Self { key })
    }

    /// A new one.
    pub(super) fn make(&self, random: &dyn Random) -> String {
        let mut bytes = [0; RANDOM_BYTES];
        random.fill(&mut bytes);
        URL_SAFE_NO_PAD.encode([&bytes[..], &self.sign(&bytes).finalize().into_bytes()[..SIGNATURE_BYTES]].concat())
    }

    /// Whether it was made here.
    pub(super) fn made(&self, id: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(id) else { return false };
        let Some((random, signature)) = bytes.split_at_checked(RANDOM_BYTES) else { return false };
        signature.len() == SIGNATURE_BYTES && self.sign(random).verify_truncated_left(signature).is_ok()
    }

    fn sign(&self, bytes: &[u8]) -> Hmac<Sha256> {
        self.key.clone().chain_update(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::SystemRandom;

    #[test]
    fn only_what_was_made_here_is_known() {
        let ids = FamilyIds::new("a secret of thirty-two bytes or more").unwrap();
        let id = ids.make(&SystemRandom);
        assert!(ids.made(&id));
        let other = FamilyIds::new("another secret of thirty-two bytes").unwrap();
        assert!(!ids.made(&other.make(&SystemRandom)));
        for made_up in ["", "nobody", &id[1..], &format!("A{}", &id[1..]), &format!("{id}AAAA"), "å"] {
            assert!(made_up == id || !ids.made(made_up), "{made_up}");
        }
    }
}
