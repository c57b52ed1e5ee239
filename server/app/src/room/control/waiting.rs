//! Who stands at the door until a moderator lets them in.

use crate::room::{ConnectionId, Knocking, Outgoing, Outlet, live::LiveRoom};
use std::{collections::HashSet, sync::Arc};
use studyrooms_domain::{
    Refusal,
    access::{self, Action, Arrival},
    presence::Place,
    rooms::AddressHash,
    store::Stored,
};
use studyrooms_protocol::{
    control::{RoomUpdated, Waiting},
    error::{ErrorCode, ErrorEvent},
    events::server,
    ids::{RoomRef, SocketId, UserId},
    presence::{LeaveReason, OnlineUser},
};

/// People who wait, at most: who comes beyond knocks again later.
const WAITING: usize = 200;
/// Sockets of one person that wait at one instance, at most.
const SOCKETS: usize = 5;

/// A socket that waits.
pub(in crate::room) struct Waiter {
    socket_id: SocketId,
    user_id: UserId,
    name: String,
    pub guest: bool,
    /// The way to it; none when another instance has its connection.
    here: Option<Here>,
}

/// A connection to this instance.
struct Here {
    connection: ConnectionId,
    outlet: Arc<dyn Outlet>,
}

/// Sockets that wait, on all instances, in order of coming.
#[derive(Default)]
pub(in crate::room) struct WaitingRoom(Vec<Waiter>);

impl WaitingRoom {
    /// Whether that changed who waits.
    fn add(&mut self, waiter: Waiter) -> bool {
        if let Some(known) = self.0.iter_mut().find(|known| known.socket_id == waiter.socket_id) {
            *known = waiter;
            return false;
        }
        let theirs = self.0.iter().filter(|one| one.user_id == waiter.user_id).count();
        if theirs == 0 && self.people() >= WAITING {
            return false;
        }
        self.0.push(waiter);
        theirs == 0
    }

    /// The first socket of someone who waits here with more than may: the newest count.
    fn beyond(&self, user_id: &UserId) -> Option<SocketId> {
        let mut here = self.0.iter().filter(|one| &one.user_id == user_id && one.here.is_some());
        let first = here.next()?;
        (here.count() >= SOCKETS).then(|| first.socket_id.clone())
    }

    fn people(&self) -> usize {
        self.0.iter().map(|one| &one.user_id).collect::<HashSet<_>>().len()
    }

    /// Where the sockets of someone that wait here come from.
    pub(in crate::room) fn addresses_of(&self, user_id: &UserId) -> impl Iterator<Item = AddressHash> {
        let theirs = self.0.iter().filter(move |one| &one.user_id == user_id);
        theirs.filter_map(|one| one.here.as_ref()?.outlet.address())
    }

    /// Where a socket that waits here is, for the directory.
    pub(in crate::room) fn place_of(&self, socket_id: &SocketId) -> Option<Place> {
        let waiter = self.0.iter().find(|one| &one.socket_id == socket_id && one.here.is_some())?;
        Some(Place::Door { user_id: waiter.user_id.clone(), name: waiter.name.clone(), guest: waiter.guest })
    }

    /// Those connected here.
    pub(in crate::room) fn here(&self) -> impl Iterator<Item = SocketId> {
        self.0.iter().filter(|one| one.here.is_some()).map(|one| one.socket_id.clone())
    }

    /// Those of other instances.
    fn elsewhere(&self) -> impl Iterator<Item = SocketId> {
        self.0.iter().filter(|one| one.here.is_none()).map(|one| one.socket_id.clone())
    }

    /// Whether a socket waits here, by this connection.
    fn is_on(&self, socket_id: &SocketId, connection: ConnectionId) -> bool {
        let mut on = self.0.iter().filter(|one| one.here.as_ref().is_some_and(|here| here.connection == connection));
        on.any(|one| &one.socket_id == socket_id)
    }

    /// Whether a socket waits here by a connection that began later.
    fn is_on_later(&self, socket_id: &SocketId, connection: ConnectionId) -> bool {
        let here = |one: &&Waiter| one.here.as_ref().is_some_and(|here| here.connection > connection);
        self.0.iter().filter(here).any(|one| &one.socket_id == socket_id)
    }

    /// Whether anyone waited on that socket.
    fn leave(&mut self, socket_id: &SocketId) -> bool {
        let before = self.0.len();
        self.0.retain(|one| &one.socket_id != socket_id);
        before != self.0.len()
    }

    pub(in crate::room) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(in crate::room) fn get(&self, user_id: &UserId) -> Option<&Waiter> {
        self.0.iter().find(|one| &one.user_id == user_id)
    }

    /// Takes a person's sockets out.
    pub(in crate::room) fn take(&mut self, user_id: &UserId) -> Vec<Waiter> {
        let (theirs, others) = std::mem::take(&mut self.0).into_iter().partition(|one| &one.user_id == user_id);
        self.0 = others;
        theirs
    }

    fn users(&self) -> Vec<OnlineUser> {
        let mut seen = HashSet::new();
        let each = self.0.iter().filter(|one| seen.insert(&one.user_id));
        each.map(|one| OnlineUser { user_id: one.user_id.clone(), name: one.name.clone(), avatar_url: None }).collect()
    }

    /// Tells everyone who waits here.
    pub(in crate::room) fn tell_all(&self, outgoing: &Outgoing) {
        self.0.iter().for_each(|waiter| waiter.tell(outgoing));
    }
}

impl Waiter {
    fn tell(&self, outgoing: &Outgoing) {
        if let Some(Here { outlet, .. }) = &self.here
            && outlet.emit(outgoing).is_err()
        {
            outlet.close();
        }
    }
}

impl LiveRoom {
    pub(in crate::room) fn knock(&mut self, knocking: Knocking) {
        let Knocking { socket_id, connection, outlet, user_id, name, guest } = knocking;
        if self.participants.is_on_later(&socket_id, connection) || self.waiting.is_on_later(&socket_id, connection) {
            return;
        }
        self.listed.claim(&socket_id);
        self.room_log.note(|rights| rights.came_to_door(&user_id));
        let here = Some(Here { connection, outlet });
        if self.waiting.add(Waiter { socket_id, user_id: user_id.clone(), name, guest, here }) {
            self.tell_moderators();
        }
        if let Some(beyond) = self.waiting.beyond(&user_id) {
            self.waiting.leave(&beyond);
            self.listed.went(&beyond, LeaveReason::Left);
        }
        self.look_at_door_again(user_id);
    }

    /// The door may have opened for someone between the look at the records that made them wait and now.
    fn look_at_door_again(&mut self, user_id: UserId) {
        let (rooms, room_id, who) = (self.stores.rooms.clone(), self.room.room_id.clone(), user_id.clone());
        let looking = async move {
            let room = rooms.lookup(&RoomRef(room_id.0.clone())).await?;
            Stored::Ok(room.zip(Some(rooms.member(&room_id, &who).await?)))
        };
        self.jobs.begin(looking, move |live, found| {
            let waits = live.waiting.get(&user_id).is_some_and(|waiter| match &found {
                Ok(Some((room, member))) => {
                    let arrival =
                        Arrival { member: member.as_ref(), ban: None, guest: waiter.guest, is_kept_out: false };
                    access::admit(room, arrival).is_err_and(|refusal| refusal.code == ErrorCode::WaitingForAdmission)
                }
                // Whoever asks again is told that there is no such room any more, or that the store does not answer.
                Ok(None) | Err(_) => false,
            });
            if !waits {
                let updated = RoomUpdated { seq: live.chat.seq, room: live.room.clone() };
                live.answer_knock(&user_id, Some(&Outgoing::new(server::ROOM_UPDATED, &updated)));
            }
        });
    }

    /// Someone waits at the same door on another instance.
    pub(in crate::room) fn mirror_at_door(&mut self, socket_id: &SocketId, who: (UserId, String, bool)) {
        let (user_id, name, guest) = who;
        if self.waiting.add(Waiter { socket_id: socket_id.clone(), user_id, name, guest, here: None }) {
            self.tell_moderators();
        }
    }

    /// Someone no longer waits on another instance.
    pub(in crate::room) fn forget_at_door(&mut self, socket_id: &SocketId) {
        if self.waiting.place_of(socket_id).is_none() && self.waiting.leave(socket_id) {
            self.tell_moderators();
        }
    }

    /// Those who wait on other instances are these.
    pub(in crate::room) fn keep_at_door(&mut self, listed: &HashSet<SocketId>) {
        let gone: Vec<SocketId> = self.waiting.elsewhere().filter(|socket_id| !listed.contains(socket_id)).collect();
        gone.iter().for_each(|socket_id| self.forget_at_door(socket_id));
    }

    /// Whether it waited by this connection. One that knocked again by a later one goes on waiting.
    pub(in crate::room) fn stop_waiting_on(&mut self, socket_id: &SocketId, connection: ConnectionId) -> bool {
        self.waiting.is_on(socket_id, connection) && self.stop_waiting(socket_id)
    }

    /// Whether it waited.
    pub(in crate::room) fn stop_waiting(&mut self, socket_id: &SocketId) -> bool {
        let was_here = self.waiting.place_of(socket_id).is_some();
        let waited = self.waiting.leave(socket_id);
        if was_here {
            self.listed.went(socket_id, LeaveReason::Left);
        }
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
        for waiter in &theirs {
            waiter.tell(admitted.unwrap_or(&turned_away));
            if waiter.here.is_some() {
                self.listed.went(&waiter.socket_id, LeaveReason::Left);
            }
        }
        if !theirs.is_empty() {
            self.tell_moderators();
        }
    }

    /// Sends away those who wait in vain, and tells them why.
    pub(in crate::room) fn turn_away(&mut self, why: impl Fn(&Waiter) -> Option<Refusal>) {
        let (stay, go) = std::mem::take(&mut self.waiting.0).into_iter().partition(|waiter| why(waiter).is_none());
        self.waiting.0 = stay;
        let gone: Vec<Waiter> = go;
        for waiter in &gone {
            let Some(Refusal { code, message, .. }) = why(waiter) else { continue };
            let turned_away = ErrorEvent { code, message, event: Some("joinRoom".into()), retry_after_ms: None };
            waiter.tell(&Outgoing::new(server::ERROR, &turned_away));
            if waiter.here.is_some() {
                self.listed.went(&waiter.socket_id, LeaveReason::Left);
            }
        }
        if !gone.is_empty() {
            self.tell_moderators();
        }
    }

    /// Sends away those whom the door does not let in, whoever lets them.
    pub(in crate::room) fn turn_away_where_closed(&mut self) {
        let room = self.room.clone();
        self.turn_away(|waiter| access::takes(&room, access::admitted_role(waiter.guest)).err());
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
