//! Who is in the room on other instances. Changes here are settled with the shared directory, one
//! call at a time, and told to the others; what the others changed is mirrored here.

use super::{leaving::LeavingSockets, live::LiveRoom, notifications::Notification, participants::Seat};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};
use studyrooms_domain::{
    log::EntryBody,
    presence::{InstanceId, Listing, Place, Settled, Update},
    store::Stored,
};
use studyrooms_protocol::{
    Timestamp,
    ids::SocketId,
    presence::{LeaveReason, Participant},
};
use tokio::time::Instant;

/// How often the directory is read when there is no notification.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// After a failure, and when a list may be older than what is known.
const RETRY: Duration = Duration::from_millis(500);
/// How long to wait for the notification of why someone is not on the list any more.
const NOTIFIED_WITHIN: Duration = Duration::from_secs(1);
/// How long it is waited for other instances to list their sockets anew in a directory that forgot.
const LISTED_WITHIN: Duration = Duration::from_secs(8);
/// How long those who went are remembered: a list that is older than their going may still have them.
const REMEMBER: Duration = Duration::from_secs(1);

/// What is to be settled, and what is known of the list.
#[derive(Default)]
pub(super) struct Listed {
    /// The newest version that is known.
    version: u64,
    claimed: HashSet<SocketId>,
    changed: HashSet<SocketId>,
    gone: HashMap<SocketId, LeaveReason>,
    /// Those who go out when the directory agrees.
    pub(super) leaving: LeavingSockets,
    /// When sockets had come that went, and when they went.
    departed: HashMap<SocketId, (Timestamp, Instant)>,
    /// Sockets of other instances that are not on the list, and since when.
    missing: HashMap<SocketId, Instant>,
    is_settling: bool,
    looked_at: Option<Instant>,
    /// Since when it is waited before looking again.
    pausing_since: Option<Instant>,
    /// When the directory was seen to have forgotten what it was told.
    forgot_at: Option<Instant>,
    /// The list is known to be newer than what was read of it.
    is_behind: bool,
}

/// What one call took with it, to be told once it is settled, or tried again.
struct Taken {
    claimed: Vec<(SocketId, Place)>,
    changed: Vec<(SocketId, Place)>,
    gone: HashMap<SocketId, LeaveReason>,
    leaving: Vec<SocketId>,
    /// The newest version that was known when it was asked.
    known: u64,
}

impl Listed {
    /// When something is to be done next.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let missing = self.missing.values().min().map(|since| *since + self.patience());
        missing.into_iter().chain(self.due()).min()
    }

    /// How long someone may be missing on the list.
    fn patience(&self) -> Duration {
        let forgot = self.forgot_at.is_some_and(|at| at.elapsed() < LISTED_WITHIN);
        if forgot { LISTED_WITHIN } else { NOTIFIED_WITHIN }
    }

    /// When to settle next; none while that is under way.
    fn due(&self) -> Option<Instant> {
        if self.is_settling {
            return None;
        }
        if let Some(since) = self.pausing_since {
            return Some(since + RETRY);
        }
        let is_settled = self.claimed.is_empty() && self.changed.is_empty() && self.gone.is_empty();
        if self.is_behind || !is_settled || self.leaving.is_due() {
            return Some(Instant::now());
        }
        Some(self.looked_at.map_or_else(Instant::now, |at| at + LOOK_EVERY))
    }

    /// A socket came here.
    pub(super) fn claim(&mut self, socket_id: &SocketId) {
        self.gone.remove(socket_id);
        self.departed.remove(socket_id);
        self.claimed.insert(socket_id.clone());
    }

    /// A socket that is here looks different.
    pub(super) fn change(&mut self, socket_id: &SocketId) {
        self.changed.insert(socket_id.clone());
    }

    /// A socket that was here went.
    pub(super) fn went(&mut self, socket_id: &SocketId, reason: LeaveReason) {
        self.claimed.remove(socket_id);
        self.changed.remove(socket_id);
        self.gone.insert(socket_id.clone(), reason);
    }

    /// The directory knows that a socket went.
    pub(super) fn is_told(&mut self, socket_id: &SocketId) {
        self.gone.remove(socket_id);
    }

    /// A socket of any instance is no longer in the room.
    pub(super) fn remember(&mut self, participant: &Participant) {
        self.departed.retain(|_, (_, at)| at.elapsed() < REMEMBER);
        self.departed.insert(participant.socket_id.clone(), (participant.joined_at, Instant::now()));
    }

    /// The directory did not answer: it is left alone for a while, and read anew then.
    pub(super) fn pause(&mut self, error: &dyn std::fmt::Display) {
        tracing::debug!(%error, "the directory did not answer; trying again");
        self.pausing_since = Some(Instant::now());
        self.is_behind = true;
    }

    pub(super) const fn is_pausing(&self) -> bool {
        self.pausing_since.is_some()
    }

    /// Something was missed.
    pub(super) fn fell_behind(&mut self) {
        self.is_behind = true;
    }

    fn is_departed(&self, participant: &Participant) -> bool {
        let departed = self.departed.get(&participant.socket_id);
        departed.is_some_and(|(joined_at, at)| participant.joined_at <= *joined_at && at.elapsed() < REMEMBER)
    }
}

impl LiveRoom {
    /// Begins to settle what is due.
    pub(super) fn settle_when_due(&mut self) {
        if !self.coordination.pubsub.is_shared() || self.listed.due().is_none_or(|due| due > Instant::now()) {
            return;
        }
        let (taken, update) = self.due_update();
        self.listed.is_settling = true;
        let (directory, room_id) = (self.coordination.directory.clone(), self.room.room_id.clone());
        let settling = async move { directory.settle(&room_id, update).await };
        self.jobs.begin(settling, move |live, settled| live.settled(taken, settled));
    }

    /// An update that changes nothing.
    pub(super) fn update(&self) -> Update {
        let instance = self.coordination.instance.clone();
        let known = if self.listed.is_behind { 0 } else { self.listed.version };
        Update { instance, claimed: vec![], changed: vec![], gone: vec![], known, delivered: self.delivered() }
    }

    fn due_update(&mut self) -> (Taken, Update) {
        let (claimed, changed) = (std::mem::take(&mut self.listed.claimed), std::mem::take(&mut self.listed.changed));
        let places = |live: &Self, sockets: HashSet<SocketId>| -> Vec<(SocketId, Place)> {
            sockets.into_iter().filter_map(|id| live.place_of(&id).map(|place| (id, place))).collect()
        };
        let changed = changed.difference(&claimed).cloned().collect();
        let taken = Taken {
            claimed: places(self, claimed),
            changed: places(self, changed),
            gone: std::mem::take(&mut self.listed.gone),
            leaving: self.listed.leaving.ask(),
            known: self.listed.version,
        };
        let update = Update {
            claimed: taken.claimed.clone(),
            changed: taken.changed.clone(),
            gone: taken.gone.keys().chain(&taken.leaving).cloned().collect(),
            ..self.update()
        };
        self.listed.is_behind = false;
        (taken, update)
    }

    /// Where a socket that is connected here is.
    fn place_of(&self, socket_id: &SocketId) -> Option<Place> {
        if let Some(present) = self.participants.get(socket_id) {
            present.here()?;
            let at_work_since = present.at_work_since;
            return Some(Place::Room { participant: present.participant.clone(), at_work_since });
        }
        self.waiting.place_of(socket_id)
    }

    /// Takes the answer of the directory.
    pub(super) fn take_list(&mut self, settled: Settled) {
        self.take_claimed(vec![], settled);
    }

    /// Takes the answer of the directory to a call that claimed these and was waited for.
    pub(super) fn take_claimed(&mut self, claimed: Vec<(SocketId, Place)>, settled: Settled) {
        let known = self.listed.version;
        let taken = Taken { claimed, changed: vec![], gone: HashMap::new(), leaving: vec![], known };
        for (socket_id, place) in &taken.claimed {
            if self.place_of(socket_id).as_ref() == Some(place) {
                self.listed.claimed.remove(socket_id);
            }
        }
        self.take(taken, settled);
    }

    fn settled(&mut self, taken: Taken, settled: Stored<Settled>) {
        self.listed.is_settling = false;
        match settled {
            Ok(settled) => self.take(taken, settled),
            Err(error) => self.not_settled(taken, &error),
        }
    }

    fn take(&mut self, taken: Taken, settled: Settled) {
        self.listed.looked_at = Some(Instant::now());
        self.listed.pausing_since = None;
        self.seek(settled.newest);
        let Taken { claimed, changed, mut gone, leaving, known } = taken;
        let (let_go, all) = self.let_go(leaving, &settled);
        gone.extend(let_go);
        gone.retain(|socket_id, _| !settled.elsewhere.contains(socket_id));
        let changed = changed.into_iter().filter(|(socket_id, _)| !settled.elsewhere.contains(socket_id));
        let put: Vec<_> = claimed.into_iter().chain(changed).collect();
        if settled.version < self.listed.version && known < self.listed.version {
            // What was notified meanwhile is newer than this list.
            self.listed.is_behind = true;
        } else {
            // A lower version than was known before it was asked: the directory itself has gone back.
            self.listed.version = settled.version;
            if let Some(listings) = settled.listings {
                self.reconcile(listings);
            }
        }
        for lost in settled.lost {
            gone.insert(lost.socket_id.clone(), LeaveReason::Lost);
            self.bury(lost);
        }
        let version = settled.version;
        // Who came back while the directory was told that they go is listed anew: the others read the list.
        let before = if all { settled.before } else { version };
        // Also of a change that was undone at once: the others follow the versions.
        if version != before || !gone.is_empty() {
            let listed = Notification::Listed { version, before: Some(before), put, gone: gone.into_iter().collect() };
            self.coordination.notify(&self.room.room_id, listed);
        }
    }

    fn not_settled(&mut self, taken: Taken, error: &dyn std::fmt::Display) {
        self.listed.pause(error);
        self.let_all_go();
        for (socket_id, _) in taken.claimed {
            if !self.listed.gone.contains_key(&socket_id) {
                self.listed.claimed.insert(socket_id);
            }
        }
        for (socket_id, _) in taken.changed {
            if !self.listed.gone.contains_key(&socket_id) {
                self.listed.changed.insert(socket_id);
            }
        }
        for (socket_id, reason) in taken.gone {
            if !self.listed.claimed.contains(&socket_id) {
                self.listed.gone.entry(socket_id).or_insert(reason);
            }
        }
    }

    /// Makes the room what a whole list says.
    fn reconcile(&mut self, listings: Vec<Listing>) {
        let mine = self.coordination.instance.clone();
        let mut listed = HashSet::new();
        for listing in listings {
            listed.insert(listing.socket_id.clone());
            if listing.instance == mine {
                if self.place_of(&listing.socket_id).is_none() {
                    self.listed.gone.entry(listing.socket_id).or_insert(LeaveReason::Lost);
                }
            } else {
                self.mirror(listing);
            }
        }
        // A notification of why they went is mostly on its way.
        let elsewhere = self.participants.iter().filter(|present| present.here().is_none());
        let gone = elsewhere.map(|present| &present.participant.socket_id).filter(|id| !listed.contains(id));
        let (now, before) = (Instant::now(), std::mem::take(&mut self.listed.missing));
        self.listed.missing = gone.map(|id| (id.clone(), before.get(id).copied().unwrap_or(now))).collect();
        self.keep_at_door(&listed);
        // What the directory forgot it is told again.
        let here = self.participants.here().map(|(participant, _)| participant.socket_id.clone());
        let at_door = self.waiting.here();
        let forgotten: Vec<_> =
            here.chain(at_door).filter(|id| !(listed.contains(id) || self.listed.claimed.contains(id))).collect();
        if !forgotten.is_empty() {
            self.listed.forgot_at = Some(now);
        }
        self.listed.claimed.extend(forgotten);
    }

    /// Takes what another instance told of the list, and from which version to which that led.
    pub(super) fn receive_listed(
        &mut self,
        from: &InstanceId,
        (before, version): (Option<u64>, u64),
        put: Vec<(SocketId, Place)>,
        gone: Vec<(SocketId, LeaveReason)>,
    ) {
        if version <= self.listed.version {
            // The list was read before this was received; it does not say why they went.
            for (socket_id, reason) in gone {
                if self.listed.missing.remove(&socket_id).is_some() {
                    self.unmirror(&socket_id, reason);
                }
            }
            return;
        }
        if before.unwrap_or(version - 1) != self.listed.version {
            // A notification before it was missed, or the list began anew.
            self.listed.is_behind = true;
        }
        self.listed.version = version;
        for (socket_id, place) in put {
            self.mirror(Listing { socket_id, instance: from.clone(), place });
        }
        for (socket_id, reason) in gone {
            self.unmirror(&socket_id, reason);
        }
    }

    /// Takes out those who are not on the list and of whom no notification came.
    pub(super) fn expire_missing(&mut self) {
        let patience = self.listed.patience();
        let over = self.listed.missing.iter().filter(|(_, since)| since.elapsed() >= patience);
        let gone: Vec<SocketId> = over.map(|(socket_id, _)| socket_id.clone()).collect();
        for socket_id in gone {
            self.listed.missing.remove(&socket_id);
            self.unmirror(&socket_id, LeaveReason::Lost);
        }
    }

    /// Shows a socket of another instance.
    fn mirror(&mut self, listing: Listing) {
        let Listing { socket_id, instance: _, place } = listing;
        if self.listed.claimed.contains(&socket_id) {
            // It came here since, and the others will be notified of that.
            return;
        }
        self.listed.missing.remove(&socket_id);
        self.stop_typing(&socket_id);
        match place {
            Place::Door { user_id, name, guest } => self.mirror_at_door(&socket_id, (user_id, name, guest)),
            Place::Room { participant, .. } if self.listed.is_departed(&participant) => {
                // It may have come back all the same: the list is looked at again.
                self.listed.is_behind = true;
                self.listed.pausing_since = Some(Instant::now());
            }
            Place::Room { mut participant, at_work_since } => {
                participant.muted = self.mutes.of(&participant.user_id);
                self.stop_waiting(&socket_id);
                if let Some(arrived) = self.participants.mirror(participant, at_work_since) {
                    self.tell_of_arrival(&socket_id, arrived);
                }
                self.attend();
            }
        }
    }

    /// A socket of another instance went.
    fn unmirror(&mut self, socket_id: &SocketId, reason: LeaveReason) {
        self.forget_at_door(socket_id);
        if matches!(self.participants.get(socket_id).map(|present| &present.seat), Some(Seat::Elsewhere)) {
            self.depart(socket_id, reason);
        }
    }

    /// The socket of an instance that lives no more, of which this one has to tell.
    fn bury(&mut self, lost: Listing) {
        if self.listed.claimed.contains(&lost.socket_id) {
            return;
        }
        self.unmirror(&lost.socket_id, LeaveReason::Lost);
        if let Place::Room { participant, at_work_since } = lost.place {
            let (user_id, socket_id) = (participant.user_id.clone(), lost.socket_id);
            if let Some(stretch) = self.timer.worked(&user_id, at_work_since, self.system.clock.now()) {
                self.note(&user_id, EntryBody::Focused(stretch));
            }
            self.note(&user_id, EntryBody::Left { socket_id, reason: LeaveReason::Lost });
        }
    }
}
