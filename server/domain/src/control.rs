//! Moderation: what is said of it, and which mutes hold (SPEC 4).

use crate::{
    Refusal,
    log::{Entry, EntryBody},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use studyrooms_protocol::{call::Media, control::MediaKind, ids::UserId};

const REASON_CHARACTERS: usize = 200;

/// A reason as it is stored: trimmed, at most 200 characters; none when it is empty.
///
/// # Errors
/// `too_large` that names `reason`.
pub fn valid_reason(reason: Option<String>) -> Result<Option<String>, Refusal> {
    let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > REASON_CHARACTERS) {
        return Err(Refusal::too_large("reason", format_args!("{REASON_CHARACTERS} characters")));
    }
    Ok(reason)
}

/// Shortest and longest time for which nobody new comes in from an address, in seconds.
const ADDRESS_SEC: std::ops::RangeInclusive<u32> = 60..=604_800;

/// For how long nobody new shall come in from the addresses of someone who is banned.
///
/// # Errors
/// `bad_request` that names `addressSec`: out of range, or without a ban.
pub fn valid_address_sec(ban: Option<bool>, address_sec: Option<u32>) -> Result<Option<u32>, Refusal> {
    match address_sec {
        Some(_) if ban != Some(true) => Err(Refusal::field("addressSec", "with a ban only")),
        Some(seconds) if !ADDRESS_SEC.contains(&seconds) => {
            let (least, most) = (ADDRESS_SEC.start(), ADDRESS_SEC.end());
            Err(Refusal::field("addressSec", format_args!("{least} to {most}")))
        }
        address_sec => Ok(address_sec),
    }
}

/// Who is muted, and in what: the fold of the `muted` entries of the room log. A mute holds for a
/// person, whichever socket they come back with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mutes(BTreeMap<UserId, BTreeSet<MediaKind>>);

impl Mutes {
    /// Takes an entry.
    pub fn apply(&mut self, entry: &Entry) {
        let EntryBody::Muted { target, kind, on, .. } = &entry.body else { return };
        if *on {
            self.0.entry(target.clone()).or_default().insert(*kind);
            return;
        }
        if let Some(kinds) = self.0.get_mut(target) {
            kinds.remove(kind);
            if kinds.is_empty() {
                self.0.remove(target);
            }
        }
    }

    /// What is muted of a person.
    #[must_use]
    pub fn of(&self, user_id: &UserId) -> Vec<MediaKind> {
        self.0.get(user_id).map_or_else(Vec::new, |kinds| kinds.iter().copied().collect())
    }
}

/// Whether `media` has this on.
#[must_use]
pub const fn sends(media: Media, kind: MediaKind) -> bool {
    match kind {
        MediaKind::Audio => media.audio,
        MediaKind::Video => media.video,
        MediaKind::Screen => media.screen,
    }
}

/// `media` without what is muted.
#[must_use]
pub fn silenced(mut media: Media, kind: MediaKind) -> Media {
    match kind {
        MediaKind::Audio => media.audio = false,
        MediaKind::Video => media.video = false,
        MediaKind::Screen => media.screen = false,
    }
    media
}

#[cfg(test)]
mod tests {
    use super::*;

    fn muted(kind: MediaKind, on: bool) -> Entry {
        let body = EntryBody::Muted { target: "ben".into(), socket_id: "s".into(), kind, on };
        Entry { event_id: "e".into(), room_id: "r".into(), seq: 1, user_id: "ann".into(), timestamp: 0, body }
    }

    #[test]
    fn a_mute_holds_until_it_is_taken_back_each_kind_by_itself() {
        let mut mutes = Mutes::default();
        mutes.apply(&muted(MediaKind::Audio, true));
        mutes.apply(&muted(MediaKind::Video, true));
        mutes.apply(&muted(MediaKind::Audio, false));
        assert_eq!(mutes.of(&"ben".into()), [MediaKind::Video]);
        assert!(mutes.of(&"ann".into()).is_empty());
        mutes.apply(&muted(MediaKind::Video, false));
        assert_eq!(mutes, Mutes::default());
    }

    #[test]
    fn an_address_is_kept_out_with_a_ban_and_for_a_while_only() {
        assert_eq!(valid_address_sec(None, None), Ok(None));
        assert_eq!(valid_address_sec(Some(true), Some(3600)), Ok(Some(3600)));
        for (ban, seconds) in [(None, 3600), (Some(false), 3600), (Some(true), 59), (Some(true), 604_801)] {
            assert!(valid_address_sec(ban, Some(seconds)).unwrap_err().message.starts_with("addressSec"));
        }
    }

    #[test]
    fn reasons_are_trimmed_and_bounded() {
        assert_eq!(valid_reason(Some(" \n".into())), Ok(None));
        assert_eq!(valid_reason(Some(" spam ".into())), Ok(Some("spam".into())));
        assert!(valid_reason(Some("x".repeat(201))).unwrap_err().message.starts_with("reason"));
    }
}
