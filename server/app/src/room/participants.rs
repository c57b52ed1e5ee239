//! The sockets in a room.

use super::{ConnectionId, Outgoing, Outlet};
use std::{collections::HashMap, sync::Arc};
use studyrooms_protocol::{
    ids::{SocketId, UserId},
    presence::{OnlineUser, Participant},
};
use tokio::time::Instant;

/// A socket in the room.
pub(super) struct Present {
    pub participant: Participant,
    pub connection: ConnectionId,
    pub outlet: Arc<dyn Outlet>,
    /// Since when it has no connection.
    pub lost_since: Option<Instant>,
    /// When it last said that it types.
    pub typing_since: Option<Instant>,
    arrival: u64,
}

/// What a socket's coming in means to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrived {
    /// It was not there.
    New,
    /// It was there, and looks the same.
    Back,
    /// It was there, with another name or role.
    Changed,
}

#[derive(Default)]
pub(super) struct Participants {
    by_socket: HashMap<SocketId, Present>,
    arrivals: u64,
}

impl Participants {
    pub(super) fn len(&self) -> usize {
        self.by_socket.len()
    }

    /// Whether anyone hears what is told.
    pub(super) fn is_empty(&self) -> bool {
        self.by_socket.is_empty()
    }

    pub(super) fn get(&self, socket_id: &SocketId) -> Option<&Present> {
        self.by_socket.get(socket_id)
    }

    pub(super) fn get_mut(&mut self, socket_id: &SocketId) -> Option<&mut Present> {
        self.by_socket.get_mut(socket_id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Present> {
        self.by_socket.values()
    }

    /// Puts a socket in, or gives one that is there its new connection. An older connection of
    /// the same socket is closed.
    pub(super) fn enter(
        &mut self,
        participant: Participant,
        connection: ConnectionId,
        outlet: Arc<dyn Outlet>,
    ) -> Arrived {
        if let Some(present) = self.by_socket.get_mut(&participant.socket_id) {
            if present.connection != connection && present.lost_since.is_none() {
                present.outlet.close();
            }
            let (name, role) = (participant.name, participant.role);
            let same = present.participant.name == name && present.participant.role == role;
            present.participant.name = name;
            present.participant.role = role;
            present.connection = connection;
            present.outlet = outlet;
            present.lost_since = None;
            return if same { Arrived::Back } else { Arrived::Changed };
        }
        self.arrivals += 1;
        let arrival = self.arrivals;
        let socket_id = participant.socket_id.clone();
        let present = Present { participant, connection, outlet, lost_since: None, typing_since: None, arrival };
        self.by_socket.insert(socket_id, present);
        Arrived::New
    }

    pub(super) fn remove(&mut self, socket_id: &SocketId) -> Option<Present> {
        self.by_socket.remove(socket_id)
    }

    /// Notes that a connection ended. Nothing happens when the socket has another one by now.
    pub(super) fn lose(&mut self, socket_id: &SocketId, connection: ConnectionId) {
        if let Some(present) = self.by_socket.get_mut(socket_id).filter(|present| present.connection == connection) {
            present.lost_since.get_or_insert_with(Instant::now);
        }
    }

    /// Whether a person has a socket here.
    pub(super) fn has(&self, user_id: &UserId) -> bool {
        self.by_socket.values().any(|present| &present.participant.user_id == user_id)
    }

    /// A person's sockets here, in order of coming.
    pub(super) fn sockets_of(&self, user_id: &UserId) -> Vec<SocketId> {
        let theirs = self.ordered().into_iter().filter(|present| &present.participant.user_id == user_id);
        theirs.map(|present| present.participant.socket_id.clone()).collect()
    }

    /// In order of coming.
    pub(super) fn list(&self) -> Vec<Participant> {
        self.ordered().into_iter().map(|present| present.participant.clone()).collect()
    }

    /// Each person once, in order of coming.
    pub(super) fn users_online(&self) -> Vec<OnlineUser> {
        let mut seen = std::collections::HashSet::new();
        self.ordered()
            .into_iter()
            .map(|present| &present.participant)
            .filter(|participant| seen.insert(&participant.user_id))
            .map(|participant| OnlineUser { user_id: participant.user_id.clone(), name: participant.name.clone() })
            .collect()
    }

    fn ordered(&self) -> Vec<&Present> {
        let mut all: Vec<&Present> = self.by_socket.values().collect();
        all.sort_by_key(|present| present.arrival);
        all
    }

    /// Tells everyone. A socket whose queue is full is closed: it comes back and catches up,
    /// while memory does not grow with it.
    pub(super) fn tell_all(&mut self, outgoing: &Outgoing) {
        self.tell(outgoing, None);
    }

    /// Tells those whom `whom` chooses.
    pub(super) fn tell_some(&mut self, outgoing: &Outgoing, whom: impl Fn(&Participant) -> bool) {
        self.by_socket.values_mut().filter(|one| whom(&one.participant)).for_each(|one| one.tell(outgoing));
    }

    /// Tells every socket of a person.
    pub(super) fn tell_user(&mut self, user_id: &UserId, outgoing: &Outgoing) {
        self.tell_some(outgoing, |participant| &participant.user_id == user_id);
    }

    /// Tells everyone but one.
    pub(super) fn tell_others(&mut self, except: &SocketId, outgoing: &Outgoing) {
        self.tell(outgoing, Some(except));
    }

    fn tell(&mut self, outgoing: &Outgoing, except: Option<&SocketId>) {
        for (socket_id, present) in &mut self.by_socket {
            if Some(socket_id) != except {
                present.tell(outgoing);
            }
        }
    }

    /// Tells everyone what may be lost: a full queue is left as it is.
    pub(super) fn hint_all(&self, outgoing: &Outgoing) {
        self.hint(outgoing, None);
    }

    /// As [`Self::hint_all`], but one.
    pub(super) fn hint_others(&self, except: &SocketId, outgoing: &Outgoing) {
        self.hint(outgoing, Some(except));
    }

    fn hint(&self, outgoing: &Outgoing, except: Option<&SocketId>) {
        for (socket_id, present) in &self.by_socket {
            if Some(socket_id) != except && present.lost_since.is_none() && present.outlet.emit(outgoing).is_err() {
                tracing::debug!(socket = %socket_id, event = outgoing.event, "a full queue; dropped");
            }
        }
    }
}

impl Present {
    /// Tells this socket; closes it when its queue is full.
    pub(super) fn tell(&mut self, outgoing: &Outgoing) {
        if self.lost_since.is_none() && self.outlet.emit(outgoing).is_err() {
            tracing::info!(socket = %self.participant.socket_id, "too slow; closed");
            self.outlet.close();
            self.lost_since = Some(Instant::now());
        }
    }
}
