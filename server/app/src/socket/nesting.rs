//! MessagePack nested too deep, cut before the library reads it. The library's parser calls itself for every level and
//! gives up at 128, whereupon it closes the connection without a word. Of a message that is cut it reads the event's
//! name and number still, and [`super::messagepack`] refuses what is left for its depth: so the event is answered.

use super::messagepack::DEPTH;
use base64::{Engine, engine::general_purpose::STANDARD};
use rmp::Marker;

/// Containers that may stand in one another, counted from the packet's own map.
const LEVELS: usize = 100;
// What is cut is refused: the packet's map is around what our own reader reads.
const _: () = assert!(LEVELS > DEPTH + 1 && LEVELS < 128);

/// Stands where a container stood.
const NIL: u8 = 0xc0;
/// Between the packets of engine.io that are posted at once.
const SEPARATOR: u8 = 0x1e;
/// Before the base64 of a packet's bytes.
const BYTES: u8 = b'b';

/// The message with nil for every container that stands in [`LEVELS`] others. Never longer than it was.
///
/// None when nothing is to be cut, or when the message breaks off, which the library refuses by itself.
pub(super) fn cut_nesting(message: &[u8]) -> Option<Vec<u8>> {
    let mut cut = vec![];
    let (mut copied, mut at) = (0, 0);
    // Values that are still to come: the message, and at each level those of the container.
    let mut awaited = [0; LEVELS + 1];
    awaited[0] = 1;
    let mut level = 0;
    loop {
        if awaited[level] == 0 {
            if level == 0 {
                break;
            }
            level -= 1;
            continue;
        }
        awaited[level] -= 1;
        let value = Value::read(&message[at..])?;
        match value.contained {
            Some(_) if level == LEVELS => {
                cut.extend_from_slice(&message[copied..at]);
                cut.push(NIL);
                at = end(message, at)?;
                copied = at;
            }
            Some(contained) => {
                at += value.bytes;
                level += 1;
                awaited[level] = contained;
            }
            None => at += value.bytes,
        }
    }
    if copied == 0 {
        return None;
    }
    cut.extend_from_slice(&message[copied..]);
    Some(cut)
}

/// What was posted by polling (engine.io protocol 4), with each of its packets of MessagePack cut.
pub(super) fn cut_posted_nesting(posted: Vec<u8>) -> Vec<u8> {
    let mut cut = vec![];
    let (mut copied, mut at) = (0, 0);
    for packet in posted.split(|byte| *byte == SEPARATOR) {
        let end = at + packet.len();
        if let Some(shorter) = cut_posted_packet(packet) {
            cut.extend_from_slice(&posted[copied..at]);
            cut.push(BYTES);
            cut.extend_from_slice(shorter.as_bytes());
            copied = end;
        }
        at = end + 1;
    }
    if copied == 0 {
        return posted;
    }
    cut.extend_from_slice(&posted[copied..]);
    cut
}

/// The packet's base64 anew, when something is cut.
fn cut_posted_packet(packet: &[u8]) -> Option<String> {
    // The library tells that it is no base64.
    let message = STANDARD.decode(packet.strip_prefix(&[BYTES])?).ok()?;
    cut_nesting(&message).map(|cut| STANDARD.encode(cut))
}

/// Where the value at `at` ends, with all that stands in it.
fn end(message: &[u8], mut at: usize) -> Option<usize> {
    let mut awaited: u64 = 1;
    while awaited > 0 {
        let value = Value::read(&message[at..])?;
        at += value.bytes;
        awaited = (awaited - 1).saturating_add(value.contained.unwrap_or_default());
    }
    Some(at)
}

/// A value, without those that stand in it.
struct Value {
    bytes: usize,
    /// Values that stand in it, keys among them; none in what is no container.
    contained: Option<u64>,
}

impl Value {
    /// The one that `bytes` begin with; none when they break off.
    fn read(bytes: &[u8]) -> Option<Self> {
        let (first, rest) = bytes.split_first()?;
        let length8 = || rest.first().map(|length| u64::from(*length));
        let length16 = || rest.first_chunk().map(|length| u64::from(u16::from_be_bytes(*length)));
        let length32 = || rest.first_chunk().map(|length| u64::from(u32::from_be_bytes(*length)));
        // Bytes behind the first, and what is contained.
        let (behind, contained) = match Marker::from_u8(*first) {
            Marker::FixPos(_) | Marker::FixNeg(_) | Marker::Null | Marker::Reserved | Marker::False | Marker::True => {
                (0, None)
            }
            Marker::U8 | Marker::I8 => (1, None),
            Marker::U16 | Marker::I16 => (2, None),
            Marker::U32 | Marker::I32 | Marker::F32 => (4, None),
            Marker::U64 | Marker::I64 | Marker::F64 => (8, None),
            Marker::FixStr(length) => (u64::from(length), None),
            Marker::Str8 | Marker::Bin8 => (1 + length8()?, None),
            Marker::Str16 | Marker::Bin16 => (2 + length16()?, None),
            Marker::Str32 | Marker::Bin32 => (4 + length32()?, None),
            // An extension has its type before its bytes.
            Marker::FixExt1 => (1 + 1, None),
            Marker::FixExt2 => (1 + 2, None),
            Marker::FixExt4 => (1 + 4, None),
            Marker::FixExt8 => (1 + 8, None),
            Marker::FixExt16 => (1 + 16, None),
            Marker::Ext8 => (1 + 1 + length8()?, None),
            Marker::Ext16 => (2 + 1 + length16()?, None),
            Marker::Ext32 => (4 + 1 + length32()?, None),
            Marker::FixArray(length) => (0, Some(u64::from(length))),
            Marker::Array16 => (2, Some(length16()?)),
            Marker::Array32 => (4, Some(length32()?)),
            Marker::FixMap(length) => (0, Some(2 * u64::from(length))),
            Marker::Map16 => (2, Some(2 * length16()?)),
            Marker::Map32 => (4, Some(2 * length32()?)),
        };
        let length = usize::try_from(1 + behind).ok().filter(|length| *length <= bytes.len())?;
        Some(Self { bytes: length, contained })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rmp::encode::{write_array_len, write_map_len};

    const CONTAINERS: [&[u8]; 5] = [
        &[0x91],
        &[0x81, 0xa1, b'k'],
        // A map whose key is what follows.
        &[0xdf, 0, 0, 0, 1],
        &[0xdc, 0, 1],
        &[0xdd, 0, 0, 0, 1],
    ];

    /// A value in so many containers, each of which stands before what it contains.
    fn nested(levels: usize, container: impl Fn(usize) -> &'static [u8], value: &[u8]) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..levels).flat_map(|level| container(level).iter().copied()).collect();
        bytes.extend(value);
        // The values of the maps that have what follows as a key.
        bytes.extend((0..levels).filter(|level| container(*level) == CONTAINERS[2]).map(|_| 7));
        bytes
    }

    #[test]
    fn what_is_nested_within_the_bound_is_left_as_it_is() {
        for container in CONTAINERS {
            assert_eq!(cut_nesting(&nested(LEVELS, |_| container, &[1])), None, "{container:?}");
        }
        let packet = serde_json::json!({"type": 2, "nsp": "/rooms", "id": 7, "data": ["chat:message", {"text": "hi"}]});
        assert_eq!(cut_nesting(&rmp_serde::to_vec_named(&packet).unwrap()), None);
        for nothing in [&[][..], &[0xc0], &[0xc1], &[0x90], &[0x80]] {
            assert_eq!(cut_nesting(nothing), None);
        }
    }

    #[test]
    fn what_is_nested_deeper_is_nil_at_the_bound() {
        for levels in [LEVELS + 1, 200, 1_000, 100_000] {
            for first in 0..CONTAINERS.len() {
                let alike = |_| CONTAINERS[first];
                let cut = cut_nesting(&nested(levels, alike, &[1]));
                assert_eq!(cut.unwrap(), nested(LEVELS, alike, &[NIL]), "{levels} of {first}");
                let mixed = |level| CONTAINERS[(level + first) % CONTAINERS.len()];
                let cut = cut_nesting(&nested(levels, mixed, &[1]));
                assert_eq!(cut.unwrap(), nested(LEVELS, mixed, &[NIL]), "{levels} from {first}");
            }
        }
        assert_eq!(
            cut_nesting(&nested(LEVELS, |_| CONTAINERS[0], &[0x90])).unwrap(),
            nested(LEVELS, |_| CONTAINERS[0], &[NIL]),
            "an empty one counts too"
        );
    }

    #[test]
    fn what_stands_beside_and_behind_it_stays() {
        let beside = |deep: Vec<u8>| [&[0x93, 0xa1, 0x91][..], &deep, &[0xa2, b'i', b'd', 0x91]].concat();
        let cut = cut_nesting(&beside(nested(200, |_| CONTAINERS[0], &[1]))).unwrap();
        assert_eq!(cut, beside(nested(LEVELS - 1, |_| CONTAINERS[0], &[NIL])));
    }

    #[test]
    fn what_breaks_off_or_lies_about_its_length_is_left_to_the_library() {
        let whole = nested(200, |level| CONTAINERS[level % CONTAINERS.len()], &[0xa2, b'h', b'i']);
        assert!(cut_nesting(&whole).is_some());
        for end in 0..whole.len() {
            assert_eq!(cut_nesting(&whole[..end]), None, "{end}");
        }
        for length in [0xc6, 0xc9, 0xdb, 0xdd, 0xdf] {
            let lie = [length, 0xff, 0xff, 0xff, 0xff, 1, 1, 1];
            for levels in [0, LEVELS, 100_000] {
                assert_eq!(cut_nesting(&nested(levels, |_| CONTAINERS[0], &lie)), None, "{length:x} in {levels}");
            }
        }
        assert_eq!(cut_nesting(&[&[0xdd, 0xff, 0xff, 0xff, 0xff][..]; 1_000].concat()), None);
    }

    #[test]
    fn of_what_is_posted_only_what_is_nested_too_deep_changes() {
        let encoded = |bytes: &[u8]| format!("b{}", STANDARD.encode(bytes));
        let deep = encoded(&nested(1_000, |_| CONTAINERS[1], &[1]));
        let cut = encoded(&nested(LEVELS, |_| CONTAINERS[1], &[NIL]));
        let shallow = encoded(&[0x91, 1]);
        let posted = |deep: &str| ["2", deep, "", &shallow, deep, "b%", &deep[1..], ""].join("\u{1e}").into_bytes();
        let expected = ["2", &cut, "", &shallow, &cut, "b%", &deep[1..], ""].join("\u{1e}").into_bytes();
        assert_eq!(cut_posted_nesting(posted(&deep)), expected);
        assert_eq!(cut_posted_nesting(deep.into_bytes()), cut.as_bytes());
        assert_eq!(cut_posted_nesting(posted(&shallow)), posted(&shallow));
        assert_eq!(cut_posted_nesting(vec![]), b"");
    }

    #[derive(Clone, Debug)]
    enum Tree {
        Leaf(&'static [u8]),
        Array(Vec<Tree>),
        Map(Vec<(Tree, Tree)>),
    }

    /// Every kind of value that is no container; what is in them looks like containers.
    const LEAVES: [&[u8]; 28] = [
        &[0x07],
        &[0xff],
        &[0xc0],
        &[0xc1],
        &[0xc2],
        &[0xc3],
        &[0xcc, 0x91],
        &[0xcd, 0x91, 0x91],
        &[0xce, 0x91, 0x91, 0x91, 0x91],
        &[0xcf, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91],
        &[0xd0, 0x91],
        &[0xd1, 0x91, 0x91],
        &[0xd2, 0x91, 0x91, 0x91, 0x91],
        &[0xd3, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91],
        &[0xca, 0x91, 0x91, 0x91, 0x91],
        &[0xcb, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91],
        &[0xa2, 0x91, 0x91],
        &[0xd9, 2, 0x91, 0x91],
        &[0xda, 0, 2, 0x91, 0x91],
        &[0xdb, 0, 0, 0, 2, 0x91, 0x91],
        &[0xc4, 1, 0x91],
        &[0xc5, 0, 1, 0x91],
        &[0xc6, 0, 0, 0, 1, 0x91],
        &[0xd4, 5, 0x91],
        &[0xd8, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0x91],
        &[0xc7, 2, 5, 0x91, 0x91],
        &[0xc8, 0, 2, 5, 0x91, 0x91],
        &[0xc9, 0, 0, 0, 2, 5, 0x91, 0x91],
    ];

    impl Tree {
        /// In MessagePack, with nil for what is in more than so many levels.
        fn write(&self, levels: usize, out: &mut Vec<u8>) {
            let Some(levels_in) = levels.checked_sub(1).or(matches!(self, Self::Leaf(_)).then_some(0)) else {
                return out.push(NIL);
            };
            match self {
                Self::Leaf(bytes) => out.extend_from_slice(bytes),
                Self::Array(values) => {
                    write_array_len(out, u32::try_from(values.len()).unwrap()).unwrap();
                    values.iter().for_each(|value| value.write(levels_in, out));
                }
                Self::Map(pairs) => {
                    write_map_len(out, u32::try_from(pairs.len()).unwrap()).unwrap();
                    for (key, value) in pairs {
                        key.write(levels_in, out);
                        value.write(levels_in, out);
                    }
                }
            }
        }

        fn written(&self, levels: usize) -> Vec<u8> {
            let mut bytes = vec![];
            self.write(levels, &mut bytes);
            bytes
        }

        fn within(self, container: u8) -> Self {
            let leaf = || Self::Leaf(&[0xa1, 0x91]);
            match container {
                0 => Self::Array(vec![self]),
                1 => Self::Array(vec![leaf(), self, leaf()]),
                2 => Self::Map(vec![(leaf(), self)]),
                _ => Self::Map(vec![(leaf(), leaf()), (self, leaf())]),
            }
        }
    }

    fn trees() -> impl Strategy<Value = Tree> {
        let leaf = proptest::sample::select(&LEAVES[..]).prop_map(Tree::Leaf);
        let bush = leaf.prop_recursive(4, 64, 20, |inner| {
            let pair = (inner.clone(), inner.clone());
            prop_oneof![
                proptest::collection::vec(inner, 0..20).prop_map(Tree::Array),
                proptest::collection::vec(pair, 0..20).prop_map(Tree::Map),
            ]
        });
        let around = proptest::collection::vec(0..4u8, LEVELS - 5..LEVELS + 50);
        (bush, around).prop_map(|(bush, around)| around.into_iter().fold(bush, Tree::within))
    }

    proptest! {
        #[test]
        fn whatever_is_nested_is_cut_at_the_bound_and_nowhere_else(tree in trees()) {
            let (message, expected) = (tree.written(usize::MAX), tree.written(LEVELS));
            prop_assert!(expected.len() <= message.len());
            let cut = cut_nesting(&message);
            prop_assert_eq!(cut.is_some(), expected != message);
            prop_assert_eq!(cut.unwrap_or(message), expected);
        }

        #[test]
        fn whatever_bytes_come_they_become_no_longer_and_are_cut_but_once(
            bytes in proptest::collection::vec(prop_oneof![Just(0x91), Just(0x81), Just(0x92), any::<u8>()], 0..2_000)
        ) {
            if let Some(cut) = cut_nesting(&bytes) {
                prop_assert!(cut.len() <= bytes.len());
                prop_assert_eq!(cut_nesting(&cut), None);
            }
        }
    }
}
