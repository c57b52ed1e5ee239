//! The rooms in memory.

use super::{Actor, Broadcaster, Command, Coordination, Reply, Request, live, unprojected::Unprojected};
use crate::{
    app::{Stores, System},
    ice::IceConfig,
};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use studyrooms_domain::{Refusal, files::Objects};
use studyrooms_protocol::{error::ErrorCode, ids::RoomId};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

/// Requests that wait at one room; who comes later waits to be let in.
const WAITING: usize = 1024;
/// How long the rooms may take to store what they hold.
const DRAIN_WITHIN: Duration = Duration::from_secs(3);

/// Where every live room is found. Cheap to clone.
#[derive(Clone)]
pub struct LiveRooms(Arc<Shared>);

struct Shared {
    stores: Stores,
    objects: Arc<dyn Objects>,
    system: System,
    ice: IceConfig,
    coordination: Coordination,
    broadcaster: Arc<dyn Broadcaster>,
    iterations: Arc<AtomicU64>,
    unprojected: Arc<Unprojected>,
    rooms: Mutex<Rooms>,
}

#[derive(Default)]
struct Rooms {
    live: HashMap<RoomId, (u64, mpsc::Sender<Command>)>,
    started: u64,
}

impl LiveRooms {
    /// No room is live yet.
    #[must_use]
    pub fn new(
        stores: Stores,
        objects: Arc<dyn Objects>,
        system: System,
        ice: IceConfig,
        coordination: Coordination,
        broadcaster: Arc<dyn Broadcaster>,
    ) -> Self {
        let (iterations, unprojected, rooms) = (Arc::default(), Arc::default(), Mutex::default());
        let shared = Shared { stores, objects, system, ice, coordination, broadcaster, iterations, unprojected, rooms };
        Self(Arc::new(shared))
    }

    /// Asks something of a room, which is loaded when it is not live. What it answers goes to the
    /// command's own reply.
    pub async fn send(&self, room_id: &RoomId, command: Command) {
        let mut command = command;
        // An actor that just ended no longer takes requests; the next one does.
        while let Err(mpsc::error::SendError(back)) = self.opened(room_id).send(command).await {
            command = back;
            tokio::task::yield_now().await;
        }
    }

    /// Asks a room to do something for someone, and waits for its answer.
    ///
    /// # Errors
    /// What the room refuses; `unavailable` when it is gone before it answers.
    pub async fn ask<T: Send + 'static>(
        &self,
        room_id: &RoomId,
        actor: Actor,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> Result<T, Refusal> {
        let (reply, answer) = Reply::channel();
        self.send(room_id, Command::Act(actor, request(reply))).await;
        let gone = |_| Err(Refusal::new(ErrorCode::Unavailable, "the room is not available; try again"));
        answer.await.unwrap_or_else(gone)
    }

    /// How many rooms are live.
    #[must_use]
    pub fn live(&self) -> usize {
        self.rooms().live.len()
    }

    /// How often the actors of all rooms have woken so far. What is asked, told or due wakes one; one that waits
    /// stands still.
    #[must_use]
    pub fn iterations(&self) -> u64 {
        self.0.iterations.load(Ordering::Relaxed)
    }

    /// Whether something was told of a room here that its records may not say yet.
    #[must_use]
    pub fn is_ahead_of_records(&self, room_id: &RoomId) -> bool {
        self.0.unprojected.has(room_id)
    }

    /// The same of any room.
    #[must_use]
    pub fn are_ahead_of_records(&self) -> bool {
        self.0.unprojected.has_any()
    }

    /// The room that is being given a code here, and may not be found by it yet.
    #[must_use]
    pub fn being_renamed(&self, code: &str) -> Option<RoomId> {
        self.0.unprojected.room_of(code)
    }

    pub(super) fn unprojected(&self) -> Arc<Unprojected> {
        self.0.unprojected.clone()
    }

    pub(super) fn iteration_counter(&self) -> Arc<AtomicU64> {
        self.0.iterations.clone()
    }

    /// Lets every room store what it holds, and end.
    pub async fn drain(&self) {
        let senders: Vec<_> = self.rooms().live.values().map(|(_, sender)| sender.clone()).collect();
        let ends = senders.into_iter().map(async |sender| {
            let (done, ended) = oneshot::channel();
            if sender.send(Command::Drain(done)).await.is_ok() {
                // The sender is dropped at the end, which is an error by type and what is waited for.
                drop(ended.await);
            }
        });
        if timeout(DRAIN_WITHIN, futures_util::future::join_all(ends)).await.is_err() {
            tracing::error!("some rooms did not end in time");
        }
    }

    /// The room's actor, started when there is none.
    fn opened(&self, room_id: &RoomId) -> mpsc::Sender<Command> {
        let mut rooms = self.rooms();
        if let Some((_, sender)) = rooms.live.get(room_id).filter(|(_, sender)| !sender.is_closed()) {
            return sender.clone();
        }
        let (sender, receiver) = mpsc::channel(WAITING);
        rooms.started += 1;
        let id = rooms.started;
        rooms.live.insert(room_id.clone(), (id, sender.clone()));
        tokio::spawn(live::run(self.clone(), id, room_id.clone(), receiver));
        sender
    }

    /// Called by an actor that ends.
    pub(super) fn forget(&self, room_id: &RoomId, id: u64) {
        let mut rooms = self.rooms();
        if rooms.live.get(room_id).is_some_and(|(known, _)| *known == id) {
            rooms.live.remove(room_id);
        }
    }

    pub(super) fn parts(&self) -> (Stores, System, IceConfig) {
        (self.0.stores.clone(), self.0.system.clone(), self.0.ice.clone())
    }

    /// What this instance shares with others.
    #[must_use]
    pub fn coordination(&self) -> Coordination {
        self.0.coordination.clone()
    }

    pub(super) fn objects(&self) -> Arc<dyn Objects> {
        self.0.objects.clone()
    }

    pub(super) fn broadcaster(&self) -> Arc<dyn Broadcaster> {
        self.0.broadcaster.clone()
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
