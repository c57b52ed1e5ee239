//! What each event asks for: the action that [`crate::access`] judges, and the bucket that
//! [`crate::limits`] takes from, and how large it may be (SPEC 4.1, 11.2).

use crate::{
    access::{Action, Allowed, allowed},
    limits::Limited,
    rooms::{RoomKind, default_settings},
};
use studyrooms_protocol::rooms::Role;

/// What holds for an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What one must be allowed to do in the room; none for coming in, which
    /// [`crate::access::admit`] decides.
    pub action: Option<Action>,
    /// Whose bucket it takes from.
    pub limited: Limited,
    /// Bytes of its encoded payload, at most; looked at before it is parsed.
    pub max_bytes: usize,
}

/// Bytes of one frame, at most: what a client sends by one websocket message or one POST. The handshake says
/// it as `maxPayload`. Above what any event may hold, so that every event too large is answered by its name.
pub const FRAME_BYTES: usize = 1280 << 10;

/// Bytes of an event's encoded payload, at most, known or not.
#[must_use]
pub fn max_bytes(event: &str) -> usize {
    match event {
        "signal:offer" | "signal:answer" | "signal:ice" => 64 << 10,
        "whiteboard:draw" => 256 << 10,
        "whiteboard:save" => 1 << 20,
        _ => 32 << 10,
    }
}

/// The rule of a client's event; none for an event that is not in the table, which no one may send.
#[must_use]
pub fn of(event: &str) -> Option<Rule> {
    let (action, limited) = match event {
        "joinRoom" => return Some(Rule { action: None, limited: Limited::Join, max_bytes: max_bytes(event) }),
        "leaveRoom" | "room:sync" => (Action::Read, Limited::Join),
        "chat:message" => (Action::Post, Limited::Chat),
        "chat:edit" => (Action::Edit, Limited::Amend),
        "chat:delete" => (Action::Delete, Limited::Amend),
        "chat:react" => (Action::React, Limited::React),
        "chat:pin" => (Action::Pin, Limited::Amend),
        "chat:read" => (Action::BePresent, Limited::Read),
        "presence:typing" => (Action::BePresent, Limited::Typing),
        "whiteboard:draw" => (Action::Draw, Limited::Draw),
        "whiteboard:cursor" => (Action::BePresent, Limited::Cursor),
        "whiteboard:save" => (Action::Draw, Limited::Versions),
        "whiteboard:restore" => (Action::Restore, Limited::Versions),
        "file:uploadMeta" => (Action::Share, Limited::Share),
        "signal:offer" | "signal:answer" | "signal:ice" => (Action::BePresent, Limited::Signal),
        "media:state" => (Action::BePresent, Limited::Media),
        "hand:raise" | "reaction:send" => (Action::BePresent, Limited::React),
        "control:mute" => (Action::Mute, Limited::Control),
        "control:kick" | "control:removeGuests" => (Action::Kick, Limited::Control),
        "control:unban" => (Action::Unban, Limited::Control),
        "control:role" => (Action::SetRole, Limited::Control),
        "control:settings" => (Action::ChangeSettings, Limited::Control),
        "control:admit" => (Action::Admit, Limited::Control),
        "timer:start" | "timer:pause" | "timer:resume" | "timer:skip" | "timer:stop" => {
            (Action::RunTimer, Limited::Timer)
        }
        "task:create" | "task:update" | "task:delete" => (Action::ChangeTasks, Limited::Task),
        _ => return None,
    };
    Some(Rule { action: Some(action), limited, max_bytes: max_bytes(event) })
}

impl Rule {
    /// Who may, in words, for the reference.
    #[must_use]
    pub fn who(self) -> String {
        let Some(action) = self.action else { return "anyone the room lets in".into() };
        let between_two = match allowed(action, RoomKind::Direct, &default_settings()) {
            Allowed::NoOne => "; not between two people",
            Allowed::From(Role::Member) if action.who() == "mod" => "; either of two people",
            Allowed::From(_) => "",
        };
        format!("{}{between_two}", action.who())
    }

    /// How often, in words, for the reference.
    #[must_use]
    pub fn how_often(self) -> String {
        let limit = self.limited.limit();
        format!("{}/s, {} at once", limit.per_second, limit.burst)
    }

    /// How large, in words, for the reference.
    #[must_use]
    pub fn how_large(self) -> String {
        format!("{} KiB", self.max_bytes >> 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use studyrooms_protocol::events::ClientEvent;

    // SPEC 4.1
    #[test]
    fn every_event_has_a_rule_and_nothing_else_has() {
        let without: Vec<_> = ClientEvent::NAMES.iter().filter(|name| of(name).is_none()).collect();
        assert!(without.is_empty(), "{without:?}");
        assert!(of("chat:shout").is_none() && of("").is_none());
    }

    #[test]
    fn every_event_fits_into_a_frame() {
        let largest = ClientEvent::NAMES.iter().map(|name| of(name).unwrap().max_bytes).max().unwrap();
        assert_eq!((largest, max_bytes("whiteboard:save")), (1 << 20, 1 << 20));
        assert!(largest + (64 << 10) < FRAME_BYTES, "beside its name, namespace and number");
        let of_signals = ["signal:offer", "signal:answer", "signal:ice"].map(max_bytes);
        assert_eq!((of_signals, max_bytes("whiteboard:draw")), ([64 << 10; 3], 256 << 10));
        assert_eq!((max_bytes("chat:message"), max_bytes("no:such:event")), (32 << 10, 32 << 10));
    }

    #[test]
    fn the_words_tell_what_holds() {
        let kick = of("control:kick").unwrap();
        assert_eq!(kick.who(), "mod, never against a higher role; not between two people");
        assert_eq!((kick.how_often().as_str(), kick.how_large().as_str()), ("5/s, 20 at once", "32 KiB"));
        assert_eq!(of("chat:pin").unwrap().who(), "mod; either of two people");
    }
}
