//! Webhooks: what is delivered under which id, when it is tried again, and when it is given up.

use crate::{
    log::{Entry, EntryBody},
    system::Random,
};
use jiff::{Timestamp as Moment, fmt::rfc2822};
use serde::{Deserialize, Serialize};
use std::{fmt::Write, time::Duration};
use studyrooms_protocol::{Seq, Timestamp, ids::RoomId};

/// A delivery is given up after so many tries.
pub const TRIES: u32 = 12;
/// Each pause is so many times as long as the one before.
const GROWTH: f64 = 3.0;
/// The longest pause, in first pauses: 6 hours when the first is 5 seconds.
const LONGEST: f64 = 4320.0;
/// A pause is up to this part of it shorter or longer, so that many do not come back at once.
const JITTER: f64 = 0.2;

/// An entry for an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Addressed {
    /// Whom it is for: a short name made of the address.
    pub endpoint: String,
    /// The room.
    pub room_id: RoomId,
    /// The entry's place in the room log.
    pub seq: Seq,
}

impl Addressed {
    /// One for each endpoint and entry.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}", self.endpoint, message_id(&self.room_id, self.seq))
    }
}

/// What `webhook-id` says: the same for every try and for every endpoint. Only characters that may stand in a
/// header, and no dot, which divides what is signed.
#[must_use]
pub fn message_id(room_id: &RoomId, seq: Seq) -> String {
    let mut id = String::with_capacity(room_id.as_str().len() + 8);
    for byte in room_id.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') {
            id.push(char::from(byte));
        } else {
            // Writing to a string never fails.
            let _ = write!(id, "~{byte:02x}");
        }
    }
    let _ = write!(id, ":{seq}");
    id
}

/// Where a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// To be tried, at once or later.
    Waiting,
    /// Taken by its endpoint. Known for a while longer, so that it is not noted anew.
    Delivered,
    /// Given up.
    Dead,
}

/// A delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// What, and for whom.
    #[serde(flatten)]
    pub addressed: Addressed,
    /// Where it is.
    pub state: State,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next; once it is over, when that was.
    pub due_at: Timestamp,
    /// When it was noted, or let be tried anew.
    pub since: Timestamp,
    /// Why the last try failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

impl Delivery {
    /// A new one.
    #[must_use]
    pub const fn new(addressed: Addressed, at: Timestamp) -> Self {
        Self { addressed, state: State::Waiting, tries: 0, due_at: at, since: at, why: None }
    }

    /// What it is after a try.
    #[must_use]
    pub fn after(self, outcome: Outcome) -> Self {
        let tries = self.tries + 1;
        match outcome {
            Outcome::Delivered { at } => Self { state: State::Delivered, tries, due_at: at, why: None, ..self },
            Outcome::Again { at, why } => Self { tries, due_at: at, why: Some(why), ..self },
            Outcome::Dead { at, why } => Self { state: State::Dead, tries, due_at: at, why: Some(why), ..self },
        }
    }
}

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint has it; or there is nothing to deliver any more.
    Delivered {
        /// When.
        at: Timestamp,
    },
    /// To be tried again.
    Again {
        /// When.
        at: Timestamp,
        /// What went wrong.
        why: String,
    },
    /// Given up.
    Dead {
        /// When.
        at: Timestamp,
        /// What went wrong.
        why: String,
    },
}

/// What an endpoint answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A status of HTTP, and the header `Retry-After`.
    Status(u16, Option<String>),
    /// None, or none in time; and why.
    None(String),
}

/// When failed deliveries are tried again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    /// The first pause.
    pub first: Duration,
}

impl Schedule {
    /// The pause after so many tries; none after the last. `chance` is from 0 to 1.
    #[must_use]
    pub fn pause(self, tries: u32, chance: f64) -> Option<Duration> {
        if tries >= TRIES {
            return None;
        }
        let growths = i32::try_from(tries.saturating_sub(1)).unwrap_or(i32::MAX);
        let factor = GROWTH.powi(growths).min(LONGEST);
        Some(self.first.mul_f64(factor * (1.0 + JITTER * (2.0 * chance - 1.0))))
    }

    /// The longest that an endpoint may ask to be left alone.
    #[must_use]
    pub fn longest(self) -> Duration {
        self.first.mul_f64(LONGEST)
    }

    /// What an answer to the try number `tries` (1 for the first) means.
    #[must_use]
    pub fn judge(self, answer: Answer, tries: u32, now: Timestamp, chance: f64) -> Outcome {
        let (why, asked) = match answer {
            Answer::Status(200..=299, _) => return Outcome::Delivered { at: now },
            Answer::Status(410, _) => return Outcome::Dead { at: now, why: "status 410: gone for good".into() },
            Answer::Status(status, after) => {
                let asked = after.and_then(|after| retry_after(&after, now)).unwrap_or_default();
                (format!("status {status}"), asked)
            }
            Answer::None(why) => (why, Duration::ZERO),
        };
        match self.pause(tries, chance) {
            None => Outcome::Dead { at: now, why },
            Some(pause) => Outcome::Again { at: now + ms(pause.max(asked.min(self.longest()))), why },
        }
    }
}

fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A number from 0 to 1.
#[must_use]
pub fn chance(random: &dyn Random) -> f64 {
    let mut bytes = [0; 4];
    random.fill(&mut bytes);
    f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX)
}

/// How long `Retry-After` asks to wait: seconds, or a date.
fn retry_after(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    let at = u64::try_from(at.as_millisecond()).ok()?;
    Some(Duration::from_millis(at.saturating_sub(now)))
}

/// What is sent: the entry as the log has it now, under its type.
#[derive(Clone, Debug, Serialize)]
pub struct Event<'a> {
    /// The entry's type.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// When it happened, as ISO 8601 has it.
    pub timestamp: String,
    /// The entry.
    pub data: &'a Entry,
}

impl<'a> Event<'a> {
    /// Of an entry.
    #[must_use]
    pub fn of(entry: &'a Entry) -> Self {
        let at = i64::try_from(entry.timestamp).ok().and_then(|ms| Moment::from_millisecond(ms).ok());
        Self { kind: entry.body.kind(), timestamp: at.unwrap_or(Moment::MAX).to_string(), data: entry }
    }
}

/// Which entries are delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter(Vec<String>);

impl Filter {
    /// All of them.
    #[must_use]
    pub const fn all() -> Self {
        Self(vec![])
    }

    /// Those of these types; all when there are none.
    ///
    /// # Errors
    /// The type that no entry of a room log has.
    pub fn new(kinds: Vec<String>) -> Result<Self, String> {
        match kinds.iter().find(|kind| !EntryBody::OF_ROOM.contains(&kind.as_str())) {
            Some(unknown) => Err(unknown.clone()),
            None => Ok(Self(kinds)),
        }
    }

    /// Whether an entry is delivered.
    #[must_use]
    pub fn takes(&self, entry: &Entry) -> bool {
        self.0.is_empty() || self.0.iter().any(|kind| kind == entry.body.kind())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const USUAL: Schedule = Schedule { first: Duration::from_secs(5) };

    #[test]
    fn pauses_grow_from_seconds_to_hours_over_about_a_day() {
        let pauses: Vec<u64> = (1..=TRIES).map_while(|tries| USUAL.pause(tries, 0.5)).map(|p| p.as_secs()).collect();
        assert_eq!(pauses.len(), 11);
        assert_eq!((pauses[0], pauses[1], pauses[10]), (5, 15, 6 * 3600));
        assert!(pauses.windows(2).all(|two| two[0] <= two[1]));
        let hours = pauses.iter().sum::<u64>() / 3600;
        assert!((20..26).contains(&hours), "{hours} h");
        assert_eq!(USUAL.pause(TRIES, 0.5), None);
    }

    // SPEC 12.1
    #[test]
    fn an_answer_decides_what_becomes_of_a_delivery() {
        let judge = |status, after: Option<&str>, tries| {
            USUAL.judge(Answer::Status(status, after.map(Into::into)), tries, 1_000, 0.5)
        };
        assert_eq!(judge(204, None, 1), Outcome::Delivered { at: 1_000 });
        assert_eq!(judge(500, None, 1), Outcome::Again { at: 6_000, why: "status 500".into() });
        // Redirects are not followed.
        assert_eq!(judge(301, None, 2), Outcome::Again { at: 16_000, why: "status 301".into() });
        assert!(matches!(judge(410, None, 1), Outcome::Dead { .. }));
        assert_eq!(judge(503, None, TRIES), Outcome::Dead { at: 1_000, why: "status 503".into() });
        let silent = USUAL.judge(Answer::None("no answer".into()), 1, 1_000, 0.5);
        assert_eq!(silent, Outcome::Again { at: 6_000, why: "no answer".into() });
    }

    #[test]
    fn an_endpoint_may_ask_for_more_time_but_not_for_ever() {
        let at = |after: &str| match USUAL.judge(Answer::Status(429, Some(after.into())), 1, 0, 0.5) {
            Outcome::Again { at, .. } => at,
            other => panic!("{other:?}"),
        };
        assert_eq!(at("60"), 60_000);
        assert_eq!(at("1"), 5_000, "never sooner than by itself");
        assert_eq!(at("999999999"), 6 * 3_600_000);
        assert_eq!(at("Thu, 01 Jan 1970 00:02:00 GMT"), 120_000);
        assert_eq!(at("tomorrow"), 5_000);
    }

    #[test]
    fn an_id_may_stand_in_a_header_and_is_of_one_entry() {
        assert_eq!(message_id(&"Vq3_-a".into(), 7), "Vq3_-a:7");
        assert_eq!(message_id(&"a.b/ü".into(), 7), "a~2eb~2f~c3~bc:7");
        assert_ne!(message_id(&"a:1".into(), 1), message_id(&"a".into(), 11));
    }

    #[test]
    fn a_type_that_no_entry_has_is_refused() {
        assert_eq!(Filter::new(vec!["message".into(), "drawn".into()]), Err("drawn".into()));
        assert!(Filter::new(vec![]).is_ok());
    }

    proptest! {
        #[test]
        fn a_pause_stays_within_its_jitter(tries in 1..TRIES, chance in 0.0..=1.0_f64) {
            let (usual, pause) = (USUAL.pause(tries, 0.5).unwrap(), USUAL.pause(tries, chance).unwrap());
            prop_assert!(pause >= usual.mul_f64(0.799) && pause <= usual.mul_f64(1.201));
        }
    }
}
