//! The timer of a live room: its state, the deadline that ends a phase, and the ledger of who was
//! there while people worked (SPEC 8).

use super::{Acting, Outgoing, Reply, TimerRequest, append::Origin, live::LiveRoom};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use studyrooms_domain::{
    Refusal,
    access::Action,
    log::{Draft, Entry, EntryBody, Focus, FocusStretch, TimerAction},
    room_fold::TimerFold,
    timer,
};
use studyrooms_protocol::{
    Timestamp,
    events::server,
    ids::{SocketId, UserId},
    timer::{TimerAck, TimerChanged, TimerState},
};
use tokio::time::Instant;

/// A phase whose end was not stored is ended again after this.
const RETRY: Duration = Duration::from_secs(1);
/// Shorter stretches of focus are not worth an entry.
const SHORTEST_MS: u64 = 1000;

#[derive(Default)]
pub(super) struct LiveTimer {
    pub state: TimerState,
    /// The people whose work is counted here: those whose first socket is connected here.
    at_work: HashMap<UserId, AtWork>,
    /// When the present stretch of focus began.
    began: Timestamp,
    /// When the end of a phase was last given to the log.
    ended_at: Option<Instant>,
    /// It waits there, or is being written.
    is_ending: Arc<AtomicBool>,
}

/// Someone at work.
#[derive(Clone, Debug, PartialEq, Eq)]
struct AtWork {
    /// Whose leaving ends it.
    socket_id: SocketId,
    since: Timestamp,
}

/// Someone whose first socket is connected here.
pub(super) struct Attending {
    pub user_id: UserId,
    pub socket_id: SocketId,
    /// Since when another instance, from which the socket came, had counted.
    pub since: Option<Timestamp>,
}

impl LiveTimer {
    pub(super) fn of_fold(fold: TimerFold) -> Self {
        Self { state: fold.state, began: fold.began, ..Self::default() }
    }

    pub(super) fn as_fold(&self) -> TimerFold {
        TimerFold { state: self.state.clone(), began: self.began }
    }

    pub(super) fn is_running(&self) -> bool {
        self.state.running
    }

    /// Counts those who are there by now. Gives since when each newcomer counts, and the part of the
    /// stretch of those who went; who `moved` to another instance is counted on there.
    pub(super) fn attend(
        &mut self,
        present: Vec<Attending>,
        moved: impl Fn(&SocketId) -> bool,
        now: Timestamp,
    ) -> (Vec<(SocketId, Timestamp)>, Option<FocusStretch>) {
        if !timer::is_focus(&self.state) {
            return (vec![], None);
        }
        let mut before = std::mem::take(&mut self.at_work);
        let mut begun = vec![];
        for Attending { user_id, socket_id, since } in present {
            let mut at_work = before.remove(&user_id).unwrap_or_else(|| {
                let since = since.filter(|since| *since >= self.began).unwrap_or(now);
                begun.push((socket_id.clone(), since));
                AtWork { socket_id: socket_id.clone(), since }
            });
            at_work.socket_id = socket_id;
            self.at_work.insert(user_id, at_work);
        }
        before.retain(|_, at_work| !moved(&at_work.socket_id));
        (begun, stretch(now, before.into_iter().map(|(user_id, at_work)| (user_id, at_work.since))))
    }

    /// The part of the present stretch of someone whose instance died, and who was counted there.
    pub(super) fn worked(&self, user_id: &UserId, since: Option<Timestamp>, now: Timestamp) -> Option<FocusStretch> {
        let since = since.filter(|since| timer::is_focus(&self.state) && *since >= self.began)?;
        stretch(now, [(user_id.clone(), since)])
    }

    /// Takes an entry; gives the stretch of focus that ends with it, and whether another one begins.
    fn apply(&mut self, entry: &Entry) -> Option<FocusStretch> {
        let EntryBody::Timer(action) = entry.body else { return None };
        let was = (timer::is_focus(&self.state), self.state.cycle);
        let mut fold = self.as_fold();
        fold.apply(entry);
        (self.state, self.began) = (fold.state, fold.began);
        self.ended_at = None;
        if was == (timer::is_focus(&self.state), self.state.cycle) {
            return None;
        }
        let ended = self.at_work.drain().map(|(user_id, at_work)| (user_id, at_work.since)).collect::<Vec<_>>();
        stretch(timer::time_of(action, entry.timestamp), ended)
    }
}

fn stretch(to: Timestamp, people: impl IntoIterator<Item = (UserId, Timestamp)>) -> Option<FocusStretch> {
    let long_enough = |(_, from): &(UserId, Timestamp)| to.saturating_sub(*from) >= SHORTEST_MS;
    let people = people.into_iter().filter(long_enough).map(|(user_id, from)| Focus { user_id, from });
    let mut people: Vec<Focus> = people.collect();
    people.sort_by(|a, b| a.user_id.cmp(&b.user_id));
    (!people.is_empty()).then_some(FocusStretch { to, people })
}

impl LiveRoom {
    pub(super) fn run_timer(&mut self, acting: Acting, request: TimerRequest, reply: Reply<TimerAck>) {
        let action = match request {
            TimerRequest::Start(lengths) => timer::settings(lengths).map(|settings| TimerAction::Start { settings }),
            TimerRequest::Pause => Ok(TimerAction::Pause),
            TimerRequest::Resume => Ok(TimerAction::Resume),
            TimerRequest::Skip => Ok(TimerAction::Skip),
            TimerRequest::Stop => Ok(TimerAction::Stop),
        };
        let checked = action.and_then(|action| timer::check(&self.timer.state, action).map(|()| action));
        match checked {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(action) => {
                let draft = self.draft(&acting.user_id, EntryBody::Timer(action));
                self.append(self.claim(&acting, Action::RunTimer), draft, reply, |_, live| {
                    Ok(TimerAck { state: live.timer.state.clone() })
                });
            }
        }
    }

    /// When the phase ends.
    pub(super) fn timer_deadline(&self) -> Option<Instant> {
        let ends_at = self.timer.state.ends_at?;
        let left = Duration::from_millis(ends_at.saturating_sub(self.system.clock.now()));
        let retry = self.timer.ended_at.map(|asked| asked + RETRY);
        Some((Instant::now() + left).max(retry.unwrap_or_else(Instant::now)))
    }

    /// Gives the end of a phase that is over to the log, which takes it once, whoever else does.
    pub(super) fn end_phase_when_due(&mut self) {
        if self.timer.ended_at.is_some_and(|asked| asked.elapsed() < RETRY) {
            return;
        }
        let now = self.system.clock.now();
        let Some((user_id, event_id, action)) = timer::due(&self.timer.state, now) else { return };
        self.timer.ended_at = Some(Instant::now());
        if self.timer.is_ending.swap(true, Ordering::Relaxed) {
            return;
        }
        let is_ending = self.timer.is_ending.clone();
        let room_id = self.room.room_id.clone();
        let on_stored = Box::new(move |stored: Result<&Entry, Refusal>, _: &mut Self| {
            is_ending.store(false, Ordering::Relaxed);
            if let Err(refusal) = stored {
                tracing::warn!(room = %room_id, %refusal, "the end of a phase was not stored; trying again");
            }
        });
        let draft = Draft { event_id, user_id, timestamp: now, body: EntryBody::Timer(action) };
        if self.room_log.push(draft, None, Origin { is_asked: false, socket_id: None, on_stored }).is_err() {
            self.timer.is_ending.store(false, Ordering::Relaxed);
            tracing::warn!(room = %self.room.room_id, "the room is too busy for the end of a phase; trying again");
        }
    }

    pub(super) fn show_timer(&mut self, entry: &Entry) {
        if let Some(stretch) = self.timer.apply(entry) {
            self.note(&entry.user_id, EntryBody::Focused(stretch));
        }
        self.attend_from(self.timer.began);
        let changed =
            TimerChanged { room_id: self.room.room_id.clone(), seq: entry.seq, state: self.timer.state.clone() };
        self.participants.tell_all(&Outgoing::new(server::TIMER_STATE, &changed));
    }

    /// Counts who is at work after someone came or went.
    pub(super) fn attend(&mut self) {
        self.attend_from(self.system.clock.now());
    }

    /// A person with several sockets is counted by the instance that has the first of them, so once.
    fn attend_from(&mut self, now: Timestamp) {
        if !timer::is_focus(&self.timer.state) {
            return;
        }
        let here = self.participants.people().into_iter().filter(|present| present.here().is_some());
        let attending = here.map(|present| Attending {
            user_id: present.participant.user_id.clone(),
            socket_id: present.participant.socket_id.clone(),
            since: present.at_work_since,
        });
        let (attending, participants) = (attending.collect(), &self.participants);
        let moved = |socket_id: &SocketId| participants.get(socket_id).is_some();
        let (begun, ended) = self.timer.attend(attending, moved, now);
        for (socket_id, since) in begun {
            if let Some(present) = self.participants.get_mut(&socket_id) {
                present.at_work_since = Some(since);
            }
            self.listed.change(&socket_id);
        }
        if let Some(stretch) = ended {
            let by = stretch.people.first().map(|focus| focus.user_id.clone());
            by.into_iter().for_each(|user_id| self.note(&user_id, EntryBody::Focused(stretch.clone())));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use studyrooms_protocol::timer::TimerSettings;

    const MINUTE: u64 = 60_000;

    fn entry(action: TimerAction, timestamp: Timestamp) -> Entry {
        let body = EntryBody::Timer(action);
        Entry { event_id: "e".into(), room_id: "r".into(), seq: 1, user_id: "ann".into(), timestamp, body }
    }

    fn attending(people: &[&str]) -> Vec<Attending> {
        let one = |id: &&str| Attending { user_id: (*id).into(), socket_id: (*id).into(), since: None };
        people.iter().map(one).collect()
    }

    fn attend(live: &mut LiveTimer, people: &[&str], now: Timestamp) -> Option<FocusStretch> {
        live.attend(attending(people), |_| false, now).1
    }

    fn started(present: &[&str]) -> LiveTimer {
        let mut live = LiveTimer::default();
        let settings = TimerSettings { focus_min: 25, break_min: 5, long_break_min: 15, cycles: 2 };
        live.apply(&entry(TimerAction::Start { settings }, 1));
        attend(&mut live, present, 1);
        live
    }

    fn people(stretch: Option<FocusStretch>) -> Vec<(String, u64, u64)> {
        let stretch = stretch.unwrap();
        stretch.people.iter().map(|focus| (focus.user_id.to_string(), focus.from, stretch.to)).collect()
    }

    #[test]
    fn who_comes_late_and_who_leaves_early_has_worked_for_that_time() {
        let mut live = started(&["ann", "ben"]);
        assert!(attend(&mut live, &["ann", "ben", "cem"], 10 * MINUTE).is_none());
        assert_eq!(people(attend(&mut live, &["ann", "cem"], 15 * MINUTE)), [("ben".into(), 1, 15 * MINUTE)]);
        let over = entry(TimerAction::Over { at: 25 * MINUTE + 1 }, 26 * MINUTE);
        let ended = live.apply(&over);
        assert_eq!(people(ended), [("ann".into(), 1, 25 * MINUTE + 1), ("cem".into(), 10 * MINUTE, 25 * MINUTE + 1)]);
        assert!(attend(&mut live, &["ann"], 27 * MINUTE).is_none(), "a break is no work");
    }

    #[test]
    fn a_pause_ends_a_stretch_and_going_on_begins_the_next() {
        let mut live = started(&["ann"]);
        assert_eq!(people(live.apply(&entry(TimerAction::Pause, 5 * MINUTE))).len(), 1);
        assert!(live.apply(&entry(TimerAction::Resume, 9 * MINUTE)).is_none());
        attend(&mut live, &["ann"], 9 * MINUTE);
        let ended = live.apply(&entry(TimerAction::Stop, 10 * MINUTE));
        assert_eq!(people(ended), [("ann".into(), 9 * MINUTE, 10 * MINUTE)]);
    }

    #[test]
    fn who_moves_to_another_instance_is_counted_on_there() {
        let (mut from, mut to) = (started(&["ann"]), started(&[]));
        let (_, ended) = from.attend(vec![], |socket_id| socket_id.as_str() == "ann", 5 * MINUTE);
        assert!(ended.is_none());
        let since = |since| vec![Attending { since: Some(since), ..attending(&["ann"]).remove(0) }];
        to.attend(since(1), |_| false, 5 * MINUTE);
        assert_eq!(people(attend(&mut to, &[], 6 * MINUTE)), [("ann".into(), 1, 6 * MINUTE)]);
        to.attend(since(0), |_| false, 7 * MINUTE);
        assert_eq!(
            people(attend(&mut to, &[], 8 * MINUTE)),
            [("ann".into(), 7 * MINUTE, 8 * MINUTE)],
            "of an earlier stretch"
        );
    }

    #[test]
    fn the_work_of_those_whose_instance_died_is_kept() {
        let live = started(&[]);
        assert_eq!(people(live.worked(&"ann".into(), Some(1), MINUTE)), [("ann".into(), 1, MINUTE)]);
        assert!(live.worked(&"ann".into(), Some(0), MINUTE).is_none(), "it was counted when that stretch ended");
        assert!(live.worked(&"ann".into(), None, MINUTE).is_none());
    }
}
