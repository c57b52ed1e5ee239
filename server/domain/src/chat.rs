//! Chat: what may be said, and how entries become messages.

mod fold;
mod tokens;

pub use fold::{Messages, amend, message};
pub use tokens::{search_words, tokens};

use crate::{
    Refusal,
    files::SharedFiles,
    log::{Draft, EntryBody, MessageBody},
    system::{Random, random_id},
    text::is_seen,
    timer::OVER_EVENT,
};
use serde::{Deserialize, Serialize};
use studyrooms_protocol::{
    Seq, Timestamp,
    chat::{Message, PostMessage},
    error::ErrorCode,
    ids::{EventId, MessageId, RoomId, UserId},
};
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeEmoji, UnicodeGeneralCategory};
use unicode_segmentation::UnicodeSegmentation;

const TEXT_CHARACTERS: usize = 4000;
const EVENT_ID_BYTES: usize = 64;
const EMOJI_BYTES: usize = 64;
/// Different emojis under one message.
const REACTIONS: usize = 20;
/// Messages that moderators keep in view, in one room.
pub const PINNED: usize = 50;
/// Words of a search, in characters.
pub const SEARCH_CHARACTERS: usize = 200;

/// How far a person has read in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadMarker {
    /// The room.
    pub room_id: RoomId,
    /// Who reads.
    pub user_id: UserId,
    /// Place in the room log.
    pub seq: Seq,
}

/// Messages in a page of history, at most.
pub const PAGE_MESSAGES: usize = 100;

/// Checks a message and makes the entry to be appended.
///
/// # Errors
/// `bad_request` or `too_large` that names the field.
pub fn draft(
    post: PostMessage,
    files: &SharedFiles,
    sender: (UserId, String),
    now: Timestamp,
    random: &dyn Random,
) -> Result<Draft, Refusal> {
    let PostMessage { text, attachments, reply_to, event_id } = post;
    let attachments = files.attached(attachments.unwrap_or_default())?;
    // A file may speak for itself.
    if attachments.is_empty() || !text.is_empty() {
        valid_text(&text)?;
    }
    if reply_to.as_ref().is_some_and(|id| id.as_str().len() > EVENT_ID_BYTES) {
        return Err(Refusal::field("replyTo", "not a message id"));
    }
    let (user_id, sender_name) = sender;
    let own_event_id = event_id.is_some();
    let event_id = event_id.map_or_else(|| Ok(EventId(random_id(random))), |id| valid_event_id("eventId", id))?;
    let body = MessageBody { id: MessageId(random_id(random)), sender_name, text, attachments, reply_to, own_event_id };
    Ok(Draft { event_id, user_id, timestamp: now, body: EntryBody::Message(body) })
}

/// A text that may be said.
///
/// # Errors
/// `bad_request` or `too_large` that names `text`.
pub fn valid_text(text: &str) -> Result<(), Refusal> {
    if !is_seen(text) {
        return Err(Refusal::field("text", "not empty"));
    }
    if text.chars().count() > TEXT_CHARACTERS {
        return Err(Refusal::too_large("text", format_args!("{TEXT_CHARACTERS} characters")));
    }
    Ok(())
}

/// One emoji: a single sign as people see it, which is no letter, digit or mark of punctuation.
/// What looks like one to some system passes, for new ones come every year.
///
/// # Errors
/// `bad_request` that names `emoji`.
pub fn valid_emoji(emoji: &str) -> Result<(), Refusal> {
    let one = emoji.graphemes(true).count() == 1 && emoji.len() <= EMOJI_BYTES && is_seen(emoji);
    let keycap = emoji.ends_with('\u{20e3}') && emoji.starts_with(|key: char| "0123456789#*".contains(key));
    let first = emoji.chars().next();
    if one && (keycap || first.is_some_and(|first| !first.is_ascii() && may_begin_emoji(first))) {
        return Ok(());
    }
    Err(Refusal::field("emoji", "one emoji"))
}

/// Neither a letter or digit, nor what joins or changes another sign.
fn may_begin_emoji(character: char) -> bool {
    use GeneralCategoryGroup::{Letter, Mark, Number, Separator};
    match character.general_category() {
        GeneralCategory::Format | GeneralCategory::Control => false,
        _ => {
            character.is_emoji_char()
                || !matches!(character.general_category_group(), Letter | Mark | Number | Separator)
        }
    }
}

/// Whether two signs are the same emoji: systems add a sign that asks for colour, or leave it out.
#[must_use]
pub fn is_same_emoji(one: &str, other: &str) -> bool {
    one.chars().filter(|sign| !is_presentation(*sign)).eq(other.chars().filter(|sign| !is_presentation(*sign)))
}

const fn is_presentation(sign: char) -> bool {
    matches!(sign, '\u{fe0e}' | '\u{fe0f}')
}

/// The emoji as it stands under a message already, or as it is.
#[must_use]
pub fn as_under(message: &Message, emoji: String) -> String {
    let there = message.reactions.iter().find(|reaction| is_same_emoji(&reaction.emoji, &emoji));
    there.map_or(emoji, |reaction| reaction.emoji.clone())
}

/// Whether someone may put one more emoji under a message.
///
/// # Errors
/// `too_large` when there are as many different ones as there may be.
pub fn fits_under(message: &Message, emoji: &str) -> Result<(), Refusal> {
    let there = message.reactions.iter().any(|reaction| is_same_emoji(&reaction.emoji, emoji));
    if there || message.reactions.len() < REACTIONS {
        return Ok(());
    }
    Err(Refusal::too_large("emoji", format_args!("{REACTIONS} different ones under a message")))
}

/// No message that the caller may know of.
#[must_use]
pub fn no_message() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "messageId: no such message")
}

/// An id that a client chose for what it does.
///
/// # Errors
/// `bad_request` that names `field`.
pub fn valid_event_id(field: &str, id: EventId) -> Result<EventId, Refusal> {
    if !(1..=EVENT_ID_BYTES).contains(&id.as_str().len()) {
        return Err(Refusal::field(field, format_args!("1 to {EVENT_ID_BYTES} bytes")));
    }
    if id.as_str().starts_with(OVER_EVENT) {
        return Err(Refusal::field(field, format_args!("{OVER_EVENT}… is the server's own")));
    }
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Entry;

    struct Zero;

    impl Random for Zero {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    fn post(text: &str) -> PostMessage {
        PostMessage { text: text.into(), attachments: None, reply_to: None, event_id: None }
    }

    fn drafted(post: PostMessage) -> Result<Draft, Refusal> {
        draft(post, &SharedFiles::default(), ("u".into(), "Ann".into()), 7, &Zero)
    }

    #[test]
    fn a_message_keeps_its_text_to_the_letter() {
        let draft = drafted(post("  hello\n")).unwrap();
        let EntryBody::Message(body) = draft.body else { panic!("not a message") };
        assert_eq!((body.text.as_str(), body.sender_name.as_str(), draft.timestamp), ("  hello\n", "Ann", 7));
    }

    #[test]
    fn nothing_and_too_much_are_refused_by_name() {
        assert_eq!(drafted(post(" \n")).unwrap_err().message, "text: not empty");
        let long = drafted(post(&"é".repeat(4001))).unwrap_err();
        assert_eq!((long.code, long.message.as_str()), (ErrorCode::TooLarge, "text: at most 4000 characters"));
        assert!(drafted(post(&"é".repeat(4000))).is_ok());
    }

    #[test]
    fn what_cannot_be_seen_is_not_said() {
        for nothing in ["\u{200b}", "\u{3164}", "\u{2800} \u{2800}", "\u{202e}", "\u{feff}\n"] {
            assert_eq!(drafted(post(nothing)).unwrap_err().message, "text: not empty", "{nothing:?}");
        }
        assert!(drafted(post("\u{202e}hello")).is_ok());
    }

    #[test]
    fn an_emoji_is_the_same_with_and_without_the_sign_for_colour() {
        assert!(is_same_emoji("👍", "👍\u{fe0f}") && is_same_emoji("❤", "❤️"));
        assert!(!is_same_emoji("👍", "👍🏽") && !is_same_emoji("👍", "👎"));
    }

    #[test]
    fn an_emoji_is_one_sign_and_no_word() {
        for emoji in ["👍", "❤️", "👩🏽‍💻", "🇫🇮", "1️⃣", "☕", "©", "ℹ️", "‼️", "〰️", "㊗️", "↔️"]
        {
            assert!(valid_emoji(emoji).is_ok(), "{emoji}");
        }
        for wrong in [
            "",
            "a",
            "ok",
            "👍👍",
            "1",
            " ",
            "<",
            "é",
            "\u{7}",
            "\u{200d}",
            "\u{fe0f}",
            "\u{20e3}",
            "\u{2800}",
            "\u{3164}",
            "\u{301}",
            "a\u{20e3}",
            &"\u{200d}👍".repeat(40),
        ] {
            assert!(valid_emoji(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn only_an_event_id_of_the_senders_own_is_shown() {
        let entry = |post| {
            let Draft { event_id, user_id, timestamp, body } = drafted(post).unwrap();
            Entry { event_id, room_id: "r".into(), seq: 1, user_id, timestamp, body }
        };
        assert_eq!(message(&entry(post("a"))).unwrap().event_id, None);
        let own = PostMessage { event_id: Some("mine".into()), ..post("a") };
        assert_eq!(message(&entry(own)).unwrap().event_id, Some("mine".into()));
    }
}
