//! The points of a stroke, kept as a short text: a heavy board has half a million of them.
//!
//! Coordinates are whole numbers of the smallest decimal unit that loses nothing, each told by its
//! difference to the one before, in digits of 5 bits. Numbers that are no short decimals are kept
//! bit by bit. So what comes out is what went in, number for number, whatever a client sends.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeSeq};
use std::{fmt, sync::Arc};

use crate::board::Point;

/// Digits of 6 bits: 5 of the number, and whether another digit follows.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Decimals tried; beyond them numbers are kept bit by bit.
const DECIMALS: u8 = 6;
const POWERS: [f64; DECIMALS as usize + 1] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];
/// Whole numbers up to here are exact as `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// Stands for no pressure where numbers are kept bit by bit: the bits of no number that is let in.
const NO_PRESSURE: u64 = u64::MAX;

/// How the numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Form {
    /// Decimals of each number; none when they are kept bit by bit.
    decimals: Option<u8>,
    /// Whether each point has a place for its pressure.
    pressure: bool,
}

impl Form {
    const NARROWEST: Self = Self { decimals: Some(0), pressure: false };

    /// The narrowest in which both can be written.
    fn and(self, other: Self) -> Self {
        let decimals = self.decimals.zip(other.decimals).map(|(one, two)| one.max(two));
        Self { decimals, pressure: self.pressure || other.pressure }
    }

    fn of(point: &Point) -> Self {
        let decimals = [point.x, point.y, point.pressure.unwrap_or_default()].into_iter().map(decimals);
        let decimals = decimals.reduce(|one, two| one.zip(two).map(|(one, two)| one.max(two))).flatten();
        Self { decimals, pressure: point.pressure.is_some() }
    }

    /// Two letters, before the numbers.
    fn head(self) -> [u8; 2] {
        [self.decimals.map_or(b'x', |decimals| b'0' + decimals), if self.pressure { b'p' } else { b'-' }]
    }

    fn read(head: &[u8]) -> Option<Self> {
        let decimals = match *head.first()? {
            b'x' => None,
            digit => Some(digit.checked_sub(b'0').filter(|decimals| *decimals <= DECIMALS)?),
        };
        let pressure = match *head.get(1)? {
            b'p' => true,
            b'-' => false,
            _ => return None,
        };
        Some(Self { decimals, pressure })
    }
}

/// The fewest decimals in which a number is itself again.
fn decimals(value: f64) -> Option<u8> {
    (0..=DECIMALS).find(|decimals| {
        let power = POWERS[*decimals as usize];
        let whole = (value * power).round();
        #[expect(clippy::float_cmp, reason = "nothing may be lost")]
        let same = whole / power == value;
        same && whole.abs() <= EXACT
    })
}

/// Points in their order. Copies share what they hold until one of them grows.
#[derive(Clone)]
pub struct Points {
    form: Form,
    count: u32,
    /// The last point as whole numbers, from which the next one differs.
    last: [i64; 3],
    text: Arc<Vec<u8>>,
}

impl Default for Points {
    fn default() -> Self {
        Self { form: Form::NARROWEST, count: 0, last: [0; 3], text: Arc::default() }
    }
}

impl Points {
    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count as usize
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Bytes that they take in memory and in the store.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.text.len()
    }

    /// About the bytes that they take as JSON, within a factor of two.
    #[must_use]
    pub const fn json_bytes(&self) -> usize {
        let number = if self.form.decimals.is_some() { 8 } else { 19 };
        self.len() * (if self.form.pressure { 3 } else { 2 } * number + 4)
    }

    /// Them, from the first on.
    pub fn iter(&self) -> impl Iterator<Item = Point> + '_ {
        Reader { form: self.form, last: [0; 3], rest: &self.text }
    }

    /// Adds what follows them.
    pub fn extend(&mut self, points: impl IntoIterator<Item = Point>) {
        let points: Vec<Point> = points.into_iter().collect();
        let form = points.iter().map(Form::of).fold(self.form, Form::and);
        if form != self.form {
            let before: Vec<Point> = self.iter().collect();
            *self = Self { form, ..Self::default() };
            self.write(&before);
        }
        self.write(&points);
    }

    /// Writes points that fit the form.
    fn write(&mut self, points: &[Point]) {
        let text = Arc::make_mut(&mut self.text);
        for point in points {
            match self.form.decimals {
                Some(decimals) => write_decimal(text, &mut self.last, point, decimals, self.form.pressure),
                None => write_bits(text, point, self.form.pressure),
            }
        }
        self.count = self.count.saturating_add(u32::try_from(points.len()).unwrap_or(u32::MAX));
    }

    /// As they are stored: a text of letters and digits, `-` and `_`.
    #[must_use]
    pub fn to_text(&self) -> String {
        let text = self.form.head().into_iter().chain(self.text.iter().copied());
        text.map(char::from).collect()
    }

    /// Reads what [`Self::to_text`] wrote.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let form = Form::read(bytes)?;
        let mut reader = Reader { form, last: [0; 3], rest: bytes.get(2..)? };
        let points: Vec<Point> = reader.by_ref().collect();
        let points = reader.rest.is_empty().then(|| points.into_iter().collect::<Self>())?;
        // What was not written by this is not believed.
        (points.form == form && *points.text == bytes[2..]).then_some(points)
    }
}

impl FromIterator<Point> for Points {
    fn from_iter<I: IntoIterator<Item = Point>>(points: I) -> Self {
        let mut all = Self::default();
        all.extend(points);
        Arc::make_mut(&mut all.text).shrink_to_fit();
        all
    }
}

impl From<Vec<Point>> for Points {
    fn from(points: Vec<Point>) -> Self {
        points.into_iter().collect()
    }
}

impl PartialEq for Points {
    // The same points are always written the same way.
    fn eq(&self, other: &Self) -> bool {
        self.form == other.form && self.text == other.text
    }
}

impl fmt::Debug for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "whole numbers below 2^53")]
fn write_decimal(text: &mut Vec<u8>, last: &mut [i64; 3], point: &Point, decimals: u8, pressure: bool) {
    let whole = |value: f64| (value * POWERS[decimals as usize]).round() as i64;
    for (last, value) in last.iter_mut().zip([point.x, point.y]) {
        let next = whole(value);
        write_digits(text, zigzag(next - *last));
        *last = next;
    }
    if pressure {
        // 0 is no pressure; a difference is told one higher.
        let told = point.pressure.map_or(0, |pressure| {
            let next = whole(pressure);
            let difference = next - last[2];
            last[2] = next;
            zigzag(difference) + 1
        });
        write_digits(text, told);
    }
}

fn write_bits(text: &mut Vec<u8>, point: &Point, pressure: bool) {
    let pressure = pressure.then(|| point.pressure.map_or(NO_PRESSURE, f64::to_bits));
    for bits in [point.x.to_bits(), point.y.to_bits()].into_iter().chain(pressure) {
        // Eleven digits of 6 bits.
        text.extend((0..11).rev().map(|place| DIGITS[(bits >> (place * 6) & 63) as usize]));
    }
}

const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

const fn zagzig(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

fn write_digits(text: &mut Vec<u8>, mut value: u64) {
    loop {
        let more = u64::from(value >= 32) << 5;
        text.push(DIGITS[(value & 31 | more) as usize]);
        value >>= 5;
        if more == 0 {
            return;
        }
    }
}

/// The value of a digit.
const fn digit(byte: u8) -> Option<u64> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    } as u64)
}

struct Reader<'a> {
    form: Form,
    last: [i64; 3],
    rest: &'a [u8],
}

impl Reader<'_> {
    fn digits(&mut self) -> Option<u64> {
        let (mut value, mut shift) = (0u64, 0);
        loop {
            let (byte, rest) = self.rest.split_first()?;
            let digit = digit(*byte)?;
            value |= (digit & 31).checked_shl(shift).filter(|part| part >> shift == digit & 31)?;
            self.rest = rest;
            if digit < 32 {
                return Some(value);
            }
            shift += 5;
        }
    }

    fn bits(&mut self) -> Option<u64> {
        let (digits, rest) = self.rest.split_at_checked(11)?;
        self.rest = rest;
        digits.iter().try_fold(0u64, |bits, byte| Some(bits << 6 | digit(*byte)?))
    }

    #[expect(clippy::cast_precision_loss, reason = "whole numbers below 2^53")]
    fn point(&mut self) -> Option<Point> {
        let Some(decimals) = self.form.decimals else { return self.exact_point() };
        let power = POWERS[decimals as usize];
        let (x, y) = (self.digits()?, self.digits()?);
        let told = if self.form.pressure { self.digits()? } else { 0 };
        let mut next = |place: usize, told: u64| {
            let whole = self.last[place].checked_add(zagzig(told))?;
            self.last[place] = whole;
            Some(whole as f64 / power)
        };
        let (x, y) = (next(0, x)?, next(1, y)?);
        let pressure = match told.checked_sub(1) {
            Some(told) => Some(next(2, told)?),
            None => None,
        };
        Some(Point { x, y, pressure })
    }

    fn exact_point(&mut self) -> Option<Point> {
        let (x, y) = (f64::from_bits(self.bits()?), f64::from_bits(self.bits()?));
        let pressure = if self.form.pressure { Some(self.bits()?) } else { None };
        let pressure = pressure.filter(|bits| *bits != NO_PRESSURE).map(f64::from_bits);
        Some(Point { x, y, pressure })
    }
}

impl Iterator for Reader<'_> {
    type Item = Point;

    fn next(&mut self) -> Option<Point> {
        self.point()
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.len()))?;
        for point in self.iter() {
            list.serialize_element(&point)?;
        }
        list.end()
    }
}

/// Reads a list of points, and what [`Points::to_text`] wrote.
impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Listed;
        impl<'de> de::Visitor<'de> for Listed {
            type Value = Points;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of points")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Points, A::Error> {
                let mut points: Vec<Point> = Vec::new();
                while let Some(point) = list.next_element()? {
                    points.push(point);
                }
                Ok(points.into())
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Points, E> {
                Points::from_text(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str("another text"), &self))
            }
        }
        deserializer.deserialize_any(Listed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Points {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn what_comes_out_is_what_went_in_number_for_number() {
        for json in [
            "[]",
            "[[0.0,0.0]]",
            "[[1.0,2.0],[3.0,4.0,0.5],[5.0,6.0,0.0]]",
            "[[12.34,-56.78],[12.35,-56.7],[9999999.99,-10000000.0]]",
            "[[0.1,0.2],[3.141592653589793,2.718281828459045,0.123456789],[0.1,0.2]]",
            "[[0.000001,1e-300]]",
            "[[1e7,-1e7],[-1e7,1e7]]",
        ] {
            let points = read(json);
            let plain: Vec<Point> = serde_json::from_str(json).unwrap();
            assert_eq!(points.iter().collect::<Vec<_>>(), plain, "{json}");
            assert_eq!(points.len(), plain.len());
            assert_eq!(read(&serde_json::to_string(&points).unwrap()), points, "{json}");
            assert_eq!(Points::from_text(&points.to_text()).unwrap(), points, "{json}");
        }
    }

    #[test]
    fn a_stroke_that_grows_is_that_which_was_drawn_at_once() {
        let parts = ["[[1,2]]", "[[3.25,4]]", "[[5,6,0.5],[7,8]]", "[[0.30000000000000004,1]]", "[[9,9]]"];
        let mut grown = Points::default();
        let mut all: Vec<Point> = vec![];
        for part in parts {
            let part: Vec<Point> = serde_json::from_str(part).unwrap();
            let before = grown.clone();
            let known: Vec<Point> = before.iter().collect();
            grown.extend(part.iter().copied());
            all.extend(part);
            assert_eq!(grown, all.clone().into());
            assert_eq!(before.iter().collect::<Vec<_>>(), known, "a copy that did not grow stays as it is");
        }
    }

    #[test]
    fn what_a_pen_draws_takes_less_than_half_of_its_json() {
        let pen = |n: u32| {
            let turn = f64::from(n) * 0.05;
            let near = |value: f64| (value * 100.0).round() / 100.0;
            Point { x: near(900.0 + turn.cos() * 200.0), y: near(500.0 + turn.sin() * 120.0), pressure: None }
        };
        let points: Points = (0..2000).map(pen).collect();
        let json = serde_json::to_string(&points).unwrap().len();
        assert!(points.bytes() < 2000 * 6, "{} bytes", points.bytes());
        assert!(json > points.bytes() * 5 / 2, "{json} bytes of JSON, {} kept", points.bytes());
        assert!((json / 2..json * 2).contains(&points.json_bytes()), "{json} {}", points.json_bytes());
    }

    #[test]
    fn texts_that_this_did_not_write_are_refused() {
        for text in ["", "2", "2-A", "9-AA", "2qAA", "2-??", "0-AAA", "x-AA", "2-AA", "0pAAA", "0-__________________A"]
        {
            assert!(Points::from_text(text).is_none(), "{text}");
        }
        assert!(serde_json::from_str::<Points>("\"nonsense\"").is_err());
        assert_eq!(Points::from_text("0-CE").unwrap(), read("[[1,2]]"));
    }
}
