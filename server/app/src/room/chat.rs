//! What a live room knows of its room log: the newest messages.

use std::sync::Arc;
use studyrooms_domain::{
    chat::{Messages, message},
    log::{Entry, EntryBody, LogName},
    store::{Logs, Stored},
};
use studyrooms_protocol::{Seq, chat::Message, ids::RoomId};

/// Messages a newcomer gets.
const PAGE: usize = 50;
/// Messages kept, so that a short absence is made up without reading the store.
const WINDOW: usize = 200;
/// Entries read at a time while loading.
const LOAD_PAGE: usize = 500;

#[derive(Default)]
pub(super) struct ChatWindow {
    /// Position of the room log that has been delivered.
    pub seq: Seq,
    messages: Messages,
    /// All messages above this position are in the window.
    complete_above: Seq,
}

/// What a client that joins gets of the chat.
pub(super) struct CatchUp {
    pub messages: Vec<Message>,
    pub reset: bool,
}

impl ChatWindow {
    /// Reads the newest messages and all that happened since the first of them.
    pub(super) async fn load(logs: &Arc<dyn Logs>, room_id: &RoomId) -> Stored<Self> {
        let newest = logs.page_before(room_id, LogName::Room, EntryBody::MESSAGE, None, WINDOW).await?;
        // Fewer than asked for are all there are.
        let whole = newest.len() < WINDOW;
        let seq = newest.first().map_or(0, |first| first.seq - 1);
        let mut window = Self { seq, messages: Messages::default(), complete_above: if whole { 0 } else { seq } };
        loop {
            let entries = logs.after(room_id, LogName::Room, window.seq, LOAD_PAGE).await?;
            for entry in &entries {
                window.apply(entry);
            }
            if entries.len() < LOAD_PAGE {
                return Ok(window);
            }
        }
    }

    /// Takes the next entry of the log; gives the message that it begins.
    pub(super) fn apply(&mut self, entry: &Entry) -> Option<Message> {
        self.seq = entry.seq;
        self.messages.apply(entry);
        if self.messages.len() > WINDOW
            && let Some(gone) = self.messages.forget_oldest()
        {
            self.complete_above = gone;
        }
        message(entry)
    }

    /// What a client gets that has everything up to `known`.
    pub(super) fn catch_up(&self, known: Option<Seq>) -> CatchUp {
        match known {
            // A client that is ahead knows another history than this one.
            Some(known) if (self.complete_above..=self.seq).contains(&known) => {
                let messages = self.messages.after(known).cloned().collect();
                CatchUp { messages, reset: false }
            }
            _ => {
                let skip = self.messages.len().saturating_sub(PAGE);
                CatchUp { messages: self.messages.iter().skip(skip).cloned().collect(), reset: true }
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

    #[test]
    fn who_was_away_shortly_gets_only_what_came_later() {
        let back = window(300).catch_up(Some(296));
        assert!(!back.reset);
        assert_eq!(seqs(&back), [297, 298, 299]);
        assert!(seqs(&window(300).catch_up(Some(300))).is_empty());
    }

    #[test]
    fn who_was_away_long_or_knows_another_history_starts_anew() {
        assert!(window(300).catch_up(Some(10)).reset);
        assert!(window(300).catch_up(Some(301)).reset);
        assert!(!window(30).catch_up(Some(0)).reset);
    }
}
