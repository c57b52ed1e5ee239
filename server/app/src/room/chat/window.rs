//! What a live room knows of its room log: the newest messages.

use std::sync::Arc;
use studyrooms_domain::{
    chat::{self, Messages},
    log::{Entry, EntryBody, LogName},
    store::{Logs, Stored},
};
use studyrooms_protocol::{
    Seq, Timestamp,
    chat::Message,
    ids::{EventId, MessageId, RoomId, UserId},
};

/// Messages a newcomer gets.
const PAGE: usize = 50;
/// Messages kept, so that a short absence is made up without reading the store.
const WINDOW: usize = 200;
/// Changes of messages looked at while loading, so that who was away shortly is told of them.
const CHANGES: usize = 500;

#[derive(Default)]
pub(in crate::room) struct ChatWindow {
    /// Position of the room log that has been delivered.
    pub seq: Seq,
    messages: Messages,
    /// All messages above this position are in the window.
    complete_above: Seq,
    /// Where a message that is no longer in the window was last amended.
    amended_below: Seq,
}

/// What a client that joins gets of the chat.
pub(in crate::room) struct CatchUp {
    /// Those that it has not, or the newest page.
    pub messages: Vec<Message>,
    /// Those that it has, and that changed meanwhile.
    pub amended: Vec<Message>,
    /// Whether it must forget what it has.
    pub reset: bool,
}

impl ChatWindow {
    /// Reads the newest messages as they are now, and which messages were changed last.
    pub(in crate::room) async fn load(logs: &Arc<dyn Logs>, room_id: &RoomId) -> Stored<Self> {
        let seq = logs.last_seq(room_id, LogName::Room).await?;
        let (log, end) = (LogName::Room, Some(seq.saturating_add(1)));
        let newest = logs.page_before(room_id, log, &[EntryBody::MESSAGE], end, WINDOW).await?;
        // Fewer than asked for are all there are.
        let whole = newest.len() < WINDOW;
        let before = newest.first().map_or(0, |first| first.seq - 1);
        let mut window = Self { seq, complete_above: if whole { 0 } else { before }, ..Self::default() };
        for entry in &newest {
            window.messages.apply(entry);
        }
        let ids: Vec<MessageId> = window.messages.iter().map(|message| message.id.clone()).collect();
        for amendment in logs.amendments(room_id, &ids).await? {
            window.messages.apply(&amendment);
        }
        let changes = logs.page_before(room_id, log, EntryBody::AMENDING, end, CHANGES).await?;
        if let Some(first) = changes.first().filter(|_| changes.len() == CHANGES) {
            // What was changed earlier is not known.
            window.amended_below = first.seq;
        }
        for change in &changes {
            let is_here = change.body.about().is_some_and(|id| window.messages.note_change(id, change.seq));
            if !is_here {
                window.amended_below = change.seq;
            }
        }
        Ok(window)
    }

    /// Takes the next entry of the log. Gives the message that it begins or changes; none too for a
    /// message that is not in the window.
    pub(in crate::room) fn apply(&mut self, entry: &Entry) -> Option<&Message> {
        self.seq = entry.seq;
        if entry.body.about().is_some_and(|id| self.messages.get(id).is_none()) {
            self.amended_below = entry.seq;
        }
        if chat::message(entry).is_some()
            && self.messages.len() >= WINDOW
            && let Some((gone, changed_at)) = self.messages.forget_oldest()
        {
            self.complete_above = gone;
            self.amended_below = self.amended_below.max(changed_at.unwrap_or_default());
        }
        self.messages.apply(entry)
    }

    /// A message of the window.
    pub(in crate::room) fn get(&self, id: &MessageId) -> Option<&Message> {
        self.messages.get(id)
    }

    /// Who said something in the window, and when, the oldest first.
    pub(in crate::room) fn said(&self) -> impl Iterator<Item = (&UserId, Timestamp)> {
        self.messages.iter().map(|message| (&message.sender_id, message.timestamp))
    }

    /// Whether the window has a message of this person under this event.
    pub(in crate::room) fn has_event(&self, user_id: &UserId, event_id: &EventId) -> bool {
        let same = |message: &&Message| &message.sender_id == user_id && message.event_id.as_ref() == Some(event_id);
        self.messages.iter().rev().any(|message| same(&message))
    }

    /// What a client gets that has everything up to `known`.
    pub(in crate::room) fn catch_up(&self, known: Option<Seq>) -> CatchUp {
        match known {
            // A client that is ahead knows another history than this one; one that misses a change
            // of a message that is no longer here begins anew, too.
            Some(known) if (self.complete_above.max(self.amended_below)..=self.seq).contains(&known) => CatchUp {
                messages: self.messages.after(known).cloned().collect(),
                amended: self.messages.amended_after(known).cloned().collect(),
                reset: false,
            },
            _ => {
                let skip = self.messages.len().saturating_sub(PAGE);
                let messages = self.messages.iter().skip(skip).cloned().collect();
                CatchUp { messages, amended: vec![], reset: true }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use studyrooms_domain::log::MessageBody;
    use studyrooms_protocol::presence::LeaveReason;

    fn window(entries: u64) -> ChatWindow {
        let mut window = ChatWindow::default();
        for seq in 1..=entries {
            let body = if seq % 10 == 0 {
                EntryBody::Left { socket_id: "s".into(), reason: LeaveReason::Left }
            } else {
                EntryBody::Message(MessageBody {
                    id: seq.to_string().into(),
                    sender_name: "Ann".into(),
                    text: "hi".into(),
                    attachments: vec![],
                    reply_to: None,
                    own_event_id: false,
                })
            };
            let event_id = seq.to_string().into();
            window.apply(&Entry { event_id, room_id: "r".into(), seq, user_id: "ann".into(), timestamp: 0, body });
        }
        window
    }

    fn seqs(catch_up: &CatchUp) -> Vec<Seq> {
        catch_up.messages.iter().map(|message| message.seq).collect()
    }

    #[test]
    fn a_newcomer_gets_the_newest_page() {
        let newcomer = window(300).catch_up(None);
        assert!(newcomer.reset);
        assert_eq!((newcomer.messages.len(), newcomer.messages[49].seq), (50, 299));
    }

    // SPEC 2.2
    #[test]
    fn who_was_away_shortly_gets_only_what_came_later() {
        let back = window(300).catch_up(Some(296));
        assert!(!back.reset);
        assert_eq!(seqs(&back), [297, 298, 299]);
        assert!(seqs(&window(300).catch_up(Some(300))).is_empty());
    }

    fn amended(window: &mut ChatWindow, seq: Seq, id: &str) {
        let body = EntryBody::Edited { message_id: id.into(), text: "ho".into() };
        let event_id = seq.to_string().into();
        window.apply(&Entry { event_id, room_id: "r".into(), seq, user_id: "ann".into(), timestamp: 0, body });
    }

    // SPEC 2.2
    #[test]
    fn who_comes_back_is_told_what_changed_of_what_they_have() {
        let mut window = window(300);
        amended(&mut window, 301, "295");
        let back = window.catch_up(Some(299));
        assert_eq!((back.reset, back.messages.len(), back.amended[0].seq), (false, 0, 295));
        assert!(window.catch_up(Some(301)).amended.is_empty());
        assert!(window.catch_up(Some(290)).amended.is_empty(), "it comes among the new ones, as it is now");
    }

    // SPEC 2.2
    #[test]
    fn who_misses_a_change_of_what_is_no_longer_in_memory_starts_anew() {
        let mut window = window(300);
        amended(&mut window, 301, "2");
        assert!(window.catch_up(Some(299)).reset);
        assert!(!window.catch_up(Some(301)).reset);
    }

    // SPEC 2.2
    #[test]
    fn who_was_away_long_or_knows_another_history_starts_anew() {
        assert!(window(300).catch_up(Some(10)).reset);
        assert!(window(300).catch_up(Some(301)).reset);
        assert!(!window(30).catch_up(Some(0)).reset);
    }
}
