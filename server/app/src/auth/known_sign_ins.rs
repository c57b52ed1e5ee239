//! Accounts that were signed in to from an address before. Whoever shares an address with someone who guesses
//! passwords is not kept out of their own account by it.

use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
};

/// Pairs that are kept before the older half is forgotten: 8 bytes each, and the table around them.
const KEPT: usize = 100_000;

/// Pairs of an address and an account, of this instance since it began.
#[derive(Default)]
pub struct KnownSignIns {
    hasher: RandomState,
    pairs: Mutex<Pairs>,
}

#[derive(Default)]
struct Pairs {
    newer: HashSet<u64>,
    older: HashSet<u64>,
}

impl KnownSignIns {
    /// Whether the account was signed in to from there, or made there.
    #[must_use]
    pub fn has(&self, address: &str, account: &str) -> bool {
        let pair = self.hasher.hash_one((address, account));
        let pairs = self.pairs.lock().unwrap_or_else(PoisonError::into_inner);
        pairs.newer.contains(&pair) || pairs.older.contains(&pair)
    }

    /// It was.
    pub fn add(&self, address: &str, account: &str) {
        let pair = self.hasher.hash_one((address, account));
        let mut pairs = self.pairs.lock().unwrap_or_else(PoisonError::into_inner);
        if pairs.newer.len() >= KEPT / 2 && !pairs.newer.contains(&pair) {
            pairs.older = std::mem::take(&mut pairs.newer);
        }
        pairs.newer.insert(pair);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_known_by_both_parts_and_the_oldest_are_forgotten() {
        let known = KnownSignIns::default();
        known.add("a", "ann");
        assert!(known.has("a", "ann") && !known.has("a", "bob") && !known.has("b", "ann") && !known.has("aa", "nn"));
        for n in 0..3 * KEPT {
            known.add("b", &n.to_string());
        }
        assert!(!known.has("a", "ann"));
        assert!(known.has("b", &(3 * KEPT - KEPT / 2).to_string()));
        let pairs = known.pairs.lock().unwrap();
        assert!(pairs.newer.len() + pairs.older.len() <= KEPT);
    }
}
