//! Appending to the room log, whose entries decide on rights. Each draft is judged where it will stand: when it
//! is queued, by all that stands or waits before it; when its write begins; and once more by the store, behind
//! whatever other instances wrote in between.

use super::{
    append::{AppendQueue, Batch, Origin, Refused, Taken, Waiting},
    judged::Judged,
};
use std::sync::Arc;
use studyrooms_domain::{
    log::{Draft, Entry, LogName},
    rights::{Claim, Rights},
    store::Logs,
};
use studyrooms_protocol::{Seq, ids::RoomId};

pub(super) struct RoomLog {
    queue: AppendQueue,
    judged: Judged,
}

impl RoomLog {
    /// With the rights at the end of the log.
    pub(super) fn new(logs: Arc<dyn Logs>, room_id: RoomId, end: Seq, rights: Rights) -> Self {
        Self { queue: AppendQueue::new(logs, room_id), judged: Judged::new(end, rights) }
    }

    /// Behind all that waits to be written: what is done now takes effect there.
    pub(super) const fn rights(&self) -> &Rights {
        self.judged.queued()
    }

    /// Queues an entry.
    ///
    /// # Errors
    /// Who asked, and why not: it may not be written behind what waits, or too much waits.
    pub(super) fn push(&mut self, mut draft: Draft, claim: Option<Claim>, origin: Origin) -> Result<(), Box<Refused>> {
        let judged = self.queue.has_place().and_then(|()| self.judged.queue(claim.as_ref(), &mut draft));
        match judged {
            Ok(()) => self.queue.push(Waiting { draft, claim, origin }),
            Err(refusal) => Err(Box::new((origin, refusal))),
        }
    }

    /// Takes out what was asked for and waits.
    pub(super) fn withdraw(&mut self) -> Vec<Origin> {
        let withdrawn = self.queue.withdraw();
        self.foresee();
        withdrawn
    }

    /// Begins the next write when none is under way, with what may still be written; gives the rest.
    pub(super) fn start(&mut self) -> Vec<Refused> {
        let mut ahead = self.judged.rights().clone();
        let (Taken { drafts, claims, origins }, refused) = self.queue.take(|claim, draft| {
            if let Some(claim) = claim {
                ahead.judge(claim, draft)?;
            }
            ahead.foresee(draft);
            Ok(())
        });
        if drafts.is_empty() {
            return refused;
        }
        let mut again = self.judged.begin(&drafts, claims);
        let (logs, room_id) = (self.queue.logs.clone(), self.queue.room_id.clone());
        self.queue.begin(async move {
            let known = again.known();
            let result = logs.append_judged(&room_id, LogName::Room, known, drafts, &mut again).await;
            let result = result.map(|appended| again.outcomes(appended));
            Batch { result, origins, place: Some(again.place()) }
        });
        if !refused.is_empty() {
            self.foresee();
        }
        refused
    }

    /// The write under way, when it has ended; waits for ever when there is none. May be dropped
    /// and called again.
    pub(super) async fn finished(&mut self) -> Batch {
        let mut batch = self.queue.finished().await;
        // What a write that failed has left in the log is read from there.
        let place = batch.place.take().filter(|_| batch.result.is_ok());
        self.judged.ended(place);
        self.foresee();
        batch
    }

    /// An entry of the room log was delivered.
    pub(super) fn shown(&mut self, entry: &Entry) {
        if self.judged.shown(entry) {
            self.foresee();
        }
    }

    /// Takes what no entry says of rights.
    pub(super) fn note(&mut self, note: impl FnOnce(&mut Rights)) {
        self.judged.note(note);
        self.foresee();
    }

    fn foresee(&mut self) {
        self.judged.foresee(self.queue.drafts());
    }

    pub(super) const fn is_writing(&self) -> bool {
        self.queue.is_writing()
    }

    pub(super) fn is_idle(&self) -> bool {
        self.queue.is_idle()
    }
}
