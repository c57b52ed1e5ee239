//! The first argument of an event, as JSON that is not looked into yet. Further arguments are
//! ignored, as unknown fields are.

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// None when the event has no argument.
pub(super) struct FirstArgument(pub Option<Box<RawValue>>);

impl<'de> Deserialize<'de> for FirstArgument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Arguments;
        impl<'de> Visitor<'de> for Arguments {
            type Value = FirstArgument;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the arguments of an event")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut arguments: A) -> Result<FirstArgument, A::Error> {
                let first = arguments.next_element()?;
                while arguments.next_element::<IgnoredAny>()?.is_some() {}
                Ok(FirstArgument(first))
            }
        }
        // A tuple is what the parser takes for "all arguments" and not for the first of them.
        deserializer.deserialize_tuple(1, Arguments)
    }
}
