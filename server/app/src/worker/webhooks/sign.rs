//! The signature of Standard Webhooks: HMAC-SHA256 of id, time and body.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Before a secret that is written in base64.
const PREFIX: &str = "whsec_";
const LEAST_BYTES: usize = 24;

/// Why a text is no secret. It does not repeat it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// After `whsec_` there must be base64.
    #[error("not base64 after whsec_")]
    NotBase64,
    /// It can be guessed.
    #[error("at least {LEAST_BYTES} bytes")]
    Short,
}

/// What endpoints know too.
#[derive(Clone)]
pub struct Secret(Hmac<Sha256>);

impl Secret {
    /// `whsec_` and base64, as Standard Webhooks writes it; or any other text, which is the key as it is.
    ///
    /// # Errors
    /// [`SecretError`].
    pub fn new(text: &str) -> Result<Self, SecretError> {
        let key = match text.strip_prefix(PREFIX) {
            Some(encoded) => STANDARD.decode(encoded).map_err(|_| SecretError::NotBase64)?,
            None => text.as_bytes().to_vec(),
        };
        if key.len() < LEAST_BYTES {
            return Err(SecretError::Short);
        }
        // A key of any length is taken.
        Hmac::new_from_slice(&key).map(Self).map_err(|_| SecretError::Short)
    }

    pub(super) fn sign(&self, id: &str, seconds: &str, body: &[u8]) -> String {
        let mut mac = self.0.clone();
        for part in [id.as_bytes(), b".", seconds.as_bytes(), b".", body] {
            mac.update(part);
        }
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_signs_as_the_specification_does() {
        // From the specification's own example.
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", br#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_that_can_be_guessed_is_refused() {
        let refused = |text: &str| Secret::new(text).err();
        assert_eq!(refused("short"), Some(SecretError::Short));
        assert_eq!(refused("whsec_c2hvcnQ="), Some(SecretError::Short));
        assert_eq!(refused("whsec_!"), Some(SecretError::NotBase64));
        assert_eq!(refused("as long as it ought to be"), None);
    }
}
