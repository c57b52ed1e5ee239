//! Appending under a lease, where other instances append to the same log.

use super::{Mongo, tails::Tail};
use std::sync::Arc;
use studyrooms_domain::{append_lease::AppendLeases, log::LogName};
use studyrooms_protocol::ids::RoomId;
use tokio::sync::OwnedMutexGuard;

/// A log's end in the hands of who appends to it.
pub(super) struct Held {
    pub(super) tail: OwnedMutexGuard<Tail>,
    lease: Option<Lease>,
}

struct Lease {
    leases: Arc<dyn AppendLeases>,
    room_id: RoomId,
    log: LogName,
}

impl Mongo {
    /// Takes the end of a log, and its lease when other instances were met there. One that is not granted
    /// costs a read and maybe a clash.
    pub(super) async fn hold(&self, room_id: &RoomId, log: LogName) -> Held {
        let mut tail = self.tails.of(room_id, log).lock_owned().await;
        let Some(leases) = self.append_leases.clone().filter(|_| tail.has_others()) else {
            return Held { tail, lease: None };
        };
        let Some(granted) = leases.acquire(room_id, log).await else { return Held { tail, lease: None } };
        if granted.after_another {
            tail.met_others();
        }
        if let Some(end) = granted.end {
            tail.given(end);
        }
        Held { tail, lease: Some(Lease { leases, room_id: room_id.clone(), log }) }
    }
}

impl Held {
    /// Releases the lease without keeping anyone waiting. Until that is done this process does not append, so
    /// that its next request never overtakes it. A lease that is dropped instead expires.
    pub(super) fn let_go(self) {
        let Self { tail, lease } = self;
        let Some(Lease { leases, room_id, log }) = lease else { return };
        tokio::spawn(async move {
            leases.release(&room_id, log, tail.end()).await;
            drop(tail);
        });
    }
}
