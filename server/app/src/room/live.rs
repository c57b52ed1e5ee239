//! One live room: its state, and the loop that carries out what is asked of it.

use super::{
    Broadcaster, Command, Coordination, LiveRooms, Reply,
    append::{AppendQueue, Batch},
    board::LiveBoard,
    chat::{ChatWindow, Pins},
    control::{Projecting, WaitingRoom, project_rest},
    directory::Listed,
    fold,
    jobs::{Jobs, Outcome},
    join::RECEIPTS,
    notifications::{self, Notification},
    participants::Participants,
    reserve::Reserved,
    room_log::RoomLog,
    subscription::{Polled, Subscription},
    timer::LiveTimer,
    unprojected::Unprojected,
};
use crate::{
    app::{Stores, System},
    files::sweep_uploads,
    ice::IceConfig,
    people,
};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use studyrooms_domain::{
    Refusal,
    control::Mutes,
    files::{Objects, SharedFiles},
    log::LogName,
    presence::Positions,
    pubsub::Received,
    rights::Rights,
    room_fold::RoomFold,
    rooms::Room,
    store::{StoreError, Stored},
    tasks::Tasks,
};
use studyrooms_protocol::{
    Seq,
    events::Done,
    ids::{RoomId, RoomRef, UserId},
};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep_until},
};

/// An empty room stays in memory this long: people reload pages.
const IDLE: Duration = Duration::from_secs(60);
/// How long to wait before reading again what could not be read.
const RETRY: Duration = Duration::from_secs(1);

/// Requests carried out between two looks at the clock, at most.
const TOGETHER: usize = 128;

/// A room in memory, owned by its actor.
pub(super) struct LiveRoom {
    pub(super) room: Room,
    pub(super) stores: Stores,
    pub(super) system: System,
    pub(super) ice: IceConfig,
    pub(super) coordination: Coordination,
    pub(super) broadcaster: Arc<dyn Broadcaster>,
    /// What other instances tell.
    subscription: Subscription,
    /// What is settled with them.
    pub(super) listed: Listed,
    /// When the logs were last read for notifications that were missed, and what was read.
    pub(super) looked_at: Instant,
    pub(super) polled: Vec<Polled>,
    /// Where others are known to be, and since when; and what was last read up to.
    pub(super) sought: Option<(Positions, Instant)>,
    pub(super) sought_last: Positions,
    pub(super) participants: Participants,
    pub(super) waiting: WaitingRoom,
    pub(super) mutes: Mutes,
    pub(super) chat: ChatWindow,
    pub(super) pins: Pins,
    /// How far people have read.
    pub(super) receipts: BTreeMap<UserId, Seq>,
    pub(super) board: LiveBoard,
    pub(super) timer: LiveTimer,
    pub(super) tasks: Tasks,
    pub(super) files: SharedFiles,
    pub(super) objects: Arc<dyn Objects>,
    pub(super) room_log: RoomLog,
    pub(super) projecting: Projecting,
    pub(super) unprojected: Arc<Unprojected>,
    pub(super) board_log: AppendQueue,
    pub(super) jobs: Jobs,
    /// The room is to be removed once nothing is under way; who asked for it waits.
    pub(super) removing: Option<Reply<Done>>,
    /// The room was removed by another instance.
    pub(super) is_gone: bool,
    /// Someone came or went, and not all have been told who is online.
    pub(super) presence_changed: bool,
    /// The logs may hold entries that were not delivered: read them then.
    pub(super) behind_since: Option<Instant>,
    /// Entries shown since the fold of the log was stored.
    pub(super) folded: usize,
    /// Whether the store is being asked if it answers again.
    is_asking: bool,
    /// Whether it did.
    log_answers: bool,
    empty_since: Instant,
    /// Iterations of the loops of all rooms: a room in which nothing happens takes none.
    iterations: Arc<AtomicU64>,
    draining: Vec<oneshot::Sender<()>>,
}

enum Event {
    /// Requests that have come; none when no more will.
    Commands(Vec<Command>),
    RoomLog(Batch),
    BoardLog(Batch),
    Job(Outcome),
    Received(Vec<Received>),
    /// A socket that is behind with the board has read.
    Read,
    Deadline,
}

/// Runs the room until it has been empty for a while.
pub(super) async fn run(rooms: LiveRooms, id: u64, room_id: RoomId, mut commands: mpsc::Receiver<Command>) {
    let coordination = rooms.coordination();
    let refusal = match load(&rooms, &room_id).await {
        Ok(mut live) => {
            live.work(&mut commands).await;
            None
        }
        Err(refusal) => {
            tracing::warn!(room = %room_id, %refusal, "a room could not be opened");
            Some(refusal)
        }
    };
    if coordination.pubsub.is_shared() {
        // Before the next actor of this room can subscribe.
        coordination.pubsub.unsubscribe(&notifications::channel(&room_id)).await;
    }
    rooms.unprojected().done(&room_id, Seq::MAX);
    rooms.forget(&room_id, id);
    commands.close();
    while let Some(command) = commands.recv().await {
        match (command, &refusal) {
            (command, Some(refusal)) => command.refuse(refusal.clone()),
            (Command::Drain(done), None) => drop(done),
            // Who asked between the last look and the closing is served by an actor of its own.
            (command, None) => rooms.send(&room_id, command).await,
        }
    }
}

async fn load(rooms: &LiveRooms, room_id: &RoomId) -> Result<LiveRoom, Refusal> {
    let (stores, system, ice) = rooms.parts();
    let coordination = rooms.coordination();
    let subscription = Subscription::of(&coordination, room_id).await;
    let logs = &stores.logs;
    // Before the window: it is not ahead of that.
    let stored = stores.room_folds.latest_fold(room_id).await?;
    let chat = ChatWindow::load(logs, room_id).await?;
    let board = LiveBoard::load(logs, &stores.snapshots, room_id).await?;
    // All that is folded from the room log is folded up to the same place.
    let RoomFold { mutes, pinned, tasks, files, timer, .. } = fold::load(&stores, room_id, stored, chat.seq).await?;
    let markers = stores.read_markers.furthest(room_id, RECEIPTS).await?;
    if stores.rooms.projected(room_id).await?.is_none() {
        // The records are as old as this program's first look at the room: they follow from nothing.
        stores.rooms.note_projected(room_id, chat.seq).await?;
    }
    project_rest(&stores, room_id).await?;
    // Not older than the log: what entries after `chat.seq` say of it is said once more.
    let room = stores.rooms.lookup(&RoomRef(room_id.0.clone())).await?.ok_or_else(Refusal::no_room)?;
    let (moderators, bans) = (stores.rooms.moderators(room_id).await?, people::all_bans(&*stores.bans, room_id).await?);
    let mut rights = Rights::new(room.clone(), moderators, bans);
    if room.settings.slow_mode_sec > 0 {
        chat.said().for_each(|(user_id, at)| rights.said(user_id, at));
    }
    let mut live = LiveRoom {
        room_log: RoomLog::new(logs.clone(), room_id.clone(), chat.seq, rights),
        board_log: AppendQueue::new(logs.clone(), room_id.clone()),
        projecting: Projecting::default(),
        unprojected: rooms.unprojected(),
        room,
        system,
        ice,
        coordination,
        broadcaster: rooms.broadcaster(),
        subscription,
        listed: Listed::default(),
        looked_at: Instant::now(),
        polled: vec![],
        sought: None,
        sought_last: Positions::default(),
        participants: Participants::default(),
        waiting: WaitingRoom::default(),
        mutes,
        pins: Pins::load(logs, room_id, &pinned).await?,
        receipts: markers.into_iter().map(|marker| (marker.user_id, marker.seq)).collect(),
        timer: LiveTimer::of_fold(timer),
        tasks,
        files,
        folded: 0,
        objects: rooms.objects(),
        chat,
        board,
        jobs: Jobs::default(),
        removing: None,
        is_gone: false,
        presence_changed: false,
        behind_since: None,
        is_asking: false,
        log_answers: false,
        empty_since: Instant::now(),
        iterations: rooms.iteration_counter(),
        draining: vec![],
        stores,
    };
    live.look_who_is_here().await;
    Ok(live)
}

impl LiveRoom {
    async fn work(&mut self, commands: &mut mpsc::Receiver<Command>) {
        loop {
            let deadline = self.deadline();
            self.iterations.fetch_add(1, Ordering::Relaxed);
            match self.next(commands, deadline).await {
                Event::Commands(commands) if commands.is_empty() => break,
                Event::Commands(commands) => self.carry_out_all(commands).await,
                Event::Received(received) => {
                    for one in received {
                        self.receive(one).await;
                    }
                    // A flood of notifications must not hold up those who ask.
                    let waiting = std::iter::from_fn(|| commands.try_recv().ok()).take(TOGETHER).collect();
                    self.carry_out_all(waiting).await;
                }
                // What waits is written while what was written goes out; not when that failed, for it is
                // refused then.
                Event::RoomLog(batch) => {
                    if batch.result.is_ok() {
                        self.start_room_log();
                    }
                    self.room_stored(batch).await;
                }
                Event::BoardLog(batch) => {
                    if batch.result.is_ok() {
                        self.start_board_log();
                    }
                    self.board_stored(batch).await;
                    self.board_log.delivered();
                }
                Event::Job(outcome) => outcome(self),
                Event::Read | Event::Deadline => {}
            }
            // Also when there is always something else to do.
            if Instant::now() >= deadline {
                self.expire_lost();
                self.expire_missing();
                self.expire_typing();
                self.ask_whether_the_log_answers();
            }
            self.catch_up_if_the_log_answers().await;
            if self.subscription.has_missed() {
                self.receive(Received::Gap).await;
            }
            self.look_when_due();
            self.take_polled().await;
            self.find_when_due().await;
            self.end_phase_when_due();
            self.settle_when_due();
            self.feed_boards();
            self.start_writing();
            if self.presence_changed && commands.is_empty() {
                self.tell_presence();
            }
            self.store_snapshot(false).await;
            self.store_fold();
            if self.removed().await || (self.is_gone && self.is_idle()) {
                return;
            }
            if self.is_over(commands) {
                break;
            }
        }
        self.store_snapshot(true).await;
        // Dropping the senders tells those who wait for the end.
        self.draining.clear();
    }

    /// Who is here on other instances, and who is not any more.
    async fn look_who_is_here(&mut self) {
        if !self.coordination.pubsub.is_shared() {
            return;
        }
        match self.coordination.directory.settle(&self.room.room_id, self.update()).await {
            Ok(settled) => self.take_list(settled),
            Err(error) => {
                tracing::warn!(room = %self.room.room_id, %error, "who is on other instances is not known yet");
            }
        }
    }

    async fn next(&mut self, commands: &mut mpsc::Receiver<Command>, deadline: Instant) -> Event {
        let mut taken = Vec::new();
        // What is stored goes out before new requests come in, so that a flood of them cannot
        // hold up the acks.
        tokio::select! {
            biased;
            batch = self.room_log.finished() => Event::RoomLog(batch),
            batch = self.board_log.finished() => Event::BoardLog(batch),
            outcome = self.jobs.finished() => Event::Job(outcome),
            received = self.subscription.next(TOGETHER) => Event::Received(received),
            _ = commands.recv_many(&mut taken, TOGETHER) => Event::Commands(taken),
            () = self.board.is_read() => Event::Read,
            () = sleep_until(deadline) => Event::Deadline,
        }
    }

    fn deadline(&self) -> Instant {
        let retry = self.behind_since.filter(|_| !self.is_asking).map(|since| since + RETRY);
        // What is under way wakes the room by its end; until then it cannot end, however long it has been empty.
        let may_end = self.is_idle() && self.draining.is_empty() && !self.participants.is_anyone_here();
        let empty = may_end.then(|| self.empty_since + IDLE);
        let far = Instant::now() + Duration::from_secs(3600);
        let timer = self.timer_deadline();
        let shared = self.look_deadline();
        let listed = shared.and_then(|_| self.listed.deadline());
        let board = self.feed_deadline();
        let own = self.presence_deadline().into_iter().chain(timer).chain(retry).chain(empty).chain(board);
        own.chain(shared).chain(listed).chain(self.seek_deadline()).min().unwrap_or(far)
    }

    fn is_over(&mut self, commands: &mpsc::Receiver<Command>) -> bool {
        let idle = self.is_idle();
        if !self.draining.is_empty() {
            return idle;
        }
        if self.participants.is_anyone_here() || self.waiting.here().next().is_some() || self.timer.is_running() {
            self.empty_since = Instant::now();
        }
        idle && commands.is_empty() && self.empty_since.elapsed() >= IDLE
    }

    fn is_idle(&self) -> bool {
        self.room_log.is_idle() && self.board_log.is_idle() && self.jobs.is_idle()
    }

    async fn carry_out_all(&mut self, commands: Vec<Command>) {
        // A client that comes from another instance may know more than this one was told.
        let knows_more = |command: &Command| {
            let is_promoted = |(user_id, role)| self.rights().is_promoted(user_id, role);
            command.known().is_some_and(|(chat, board)| chat > self.chat.seq || board > self.board.seq)
                || command.looked_up().is_some_and(is_promoted)
        };
        if self.coordination.pubsub.is_shared() && commands.iter().any(knows_more) {
            self.receive(Received::Gap).await;
        }
        for command in commands {
            match command {
                Command::Join(entering, reply) if self.must_reserve(&entering) => match self.reserve(&entering).await {
                    Ok(Reserved { participant, claimed, settled }) => {
                        self.join(*entering, participant, reply);
                        if let Some(settled) = settled {
                            self.take_claimed(vec![claimed], settled);
                        }
                    }
                    Err(refusal) => reply.send(Err(refusal)),
                },
                command => self.carry_out(command),
            }
        }
    }

    fn carry_out(&mut self, command: Command) {
        if let Some(refusal) = self.refused()
            && !matches!(command, Command::Drain(_))
        {
            return command.refuse(refusal);
        }
        match command {
            Command::Join(entering, reply) => {
                let participant = self.as_participant(&entering);
                self.join(*entering, participant, reply);
            }
            Command::Knock(knocking) => self.knock(*knocking),
            Command::Lost(socket_id, connection) => {
                self.stop_waiting_on(&socket_id, connection);
                self.participants.lose(&socket_id, connection);
            }
            Command::Act(actor, request) => self.act(actor, request),
            Command::Drain(done) => self.draining.push(done),
        }
    }

    /// Takes the room out of the store when that was asked for and nothing is under way. True when
    /// it is gone; when the store fails, the room stays.
    async fn removed(&mut self) -> bool {
        if !self.is_idle() {
            return false;
        }
        let Some(reply) = self.removing.take() else { return false };
        let removed = self.stores.rooms.remove(&self.room.room_id).await;
        let gone = removed.is_ok();
        if gone {
            let (stores, objects, now) = (self.stores.clone(), self.objects.clone(), self.system.clock.now());
            tokio::spawn(async move {
                if let Err(error) = sweep_uploads(&stores, &*objects, now).await {
                    tracing::warn!(%error, "the objects of a removed room are left to the next sweep");
                }
            });
        }
        reply.send(removed.map(|_| Done {}).map_err(Refusal::from));
        gone
    }

    /// Asks whether the store answers again, when it did not a moment ago. The room goes on meanwhile: who
    /// asks for something is told as late as one call to the store may take, and no later.
    fn ask_whether_the_log_answers(&mut self) {
        if self.is_asking || self.behind_since.is_none_or(|since| since.elapsed() < RETRY) {
            return;
        }
        (self.is_asking, self.behind_since) = (true, None);
        let (logs, room_id) = (self.stores.logs.clone(), self.room.room_id.clone());
        let asking = async move { logs.last_seq(&room_id, LogName::Room).await };
        self.jobs.begin(asking, |live, answer: Stored<Seq>| {
            live.is_asking = false;
            match answer {
                Ok(_) => live.log_answers = true,
                Err(error) => live.fell_behind(&error),
            }
        });
    }

    /// Reads what the logs hold beyond what was delivered, when there is reason to think so.
    async fn catch_up_if_the_log_answers(&mut self) {
        if std::mem::take(&mut self.log_answers) {
            self.catch_up_room(None).await;
            self.catch_up_board(None).await;
            // What was stored without an answer was not told.
            self.coordination.notify_workers(&self.room.room_id, self.chat.seq);
            for (log, last) in [(LogName::Room, self.chat.seq), (LogName::Board, self.board.seq)] {
                self.coordination.notify(&self.room.room_id, Notification::Appended { log, last, entries: vec![] });
            }
        }
    }

    /// Notes that the logs may be ahead of what was delivered.
    pub(super) fn fell_behind(&mut self, error: &StoreError) {
        tracing::warn!(room = %self.room.room_id, %error, "the log did not answer; reading it again shortly");
        self.behind_since.get_or_insert_with(Instant::now);
    }
}
