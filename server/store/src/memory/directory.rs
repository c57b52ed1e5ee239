//! The directory within one process.

use async_trait::async_trait;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};
use studyrooms_domain::{
    outside::Clock,
    presence::{Directory, InstanceId, Listing, Positions, Settled, Terms, Update},
    store::Stored,
};
use studyrooms_protocol::{
    Timestamp,
    ids::{RoomId, SocketId},
};

/// The lists in memory.
pub struct MemoryDirectory {
    clock: Arc<dyn Clock>,
    terms: Terms,
    lists: Mutex<Lists>,
}

#[derive(Default)]
struct Lists {
    /// When each instance's lease ends.
    leases: HashMap<InstanceId, Timestamp>,
    renewed_at: Timestamp,
    rooms: HashMap<RoomId, List>,
    /// Of no list twice, so that one that begins anew is not taken for the old one.
    versions: u64,
}

#[derive(Default)]
struct List {
    version: u64,
    newest: Positions,
    listings: BTreeMap<SocketId, Listing>,
}

impl MemoryDirectory {
    /// Empty.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, terms: Terms) -> Self {
        Self { clock, terms, lists: Mutex::default() }
    }

    fn renewed(&self, instance: &InstanceId) -> (std::sync::MutexGuard<'_, Lists>, Timestamp) {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now();
        let millis = |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        let ends = now.saturating_add(millis(self.terms.lease));
        if now.saturating_sub(lists.renewed_at) > millis(self.terms.silence) {
            lists.leases.values_mut().for_each(|lease| *lease = ends);
        }
        lists.renewed_at = now;
        lists.leases.insert(instance.clone(), ends);
        (lists, now)
    }
}

impl List {
    fn has_elsewhere(&self, socket_id: &SocketId, instance: &InstanceId) -> bool {
        self.listings.get(socket_id).is_some_and(|listing| &listing.instance != instance)
    }

    /// True when it changed.
    fn take(&mut self, update: Update) -> bool {
        let Update { instance, claimed, changed, gone, known: _, delivered } = update;
        self.newest.room = self.newest.room.max(delivered.room);
        self.newest.board = self.newest.board.max(delivered.board);
        let changed: Vec<_> = changed.into_iter().filter(|(id, _)| !self.has_elsewhere(id, &instance)).collect();
        let gone: Vec<_> = gone.into_iter().filter(|id| !self.has_elsewhere(id, &instance)).collect();
        let mut any = false;
        for (socket_id, place) in claimed.into_iter().chain(changed) {
            let listing = Listing { socket_id: socket_id.clone(), instance: instance.clone(), place };
            any |= self.listings.insert(socket_id, listing.clone()) != Some(listing);
        }
        for socket_id in &gone {
            any |= self.listings.remove(socket_id).is_some();
        }
        any
    }
}

#[async_trait]
impl Directory for MemoryDirectory {
    async fn renew(&self, instance: &InstanceId) -> Stored<()> {
        drop(self.renewed(instance));
        Ok(())
    }

    async fn settle(&self, room_id: &RoomId, update: Update) -> Stored<Settled> {
        let (mut lists, now) = self.renewed(&update.instance);
        let Lists { leases, rooms, versions, .. } = &mut *lists;
        let list = rooms.entry(room_id.clone()).or_default();
        let (before, known) = (list.version, update.known);
        let changed = list.take(update);
        let is_dead = |listing: &Listing| leases.get(&listing.instance).is_none_or(|ends| *ends <= now);
        let lost: Vec<Listing> = list.listings.values().filter(|listing| is_dead(listing)).cloned().collect();
        list.listings.retain(|_, listing| !is_dead(listing));
        if changed || !lost.is_empty() || list.version == 0 {
            *versions += 1;
            list.version = *versions;
        }
        let knows = known == before || known == list.version;
        let listings = (!knows).then(|| list.listings.values().cloned().collect());
        let settled = Settled { version: list.version, listings, lost, newest: list.newest };
        if list.listings.is_empty() && list.newest == Positions::default() {
            rooms.remove(room_id);
        }
        leases.retain(|_, ends| *ends > now);
        Ok(settled)
    }
}
