//! Where each log was last known to end. Only a hint: it spares a read before each append, and a
//! clash corrects it.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use studyrooms_domain::{append_lease::LogEnd, log::LogName};
use studyrooms_protocol::{
    Seq,
    ids::{MessageId, RoomId},
};

/// A hint that is too low clashes; one that is too high would leave a hole. It can only be so when
/// another instance removed the room and it was filled anew meanwhile, so hints are short-lived, also those
/// that came with a lease.
const TRUSTED: Duration = Duration::from_secs(25);
/// Appends in a row without a look at what others do.
const UNREAD: u32 = 8;
/// So long after meeting others each append waits for a lease, and looks when none is granted.
const ALONE: Duration = Duration::from_secs(2);
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
                let trusted = self.unread == 0 || !self.has_others() && self.unread < UNREAD;
                if trusted { Hint::Trusted(seq) } else { Hint::Look(seq) }
            }
            _ => Hint::None,
        }
    }

    /// Whether others append to this log as well, as far as was noticed lately.
    pub(super) fn has_others(&self) -> bool {
        self.others.is_some_and(|at| at.elapsed() <= ALONE)
    }

    /// What the holder before left with the lease. A majority has that too.
    pub(super) fn given(&mut self, end: LogEnd) {
        if self.known.is_some_and(|(seq, _)| seq > end.seq) {
            return;
        }
        if end.is_settled {
            self.unsettled.clear();
            self.seen = true;
        } else if self.known.is_none_or(|(seq, _)| seq < end.seq) {
            self.skipped();
        }
        self.read(end.seq);
    }

    /// What to leave with the lease.
    pub(super) fn end(&self) -> Option<LogEnd> {
        let (seq, _) = self.known?;
        Some(LogEnd { seq, is_settled: self.seen && self.unsettled.is_empty() })
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

    fn end(seq: Seq, is_settled: bool) -> LogEnd {
        LogEnd { seq, is_settled }
    }

    #[test]
    fn what_comes_with_a_turn_spares_the_look() {
        let mut tail = Tail::default();
        tail.met_others();
        tail.appended(3);
        assert!(matches!(tail.hint(), Hint::Look(3)));
        tail.given(end(7, true));
        assert!(matches!(tail.hint(), Hint::Trusted(7)) && tail.has_seen_all());
        assert_eq!(tail.end(), Some(end(7, true)));
    }

    #[test]
    fn entries_that_another_may_not_have_settled_are_looked_for() {
        let mut tail = Tail::default();
        tail.seen(BTreeSet::new());
        tail.read(3);
        tail.given(end(7, false));
        assert!(!tail.has_seen_all() && tail.end() == Some(end(7, false)));
    }

    #[test]
    fn what_was_left_long_ago_takes_nothing_back() {
        let mut tail = Tail::default();
        tail.seen(BTreeSet::from(["m".into()]));
        tail.read(9);
        tail.given(end(7, true));
        assert!(matches!(tail.hint(), Hint::Trusted(9)) && tail.unsettled.len() == 1);
    }

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
