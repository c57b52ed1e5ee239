//! Appending in turns with other instances, where there are any in the same log.

use super::{Mongo, tails::Tail};
use std::sync::Arc;
use studyrooms_domain::{log::LogName, turns::Turns};
use studyrooms_protocol::ids::RoomId;
use tokio::sync::OwnedMutexGuard;

/// A log's end in the hands of who appends to it.
pub(super) struct Held {
    pub(super) tail: OwnedMutexGuard<Tail>,
    turn: Option<Passing>,
}

struct Passing {
    turns: Arc<dyn Turns>,
    room_id: RoomId,
    log: LogName,
}

impl Mongo {
    /// Takes the end of a log, and the turn when other instances were met there. One that does not come
    /// costs a look and maybe a clash.
    pub(super) async fn hold(&self, room_id: &RoomId, log: LogName) -> Held {
        let mut tail = self.tails.of(room_id, log).lock_owned().await;
        let Some(turns) = self.turns.clone().filter(|_| tail.has_others()) else { return Held { tail, turn: None } };
        let Some(turn) = turns.take(room_id, log).await else { return Held { tail, turn: None } };
        if turn.after_another {
            tail.met_others();
        }
        if let Some(end) = turn.end {
            tail.given(end);
        }
        Held { tail, turn: Some(Passing { turns, room_id: room_id.clone(), log }) }
    }
}

impl Held {
    /// Passes the turn on without keeping anyone waiting. Until that is done this process does not append, so
    /// that its next asking never overtakes it. A turn that is dropped instead ends by itself.
    pub(super) fn let_go(self) {
        let Self { tail, turn } = self;
        let Some(Passing { turns, room_id, log }) = turn else { return };
        tokio::spawn(async move {
            turns.pass(&room_id, log, tail.end()).await;
            drop(tail);
        });
    }
}
