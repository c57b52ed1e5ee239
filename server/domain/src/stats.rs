//! What the focus ledger tells: minutes and streaks, by person and day in the person's time zone
//! (SPEC 8).

use crate::{
    Refusal,
    log::{Entry, EntryBody, FocusStretch},
};
use jiff::{Timestamp as Moment, ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use studyrooms_protocol::{
    Seq, Timestamp,
    ids::{RoomId, UserId},
    stats::FocusDay,
};

const MINUTE_MS: u64 = 60_000;

/// A time zone by its IANA name.
///
/// # Errors
/// `bad_request` that names `timeZone`.
pub fn time_zone(name: &str) -> Result<TimeZone, Refusal> {
    TimeZone::get(name).map_err(|_| Refusal::field("timeZone", "an IANA name like Europe/Helsinki"))
}

/// A person's time zone. One that was known when it was set and is not any more counts as none.
#[must_use]
pub fn zone_of(name: Option<&str>) -> TimeZone {
    name.and_then(|name| time_zone(name).ok()).unwrap_or(TimeZone::UTC)
}

/// The ledger: who worked when.
#[derive(Clone, Debug, Default)]
pub struct Ledger(BTreeMap<UserId, Vec<(Timestamp, Timestamp)>>);

impl Ledger {
    /// Takes a stretch.
    pub fn add(&mut self, stretch: &FocusStretch) {
        for focus in &stretch.people {
            if focus.from < stretch.to {
                self.0.entry(focus.user_id.clone()).or_default().push((focus.from, stretch.to));
            }
        }
    }

    /// Everyone who has worked.
    pub fn people(&self) -> impl Iterator<Item = &UserId> {
        self.0.keys()
    }

    /// A person's work.
    #[must_use]
    pub fn work(&self, user_id: &UserId, zone: &TimeZone, now: Timestamp) -> Work {
        work(self.0.get(user_id).into_iter().flatten().copied(), zone, now)
    }
}

fn work(stretches: impl Iterator<Item = (Timestamp, Timestamp)>, zone: &TimeZone, now: Timestamp) -> Work {
    let mut days: BTreeMap<Date, u64> = BTreeMap::new();
    let mut total = 0;
    for (from, to) in stretches {
        total += to - from;
        split(from, to, zone, &mut days);
    }
    let streak_days = streak(&days, day_of(now, zone));
    let days = days.into_iter().map(|(date, ms)| FocusDay { date: date.to_string(), minutes: ms / MINUTE_MS });
    Work { total_minutes: total / MINUTE_MS, streak_days, days: days.collect() }
}

/// A person's part in a stretch of focus, wherever it was. There is one for each person, room and place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Worked {
    /// Who.
    pub user_id: UserId,
    /// Where.
    pub room_id: RoomId,
    /// The entry that says so.
    pub seq: Seq,
    /// Since when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
}

/// What an entry adds to the ledgers of people.
#[must_use]
pub fn worked(entry: &Entry) -> Vec<Worked> {
    let EntryBody::Focused(stretch) = &entry.body else { return vec![] };
    let people = stretch.people.iter().filter(|focus| focus.from < stretch.to);
    let part = |focus: &crate::log::Focus| Worked {
        user_id: focus.user_id.clone(),
        room_id: entry.room_id.clone(),
        seq: entry.seq,
        from: focus.from,
        to: stretch.to,
    };
    people.map(part).collect()
}

/// One person's work in all rooms. Who was in two at once worked once.
#[must_use]
pub fn work_everywhere(parts: &[Worked], zone: &TimeZone, now: Timestamp) -> Work {
    let mut stretches: Vec<(Timestamp, Timestamp)> = parts.iter().map(|part| (part.from, part.to)).collect();
    stretches.sort_unstable();
    let mut apart: Vec<(Timestamp, Timestamp)> = vec![];
    for (from, to) in stretches {
        match apart.last_mut().filter(|last| from <= last.1) {
            Some(last) => last.1 = last.1.max(to),
            None => apart.push((from, to)),
        }
    }
    work(apart.into_iter(), zone, now)
}

/// A stretch by the days of UTC that it touches, in milliseconds.
pub(crate) fn utc_days(from: Timestamp, to: Timestamp) -> impl Iterator<Item = (String, u64)> {
    let mut days = BTreeMap::new();
    split(from, to, &TimeZone::UTC, &mut days);
    days.into_iter().map(|(day, ms)| (day.to_string(), ms))
}

/// The day of UTC that a moment is in.
pub(crate) fn utc_day(at: Timestamp) -> String {
    day_of(at, &TimeZone::UTC).to_string()
}

/// A person's work, by day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Whole minutes of all days.
    pub total_minutes: u64,
    /// Days in a row with work, up to today or yesterday.
    pub streak_days: u32,
    /// Days with work, the oldest first.
    pub days: Vec<FocusDay>,
}

fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    moment(at).to_zoned(zone.clone()).date()
}

/// Times beyond what a calendar knows count as its end.
fn moment(at: Timestamp) -> Moment {
    i64::try_from(at).ok().and_then(|ms| Moment::from_millisecond(ms).ok()).unwrap_or(Moment::MAX)
}

/// Adds a stretch to the days it touches; midnight is the zone's own, on days of 23 hours too.
fn split(from: Timestamp, to: Timestamp, zone: &TimeZone, days: &mut BTreeMap<Date, u64>) {
    let mut begin = from;
    while begin < to {
        let day = day_of(begin, zone);
        let end = day
            .tomorrow()
            .and_then(|next| next.to_zoned(zone.clone()))
            .ok()
            .and_then(|midnight| u64::try_from(midnight.timestamp().as_millisecond()).ok())
            .filter(|midnight| *midnight > begin)
            .map_or(to, |midnight| midnight.min(to));
        *days.entry(day).or_default() += end - begin;
        begin = end;
    }
}

/// A day without work breaks the row, but today is not over yet.
fn streak(days: &BTreeMap<Date, u64>, today: Date) -> u32 {
    let worked = |day: &Date| days.get(day).is_some_and(|ms| *ms >= MINUTE_MS);
    let mut day = today;
    if !worked(&day) {
        day = day.saturating_sub(1.day());
    }
    let mut row = 0;
    while worked(&day) {
        row += 1;
        day = day.saturating_sub(1.day());
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Focus;

    fn at(text: &str) -> Timestamp {
        u64::try_from(text.parse::<Moment>().unwrap().as_millisecond()).unwrap()
    }

    fn ledger(stretches: &[(&str, &str)]) -> Ledger {
        let mut ledger = Ledger::default();
        for (from, to) in stretches {
            let people = vec![Focus { user_id: "ann".into(), from: at(from) }];
            ledger.add(&FocusStretch { to: at(to), people });
        }
        ledger
    }

    fn days(work: &Work) -> Vec<(&str, u64)> {
        work.days.iter().map(|day| (day.date.as_str(), day.minutes)).collect()
    }

    // SPEC 8.4
    #[test]
    fn an_evening_is_split_at_the_midnight_of_the_persons_own_zone() {
        let ledger = ledger(&[("2026-03-01T21:30:00Z", "2026-03-01T22:30:00Z")]);
        let now = at("2026-03-02T08:00:00Z");
        let helsinki = ledger.work(&"ann".into(), &time_zone("Europe/Helsinki").unwrap(), now);
        assert_eq!(days(&helsinki), [("2026-03-01", 30), ("2026-03-02", 30)]);
        let utc = ledger.work(&"ann".into(), &TimeZone::UTC, now);
        assert_eq!((days(&utc), utc.total_minutes), (vec![("2026-03-01", 60)], 60));
    }

    #[test]
    fn a_night_in_which_the_clocks_change_has_as_many_minutes_as_it_had() {
        // 23 hours long in Berlin.
        let ledger = ledger(&[("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]);
        let berlin = time_zone("Europe/Berlin").unwrap();
        let work = ledger.work(&"ann".into(), &berlin, at("2026-03-30T00:00:00Z"));
        assert_eq!(days(&work), [("2026-03-29", 23 * 60)]);
    }

    #[test]
    fn a_streak_lasts_while_yesterday_had_work() {
        let three =
            [("2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z"), ("2026-03-02T10:00:00Z", "2026-03-02T10:05:00Z")];
        let streak = |now| ledger(&three).work(&"ann".into(), &TimeZone::UTC, at(now)).streak_days;
        assert_eq!(streak("2026-03-02T12:00:00Z"), 2);
        assert_eq!(streak("2026-03-03T23:59:00Z"), 2);
        assert_eq!(streak("2026-03-04T00:00:00Z"), 0);
    }

    // SPEC 8.2
    #[test]
    fn who_is_in_two_rooms_at_once_works_once() {
        let part = |room: &str, seq, from, to| Worked {
            user_id: "ann".into(),
            room_id: room.into(),
            seq,
            from: at(from),
            to: at(to),
        };
        let parts = [
            part("s", 4, "2026-03-01T10:20:00Z", "2026-03-01T10:50:00Z"),
            part("r", 3, "2026-03-01T10:00:00Z", "2026-03-01T10:30:00Z"),
            part("r", 9, "2026-03-01T12:00:00Z", "2026-03-01T12:25:00Z"),
        ];
        let work = work_everywhere(&parts, &TimeZone::UTC, at("2026-03-01T20:00:00Z"));
        assert_eq!((days(&work), work.total_minutes, work.streak_days), (vec![("2026-03-01", 75)], 75, 1));
    }

    #[test]
    fn a_zone_nobody_knows_is_refused_by_name() {
        assert!(time_zone("Mars/Olympus").unwrap_err().message.starts_with("timeZone:"));
    }
}
