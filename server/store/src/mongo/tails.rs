//! Where each log was last known to end. Only a hint: it spares a read before each append, and a
//! clash corrects it.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use studyrooms_domain::log::LogName;
use studyrooms_protocol::{
    Seq,
    ids::{MessageId, RoomId},
};

/// A hint that is too low clashes; one that is too high would leave a hole. It can only be so when
/// another instance removed the room and it was filled anew meanwhile, so hints are short-lived.
const TRUSTED: Duration = Duration::from_secs(30);
/// Appends in a row without a look at what others do.
const UNREAD: u32 = 8;
/// So long after meeting others each append looks.
const ALONE: Duration = Duration::from_secs(1);
/// Logs remembered before the idle ones are let go.
const REMEMBERED: usize = 4096;

type Logs = HashMap<(RoomId, LogName), Arc<tokio::sync::Mutex<Tail>>>;

/// The end of one log. Whoever appends holds it: appends of one process do not clash.
#[derive(Default)]
pub(super) struct Tail {
    known: Option<(Seq, Instant)>,
    unread: u32,
    others: Option<Instant>,
    /// Messages with entries up to the known end that are not settled yet (`settle.rs`).
    pub(super) unsettled: BTreeSet<MessageId>,
    /// Whether all such messages are known.
    seen: bool,
}

/// What is known of a log's end.
pub(super) enum Hint {
    /// Go on from here.
    Trusted(Seq),
    /// Look whether anyone went on from here. A process that does not look wins every time against
    /// those that must, and starves them.
    Look(Seq),
    /// Nothing.
    None,
}

impl Tail {
    pub(super) fn hint(&self) -> Hint {
        match self.known {
            Some((seq, at)) if at.elapsed() < TRUSTED => {
                let alone = self.others.is_none_or(|at| at.elapsed() > ALONE);
                if self.unread == 0 || alone && self.unread < UNREAD { Hint::Trusted(seq) } else { Hint::Look(seq) }
            }
            _ => Hint::None,
        }
    }

    /// Notes what was read. A majority has it, so it is never taken back.
    pub(super) fn read(&mut self, seq: Seq) {
        (self.known, self.unread) = (Some((seq, Instant::now())), 0);
    }

    /// Notes what was appended and acknowledged. A majority has that too.
    pub(super) fn appended(&mut self, seq: Seq) {
        (self.known, self.unread) = (Some((seq, Instant::now())), self.unread + 1);
    }

    /// Someone else appends to this log as well.
    pub(super) fn met_others(&mut self) {
        self.others = Some(Instant::now());
    }

    /// The entries up to the known end were not all read here.
    pub(super) const fn skipped(&mut self) {
        self.seen = false;
    }

    /// These messages, and those known before, are all that are not settled.
    pub(super) fn seen(&mut self, unsettled: BTreeSet<MessageId>) {
        self.unsettled.extend(unsettled);
        self.seen = true;
    }

    pub(super) const fn has_seen_all(&self) -> bool {
        self.seen
    }

    /// The next append reads.
    pub(super) const fn forget(&mut self) {
        self.known = None;
    }

    fn is_idle(&self) -> bool {
        matches!(self.hint(), Hint::None)
    }
}

#[derive(Default)]
pub(super) struct Tails {
    logs: Mutex<Logs>,
}

impl Tails {
    pub(super) fn of(&self, room_id: &RoomId, log: LogName) -> Arc<tokio::sync::Mutex<Tail>> {
        let mut logs = self.lock();
        if logs.len() >= REMEMBERED {
            logs.retain(|_, tail| Arc::strong_count(tail) > 1 || tail.try_lock().is_ok_and(|tail| !tail.is_idle()));
        }
        logs.entry((room_id.clone(), log)).or_default().clone()
    }

    pub(super) fn forget(&self, room_id: &RoomId, log: LogName) {
        self.lock().remove(&(room_id.clone(), log));
    }

    fn lock(&self) -> MutexGuard<'_, Logs> {
        self.logs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn idle_logs_are_let_go_when_there_are_many() {
        let tails = Tails::default();
        let held = tails.of(&"held".into(), LogName::Room);
        for n in 0..REMEMBERED {
            tails.of(&n.to_string().into(), LogName::Room);
        }
        assert!(tails.lock().len() <= 2);
        assert!(Arc::ptr_eq(&held, &tails.of(&"held".into(), LogName::Room)));
    }
}
