//! What both engines keep beside an entry of the room log: the message it is about, and what that
//! is found by.

use std::collections::{BTreeSet, HashSet};
use studyrooms_domain::{
    chat,
    log::{Entry, EntryBody, LogName},
    rooms::Member,
};
use studyrooms_protocol::{Seq, ids::MessageId};

/// The message that an entry began or amends. Only the room log has messages.
pub(crate) fn message_of(log: LogName, body: &EntryBody) -> Option<&MessageId> {
    match (log, body) {
        (LogName::Room, EntryBody::Message(message)) => Some(&message.id),
        (LogName::Room, body) => body.about(),
        (LogName::Board, _) => None,
    }
}

/// The message whose text another one replaces, or nothing.
pub(crate) fn replaces_text(log: LogName, body: &EntryBody) -> Option<&MessageId> {
    match (log, body) {
        (LogName::Room, EntryBody::Edited { message_id, .. } | EntryBody::Deleted { message_id }) => Some(message_id),
        _ => None,
    }
}

/// How long an entry that takes something back is kept among those that count, where several
/// processes write: none of them may miss it while what it takes back is still there.
const TAKING_BACK_MS: u64 = 60_000;

/// Of the amendments of one message, oldest first, the positions of those that count no more. What passed
/// once never counts again, so several may find out at the same time, each from what it sees.
pub(crate) fn past<'a>(amendments: impl DoubleEndedIterator<Item = &'a Entry> + Clone) -> Vec<Seq> {
    let is_deletion = |entry: &&Entry| matches!(entry.body, EntryBody::Deleted { .. });
    let is_deleted = amendments.clone().any(|entry| is_deletion(&entry));
    let newest = amendments.clone().map(|entry| entry.timestamp).max().unwrap_or_default();
    let mut seen = HashSet::new();
    let mut past = vec![];
    for entry in amendments.rev() {
        let (key, on) = match &entry.body {
            EntryBody::Reacted { emoji, on, .. } => ((entry.body.kind(), entry.user_id.as_str(), emoji.as_str()), *on),
            EntryBody::Pinned { on, .. } => ((entry.body.kind(), "", ""), *on),
            body => ((body.kind(), "", ""), true),
        };
        let is_old = entry.timestamp.saturating_add(TAKING_BACK_MS) < newest;
        let counts = seen.insert(key) && (on || !is_old) && (!is_deleted || is_deletion(&entry));
        if !counts {
            past.push(entry.seq);
        }
    }
    past
}

/// The text of a message or of its edit.
pub(crate) const fn text_of(body: &EntryBody) -> Option<&String> {
    match body {
        EntryBody::Message(message) => Some(&message.text),
        EntryBody::Edited { text, .. } => Some(text),
        _ => None,
    }
}

/// What an entry is found by when it is appended.
pub(crate) fn tokens_of(log: LogName, body: &EntryBody) -> BTreeSet<String> {
    match (log, body) {
        (LogName::Room, EntryBody::Message(message)) => chat::tokens(&message.text),
        _ => BTreeSet::new(),
    }
}

/// The words that decide a search: a text with a token that begins with `word` has one for `wo` too.
pub(crate) fn deciding(words: &[String]) -> Vec<&str> {
    let sorted: BTreeSet<&str> = words.iter().map(String::as_str).collect();
    // In this order a word comes right before those that begin with it.
    let mut deciding: Vec<&str> = Vec::with_capacity(sorted.len());
    for word in sorted {
        deciding.pop_if(|before| word.starts_with(*before));
        deciding.push(word);
    }
    deciding
}

/// Takes away what privacy demands when the message is deleted; who wrote it, and when, stays.
pub(crate) fn blank(body: &mut EntryBody) {
    match body {
        EntryBody::Message(message) => {
            message.text.clear();
            message.attachments.clear();
        }
        EntryBody::Edited { text, .. } => text.clear(),
        _ => {}
    }
}

/// Two people in either order. No id holds a space.
pub(crate) fn pair_key(pair: &[Member; 2]) -> String {
    let mut ids = pair.each_ref().map(|member| member.user_id.as_str());
    ids.sort_unstable();
    ids.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_another_one_begins_with_decides_nothing() {
        let words = ["wor", "b", "w", "word", "wo", "way", "b", "ba"].map(String::from);
        assert_eq!(deciding(&words), ["ba", "way", "word"]);
        assert!(deciding(&[]).is_empty());
    }
}
