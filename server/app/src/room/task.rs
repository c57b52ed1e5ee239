//! The task of one live room.

use super::{
    Command, HotRooms,
    append::{AppendQueue, Batch},
    board::LiveBoard,
    chat::ChatWindow,
    participants::Participants,
};
use crate::{
    app::{Outside, Stores},
    ice::IceConfig,
};
use std::time::Duration;
use studyrooms_domain::{Refusal, log::LogName, rooms::Room, store::StoreError};
use studyrooms_protocol::ids::{RoomId, RoomRef};
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

/// A room in memory.
pub(super) struct Task {
    pub(super) room: Room,
    pub(super) stores: Stores,
    pub(super) outside: Outside,
    pub(super) ice: IceConfig,
    pub(super) participants: Participants,
    pub(super) chat: ChatWindow,
    pub(super) board: LiveBoard,
    pub(super) room_log: AppendQueue,
    pub(super) board_log: AppendQueue,
    /// Someone came or went, and not all have been told who is online.
    pub(super) presence_changed: bool,
    /// The logs may hold entries that were not delivered: read them then.
    pub(super) behind_since: Option<Instant>,
    empty_since: Instant,
    draining: Vec<oneshot::Sender<()>>,
}

enum Event {
    /// Requests that have come; none when no more will.
    Commands(Vec<Command>),
    RoomLog(Batch),
    BoardLog(Batch),
    Deadline,
}

/// Runs the room until it has been empty for a while.
pub(super) async fn run(rooms: HotRooms, id: u64, room_id: RoomId, mut commands: mpsc::Receiver<Command>) {
    match load(&rooms, &room_id).await {
        Ok(mut task) => task.work(&mut commands).await,
        Err(refusal) => {
            tracing::warn!(room = %room_id, %refusal, "a room could not be opened");
            rooms.forget(&room_id, id);
            commands.close();
            while let Some(command) = commands.recv().await {
                command.refuse(refusal.clone());
            }
            return;
        }
    }
    rooms.forget(&room_id, id);
    commands.close();
    // Who asked between the last look and the closing is served by a task of its own.
    while let Some(command) = commands.recv().await {
        match command {
            Command::Drain(done) => drop(done),
            command => rooms.send(&room_id, command).await,
        }
    }
}

async fn load(rooms: &HotRooms, room_id: &RoomId) -> Result<Task, Refusal> {
    let (stores, outside, ice) = rooms.parts();
    let reference = RoomRef(room_id.0.clone());
    let room = stores.rooms.lookup(&reference).await?.ok_or_else(Refusal::no_room)?;
    let chat = ChatWindow::load(&stores.logs, room_id).await?;
    let board = LiveBoard::load(&stores.logs, &stores.snapshots, room_id).await?;
    let queue = |log| AppendQueue::new(stores.logs.clone(), room_id.clone(), log);
    Ok(Task {
        room_log: queue(LogName::Room),
        board_log: queue(LogName::Board),
        room,
        stores,
        outside,
        ice,
        participants: Participants::default(),
        chat,
        board,
        presence_changed: false,
        behind_since: None,
        empty_since: Instant::now(),
        draining: vec![],
    })
}

impl Task {
    async fn work(&mut self, commands: &mut mpsc::Receiver<Command>) {
        loop {
            match self.next(commands).await {
                Event::Commands(commands) if commands.is_empty() => break,
                Event::Commands(commands) => commands.into_iter().for_each(|command| self.carry_out(command)),
                // What waits is written while what was written goes out.
                Event::RoomLog(batch) => {
                    self.room_log.start();
                    self.room_stored(batch).await;
                }
                Event::BoardLog(batch) => {
                    self.board_log.start();
                    self.board_stored(batch).await;
                }
                Event::Deadline => {
                    self.expire_lost();
                    self.expire_typing();
                    self.catch_up_when_due().await;
                }
            }
            self.room_log.start();
            self.board_log.start();
            if self.presence_changed && commands.is_empty() {
                self.tell_presence();
            }
            self.store_snapshot(false).await;
            if self.is_over(commands) {
                break;
            }
        }
        self.store_snapshot(true).await;
        // Dropping the senders tells those who wait for the end.
        self.draining.clear();
    }

    async fn next(&mut self, commands: &mut mpsc::Receiver<Command>) -> Event {
        let deadline = self.deadline();
        let mut taken = Vec::new();
        // What is stored goes out before new requests come in, so that a flood of them cannot
        // hold up the acks.
        tokio::select! {
            biased;
            batch = self.room_log.finished() => Event::RoomLog(batch),
            batch = self.board_log.finished() => Event::BoardLog(batch),
            _ = commands.recv_many(&mut taken, TOGETHER) => Event::Commands(taken),
            () = sleep_until(deadline) => Event::Deadline,
        }
    }

    fn deadline(&self) -> Instant {
        let retry = self.behind_since.map(|since| since + RETRY);
        let empty = self.participants.is_empty().then(|| self.empty_since + IDLE);
        let far = Instant::now() + Duration::from_secs(3600);
        self.presence_deadline().into_iter().chain(retry).chain(empty).min().unwrap_or(far)
    }

    fn is_over(&mut self, commands: &mpsc::Receiver<Command>) -> bool {
        let idle = self.room_log.is_idle() && self.board_log.is_idle();
        if !self.draining.is_empty() {
            return idle;
        }
        if !self.participants.is_empty() {
            self.empty_since = Instant::now();
        }
        idle && commands.is_empty() && self.empty_since.elapsed() >= IDLE
    }

    fn carry_out(&mut self, command: Command) {
        match command {
            Command::Join(entering, reply) => self.join(*entering, reply),
            Command::Sync(socket_id, sync, reply) => self.sync(&socket_id, &sync, reply),
            Command::Leave(socket_id, reply) => reply.send(self.leave(&socket_id)),
            Command::Lost(socket_id, connection) => self.participants.lose(&socket_id, connection),
            Command::Post(speaker, post, reply) => self.post(speaker, post, reply),
            Command::Typing(socket_id, is_typing, reply) => reply.send(self.set_typing(&socket_id, is_typing)),
            Command::Draw(socket_id, draw, reply) => self.draw(&socket_id, draw, reply),
            Command::Cursor(socket_id, cursor, reply) => reply.send(self.move_cursor(&socket_id, cursor)),
            Command::Media(socket_id, media, reply) => reply.send(self.set_media(&socket_id, media)),
            Command::Signal(signal, reply) => reply.send(self.signal(&signal)),
            Command::Drain(done) => self.draining.push(done),
        }
    }

    /// Reads what the logs hold beyond what was delivered, when there is reason to think so.
    async fn catch_up_when_due(&mut self) {
        if self.behind_since.is_some_and(|since| since.elapsed() >= RETRY) {
            self.behind_since = None;
            self.catch_up_room(None).await;
            self.catch_up_board(None).await;
        }
    }

    async fn store_snapshot(&mut self, at_end: bool) {
        let Some(snapshot) = self.board.due_snapshot(at_end) else { return };
        let (room_id, now) = (self.room.room_id.clone(), self.outside.clock.now());
        let snapshots = self.stores.snapshots.clone();
        let storing = async move {
            if let Err(error) = snapshots.put(&room_id, snapshot, now).await {
                // Nothing is lost: the log holds it all, and the next one comes.
                tracing::warn!(room = %room_id, %error, "a board snapshot was not stored");
            }
        };
        if at_end { storing.await } else { drop(tokio::spawn(storing)) }
    }

    /// Notes that the logs may be ahead of what was delivered.
    pub(super) fn fell_behind(&mut self, error: &StoreError) {
        tracing::warn!(room = %self.room.room_id, %error, "the log did not answer; reading it again shortly");
        self.behind_since.get_or_insert_with(Instant::now);
    }
}
