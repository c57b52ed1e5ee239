//! A sign-in that is under way at a provider: kept in that browser's cookie, signed, for some minutes, so
//! that any instance can take the callback and a stranger's answer is not accepted (RFC 6749, 10.12).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use studyrooms_domain::Refusal;
use studyrooms_protocol::{Timestamp, error::ErrorCode};
use url::{Position, Url};

/// Seconds to sign in at the provider.
pub const ATTEMPT_SEC: u64 = 10 * 60;
/// Bytes of the path to go to afterwards, at most; a longer one becomes the start page.
const NEXT_BYTES: usize = 1000;

/// What is kept until the callback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The id of the provider.
    #[serde(rename = "site")]
    pub provider: String,
    /// Comes back in the callback.
    pub state: String,
    /// Stands in the ID token.
    pub nonce: String,
    /// PKCE: goes with the code.
    pub verifier: String,
    /// The path to go to afterwards.
    pub next: String,
    /// When the attempt ends.
    pub expires_at: Timestamp,
}

/// Seals and opens attempts.
pub struct Attempts {
    key: Hmac<Sha256>,
}

impl Attempts {
    /// Signs with a key made of `secret`.
    ///
    /// # Errors
    /// `internal` when the secret is of no use as a key, which no length of it is.
    pub fn new(secret: &str) -> Result<Self, Refusal> {
        let mut key = Hmac::new_from_slice(secret.as_bytes())
            .map_err(|error| Refusal::new(ErrorCode::Internal, error.to_string()))?;
        key.update(b"sign-in attempt\0");
        Ok(Self { key })
    }

    /// The attempt as a cookie's value.
    ///
    /// # Errors
    /// `internal` when it cannot be written as JSON.
    pub fn seal(&self, attempt: &Attempt) -> Result<String, Refusal> {
        let json = serde_json::to_vec(attempt).map_err(|error| Refusal::new(ErrorCode::Internal, error.to_string()))?;
        let mut mac = self.key.clone();
        mac.update(&json);
        let tag = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        Ok(format!("{}.{tag}", URL_SAFE_NO_PAD.encode(json)))
    }

    /// The attempt in a cookie, when this server sealed it for this provider and state and it has not ended.
    #[must_use]
    pub fn open(&self, sealed: &str, provider: &str, state: &str, now: Timestamp) -> Option<Attempt> {
        let (json, tag) = sealed.split_once('.')?;
        let (json, tag) = (URL_SAFE_NO_PAD.decode(json).ok()?, URL_SAFE_NO_PAD.decode(tag).ok()?);
        let mut mac = self.key.clone();
        mac.update(&json);
        mac.verify_slice(&tag).ok()?;
        let attempt: Attempt = serde_json::from_slice(&json).ok()?;
        let fits = attempt.provider == provider && attempt.state == state && now < attempt.expires_at;
        fits.then_some(attempt)
    }
}

/// A path on this server, as it may stand in `Location`; the start page for anything that would
/// lead to another origin.
#[must_use]
pub fn local_path(next: &str) -> String {
    let start = || "/".to_owned();
    if !next.starts_with('/') || next.len() > NEXT_BYTES {
        return start();
    }
    // Read as browsers read it: they drop tabs, and take a backslash for a slash.
    let Ok(here) = Url::parse("http://here.invalid") else { return start() };
    match here.join(next) {
        Ok(url) if url.origin() == here.origin() && !url.path().starts_with("//") => {
            url[Position::BeforePath..].to_owned()
        }
        _ => start(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempts() -> Attempts {
        Attempts::new("a secret of thirty-two bytes or more").unwrap()
    }

    fn attempt() -> Attempt {
        Attempt {
            provider: "school".into(),
            state: "s".into(),
            nonce: "n".into(),
            verifier: "v".into(),
            next: "/rooms".into(),
            expires_at: 1000,
        }
    }

    #[test]
    fn only_the_same_attempt_is_opened_and_in_time() {
        let (attempts, attempt) = (attempts(), attempt());
        let sealed = attempts.seal(&attempt).unwrap();
        assert_eq!(attempts.open(&sealed, "school", "s", 999), Some(attempt.clone()));
        assert_eq!(attempts.open(&sealed, "google", "s", 999), None);
        assert_eq!(attempts.open(&sealed, "school", "other", 999), None);
        assert_eq!(attempts.open(&sealed, "school", "s", 1000), None);
        let others = Attempts::new("another secret of that many bytes").unwrap();
        assert_eq!(others.open(&sealed, "school", "s", 999), None);
    }

    #[test]
    fn what_was_tampered_with_is_not_opened() {
        let (attempts, sealed) = (attempts(), attempts().seal(&attempt()).unwrap());
        for place in 0..sealed.len() {
            let mut bytes = sealed.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(attempts.open(&String::from_utf8(bytes).unwrap(), "school", "s", 0), None, "{place}");
        }
        assert_eq!(attempts.open("", "school", "s", 0), None);
    }

    #[test]
    fn nothing_leads_to_another_site() {
        for next in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "\\\\evil.example",
            "javascript:alert(1)",
            "",
            "evil",
        ] {
            assert_eq!(local_path(next), "/", "{next:?}");
        }
        assert!(!local_path("/a\r\nSet-Cookie: x=y").contains(['\r', '\n']));
    }

    #[test]
    fn paths_of_this_server_are_kept() {
        for next in ["/", "/r/abc-defg-hjk", "/r/abc?x=1&y=%2F#chat"] {
            assert_eq!(local_path(next), next);
        }
    }
}
