//! Who stands at the door until a moderator lets them in.

use crate::room::{Knocking, Outgoing, task::Task};
use studyrooms_domain::access::{self, Action};
use studyrooms_protocol::{
    control::Waiting,
    error::{ErrorCode, ErrorEvent},
    events::server,
    ids::{SocketId, UserId},
    presence::OnlineUser,
};

/// People who wait, at most: who comes beyond knocks again later.
const WAITING: usize = 200;

/// Sockets that wait, in order of coming.
#[derive(Default)]
pub(in crate::room) struct WaitingRoom(Vec<Knocking>);

impl WaitingRoom {
    /// Whether that changed who waits.
    fn knock(&mut self, knocking: Knocking) -> bool {
        if let Some(known) = self.0.iter_mut().find(|known| known.socket_id == knocking.socket_id) {
            *known = knocking;
            return false;
        }
        if self.0.len() >= WAITING {
            return false;
        }
        self.0.push(knocking);
        true
    }

    /// Whether anyone waited on that socket.
    fn leave(&mut self, socket_id: &SocketId) -> bool {
        let before = self.0.len();
        self.0.retain(|knocking| &knocking.socket_id != socket_id);
        before != self.0.len()
    }

    pub(in crate::room) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(in crate::room) fn get(&self, user_id: &UserId) -> Option<&Knocking> {
        self.0.iter().find(|knocking| &knocking.user_id == user_id)
    }

    /// Takes a person's sockets out.
    pub(in crate::room) fn take(&mut self, user_id: &UserId) -> Vec<Knocking> {
        let (theirs, others) = std::mem::take(&mut self.0).into_iter().partition(|one| &one.user_id == user_id);
        self.0 = others;
        theirs
    }

    fn users(&self) -> Vec<OnlineUser> {
        let mut seen = std::collections::HashSet::new();
        let each = self.0.iter().filter(|knocking| seen.insert(&knocking.user_id));
        each.map(|one| OnlineUser { user_id: one.user_id.clone(), name: one.name.clone() }).collect()
    }

    /// Tells everyone who waits.
    pub(in crate::room) fn tell_all(&self, outgoing: &Outgoing) {
        self.0.iter().for_each(|knocking| tell(knocking, outgoing));
    }
}

fn tell(knocking: &Knocking, outgoing: &Outgoing) {
    if knocking.outlet.emit(outgoing).is_err() {
        knocking.outlet.close();
    }
}

impl Task {
    pub(in crate::room) fn knock(&mut self, knocking: Knocking) {
        if self.waiting.knock(knocking) {
            self.tell_moderators();
        }
    }

    /// Whether it waited.
    pub(in crate::room) fn stop_waiting(&mut self, socket_id: &SocketId) -> bool {
        let waited = self.waiting.leave(socket_id);
        if waited {
            self.tell_moderators();
        }
        waited
    }

    /// Lets someone in who waited, or sends them away.
    pub(in crate::room) fn answer_knock(&mut self, user_id: &UserId, admitted: Option<&Outgoing>) {
        let theirs = self.waiting.take(user_id);
        let turned_away = ErrorEvent {
            code: ErrorCode::Forbidden,
            message: "a moderator did not let you in".into(),
            event: Some("joinRoom".into()),
            retry_after_ms: None,
        };
        let turned_away = Outgoing::new(server::ERROR, &turned_away);
        theirs.iter().for_each(|knocking| tell(knocking, admitted.unwrap_or(&turned_away)));
        if !theirs.is_empty() {
            self.tell_moderators();
        }
    }

    fn tell_moderators(&mut self) {
        let outgoing = self.waiting_list();
        let room = &self.room;
        self.participants
            .tell_some(&outgoing, |participant| access::permit(Action::Admit, participant.role, room).is_ok());
    }

    fn waiting_list(&self) -> std::sync::Arc<Outgoing> {
        let waiting = Waiting { room_id: self.room.room_id.clone(), users: self.waiting.users() };
        Outgoing::new(server::CONTROL_WAITING, &waiting)
    }

    /// Tells a moderator who comes in whether someone waits.
    pub(in crate::room) fn tell_who_waits(&mut self, socket_id: &SocketId) {
        if self.waiting.is_empty() {
            return;
        }
        let outgoing = self.waiting_list();
        let room = &self.room;
        if let Some(present) = self.participants.get_mut(socket_id)
            && access::permit(Action::Admit, present.participant.role, room).is_ok()
        {
            present.tell(&outgoing);
        }
    }
}
