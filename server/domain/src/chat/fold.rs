//! How entries become messages: one begins a message, later ones amend it. The same entries in
//! the order of the log give the same messages, live or read again.

use super::is_same_emoji;
use crate::log::{Entry, EntryBody};
use std::collections::BTreeMap;
use studyrooms_protocol::{
    Seq,
    chat::{Message, Reaction},
    ids::{MessageId, UserId},
};

/// The message that an entry began; none when the entry began none.
#[must_use]
pub fn message(entry: &Entry) -> Option<Message> {
    let EntryBody::Message(body) = &entry.body else { return None };
    Some(Message {
        id: body.id.clone(),
        room_id: entry.room_id.clone(),
        seq: entry.seq,
        sender_id: entry.user_id.clone(),
        sender_name: body.sender_name.clone(),
        text: body.text.clone(),
        attachments: body.attachments.clone(),
        reply_to: body.reply_to.clone(),
        timestamp: entry.timestamp,
        edited_at: None,
        deleted: None,
        pinned: None,
        reactions: vec![],
        event_id: body.own_event_id.then(|| entry.event_id.clone()),
    })
}

/// Applies an entry about `message` to it; true when that changed it. What is deleted stays so.
pub fn amend(message: &mut Message, entry: &Entry) -> bool {
    if entry.body.about() != Some(&message.id) || message.deleted == Some(true) {
        return false;
    }
    match &entry.body {
        EntryBody::Edited { text, .. } => {
            message.text.clone_from(text);
            message.edited_at = Some(entry.timestamp);
            true
        }
        EntryBody::Deleted { .. } => {
            message.deleted = Some(true);
            message.text.clear();
            message.attachments.clear();
            message.reactions.clear();
            message.edited_at = None;
            message.pinned = None;
            true
        }
        EntryBody::Reacted { emoji, on, .. } => react(&mut message.reactions, emoji, &entry.user_id, *on),
        EntryBody::Pinned { on, .. } => {
            let pinned = on.then_some(true);
            let changed = message.pinned != pinned;
            message.pinned = pinned;
            changed
        }
        _ => false,
    }
}

fn react(reactions: &mut Vec<Reaction>, emoji: &str, user_id: &UserId, on: bool) -> bool {
    let Some(index) = reactions.iter().position(|reaction| is_same_emoji(&reaction.emoji, emoji)) else {
        if on {
            reactions.push(Reaction { emoji: emoji.to_owned(), user_ids: vec![user_id.clone()] });
        }
        return on;
    };
    let user_ids = &mut reactions[index].user_ids;
    let chosen = user_ids.contains(user_id);
    if on && !chosen {
        user_ids.push(user_id.clone());
    } else if !on && chosen {
        user_ids.retain(|other| other != user_id);
        if user_ids.is_empty() {
            reactions.remove(index);
        }
    }
    on != chosen
}

/// Messages in the order of the log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Messages {
    by_seq: BTreeMap<Seq, Message>,
    seq_of: BTreeMap<MessageId, Seq>,
    /// The place of the last entry that changed a message after its own.
    changed_at: BTreeMap<Seq, Seq>,
}

impl Messages {
    /// Takes an entry; gives the message that it began or changed.
    pub fn apply(&mut self, entry: &Entry) -> Option<&Message> {
        if let Some(message) = message(entry) {
            self.seq_of.insert(message.id.clone(), entry.seq);
            return Some(self.by_seq.entry(entry.seq).or_insert(message));
        }
        let seq = self.seq_of.get(entry.body.about()?)?;
        let message = self.by_seq.get_mut(seq)?;
        if !amend(message, entry) {
            return None;
        }
        self.changed_at.insert(*seq, entry.seq);
        Some(message)
    }

    /// Notes that the entry at `seq` changed a message; false when that is not here.
    pub fn note_change(&mut self, id: &MessageId, seq: Seq) -> bool {
        let Some(began) = self.seq_of.get(id) else { return false };
        let changed = self.changed_at.entry(*began).or_insert(seq);
        *changed = seq.max(*changed);
        true
    }

    /// By id.
    #[must_use]
    pub fn get(&self, id: &MessageId) -> Option<&Message> {
        self.by_seq.get(self.seq_of.get(id)?)
    }

    /// Forgets the oldest message; gives its place in the log, and where it was last changed.
    pub fn forget_oldest(&mut self) -> Option<(Seq, Option<Seq>)> {
        let (seq, message) = self.by_seq.pop_first()?;
        self.seq_of.remove(&message.id);
        Some((seq, self.changed_at.remove(&seq)))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_seq.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_seq.is_empty()
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.by_seq.values()
    }

    /// Those that began after `seq`, oldest first.
    pub fn after(&self, seq: Seq) -> impl Iterator<Item = &Message> {
        self.by_seq.range(seq + 1..).map(|(_, message)| message)
    }

    /// Those that began up to `seq` and changed after it, oldest first.
    pub fn amended_after(&self, seq: Seq) -> impl Iterator<Item = &Message> {
        let changed = self.changed_at.range(..=seq).filter(move |(_, at)| **at > seq);
        changed.filter_map(|(began, _)| self.by_seq.get(began))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::MessageBody;
    use proptest::prelude::*;

    /// What one of several writers does next.
    #[derive(Clone, Debug)]
    enum Act {
        Say,
        Edit(usize, u8),
        Delete(usize),
        React(usize, bool, u8),
        Pin(usize, bool),
        Come,
        /// What was sent last, once more under the same event.
        Again,
    }

    fn any_act() -> impl Strategy<Value = (u8, Act)> {
        let target = 0..12usize;
        let act = prop_oneof![
            4 => Just(Act::Say),
            3 => (target.clone(), any::<u8>()).prop_map(|(n, text)| Act::Edit(n, text)),
            1 => target.clone().prop_map(Act::Delete),
            4 => (target, any::<bool>(), 0..3u8).prop_map(|(n, on, emoji)| Act::React(n, on, emoji)),
            1 => (0..12usize, any::<bool>()).prop_map(|(n, on)| Act::Pin(n, on)),
            1 => Just(Act::Come),
            2 => Just(Act::Again),
        ];
        (0..3u8, act)
    }

    /// The log that the acts leave, in the order they reached it; the same event is there once.
    fn log(acts: &[(u8, Act)]) -> Vec<Entry> {
        let mut log: Vec<Entry> = vec![];
        for (writer, act) in acts {
            let id = |n: usize| MessageId(format!("m{n}"));
            let body = match act {
                // Messages bear the number of their entry; some targets are no messages, or come later.
                Act::Say => EntryBody::Message(MessageBody {
                    id: id(log.len()),
                    sender_name: "Ann".into(),
                    text: "as it was said".into(),
                    attachments: vec![],
                    reply_to: None,
                    own_event_id: true,
                }),
                Act::Edit(n, text) => EntryBody::Edited { message_id: id(*n), text: format!("edit {text}") },
                Act::Delete(n) => EntryBody::Deleted { message_id: id(*n) },
                Act::React(n, on, emoji) => {
                    EntryBody::Reacted { message_id: id(*n), emoji: emoji.to_string(), on: *on }
                }
                Act::Pin(n, on) => EntryBody::Pinned { message_id: id(*n), on: *on },
                Act::Come => EntryBody::Joined { socket_id: "s".into(), name: "Ann".into() },
                Act::Again => continue,
            };
            let seq = log.len() as u64 + 1;
            log.push(Entry {
                event_id: seq.to_string().into(),
                room_id: "r".into(),
                seq,
                user_id: format!("u{writer}").into(),
                timestamp: seq * 1000,
                body,
            });
        }
        log
    }

    /// The log after the texts of what is deleted were blanked in it.
    fn blanked(log: &[Entry]) -> Vec<Entry> {
        let deleted_after = |id: &MessageId, seq: Seq| {
            log.iter().any(|entry| {
                entry.seq > seq && matches!(&entry.body, EntryBody::Deleted { message_id } if message_id == id)
            })
        };
        let mut log = log.to_vec();
        let original = log.clone();
        for (entry, was) in log.iter_mut().zip(&original) {
            match &mut entry.body {
                EntryBody::Message(body) if deleted_after(&body.id, was.seq) => body.text.clear(),
                _ => {}
            }
        }
        log
    }

    proptest! {
        // SPEC 5.1
        #[test]
        fn any_interleaving_folds_to_the_same_messages_from_the_log_as_live(
            acts in prop::collection::vec(any_act(), 0..80), cuts in prop::collection::vec(0..80usize, 0..4)
        ) {
            let log = log(&acts);
            let mut live = Messages::default();
            let mut told: BTreeMap<MessageId, Message> = BTreeMap::new();
            for entry in &log {
                // What a client hears of, kept by id, is what the server has.
                if let Some(message) = live.apply(entry) {
                    told.insert(message.id.clone(), message.clone());
                }
            }
            let heard: Vec<&Message> = live.iter().collect();
            let mut kept: Vec<&Message> = told.values().collect();
            kept.sort_by_key(|message| message.seq);
            prop_assert_eq!(&heard, &kept);

            // Read again in one go, from a log whose deleted texts are blanked.
            let stored = blanked(&log);
            let mut again = Messages::default();
            for entry in &stored {
                again.apply(entry);
            }
            prop_assert_eq!(&again, &live);

            // Whoever was there up to some place and is told what came later has it all.
            for known in 0..=log.len() as u64 {
                let mut before = Messages::default();
                for entry in &log[..known as usize] {
                    before.apply(entry);
                }
                let mut back: BTreeMap<Seq, Message> = before.iter().map(|m| (m.seq, m.clone())).collect();
                back.extend(live.amended_after(known).chain(live.after(known)).map(|m| (m.seq, m.clone())));
                prop_assert_eq!(back.values().collect::<Vec<_>>(), heard.clone());
            }

            // Read again in pages: messages first, then what amends them.
            let mut edges: Vec<usize> = cuts.into_iter().filter(|cut| *cut <= stored.len()).collect();
            edges.extend([0, stored.len()]);
            edges.sort_unstable();
            let mut paged = vec![];
            for page in edges.windows(2) {
                for entry in &stored[page[0]..page[1]] {
                    if let Some(mut message) = message(entry) {
                        for later in &stored[entry.seq as usize..] {
                            amend(&mut message, later);
                        }
                        paged.push(message);
                    }
                }
            }
            prop_assert_eq!(paged.iter().collect::<Vec<_>>(), heard);
        }
    }

    #[test]
    fn what_is_deleted_has_no_text_and_takes_no_more_changes() {
        let acts = [Act::Say, Act::React(0, true, 1), Act::Delete(0), Act::Edit(0, 7), Act::React(0, true, 2)];
        let mut messages = Messages::default();
        let changed: Vec<bool> =
            log(&acts.map(|act| (0, act))).iter().map(|entry| messages.apply(entry).is_some()).collect();
        assert_eq!(changed, [true, true, true, false, false]);
        let message = messages.iter().next().unwrap();
        assert_eq!((message.text.as_str(), message.deleted, message.reactions.len()), ("", Some(true), 0));
    }

    #[test]
    fn a_reaction_counts_once_a_person_and_goes_with_the_last() {
        let acts = [
            (0, Act::Say),
            (0, Act::React(0, true, 1)),
            (0, Act::React(0, true, 1)),
            (1, Act::React(0, true, 1)),
            (0, Act::React(0, false, 1)),
        ];
        let mut messages = Messages::default();
        for entry in log(&acts) {
            messages.apply(&entry);
        }
        let reactions = &messages.iter().next().unwrap().reactions;
        assert_eq!(reactions, &[Reaction { emoji: "1".into(), user_ids: vec!["u1".into()] }]);
    }
}
