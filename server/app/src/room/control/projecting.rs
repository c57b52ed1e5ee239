//! What entries decide (roles, bans, members, settings) is done in the records beside the log after they are
//! written, one entry after the other. Every instance does it for what it delivers, so none is left behind by one
//! that dies; who asked is answered once it is done.

use crate::{
    app::Stores,
    room::{Reply, live::LiveRoom},
};
use std::{collections::VecDeque, time::Duration};
use studyrooms_domain::{
    Refusal,
    log::{Entry, EntryBody, LogName},
    rooms::AddressHash,
    store::{StoreError, Stored},
};
use studyrooms_protocol::{Seq, ids::RoomId};

/// After a failure.
const RETRY: Duration = Duration::from_secs(1);

type Then = Box<dyn FnOnce(Result<(), Refusal>, &mut LiveRoom) + Send>;

/// Entries whose projection waits or is under way.
#[derive(Default)]
pub(in crate::room) struct Projecting {
    waiting: VecDeque<(Entry, Vec<AddressHash>)>,
    is_under_way: bool,
    asked: Vec<(Seq, Then)>,
}

/// Entries projected at a time.
const TOGETHER: usize = 500;

/// Does in the records what the log says beyond them: what another instance has under way, or one that died had not
/// done. Nothing where nobody has noted yet how far they follow it.
///
/// # Errors
/// Those of the store.
pub(crate) async fn project_rest(stores: &Stores, room_id: &RoomId) -> Stored<()> {
    let Some(mut done) = stores.rooms.projected(room_id).await? else { return Ok(()) };
    loop {
        let kinds = EntryBody::PROJECTED;
        let rest = stores.logs.page_after(room_id, LogName::Room, kinds, done, TOGETHER).await?;
        let Some(last) = rest.last() else { return Ok(()) };
        done = last.seq;
        for entry in &rest {
            stores.rooms.project(entry).await?;
        }
    }
}

impl LiveRoom {
    /// Does in the records what an entry says, after those before it; `addresses` are of the sockets here of the
    /// one it is about.
    pub(in crate::room) fn project(&mut self, entry: &Entry, addresses: Vec<AddressHash>) {
        self.unprojected.add(entry);
        self.projecting.waiting.push_back((entry.clone(), addresses));
        self.project_next(Duration::ZERO);
    }

    /// Answers once what the entry at `seq` says is done.
    pub(in crate::room) fn reply_when_projected<T: Send + 'static>(
        &mut self,
        seq: Seq,
        reply: Reply<T>,
        answer: impl FnOnce(&Self) -> T + Send + 'static,
    ) {
        self.when_projected(seq, move |projected, live| reply.send(projected.map(|()| answer(live))));
    }

    /// Goes on once what the entry at `seq` says is done, or could not be.
    pub(in crate::room) fn when_projected(
        &mut self,
        seq: Seq,
        then: impl FnOnce(Result<(), Refusal>, &mut Self) + Send + 'static,
    ) {
        if self.projecting.waiting.iter().any(|(entry, _)| entry.seq == seq) {
            self.projecting.asked.push((seq, Box::new(then)));
        } else {
            then(Ok(()), self);
        }
    }

    fn project_next(&mut self, pause: Duration) {
        if self.projecting.is_under_way {
            return;
        }
        let Some((entry, addresses)) = self.projecting.waiting.front().cloned() else { return };
        self.projecting.is_under_way = true;
        let stores = self.stores.clone();
        let projecting = async move {
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            if let EntryBody::Kicked { address_until: Some(until), .. } = entry.body
                && !addresses.is_empty()
            {
                stores.bans.add_addresses(&entry.room_id, &addresses, until).await?;
            }
            stores.rooms.project(&entry).await?;
            Ok(entry.seq)
        };
        self.jobs.begin(projecting, Self::projected);
    }

    fn projected(&mut self, projected: Stored<Seq>) {
        self.projecting.is_under_way = false;
        let seq = self.projecting.waiting.front().map_or(0, |(entry, _)| entry.seq);
        let outcome = projected.map(drop);
        if outcome.is_ok()
            && let Some((entry, _)) = self.projecting.waiting.pop_front()
        {
            self.unprojected.done(&entry.room_id, entry.seq);
            self.show_at_door(&entry);
        }
        let (asked, later) = std::mem::take(&mut self.projecting.asked).into_iter().partition(|(of, _)| *of <= seq);
        self.projecting.asked = later;
        let asked: Vec<(Seq, Then)> = asked;
        for (_, then) in asked {
            then(outcome.clone().map_err(Refusal::from), self);
        }
        self.project_next(self.pause_after(&outcome));
    }

    fn pause_after(&self, outcome: &Result<(), StoreError>) -> Duration {
        let Err(error) = outcome else { return Duration::ZERO };
        tracing::warn!(room = %self.room.room_id, %error, "what was decided is not in the records yet; trying again");
        RETRY
    }
}
