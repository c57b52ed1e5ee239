//! The clock and the source of randomness, as parameters, so that tests need neither wait nor depend on luck.

use studyrooms_protocol::Timestamp;

/// A source of the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970.
    fn now(&self) -> Timestamp;
}

/// A source of randomness. It must be fit for secrets.
pub trait Random: Send + Sync {
    /// Fills all of `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

const ID_CHARACTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

/// `count` characters of `alphabet`, each as likely as any other (bytes that would favour some are
/// thrown away).
pub(crate) fn random_text(random: &dyn Random, alphabet: &[u8], count: usize) -> String {
    let fair = 256 - 256 % alphabet.len();
    let mut text = String::with_capacity(count);
    let mut bytes = [0u8; 32];
    while text.len() < count {
        random.fill(&mut bytes);
        let fair_bytes = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < fair);
        text.extend(fair_bytes.take(count - text.len()).map(|byte| char::from(alphabet[byte % alphabet.len()])));
    }
    text
}

/// 22 URL-safe characters: 132 bits, as good as a UUID.
#[must_use]
pub fn random_id(random: &dyn Random) -> String {
    random_text(random, ID_CHARACTERS, 22)
}
