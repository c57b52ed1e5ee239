//! The timer of a live room: its state, the deadline that ends a phase, and the ledger of who was
//! there while people worked (DESIGN 10).

use super::{Acting, Outgoing, Reply, TimerRequest, append::Origin, task::Task};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};
use studyrooms_domain::{
    Refusal,
    log::{Draft, Entry, EntryBody, Focus, FocusStretch, LogName, TimerAction},
    store::{Logs, Stored},
    timer,
};
use studyrooms_protocol::{
    Seq, Timestamp,
    events::server,
    ids::{RoomId, UserId},
    timer::{TimerAck, TimerChanged, TimerState},
};
use tokio::time::Instant;

/// Entries read at a time while loading, from the newest back.
const LOAD_PAGE: usize = 50;
/// A phase whose end was not stored is ended again after this.
const RETRY: Duration = Duration::from_secs(1);
/// Shorter stretches of focus are not worth an entry.
const SHORTEST_MS: u64 = 1000;

#[derive(Default)]
pub(super) struct LiveTimer {
    pub state: TimerState,
    /// Since when each person has been at work.
    at_work: HashMap<UserId, Timestamp>,
    /// When the end of a phase was last given to the log.
    ended_at: Option<Instant>,
}

impl LiveTimer {
    /// As it is at `seq` of the room log: the fold of all since the last start or stop.
    pub(super) async fn load(logs: &Arc<dyn Logs>, room_id: &RoomId, seq: Seq) -> Stored<Self> {
        let mut entries: VecDeque<Entry> = VecDeque::new();
        let mut before = Some(seq.saturating_add(1));
        loop {
            let page = logs.page_before(room_id, LogName::Room, &[EntryBody::TIMER], before, LOAD_PAGE).await?;
            before = page.first().map(|entry| entry.seq);
            let whole = page.len() < LOAD_PAGE;
            let from = page.iter().rposition(|entry| {
                matches!(entry.body, EntryBody::Timer(TimerAction::Start { .. } | TimerAction::Stop))
            });
            page.into_iter().skip(from.unwrap_or(0)).rev().for_each(|entry| entries.push_front(entry));
            if whole || from.is_some() {
                break;
            }
        }
        let mut live = Self::default();
        for entry in &entries {
            live.fold(entry);
        }
        Ok(live)
    }

    fn fold(&mut self, entry: &Entry) {
        if let EntryBody::Timer(action) = entry.body {
            timer::apply(&mut self.state, &entry.user_id, action, entry.timestamp);
        }
    }

    pub(super) fn is_running(&self) -> bool {
        self.state.running
    }

    /// Someone came.
    pub(super) fn arrived(&mut self, user_id: &UserId, now: Timestamp) {
        if timer::is_focus(&self.state) {
            self.at_work.entry(user_id.clone()).or_insert(now);
        }
    }

    /// The last socket of someone left: their part of the stretch.
    pub(super) fn departed(&mut self, user_id: &UserId, now: Timestamp) -> Option<FocusStretch> {
        let from = self.at_work.remove(user_id)?;
        stretch(now, [(user_id.clone(), from)])
    }

    /// Takes an entry; gives the stretch of focus that ends with it.
    fn apply(&mut self, entry: &Entry, present: impl Iterator<Item = UserId>) -> Option<FocusStretch> {
        let EntryBody::Timer(action) = entry.body else { return None };
        let was = (timer::is_focus(&self.state), self.state.cycle);
        self.fold(entry);
        self.ended_at = None;
        let at = if let TimerAction::Over { at } = action { at } else { entry.timestamp };
        let now = (timer::is_focus(&self.state), self.state.cycle);
        if was == now {
            return None;
        }
        let ended = stretch(at, self.at_work.drain());
        if now.0 {
            self.at_work.extend(present.map(|user_id| (user_id, at)));
        }
        ended
    }
}

fn stretch(to: Timestamp, people: impl IntoIterator<Item = (UserId, Timestamp)>) -> Option<FocusStretch> {
    let long_enough = |(_, from): &(UserId, Timestamp)| to.saturating_sub(*from) >= SHORTEST_MS;
    let people = people.into_iter().filter(long_enough).map(|(user_id, from)| Focus { user_id, from });
    let mut people: Vec<Focus> = people.collect();
    people.sort_by(|a, b| a.user_id.cmp(&b.user_id));
    (!people.is_empty()).then_some(FocusStretch { to, people })
}

impl Task {
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
                self.append(draft, reply, |_, task| Ok(TimerAck { state: task.timer.state.clone() }));
            }
        }
    }

    /// When the phase ends.
    pub(super) fn timer_deadline(&self) -> Option<Instant> {
        let ends_at = self.timer.state.ends_at?;
        let left = Duration::from_millis(ends_at.saturating_sub(self.outside.clock.now()));
        let retry = self.timer.ended_at.map(|asked| asked + RETRY);
        Some((Instant::now() + left).max(retry.unwrap_or_else(Instant::now)))
    }

    /// Gives the end of a phase that is over to the log, which takes it once, whoever else does.
    pub(super) fn end_phase_when_due(&mut self) {
        if self.timer.ended_at.is_some_and(|asked| asked.elapsed() < RETRY) {
            return;
        }
        let now = self.outside.clock.now();
        let Some((user_id, event_id, action)) = timer::due(&self.timer.state, now) else { return };
        self.timer.ended_at = Some(Instant::now());
        let room_id = self.room.room_id.clone();
        let on_stored = Box::new(move |stored: Result<&Entry, Refusal>, _: &Self| {
            if let Err(refusal) = stored {
                tracing::warn!(room = %room_id, %refusal, "the end of a phase was not stored; trying again");
            }
        });
        let draft = Draft { event_id, user_id, timestamp: now, body: EntryBody::Timer(action) };
        if self.room_log.push(draft, Origin { socket_id: None, on_stored }).is_err() {
            tracing::warn!(room = %self.room.room_id, "the room is too busy for the end of a phase; trying again");
        }
    }

    pub(super) fn show_timer(&mut self, entry: &Entry) {
        let present = self.participants.users_online().into_iter().map(|user| user.user_id);
        if let Some(stretch) = self.timer.apply(entry, present) {
            self.note(&entry.user_id, EntryBody::Focused(stretch));
        }
        let changed =
            TimerChanged { room_id: self.room.room_id.clone(), seq: entry.seq, state: self.timer.state.clone() };
        self.participants.tell_all(&Outgoing::new(server::TIMER_STATE, &changed));
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

    fn started(present: &[&str]) -> LiveTimer {
        let mut live = LiveTimer::default();
        let settings = TimerSettings { focus_min: 25, break_min: 5, long_break_min: 15, cycles: 2 };
        live.apply(&entry(TimerAction::Start { settings }, 0), present.iter().map(|id| (*id).into()));
        live
    }

    fn people(stretch: Option<FocusStretch>) -> Vec<(String, u64, u64)> {
        let stretch = stretch.unwrap();
        stretch.people.iter().map(|focus| (focus.user_id.to_string(), focus.from, stretch.to)).collect()
    }

    #[test]
    fn who_comes_late_and_who_leaves_early_has_worked_for_that_time() {
        let mut live = started(&["ann", "ben"]);
        live.arrived(&"cem".into(), 10 * MINUTE);
        assert_eq!(people(live.departed(&"ben".into(), 15 * MINUTE)), [("ben".into(), 0, 15 * MINUTE)]);
        let over = entry(TimerAction::Over { at: 25 * MINUTE }, 26 * MINUTE);
        let ended = live.apply(&over, std::iter::empty());
        assert_eq!(people(ended), [("ann".into(), 0, 25 * MINUTE), ("cem".into(), 10 * MINUTE, 25 * MINUTE)]);
        assert!(live.departed(&"ann".into(), 27 * MINUTE).is_none(), "a break is no work");
    }

    #[test]
    fn a_pause_ends_a_stretch_and_going_on_begins_the_next() {
        let mut live = started(&["ann"]);
        assert_eq!(people(live.apply(&entry(TimerAction::Pause, 5 * MINUTE), std::iter::empty())).len(), 1);
        let present = ["ann".into()].into_iter();
        assert!(live.apply(&entry(TimerAction::Resume, 9 * MINUTE), present).is_none());
        let ended = live.apply(&entry(TimerAction::Stop, 10 * MINUTE), std::iter::empty());
        assert_eq!(people(ended), [("ann".into(), 9 * MINUTE, 10 * MINUTE)]);
    }
}
