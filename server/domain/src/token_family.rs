//! Families of refresh tokens: all that descend from one sign-in, kept as one record. A token is exchanged for
//! its successor; one whose successor has been used was copied by someone (RFC 9700, section 4.14).

use crate::auth::{REFRESH_LIFETIME_MS, RefreshToken};
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use studyrooms_protocol::{Timestamp, ids::UserId};

/// Two tabs may refresh at the same moment with the same cookie: for so long, what was good a moment ago still is.
pub const REFRESH_GRACE_MS: u64 = 10_000;

/// Successors of one token that are kept, and tokens that are good a moment longer: more tabs than a browser
/// restores at once.
const TOKENS_KEPT: usize = 32;

/// The tokens of one sign-in, each by the hex of its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFamily {
    /// The first part of its tokens: random, and shown to nobody else.
    pub id: String,
    /// Whose they are.
    pub user_id: UserId,
    /// When they end.
    pub expires_at: Timestamp,
    /// Counts the changes.
    pub version: u64,
    /// The tokens.
    pub tokens: FamilyTokens,
}

/// Which tokens of a family are good.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FamilyTokens {
    /// The last that was used. It is good until one of its successors is used: the answer that brought them
    /// may have been lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    used: Option<String>,
    /// When it was exchanged last.
    rotated_at: Timestamp,
    /// Its successors, the newest last; none of them has been used.
    unused: Vec<String>,
    /// What was one of these until a moment ago, the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    late: Vec<LateToken>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct LateToken {
    hash: String,
    /// The last millisecond at which it is good.
    until: Timestamp,
}

/// What it means that someone shows a token of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// Give a new one.
    Rotate,
    /// The family's time is over; sign in again.
    Expired,
    /// It is not one of those that are good: someone has a copy, so the whole family ends.
    Reused,
}

impl TokenFamily {
    /// A family that begins at `now` with one token.
    #[must_use]
    pub fn begin(id: String, user_id: UserId, hash: String, now: Timestamp) -> Self {
        let tokens = FamilyTokens { rotated_at: now, unused: vec![hash], ..FamilyTokens::default() };
        Self { id, user_id, expires_at: now + REFRESH_LIFETIME_MS, version: 0, tokens }
    }

    /// The family of tokens that were kept one by one, which is how it was done before there were families.
    /// None of no tokens.
    #[must_use]
    pub fn of_tokens(mut tokens: Vec<RefreshToken>) -> Option<Self> {
        tokens.sort_by_key(|token| token.expires_at);
        let newest = tokens.last()?;
        let (id, user_id, expires_at) = (newest.family.clone(), newest.user_id.clone(), newest.expires_at);
        let mut kept = FamilyTokens::default();
        let mut used: Vec<_> = tokens.iter().filter_map(|token| Some((token.used_at?, hex(&token.hash)))).collect();
        used.sort_unstable();
        if let Some((at, hash)) = used.pop() {
            kept.used = Some(hash);
            kept.rotated_at = at;
        }
        kept.late = used.into_iter().map(|(at, hash)| LateToken { hash, until: at + REFRESH_GRACE_MS }).collect();
        kept.unused = tokens.iter().filter(|token| token.used_at.is_none()).map(|token| hex(&token.hash)).collect();
        kept.bound();
        Some(Self { id, user_id, expires_at, version: 0, tokens: kept })
    }

    /// What it means that the token of this hash is shown at `now`.
    #[must_use]
    pub fn judge(&self, hash: &str, now: Timestamp) -> Refresh {
        if !self.tokens.has(hash, now) {
            return Refresh::Reused;
        }
        if now >= self.expires_at { Refresh::Expired } else { Refresh::Rotate }
    }

    /// Exchanges a token that is good at `now` for the one of hash `next`.
    pub fn rotate(&mut self, hash: &str, next: String, now: Timestamp) {
        self.tokens.rotate(hash, next, now);
        self.expires_at = now + REFRESH_LIFETIME_MS;
        self.version += 1;
    }
}

impl FamilyTokens {
    fn has(&self, hash: &str, now: Timestamp) -> bool {
        self.used.as_deref() == Some(hash)
            || self.unused.iter().any(|unused| unused == hash)
            || self.late.iter().any(|late| late.hash == hash && now <= late.until)
    }

    fn rotate(&mut self, hash: &str, next: String, now: Timestamp) {
        self.late.retain(|late| now <= late.until);
        let until = now + REFRESH_GRACE_MS;
        let is_first_use = self.unused.iter().any(|unused| unused == hash);
        let was_lost = self.used.as_deref() == Some(hash) && now > self.rotated_at + REFRESH_GRACE_MS;
        if is_first_use || was_lost {
            // Nobody but tabs that are under way at this moment has the others in good faith.
            let others = self.unused.drain(..).chain(self.used.replace(hash.to_owned()));
            let others = others.filter(|other| other != hash).map(|hash| LateToken { hash, until });
            self.late.extend(others);
        }
        // Else a tab comes a moment after another with the same cookie: either answer may be the one the browser
        // keeps.
        self.rotated_at = now;
        self.unused.push(next);
        self.bound();
    }

    fn bound(&mut self) {
        self.unused.drain(..self.unused.len().saturating_sub(TOKENS_KEPT));
        self.late.drain(..self.late.len().saturating_sub(TOKENS_KEPT));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = 1_000_000;
    const LATER: u64 = REFRESH_GRACE_MS + 1;

    fn family() -> TokenFamily {
        TokenFamily::begin("f".into(), "ann".into(), "t0".into(), NOW)
    }

    /// Shows a token, and takes what is given for it.
    fn show(family: &mut TokenFamily, hash: &str, next: &str, now: Timestamp) -> Refresh {
        let judged = family.judge(hash, now);
        if judged == Refresh::Rotate {
            family.rotate(hash, next.into(), now);
        }
        judged
    }

    #[test]
    fn a_token_is_exchanged_for_the_next_until_the_family_expires() {
        let mut family = family();
        for n in 0..100 {
            let now = NOW + n * LATER;
            assert_eq!(show(&mut family, &format!("t{n}"), &format!("t{}", n + 1), now), Refresh::Rotate);
        }
        let end = family.expires_at;
        assert_eq!(end, NOW + 99 * LATER + REFRESH_LIFETIME_MS);
        assert_eq!((family.judge("t100", end - 1), family.judge("t100", end)), (Refresh::Rotate, Refresh::Expired));
    }

    #[test]
    fn a_token_whose_answer_was_lost_is_good_again_and_takes_the_place_of_its_successor() {
        let mut family = family();
        show(&mut family, "t0", "lost", NOW);
        let now = NOW + 14_000;
        assert_eq!(show(&mut family, "t0", "lost again", now), Refresh::Rotate);
        let now = now + REFRESH_LIFETIME_MS - 1;
        assert_eq!(show(&mut family, "t0", "t1", now), Refresh::Rotate);
        assert_eq!(family.judge("lost", now), Refresh::Reused);
        assert_eq!(show(&mut family, "t1", "t2", now + LATER), Refresh::Rotate);
    }

    // SPEC 10.1
    #[test]
    fn a_token_whose_successor_was_used_was_copied() {
        let mut family = family();
        show(&mut family, "t0", "t1", NOW);
        show(&mut family, "t1", "t2", NOW + LATER);
        assert_eq!(family.judge("t0", NOW + 2 * LATER), Refresh::Reused);
        assert_eq!(family.judge("t0", family.expires_at), Refresh::Reused);
    }

    #[test]
    fn of_a_thief_and_the_owner_whoever_comes_second_ends_the_family() {
        let mut family = family();
        // The thief has a copy of the first token, and uses it after the owner's browser did.
        show(&mut family, "t0", "owner's", NOW);
        assert_eq!(show(&mut family, "t0", "thief's", NOW + LATER), Refresh::Rotate);
        assert_eq!(family.judge("owner's", NOW + 3 * LATER), Refresh::Reused);
    }

    #[test]
    fn tabs_that_come_together_go_on_whichever_answer_the_browser_keeps() {
        for kept in 0..10 {
            let mut family = family();
            for tab in 0..10 {
                assert_eq!(show(&mut family, "t0", &format!("tab{tab}"), NOW + tab), Refresh::Rotate);
            }
            let (kept, now) = (format!("tab{kept}"), NOW + 14 * 60_000);
            assert_eq!(show(&mut family, &kept, "next", now), Refresh::Rotate);
            // A tab that had read the cookie before it changed is under way with what another tab got.
            let other = if kept == "tab3" { "tab4" } else { "tab3" };
            assert_eq!(show(&mut family, other, "next too", now + REFRESH_GRACE_MS), Refresh::Rotate);
            assert_eq!(family.judge(other, now + LATER), Refresh::Reused);
            assert_eq!(family.judge("next", now + LATER), Refresh::Rotate);
        }
    }

    #[test]
    fn tokens_kept_one_by_one_become_a_family() {
        let token = |hash: u8, expires_at, used_at| RefreshToken {
            hash: vec![hash; 32],
            family: "f".into(),
            user_id: "ann".into(),
            expires_at,
            used_at,
        };
        let mut tokens: Vec<_> = (0..100).map(|n| token(n, NOW + u64::from(n), Some(NOW + u64::from(n)))).collect();
        tokens.push(token(200, NOW + 200, None));
        tokens.reverse();
        let family = TokenFamily::of_tokens(tokens).unwrap();
        assert_eq!((family.id.as_str(), family.expires_at), ("f", NOW + 200));
        let judge = |hash: u8| family.judge(&hex(&[hash; 32]), NOW + 99 + REFRESH_GRACE_MS);
        assert_eq!(
            [judge(200), judge(99), judge(98), judge(0)].map(|judged| judged == Refresh::Reused),
            [false, false, true, true]
        );
        assert_eq!(TokenFamily::of_tokens(vec![]), None);
    }

    proptest! {
        /// Whoever tries again what got no answer, however often and late, is never signed out; and the record
        /// does not grow.
        // SPEC 10.1
        #[test]
        fn lost_answers_sign_nobody_out(steps in prop::collection::vec((0..100_000_u64, any::<bool>()), 1..200)) {
            let mut family = family();
            let (mut held, mut now) = ("t0".to_owned(), NOW);
            for (n, (pause, is_lost)) in steps.into_iter().enumerate() {
                now += pause;
                let next = format!("n{n}");
                prop_assert_eq!(show(&mut family, &held, &next, now), Refresh::Rotate);
                if !is_lost {
                    held = next;
                }
                let FamilyTokens { unused, late, .. } = &family.tokens;
                prop_assert!(unused.len() <= TOKENS_KEPT && late.len() <= TOKENS_KEPT);
            }
        }
    }
}
