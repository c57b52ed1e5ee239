//! The sockets in a room: those connected here, and those of other instances.

use super::{ConnectionId, Outgoing, Outlet};
use crate::telemetry;
use std::{collections::HashMap, sync::Arc};
use studyrooms_protocol::{
    Timestamp,
    ids::{SocketId, UserId},
    presence::{OnlineUser, Participant},
};
use tokio::{sync::Notify, time::Instant};

/// What may be lost is, when so many bytes wait to be read by a client.
const EPHEMERAL_BELOW: usize = 64 << 10;

/// A socket in the room.
pub(super) struct Present {
    pub participant: Participant,
    pub seat: Seat,
    /// Since when a stretch of focus is counted for the person, on this socket.
    pub at_work_since: Option<Timestamp>,
}

/// Which instance has a socket's connection.
pub(super) enum Seat {
    /// This one.
    Here(Here),
    /// Another one.
    Elsewhere,
}

/// What is known of a socket that is connected here.
pub(super) struct Here {
    pub connection: ConnectionId,
    pub outlet: Arc<dyn Outlet>,
    /// Since when it has no connection.
    pub lost_since: Option<Instant>,
    /// When it last said that it types.
    pub typing_since: Option<Instant>,
}

/// What a socket's coming in means to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrived {
    /// It was not there.
    New,
    /// It was there, and looks the same.
    Back,
    /// It was there, and looks different: another name, picture or role.
    Changed,
}

#[derive(Default)]
pub(super) struct Participants {
    by_socket: HashMap<SocketId, Present>,
}

impl Present {
    pub(super) const fn here(&self) -> Option<&Here> {
        match &self.seat {
            Seat::Here(here) => Some(here),
            Seat::Elsewhere => None,
        }
    }

    /// Whether it is connected here, by this connection. What comes on an older one is not its doing any more.
    pub(super) fn is_on(&self, connection: ConnectionId) -> bool {
        self.here().is_some_and(|here| here.connection == connection)
    }

    pub(super) const fn here_mut(&mut self) -> Option<&mut Here> {
        match &mut self.seat {
            Seat::Here(here) => Some(here),
            Seat::Elsewhere => None,
        }
    }
}

impl Participants {
    /// How many there are, here and elsewhere.
    pub(super) fn len(&self) -> usize {
        self.by_socket.len()
    }

    /// Whether anyone here hears what is told.
    pub(super) fn is_anyone_here(&self) -> bool {
        self.here().next().is_some()
    }

    /// Whether anyone is connected to another instance.
    pub(super) fn is_anyone_elsewhere(&self) -> bool {
        self.by_socket.values().any(|present| present.here().is_none())
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

    /// Those connected here.
    pub(super) fn here(&self) -> impl Iterator<Item = (&Participant, &Here)> {
        self.by_socket.values().filter_map(|present| Some((&present.participant, present.here()?)))
    }

    /// Whether a socket is connected here by a connection that began later.
    pub(super) fn is_on_later(&self, socket_id: &SocketId, connection: ConnectionId) -> bool {
        let here = self.by_socket.get(socket_id).and_then(Present::here);
        here.is_some_and(|here| here.connection > connection)
    }

    /// Puts a socket in, or gives one that is there its new connection. An older connection of
    /// the same socket is closed.
    pub(super) fn enter(
        &mut self,
        participant: Participant,
        connection: ConnectionId,
        outlet: Arc<dyn Outlet>,
    ) -> Arrived {
        let mut here = Here { connection, outlet, lost_since: None, typing_since: None };
        let Some(present) = self.by_socket.get_mut(&participant.socket_id) else {
            let socket_id = participant.socket_id.clone();
            self.by_socket.insert(socket_id, Present { participant, seat: Seat::Here(here), at_work_since: None });
            return Arrived::New;
        };
        if let Seat::Here(before) = &present.seat {
            // Who was seen to type is seen to stop.
            here.typing_since = before.typing_since;
            if before.connection != connection && before.lost_since.is_none() {
                before.outlet.close();
            }
        }
        present.seat = Seat::Here(here);
        // What it sends, and since when it is there, goes on; the rest is as it says now.
        let Participant { socket_id, user_id, joined_at, media, hand_raised, .. } = present.participant.clone();
        let now = Participant { socket_id, user_id, joined_at, media, hand_raised, ..participant };
        let same = present.participant == now;
        present.participant = now;
        if same { Arrived::Back } else { Arrived::Changed }
    }

    /// Puts in a socket of another instance, or what is new of it. One that was connected here has
    /// moved: its connection here is closed. None when nothing is new that anyone sees.
    pub(super) fn mirror(&mut self, participant: Participant, at_work_since: Option<Timestamp>) -> Option<Arrived> {
        let Some(present) = self.by_socket.get_mut(&participant.socket_id) else {
            let socket_id = participant.socket_id.clone();
            self.by_socket.insert(socket_id, Present { participant, seat: Seat::Elsewhere, at_work_since });
            return Some(Arrived::New);
        };
        if let Seat::Here(before) = std::mem::replace(&mut present.seat, Seat::Elsewhere)
            && before.lost_since.is_none()
        {
            before.outlet.close();
        }
        present.at_work_since = at_work_since;
        if present.participant == participant {
            return None;
        }
        present.participant = participant;
        Some(Arrived::Changed)
    }

    pub(super) fn remove(&mut self, socket_id: &SocketId) -> Option<Present> {
        self.by_socket.remove(socket_id)
    }

    /// Notes that a connection ended. Nothing happens when the socket has another one by now.
    pub(super) fn lose(&mut self, socket_id: &SocketId, connection: ConnectionId) {
        let here = self.by_socket.get_mut(socket_id).and_then(Present::here_mut);
        if let Some(here) = here.filter(|here| here.connection == connection) {
            here.lost_since.get_or_insert_with(Instant::now);
        }
    }

    /// Whether a person has a socket in the room.
    pub(super) fn has(&self, user_id: &UserId) -> bool {
        self.by_socket.values().any(|present| &present.participant.user_id == user_id)
    }

    /// A person's sockets, in order of coming.
    pub(super) fn sockets_of(&self, user_id: &UserId) -> Vec<SocketId> {
        let theirs = self.ordered().into_iter().filter(|present| &present.participant.user_id == user_id);
        theirs.map(|present| present.participant.socket_id.clone()).collect()
    }

    /// In order of coming.
    pub(super) fn list(&self) -> Vec<Participant> {
        self.ordered().into_iter().map(|present| present.participant.clone()).collect()
    }

    /// Each person once, by their first socket, in order of coming.
    pub(super) fn people(&self) -> Vec<&Present> {
        let mut seen = std::collections::HashSet::new();
        let mut all = self.ordered();
        all.retain(|present| seen.insert(&present.participant.user_id));
        all
    }

    /// Each person once, in order of coming.
    pub(super) fn users_online(&self) -> Vec<OnlineUser> {
        let user = |present: &&Present| OnlineUser {
            user_id: present.participant.user_id.clone(),
            name: present.participant.name.clone(),
            avatar_url: present.participant.avatar_url.clone(),
        };
        self.people().iter().map(user).collect()
    }

    /// The same on every instance.
    fn ordered(&self) -> Vec<&Present> {
        let mut all: Vec<&Present> = self.by_socket.values().collect();
        all.sort_by(|a, b| {
            let key = |present: &Present| present.participant.joined_at;
            key(a).cmp(&key(b)).then_with(|| a.participant.socket_id.cmp(&b.participant.socket_id))
        });
        all
    }

    /// Tells everyone here. A socket whose queue is full is closed: it comes back and catches up,
    /// while memory does not grow with it.
    pub(super) fn tell_all(&mut self, outgoing: &Outgoing) {
        self.tell_some(outgoing, |_| true);
    }

    /// Tells everyone here but one what may be lost: it is, for a socket that has much to read already.
    pub(super) fn tell_ephemeral(&mut self, except: Option<&SocketId>, outgoing: &Outgoing) {
        for present in self.by_socket.values_mut().filter(|one| Some(&one.participant.socket_id) != except) {
            match present.queued_bytes() {
                Some(queued) if queued < EPHEMERAL_BELOW => present.tell(outgoing),
                Some(_) => telemetry::ephemeral_dropped(),
                None => {}
            }
        }
    }

    /// Tells those here whom `whom` chooses.
    pub(super) fn tell_some(&mut self, outgoing: &Outgoing, whom: impl Fn(&Participant) -> bool) {
        self.by_socket.values_mut().filter(|one| whom(&one.participant)).for_each(|one| one.tell(outgoing));
    }

    /// Tells every socket of a person.
    pub(super) fn tell_user(&mut self, user_id: &UserId, outgoing: &Outgoing) {
        self.tell_some(outgoing, |participant| &participant.user_id == user_id);
    }

    /// Tells everyone here but one.
    pub(super) fn tell_others(&mut self, except: &SocketId, outgoing: &Outgoing) {
        self.tell_some(outgoing, |participant| &participant.socket_id != except);
    }
}

impl Present {
    /// Bytes that wait for its client to read them; none when it has no connection here.
    pub(super) fn queued_bytes(&self) -> Option<usize> {
        self.here().filter(|here| here.lost_since.is_none()).map(|here| here.outlet.queued_bytes())
    }

    /// Wakes `waker` when fewer than `below` bytes wait to be read.
    pub(super) fn wake_when_read(&self, below: usize, waker: &Arc<Notify>) {
        if let Seat::Here(here) = &self.seat {
            here.outlet.wake_when_read(below, waker);
        }
    }

    /// Tells this socket, when it is connected here; closes it when its queue is full.
    pub(super) fn tell(&mut self, outgoing: &Outgoing) {
        self.close_where(|outlet| outlet.emit(outgoing).is_err());
    }

    /// Closes this socket, when it is connected here and its client reads nothing of what waits for it.
    pub(super) fn close_if_still(&mut self) {
        self.close_where(|outlet| outlet.stands_still());
    }

    fn close_where(&mut self, is_slow: impl FnOnce(&dyn Outlet) -> bool) {
        if let Seat::Here(here) = &mut self.seat
            && here.lost_since.is_none()
            && is_slow(&*here.outlet)
        {
            tracing::info!(socket = %self.participant.socket_id, "too slow; closed");
            here.outlet.close();
            here.lost_since = Some(Instant::now());
        }
    }
}
