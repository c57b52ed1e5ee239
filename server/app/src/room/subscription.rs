//! Notifications of other instances are received, and what was missed is read from the logs.

use super::{
    BOARD_PAGE, Coordination,
    live::LiveRoom,
    notifications::{self, Envelope, Notification},
};
use crate::telemetry;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use studyrooms_domain::{
    Refusal,
    log::{Entry, LogName},
    presence::Positions,
    pubsub::Received,
    rooms::Room,
    store::Stored,
};
use studyrooms_protocol::{
    Seq,
    ids::{RoomId, RoomRef, UserId},
};
use tokio::{sync::mpsc, time::Instant};

/// How often the logs are looked at while the directory does not answer: this long a lost notification may go
/// unnoticed then. Else the directory tells within seconds how far others are.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// How often they are looked at all the same.
const LOOK_ANYWAY: Duration = Duration::from_secs(30);
/// How long to wait for the notification of what others are known to have delivered.
const NOTIFIED_WITHIN: Duration = Duration::from_millis(300);
/// Entries read in one heartbeat; what is beyond is caught up with at once.
const PAGE: usize = 500;

/// Notifications that wait; when more come, the logs and the directory are read instead.
const WAITING: usize = 1024;

/// What other instances tell, in the order it is received.
pub(super) struct Subscription {
    received: mpsc::Receiver<Received>,
    /// More came than was taken.
    missed: Arc<AtomicBool>,
}

impl Subscription {
    /// Subscribes to the room's channel: what is told from now on is received, or is known to be missed.
    pub(super) async fn of(coordination: &Coordination, room_id: &RoomId) -> Self {
        let (sender, received) = mpsc::channel(WAITING);
        let missed = Arc::new(AtomicBool::new(false));
        if coordination.pubsub.is_shared() {
            let flag = missed.clone();
            let subscriber = move |message| {
                if matches!(sender.try_send(message), Err(mpsc::error::TrySendError::Full(_))) {
                    flag.store(true, Ordering::Relaxed);
                }
            };
            if let Err(error) =
                coordination.pubsub.subscribe(&notifications::channel(room_id), Arc::new(subscriber)).await
            {
                tracing::warn!(room = %room_id, %error, "other instances are not heard yet");
            }
        }
        Self { received, missed }
    }

    /// The next of what is received, `limit` at most; waits for ever where there is none.
    pub(super) async fn next(&mut self, limit: usize) -> Vec<Received> {
        let mut received = Vec::new();
        if self.received.recv_many(&mut received, limit).await == 0 {
            std::future::pending::<()>().await;
        }
        received
    }

    /// Whether more came than was taken, since this was asked last.
    pub(super) fn has_missed(&self) -> bool {
        self.missed.swap(false, Ordering::Relaxed)
    }
}

/// What a heartbeat reads.
pub(super) struct Polled {
    room: Option<Room>,
    said: Vec<Entry>,
    drawn: Vec<Entry>,
}

impl LiveRoom {
    pub(super) async fn receive(&mut self, received: Received) {
        let message = match received {
            Received::Message(message) => message,
            Received::Gap => return self.read_what_was_missed().await,
        };
        match serde_json::from_slice::<Envelope>(&message) {
            Ok(Envelope { from, .. }) if from == self.coordination.instance => {}
            Ok(Envelope { from, notification: Notification::Listed { version, before, put, gone } }) => {
                self.receive_listed(&from, (before, version), put, gone);
            }
            Ok(Envelope { notification, .. }) => self.take_notification(notification).await,
            // An instance of another release: the heartbeat will show what it meant.
            Err(error) => tracing::warn!(room = %self.room.room_id, %error, "a notification could not be read"),
        }
    }

    async fn take_notification(&mut self, notification: Notification) {
        match notification {
            Notification::Appended { log, last, entries } => {
                for entry in entries {
                    self.take_entry(log, &entry).await;
                }
                self.catch_up_with(log, last).await;
            }
            Notification::Read { user_id, seq } => {
                self.has_read(user_id, seq);
            }
            Notification::Removed { by } => self.close_for_good(&by),
            Notification::Listed { .. } => {}
        }
    }

    /// Delivers an entry that another instance appended, after all that came before it.
    async fn take_entry(&mut self, log: LogName, entry: &Entry) {
        self.catch_up_with(log, entry.seq.saturating_sub(1)).await;
        match log {
            LogName::Room if entry.seq == self.chat.seq + 1 => self.show_in_room(entry).await,
            LogName::Board if entry.seq == self.board.seq + 1 => self.show_drawn(entry),
            _ => {}
        }
    }

    /// Reads the log up to `target`, when it was not all delivered.
    async fn catch_up_with(&mut self, log: LogName, target: Seq) {
        let before = self.delivered_of(log);
        if before >= target {
            return;
        }
        match log {
            LogName::Room => self.catch_up_room(Some(target)).await,
            LogName::Board => self.catch_up_board(Some(target)).await,
        }
        telemetry::gap_healed(log, self.delivered_of(log) - before);
    }

    /// How far the logs have been delivered here.
    pub(super) const fn delivered(&self) -> Positions {
        Positions { room: self.chat.seq, board: self.board.seq }
    }

    /// Another instance has delivered up to there: its notification should come, else the logs are read.
    pub(super) fn seek(&mut self, newest: Positions) {
        let here = self.delivered();
        let is_newer = newest != self.sought_last && (newest.room > here.room || newest.board > here.board);
        if is_newer && self.sought.is_none() {
            self.sought = Some((newest, Instant::now()));
        }
    }

    /// When it has been waited long enough for what is sought.
    pub(super) fn seek_deadline(&self) -> Option<Instant> {
        self.sought.map(|(_, since)| since + NOTIFIED_WITHIN)
    }

    /// Reads what was sought and has not come.
    pub(super) async fn find_when_due(&mut self) {
        if self.seek_deadline().is_none_or(|due| due > Instant::now()) {
            return;
        }
        if let Some((newest, _)) = self.sought.take() {
            self.sought_last = newest;
            self.catch_up_with(LogName::Room, newest.room).await;
            self.catch_up_with(LogName::Board, newest.board).await;
        }
    }

    const fn delivered_of(&self, log: LogName) -> Seq {
        match log {
            LogName::Room => self.chat.seq,
            LogName::Board => self.board.seq,
        }
    }

    async fn read_what_was_missed(&mut self) {
        self.listed.fell_behind();
        let before = (self.chat.seq, self.board.seq);
        self.catch_up_room(None).await;
        self.catch_up_board(None).await;
        telemetry::gap_healed(LogName::Room, self.chat.seq - before.0);
        telemetry::gap_healed(LogName::Board, self.board.seq - before.1);
    }

    /// When to look at the logs next, where there are others.
    pub(super) fn look_deadline(&self) -> Option<Instant> {
        let every = if self.listed.is_pausing() { HEARTBEAT } else { LOOK_ANYWAY };
        self.coordination.pubsub.is_shared().then(|| self.looked_at + every)
    }

    /// Looks at the logs when that is due.
    pub(super) fn look_when_due(&mut self) {
        if self.look_deadline().is_none_or(|due| due > Instant::now()) {
            return;
        }
        self.looked_at = Instant::now();
        let (stores, room_id) = (self.stores.clone(), self.room.room_id.clone());
        let (said, drawn) = (self.chat.seq, self.board.seq);
        let looking = async move {
            let said = stores.logs.after(&room_id, LogName::Room, said, PAGE).await?;
            let drawn = stores.logs.after(&room_id, LogName::Board, drawn, BOARD_PAGE).await?;
            let room = stores.rooms.lookup(&RoomRef(room_id.0.clone())).await?;
            Ok(Polled { room, said, drawn })
        };
        self.jobs.begin(looking, |live, polled: Stored<Polled>| match polled {
            Ok(polled) => live.polled.push(polled),
            Err(error) => live.fell_behind(&error),
        });
    }

    /// Takes in what the heartbeats read.
    pub(super) async fn take_polled(&mut self) {
        for Polled { room, said, drawn } in std::mem::take(&mut self.polled) {
            let mut healed = (0, 0);
            for entry in said {
                // What this instance is writing itself was not missed, it is only early.
                if entry.seq > self.chat.seq && !self.room_log.is_writing() {
                    self.take_entry(LogName::Room, &entry).await;
                    healed.0 += 1;
                }
            }
            for entry in drawn {
                if entry.seq > self.board.seq && !self.board_log.is_writing() {
                    self.take_entry(LogName::Board, &entry).await;
                    healed.1 += 1;
                }
            }
            telemetry::gap_healed(LogName::Room, healed.0);
            telemetry::gap_healed(LogName::Board, healed.1);
            if room.is_none() {
                let owner = self.room.owner_id.clone();
                self.close_for_good(&owner);
            }
        }
    }

    /// The room is gone: nobody acts in it any more.
    fn close_for_good(&mut self, by: &UserId) {
        if self.removing.is_none() {
            self.send_everyone_out(by);
            self.is_gone = true;
        }
    }

    /// Why nothing can be done in this room any more.
    pub(super) fn refused(&self) -> Option<Refusal> {
        (self.removing.is_some() || self.is_gone).then(Refusal::no_room)
    }
}
