//! Going out of a room that instances share. Who said goodbye here, or did not come back, may have come
//! back at another instance of which no notification has come yet: the directory knows who has the socket, so
//! it is asked before anyone is told. While it does not answer, what is known here counts.

use super::{ConnectionId, Reply, live::LiveRoom};
use std::collections::HashMap;
use studyrooms_domain::{access, presence::Settled};
use studyrooms_protocol::{events::Done, ids::SocketId, presence::LeaveReason};

/// A socket that goes out, once the directory agrees.
struct Leaving {
    /// The connection that it goes out by. It stays when it has come back by a later one.
    connection: ConnectionId,
    reason: LeaveReason,
    reply: Option<Reply<Done>>,
    /// The call under way asks for it.
    is_asked: bool,
}

/// Those who are about to go out.
#[derive(Default)]
pub(super) struct LeavingSockets(HashMap<SocketId, Leaving>);

impl LeavingSockets {
    /// Whether the directory is still to be asked.
    pub(super) fn is_due(&self) -> bool {
        self.0.values().any(|leaving| !leaving.is_asked)
    }

    pub(super) fn has(&self, socket_id: &SocketId) -> bool {
        self.0.contains_key(socket_id)
    }

    /// All of them, to be asked for in one call.
    pub(super) fn ask(&mut self) -> Vec<SocketId> {
        self.0.values_mut().for_each(|leaving| leaving.is_asked = true);
        self.0.keys().cloned().collect()
    }

    fn take_asked(&mut self, socket_id: &SocketId) -> Option<Leaving> {
        self.0.get(socket_id).filter(|leaving| leaving.is_asked)?;
        self.0.remove(socket_id)
    }
}

impl Leaving {
    fn answer(self, is_gone: bool) {
        if let Some(reply) = self.reply {
            reply.send(if is_gone { Ok(Done {}) } else { Err(access::not_in_room()) });
        }
    }
}

impl LiveRoom {
    /// Takes out a socket that is connected here, when no other instance has it by now.
    pub(super) fn go_out(&mut self, socket_id: &SocketId, reason: LeaveReason, reply: Option<Reply<Done>>) {
        let here = self.participants.get(socket_id).and_then(|present| present.here());
        let Some(connection) = here.map(|here| here.connection) else { return };
        let leaving = Leaving { connection, reason, reply, is_asked: false };
        if self.coordination.pubsub.is_shared() && !self.listed.is_pausing() {
            self.listed.leaving.0.entry(socket_id.clone()).or_insert(leaving);
        } else {
            self.depart(socket_id, reason);
            leaving.answer(true);
        }
    }

    /// A socket comes in that was about to go out here: one that was lost has come back, and one that said
    /// goodbye goes out first.
    pub(super) fn settle_leaving(&mut self, socket_id: &SocketId) {
        if let Some(leaving) = self.listed.leaving.0.remove(socket_id)
            && leaving.reason != LeaveReason::Lost
        {
            self.depart(socket_id, leaving.reason);
            leaving.answer(true);
        }
    }

    /// Takes out those whom the directory let go; gives them with the reason, to be told to the others, and
    /// whether these are all that were asked for.
    pub(super) fn let_go(&mut self, asked: Vec<SocketId>, settled: &Settled) -> (HashMap<SocketId, LeaveReason>, bool) {
        let (mut gone, mut all) = (HashMap::new(), true);
        for socket_id in asked {
            let Some(leaving) = self.listed.leaving.take_asked(&socket_id) else {
                all = false;
                continue;
            };
            let is_here = self.participants.get(&socket_id).is_some_and(|present| present.is_on(leaving.connection));
            let goes = is_here && !settled.elsewhere.contains(&socket_id);
            if goes {
                self.depart(&socket_id, leaving.reason);
                self.listed.is_told(&socket_id);
                gone.insert(socket_id, leaving.reason);
            }
            leaving.answer(goes);
        }
        (gone, all)
    }

    /// The directory does not answer.
    pub(super) fn let_all_go(&mut self) {
        for (socket_id, leaving) in std::mem::take(&mut self.listed.leaving.0) {
            if self.participants.get(&socket_id).is_some_and(|present| present.is_on(leaving.connection)) {
                self.depart(&socket_id, leaving.reason);
            }
            leaving.answer(true);
        }
    }
}
