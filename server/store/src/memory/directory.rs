//! The directory within one process.

use async_trait::async_trait;
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};
use studyrooms_domain::{
    presence::{Directory, InstanceId, Listing, Positions, Settled, Terms, Update},
    store::Stored,
    system::Clock,
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
    /// The newest version of any list: a time where it can be, so that none comes twice, and one that
    /// begins anew is not taken for the old one.
    newest: Timestamp,
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

    /// Whether it changed, and which sockets another instance has.
    fn take(&mut self, update: Update) -> (bool, Vec<SocketId>) {
        let Update { instance, claimed, changed, gone, known: _, delivered } = update;
        self.newest.room = self.newest.room.max(delivered.room);
        self.newest.board = self.newest.board.max(delivered.board);
        let mut any = false;
        let mut put = |list: &mut BTreeMap<SocketId, Listing>, socket_id: SocketId, place| {
            let listing = Listing { socket_id: socket_id.clone(), instance: instance.clone(), place };
            any |= list.insert(socket_id, listing.clone()) != Some(listing);
        };
        claimed.into_iter().for_each(|(socket_id, place)| put(&mut self.listings, socket_id, place));
        let mut elsewhere = vec![];
        for (socket_id, place) in changed {
            if self.has_elsewhere(&socket_id, &instance) {
                elsewhere.push(socket_id);
            } else {
                put(&mut self.listings, socket_id, place);
            }
        }
        for socket_id in gone {
            if self.has_elsewhere(&socket_id, &instance) {
                elsewhere.push(socket_id);
            } else {
                any |= self.listings.remove(&socket_id).is_some();
            }
        }
        (any, elsewhere)
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
        let Lists { leases, rooms, newest, .. } = &mut *lists;
        let list = rooms.entry(room_id.clone()).or_default();
        let (before, known) = (list.version, update.known);
        let (changed, elsewhere) = list.take(update);
        let is_dead = |listing: &Listing| leases.get(&listing.instance).is_none_or(|ends| *ends <= now);
        let lost: Vec<Listing> = list.listings.values().filter(|listing| is_dead(listing)).cloned().collect();
        list.listings.retain(|_, listing| !is_dead(listing));
        if changed || !lost.is_empty() || list.version == 0 {
            *newest = now.max(*newest + 1);
            list.version = *newest;
        }
        let knows = known == before || known == list.version;
        let listings = (!knows).then(|| list.listings.values().cloned().collect());
        let settled = Settled { version: list.version, before, listings, lost, elsewhere, newest: list.newest };
        if list.listings.is_empty() && list.newest == Positions::default() {
            rooms.remove(room_id);
        }
        leases.retain(|_, ends| *ends > now);
        Ok(settled)
    }
}
