//! What a live room knows of its room log: the newest messages.

use std::{collections::VecDeque, sync::Arc};
use studyrooms_domain::{
    chat,
    log::{Entry, EntryBody, LogName},
    store::{Logs, Stored},
};
use studyrooms_protocol::{Seq, chat::Message, ids::RoomId};

/// Messages a newcomer gets.
const PAGE: usize = 50;
/// Messages kept, so that a short absence is made up without reading the store.
const WINDOW: usize = 200;

pub(super) struct ChatWindow {
    /// Position of the room log that has been delivered.
    pub seq: Seq,
    messages: VecDeque<Message>,
    /// All messages above this position are in the window.
    complete_above: Seq,
}

/// What a client that joins gets of the chat.
pub(super) struct CatchUp {
    pub messages: Vec<Message>,
    pub reset: bool,
}

impl ChatWindow {
    pub(super) async fn load(logs: &Arc<dyn Logs>, room_id: &RoomId) -> Stored<Self> {
        let seq = logs.last_seq(room_id, LogName::Room).await?;
        let kind = EntryBody::MESSAGE;
        let entries = logs.page_before(room_id, LogName::Room, kind, Some(seq + 1), WINDOW).await?;
        let complete_above = if entries.len() < WINDOW { 0 } else { entries[0].seq - 1 };
        Ok(Self { seq, messages: entries.iter().filter_map(chat::message).collect(), complete_above })
    }

    /// Takes the next entry of the log; gives the message that it is.
    pub(super) fn apply(&mut self, entry: &Entry) -> Option<Message> {
        self.seq = entry.seq;
        let message = chat::message(entry)?;
        self.messages.push_back(message.clone());
        if self.messages.len() > WINDOW
            && let Some(gone) = self.messages.pop_front()
        {
            self.complete_above = gone.seq;
        }
        Some(message)
    }

    /// What a client gets that has everything up to `known`.
    pub(super) fn catch_up(&self, known: Option<Seq>) -> CatchUp {
        match known {
            // A client that is ahead knows another history than this one.
            Some(known) if (self.complete_above..=self.seq).contains(&known) => {
                let messages = self.messages.iter().filter(|message| message.seq > known).cloned().collect();
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
        let mut window = ChatWindow { seq: 0, messages: VecDeque::new(), complete_above: 0 };
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
