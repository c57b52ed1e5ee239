//! What a room log comes to beside its messages: who is muted, what is pinned, tasks, files, the timer.
//! Kept at a place of the log, so that opening a room costs what it holds and not all that was ever
//! done in it.

use crate::{
    control::Mutes,
    files::SharedFiles,
    log::{Entry, EntryBody},
    store::Stored,
    tasks::Tasks,
    timer,
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use studyrooms_protocol::{
    Seq, Timestamp,
    ids::{MessageId, RoomId},
    timer::TimerState,
};

/// The fold of a room log up to a place in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoomFold {
    /// The place.
    pub seq: Seq,
    /// Who is muted.
    pub mutes: Mutes,
    /// Messages that are pinned, deleted ones among them.
    pub pinned: BTreeSet<MessageId>,
    /// The tasks.
    pub tasks: Tasks,
    /// The files.
    pub files: SharedFiles,
    /// The timer.
    pub timer: TimerFold,
}

/// The fold of what was done to the timer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimerFold {
    /// As it is.
    pub state: TimerState,
    /// When the present stretch of focus began.
    pub began: Timestamp,
}

impl TimerFold {
    /// Takes an entry.
    pub fn apply(&mut self, entry: &Entry) {
        let EntryBody::Timer(action) = entry.body else { return };
        let was = (timer::is_focus(&self.state), self.state.cycle);
        timer::apply(&mut self.state, &entry.user_id, action, entry.timestamp);
        if timer::is_focus(&self.state) && was != (true, self.state.cycle) {
            self.began = timer::time_of(action, entry.timestamp);
        }
    }
}

impl RoomFold {
    /// The types of the entries it is made of.
    pub const KINDS: &'static [&'static str] = &[
        EntryBody::MUTED,
        EntryBody::PINNED,
        EntryBody::TASK,
        EntryBody::SHARED,
        EntryBody::UNSHARED,
        EntryBody::TIMER,
    ];

    /// Takes the next entry of one of these types.
    pub fn apply(&mut self, entry: &Entry) {
        self.seq = entry.seq;
        match &entry.body {
            EntryBody::Muted { .. } => self.mutes.apply(entry),
            EntryBody::Pinned { message_id, on: true } => {
                self.pinned.insert(message_id.clone());
            }
            EntryBody::Pinned { message_id, on: false } => {
                self.pinned.remove(message_id);
            }
            EntryBody::Task(change) => {
                self.tasks.apply(change);
            }
            body @ (EntryBody::Shared(_) | EntryBody::Unshared { .. }) => {
                self.files.apply(entry.seq, body);
            }
            EntryBody::Timer(_) => self.timer.apply(entry),
            _ => {}
        }
    }
}

/// The newest fold of every room that is worth one.
#[async_trait]
pub trait RoomFolds: Send + Sync {
    /// Keeps a fold unless a newer one is there.
    async fn put_fold(&self, room_id: &RoomId, fold: RoomFold) -> Stored<()>;
    /// The newest; none too when an earlier program wrote it in another way.
    async fn latest_fold(&self, room_id: &RoomId) -> Stored<Option<RoomFold>>;
}
