//! How often someone may do something: token buckets, one for each person and action (SPEC 11.2).

use crate::{Refusal, store::Stored};
use async_trait::async_trait;
use studyrooms_protocol::Timestamp;

/// What is limited, each by buckets of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limited {
    /// New connections of a person, to one instance.
    Connect,
    /// Messages, by socket and HTTP together.
    Chat,
    /// Edits, deletions, pins.
    Amend,
    /// Emojis, on messages and tiles; hands.
    React,
    /// Read markers.
    Read,
    /// Batches of board ops.
    Draw,
    /// Saved and restored versions.
    Versions,
    /// Pointers.
    Cursor,
    /// Typing.
    Typing,
    /// Offers, answers and candidates.
    Signal,
    /// What one sends.
    Media,
    /// Into rooms, out of them, and asking for what came after.
    Join,
    /// Files: asked to upload, shared and taken away.
    Share,
    /// Pictures of people shown, by the address they are asked from.
    Picture,
    /// Moderation.
    Control,
    /// Tasks.
    Task,
    /// The timer.
    Timer,
    /// Any other request by HTTP.
    Request,
    /// Any other request by HTTP that needs no access token, by the address it comes from.
    RequestFrom,
    /// Searches, exports and other reading that costs.
    Search,
    /// Rooms made.
    Create,
    /// Wrong passwords for one account, by the address they come from.
    Login,
    /// Wrong passwords for any account, by the address they come from.
    LoginFrom,
    /// Tries to sign in to one account, right or wrong, by the address they come from.
    SignIn,
    /// Tries to sign in to any account, right or wrong, by the address they come from.
    SignInFrom,
    /// Refresh tokens that are exchanged, by person, and by the sign-in that they descend from.
    Refresh,
    /// New people, by the address they come from.
    Signup,
}

/// A bucket's size and how fast it fills.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit {
    /// Tokens a second.
    pub per_second: f64,
    /// Tokens in a full bucket.
    pub burst: f64,
}

impl Limited {
    /// Every one.
    pub const ALL: [Self; 27] = [
        Self::Connect,
        Self::Chat,
        Self::Amend,
        Self::React,
        Self::Read,
        Self::Draw,
        Self::Versions,
        Self::Cursor,
        Self::Typing,
        Self::Signal,
        Self::Media,
        Self::Join,
        Self::Share,
        Self::Picture,
        Self::Control,
        Self::Task,
        Self::Timer,
        Self::Request,
        Self::RequestFrom,
        Self::Search,
        Self::Create,
        Self::Login,
        Self::LoginFrom,
        Self::SignIn,
        Self::SignInFrom,
        Self::Refresh,
        Self::Signup,
    ];

    /// How much of it is too much.
    #[must_use]
    pub const fn limit(self) -> Limit {
        let (per_second, burst) = match self {
            // Many devices that come back at once after an outage, but no loop.
            Self::Connect => (5.0, 100.0),
            Self::Chat => (5.0, 10.0),
            Self::Amend | Self::Task | Self::Control => (5.0, 20.0),
            Self::React | Self::Read => (10.0, 30.0),
            Self::Draw => (40.0, 80.0),
            Self::Versions => (0.5, 5.0),
            // A pointer moves 20 times a second in each tab.
            Self::Cursor => (60.0, 120.0),
            Self::Typing => (5.0, 20.0),
            // A mesh of eight trades some hundred candidates when someone comes.
            Self::Signal => (100.0, 500.0),
            Self::Media => (10.0, 40.0),
            Self::Join => (5.0, 60.0),
            // A folder of slides, dropped at once.
            Self::Share => (2.0, 100.0),
            // A class that opens one page at once shares one address.
            Self::Picture | Self::RequestFrom => (50.0, 2000.0),
            Self::Timer => (2.0, 10.0),
            Self::Request => (30.0, 120.0),
            Self::Search => (3.0, 15.0),
            Self::Create => (0.5, 30.0),
            // One wrong password in half a minute, after the first ten.
            Self::Login => (1.0 / 30.0, 10.0),
            // Many people who share an address may mistype at once; guessing goes no faster than this.
            Self::LoginFrom => (0.5, 100.0),
            // All devices of a person, and a client under development.
            Self::SignIn => (0.5, 30.0),
            // Every tab does it when it opens, and each quarter of an hour.
            Self::Refresh => (1.0, 60.0),
            // A class that comes at once shares one address.
            Self::SignInFrom | Self::Signup => (5.0, 600.0),
        };
        Limit { per_second, burst }
    }

    /// As it is named in refusals.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connections",
            Self::Chat => "messages",
            Self::Amend => "changes of messages",
            Self::React => "reactions",
            Self::Read => "read markers",
            Self::Draw => "board batches",
            Self::Versions => "board versions",
            Self::Cursor => "pointer moves",
            Self::Typing => "typing signs",
            Self::Signal => "signals",
            Self::Media => "media changes",
            Self::Join => "joins",
            Self::Share => "files",
            Self::Picture => "pictures",
            Self::Control => "moderation requests",
            Self::Task => "task changes",
            Self::Timer => "timer changes",
            Self::Request | Self::RequestFrom => "requests",
            Self::Search => "searches",
            Self::Create => "rooms",
            Self::Login | Self::LoginFrom => "wrong passwords",
            Self::SignIn | Self::SignInFrom => "sign-ins",
            Self::Refresh => "renewals of sessions",
            Self::Signup => "sign-ups",
        }
    }
}

/// Bytes that one person draws in one room (`board::weight`), on one instance: an undone clearing of an evening's board
/// passes at once, and a pen needs a fiftieth of what flows in.
pub const DRAWN_BYTES: Limit = Limit { per_second: 64_000.0, burst: 4_194_304.0 };

impl Limit {
    /// The same with every number multiplied; a full bucket has a token at least.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self { per_second: self.per_second * factor, burst: (self.burst * factor).max(1.0) }
    }

    /// Milliseconds in which an empty bucket fills: after that it may be forgotten.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "minutes, and never negative")]
    pub fn fills_in_ms(self) -> u64 {
        (self.burst / self.per_second * 1000.0).ceil() as u64
    }
}

/// One bucket. Full at first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    tokens: f64,
    at: Timestamp,
}

impl Bucket {
    /// A full one.
    #[must_use]
    pub const fn full(limit: Limit, now: Timestamp) -> Self {
        Self { tokens: limit.burst, at: now }
    }

    /// Takes a token, or says after how many milliseconds there is one. A clock that goes back
    /// gives nothing and takes nothing.
    ///
    /// # Errors
    /// The milliseconds, at least 1.
    pub fn take(&mut self, limit: Limit, now: Timestamp) -> Result<(), u64> {
        self.fill(limit, now);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return Ok(());
        }
        Err(self.wait_ms(limit))
    }

    /// Takes several tokens at once, or none of them and says after how many milliseconds there are as many.
    ///
    /// # Errors
    /// The milliseconds, at least 1.
    #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "short, and never negative")]
    pub fn take_many(&mut self, limit: Limit, now: Timestamp, tokens: usize) -> Result<(), u64> {
        self.fill(limit, now);
        let missing = tokens as f64 - self.tokens;
        if missing <= 0.0 {
            self.tokens -= tokens as f64;
            return Ok(());
        }
        Err(((missing / limit.per_second * 1000.0).ceil() as u64).max(1))
    }

    /// Whether there is a token, without taking it.
    ///
    /// # Errors
    /// The milliseconds until there is one, at least 1.
    pub fn peek(&mut self, limit: Limit, now: Timestamp) -> Result<(), u64> {
        self.fill(limit, now);
        if self.tokens >= 1.0 { Ok(()) } else { Err(self.wait_ms(limit)) }
    }

    /// Whether it is as full as if it had never been used.
    pub fn is_full(&mut self, limit: Limit, now: Timestamp) -> bool {
        self.fill(limit, now);
        self.tokens >= limit.burst
    }

    #[expect(clippy::cast_precision_loss, reason = "a difference of milliseconds")]
    fn fill(&mut self, limit: Limit, now: Timestamp) {
        let passed = now.saturating_sub(self.at) as f64 / 1000.0;
        self.tokens = (self.tokens + passed * limit.per_second).min(limit.burst);
        self.at = now.max(self.at);
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "short, and never negative")]
    fn wait_ms(&self, limit: Limit) -> u64 {
        (((1.0 - self.tokens) / limit.per_second * 1000.0).ceil() as u64).max(1)
    }
}

/// The buckets, wherever they are kept.
#[async_trait]
pub trait RateLimits: Send + Sync {
    /// Takes a token of `who`'s bucket. Gives the milliseconds to wait when there is none.
    async fn take(&self, limited: Limited, who: &str) -> Stored<Result<(), u64>>;
    /// Whether there is a token, without taking it.
    async fn peek(&self, limited: Limited, who: &str) -> Stored<Result<(), u64>>;
}

/// Buckets of this instance alone, which answer at once: for what cannot wait.
pub trait LocalLimits: Send + Sync {
    /// Takes a token of `who`'s bucket.
    ///
    /// # Errors
    /// The milliseconds to wait when there is none.
    fn take_now(&self, limited: Limited, who: &str) -> Result<(), u64>;
}

/// Takes a token. While the buckets are out of reach no one is refused: a limit protects the
/// service, and must not be what ends it.
///
/// # Errors
/// `rate_limited` with `retryAfterMs`.
pub async fn take(limits: &dyn RateLimits, limited: Limited, who: &str) -> Result<(), Refusal> {
    allowed(limited, limits.take(limited, who).await)
}

/// As [`take`], without taking.
///
/// # Errors
/// `rate_limited` with `retryAfterMs`.
pub async fn peek(limits: &dyn RateLimits, limited: Limited, who: &str) -> Result<(), Refusal> {
    allowed(limited, limits.peek(limited, who).await)
}

fn allowed(limited: Limited, answer: Stored<Result<(), u64>>) -> Result<(), Refusal> {
    match answer {
        Ok(Ok(())) | Err(_) => Ok(()),
        Ok(Err(wait_ms)) => Err(Refusal::rate_limited(limited.as_str(), wait_ms)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CHAT: Limit = Limit { per_second: 5.0, burst: 10.0 };

    #[test]
    fn a_burst_passes_and_then_as_much_as_flows_in() {
        let mut bucket = Bucket::full(CHAT, 1000);
        for _ in 0..10 {
            assert_eq!(bucket.take(CHAT, 1000), Ok(()));
        }
        assert_eq!(bucket.take(CHAT, 1000), Err(200));
        assert_eq!(bucket.take(CHAT, 1199), Err(1));
        assert_eq!(bucket.take(CHAT, 1200), Ok(()));
        assert_eq!(bucket.take(CHAT, 1200), Err(200));
    }

    #[test]
    fn looking_takes_nothing() {
        let mut bucket = Bucket::full(Limit { per_second: 1.0, burst: 1.0 }, 0);
        assert_eq!((bucket.peek(CHAT, 0), bucket.peek(CHAT, 0), bucket.take(CHAT, 0)), (Ok(()), Ok(()), Ok(())));
    }

    #[test]
    fn a_bucket_that_has_filled_is_like_new() {
        let mut bucket = Bucket::full(CHAT, 0);
        bucket.take(CHAT, 0).unwrap();
        assert!(!bucket.is_full(CHAT, 100));
        assert!(bucket.is_full(CHAT, CHAT.fills_in_ms()));
    }

    #[test]
    fn every_limit_lets_something_through() {
        for limited in Limited::ALL {
            let Limit { per_second, burst } = limited.limit();
            assert!(per_second > 0.0 && burst >= 1.0, "{limited:?}");
            assert!(limited.limit().times(0.001).burst >= 1.0, "{limited:?}");
        }
    }

    proptest! {
        #[test]
        fn never_more_than_the_burst_and_what_flowed_in(
            steps in prop::collection::vec((0..400u64, any::<bool>()), 1..200)
        ) {
            let mut bucket = Bucket::full(CHAT, 0);
            let (mut now, mut highest, mut taken) = (0u64, 0u64, 0u32);
            for (step, back) in steps {
                now = if back { now.saturating_sub(step) } else { now + step };
                highest = highest.max(now);
                if let Err(wait) = bucket.take(CHAT, now) {
                    prop_assert!((1..=200).contains(&wait));
                } else {
                    taken += 1;
                }
            }
            #[expect(clippy::cast_precision_loss)]
            let most = CHAT.burst + highest as f64 / 1000.0 * CHAT.per_second;
            prop_assert!(f64::from(taken) <= most + 1e-6, "{} of {}", taken, most);
        }
    }
}
