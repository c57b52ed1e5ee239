//! Addresses of the network as they are kept: by a keyed hash, from which none is found without the secret.

use super::derived_secret;
use studyrooms_domain::{Refusal, rooms::AddressHash};

/// Hashes addresses.
pub struct AddressKey(String);

impl AddressKey {
    /// With a key made of `secret`.
    ///
    /// # Errors
    /// `internal` when cryptography does not work here.
    pub fn new(secret: &str) -> Result<Self, Refusal> {
        Ok(Self(derived_secret(secret, "addresses")?))
    }

    /// An address, as limits count it: a network of IPv6 is one.
    ///
    /// # Errors
    /// `internal` when cryptography does not work here.
    pub fn hash(&self, address: &impl std::fmt::Display) -> Result<AddressHash, Refusal> {
        Ok(AddressHash(derived_secret(&self.0, &address.to_string())?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_known_again_by_its_hash_and_not_to_be_read_from_it() {
        let key = AddressKey::new("a secret of the test").unwrap();
        let hash = key.hash(&"203.0.113.9").unwrap();
        assert_eq!(hash, key.hash(&"203.0.113.9").unwrap());
        assert_ne!(hash, key.hash(&"203.0.113.8").unwrap());
        assert_ne!(hash, AddressKey::new("another").unwrap().hash(&"203.0.113.9").unwrap());
        assert!(!hash.0.contains("203"));
    }
}
