//! Group commit: entries that arrive while a write is under way go together in the next one.

use super::live::LiveRoom;
use std::{collections::VecDeque, future::Future, pin::Pin, sync::Arc};
use studyrooms_domain::{
    Refusal,
    log::{Appended, Draft, Entry, LogName},
    rights::{Claim, Rights},
    store::{Logs, Stored},
};
use studyrooms_protocol::{
    Seq,
    error::ErrorCode,
    ids::{EventId, RoomId, SocketId, UserId},
};

/// Entries in one write, at most.
const TOGETHER: usize = 256;
/// Entries that wait, at most.
const WAITING: usize = 4096;

/// Answers the one who asked, once the entry is durable or refused, from the room as it is then.
pub(super) type OnStored = Box<dyn FnOnce(Result<&Entry, Refusal>, &mut LiveRoom) + Send>;

/// What becomes of an entry beside being stored.
pub(super) struct Origin {
    /// Whether someone asked for it, who says it again when it is refused.
    pub is_asked: bool,
    /// The socket it came from, which needs no copy where its ack says enough.
    pub socket_id: Option<SocketId>,
    pub on_stored: OnStored,
}

/// An origin whose entry is not written, and why.
pub(super) type Refused = (Origin, Refusal);

pub(super) struct Batch {
    /// What became of each draft.
    pub result: Stored<Vec<Result<Appended, Refusal>>>,
    pub origins: Vec<Origin>,
    /// Where the room log ends behind the write, and who may do what there.
    pub place: Option<(Seq, Rights)>,
}

/// An entry that waits.
pub(super) struct Waiting {
    pub draft: Draft,
    /// By what right; none for what the server itself notes.
    pub claim: Option<Claim>,
    pub origin: Origin,
}

/// What goes together in one write.
#[derive(Default)]
pub(super) struct Taken {
    pub drafts: Vec<Draft>,
    pub claims: Vec<Option<Claim>>,
    pub origins: Vec<Origin>,
}

pub(super) struct AppendQueue {
    pub(super) logs: Arc<dyn Logs>,
    pub(super) room_id: RoomId,
    waiting: VecDeque<Waiting>,
    in_flight: Option<Pin<Box<dyn Future<Output = Batch> + Send>>>,
    /// Which sockets entries came from: of the write under way, behind those of one that has ended
    /// and is not delivered yet.
    sources: VecDeque<Vec<Source>>,
}

/// The socket that an entry came from. Event ids are unique to a person.
struct Source {
    user_id: UserId,
    event_id: EventId,
    socket_id: SocketId,
}

impl AppendQueue {
    pub(super) fn new(logs: Arc<dyn Logs>, room_id: RoomId) -> Self {
        Self { logs, room_id, waiting: VecDeque::new(), in_flight: None, sources: VecDeque::new() }
    }

    /// Whether no more may wait.
    ///
    /// # Errors
    /// `unavailable`.
    pub(super) fn has_place(&self) -> Result<(), Refusal> {
        if self.waiting.len() < WAITING {
            return Ok(());
        }
        Err(Refusal::new(ErrorCode::Unavailable, "the room is too busy; try again"))
    }

    /// Queues an entry.
    ///
    /// # Errors
    /// Who asked, when too many wait.
    pub(super) fn push(&mut self, waiting: Waiting) -> Result<(), Box<Refused>> {
        if let Err(refusal) = self.has_place() {
            return Err(Box::new((waiting.origin, refusal)));
        }
        self.waiting.push_back(waiting);
        Ok(())
    }

    /// Takes out what was asked for and waits: when a write fails, what was said after it must not be
    /// stored before it is said again.
    pub(super) fn withdraw(&mut self) -> Vec<Origin> {
        let (asked, noted): (VecDeque<_>, _) =
            std::mem::take(&mut self.waiting).into_iter().partition(|waiting| waiting.origin.is_asked);
        self.waiting = noted;
        asked.into_iter().map(|waiting| waiting.origin).collect()
    }

    /// All that waits.
    pub(super) fn drafts(&self) -> impl Iterator<Item = &Draft> {
        self.waiting.iter().map(|waiting| &waiting.draft)
    }

    /// Takes what the next write holds, when none is under way: what `judge` lets pass. The rest is refused.
    pub(super) fn take(
        &mut self,
        mut judge: impl FnMut(Option<&Claim>, &mut Draft) -> Result<(), Refusal>,
    ) -> (Taken, Vec<Refused>) {
        let (mut taken, mut refused) = (Taken::default(), vec![]);
        while self.in_flight.is_none()
            && taken.drafts.len() < TOGETHER
            && let Some(Waiting { mut draft, claim, origin }) = self.waiting.pop_front()
        {
            match judge(claim.as_ref(), &mut draft) {
                Ok(()) => {
                    taken.drafts.push(draft);
                    taken.claims.push(claim);
                    taken.origins.push(origin);
                }
                Err(refusal) => refused.push((origin, refusal)),
            }
        }
        (taken, refused)
    }

    /// Notes where the drafts of a write come from that begins now.
    pub(super) fn note_sources(&mut self, taken: &Taken) {
        let source = |(draft, origin): (&Draft, &Origin)| {
            let (user_id, event_id) = (draft.user_id.clone(), draft.event_id.clone());
            Some(Source { user_id, event_id, socket_id: origin.socket_id.clone()? })
        };
        self.sources.push_back(taken.drafts.iter().zip(&taken.origins).filter_map(source).collect());
    }

    /// A write begins.
    pub(super) fn begin(&mut self, write: impl Future<Output = Batch> + Send + 'static) {
        self.in_flight = Some(Box::pin(write));
    }

    /// Begins the next write of the board log when none is under way, judged by the `rights` in the room; gives
    /// what may not be written.
    pub(super) fn start_drawing(&mut self, rights: &Rights) -> Vec<Refused> {
        let judge = |claim: Option<&Claim>, _: &mut Draft| claim.map_or(Ok(()), |claim| rights.permit(claim).map(drop));
        let (taken, refused) = self.take(judge);
        if taken.drafts.is_empty() {
            return refused;
        }
        self.note_sources(&taken);
        let (Taken { drafts, claims: _, origins }, logs, room_id) = (taken, self.logs.clone(), self.room_id.clone());
        self.begin(async move {
            let result = logs.append(&room_id, LogName::Board, drafts).await;
            let result = result.map(|appended| appended.into_iter().map(Ok).collect());
            Batch { result, origins, place: None }
        });
        refused
    }

    /// The write under way, when it has ended; waits for ever when there is none. May be dropped
    /// and called again.
    pub(super) async fn finished(&mut self) -> Batch {
        match &mut self.in_flight {
            Some(write) => {
                let batch = write.await;
                self.in_flight = None;
                batch
            }
            None => std::future::pending().await,
        }
    }

    pub(super) const fn is_writing(&self) -> bool {
        self.in_flight.is_some()
    }

    /// The batch that ended first is delivered, or refused.
    pub(super) fn delivered(&mut self) {
        self.sources.pop_front();
    }

    /// The socket an entry came from, which was read from the log before its batch was delivered.
    pub(super) fn source_of(&self, entry: &Entry) -> Option<&SocketId> {
        let is_of = |source: &&Source| source.event_id == entry.event_id && source.user_id == entry.user_id;
        self.sources.iter().flatten().find(is_of).map(|source| &source.socket_id)
    }

    pub(super) fn is_idle(&self) -> bool {
        self.in_flight.is_none() && self.waiting.is_empty()
    }
}
