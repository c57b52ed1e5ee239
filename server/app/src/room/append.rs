//! Group commit: entries that arrive while a write is under way go together in the next one.

use super::task::Task;
use std::{collections::VecDeque, future::Future, pin::Pin, sync::Arc};
use studyrooms_domain::{
    Refusal,
    log::{Appended, Draft, Entry, LogName},
    store::{Logs, Stored},
};
use studyrooms_protocol::ids::{EventId, RoomId, SocketId, UserId};

/// Entries in one write, at most.
const TOGETHER: usize = 256;
/// Entries that wait, at most.
const WAITING: usize = 4096;

/// Answers the one who asked, once the entry is durable or refused, from the room as it is then.
pub(super) type OnStored = Box<dyn FnOnce(Result<&Entry, Refusal>, &Task) + Send>;

/// What becomes of an entry beside being stored.
pub(super) struct Origin {
    /// Whether someone asked for it, who says it again when it is refused.
    pub is_asked: bool,
    /// The socket it came from, which needs no copy where its ack says enough.
    pub socket_id: Option<SocketId>,
    pub on_stored: OnStored,
}

pub(super) struct Batch {
    pub result: Stored<Vec<Appended>>,
    pub origins: Vec<Origin>,
}

pub(super) struct AppendQueue {
    logs: Arc<dyn Logs>,
    room_id: RoomId,
    log: LogName,
    waiting: VecDeque<(Draft, Origin)>,
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
    pub(super) fn new(logs: Arc<dyn Logs>, room_id: RoomId, log: LogName) -> Self {
        Self { logs, room_id, log, waiting: VecDeque::new(), in_flight: None, sources: VecDeque::new() }
    }

    /// Queues an entry.
    ///
    /// # Errors
    /// Who asked, when too many wait.
    pub(super) fn push(&mut self, draft: Draft, origin: Origin) -> Result<(), Origin> {
        if self.waiting.len() >= WAITING {
            return Err(origin);
        }
        self.waiting.push_back((draft, origin));
        Ok(())
    }

    /// Takes out what was asked for and waits: when a write fails, what was said after it must not be
    /// stored before it is said again.
    pub(super) fn withdraw(&mut self) -> Vec<Origin> {
        let (asked, noted) = std::mem::take(&mut self.waiting).into_iter().partition(|(_, origin)| origin.is_asked);
        self.waiting = noted;
        let asked: VecDeque<(Draft, Origin)> = asked;
        asked.into_iter().map(|(_, origin)| origin).collect()
    }

    /// Begins the next write when none is under way.
    pub(super) fn start(&mut self) {
        if self.in_flight.is_some() || self.waiting.is_empty() {
            return;
        }
        let count = self.waiting.len().min(TOGETHER);
        let (drafts, origins): (Vec<Draft>, Vec<Origin>) = self.waiting.drain(..count).unzip();
        let source = |(draft, origin): (&Draft, &Origin)| {
            let (user_id, event_id) = (draft.user_id.clone(), draft.event_id.clone());
            Some(Source { user_id, event_id, socket_id: origin.socket_id.clone()? })
        };
        self.sources.push_back(drafts.iter().zip(&origins).filter_map(source).collect());
        let (logs, room_id, log) = (self.logs.clone(), self.room_id.clone(), self.log);
        self.in_flight =
            Some(Box::pin(async move { Batch { result: logs.append(&room_id, log, drafts).await, origins } }));
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
