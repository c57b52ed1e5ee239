//! The study timer: server deadlines, never ticks (SPEC 8). Its state is the fold of the
//! `timer` entries of the room log, so that every instance has the same, also after a restart.

use crate::{Refusal, log::TimerAction};
use studyrooms_protocol::{
    Timestamp,
    error::ErrorCode,
    ids::{EventId, UserId},
    timer::{TimerLengths, TimerPhase, TimerSettings, TimerState},
};

const MINUTE_MS: u64 = 60_000;
const FOCUS_MIN: std::ops::RangeInclusive<u32> = 1..=180;
const BREAK_MIN: std::ops::RangeInclusive<u32> = 1..=60;
const LONG_BREAK_MIN: std::ops::RangeInclusive<u32> = 1..=120;
const CYCLES: std::ops::RangeInclusive<u32> = 1..=12;

/// The lengths that were asked for, laid over the usual ones.
///
/// # Errors
/// `bad_request` that names the field.
pub fn settings(lengths: TimerLengths) -> Result<TimerSettings, Refusal> {
    let usual = TimerSettings::default();
    Ok(TimerSettings {
        focus_min: within("focusMin", lengths.focus_min, usual.focus_min, &FOCUS_MIN)?,
        break_min: within("breakMin", lengths.break_min, usual.break_min, &BREAK_MIN)?,
        long_break_min: within("longBreakMin", lengths.long_break_min, usual.long_break_min, &LONG_BREAK_MIN)?,
        cycles: within("cycles", lengths.cycles, usual.cycles, &CYCLES)?,
    })
}

/// Whether lengths are ones that [`settings`] gives: with others a phase may never end, or end at once for ever.
#[must_use]
pub fn is_in_range(settings: TimerSettings) -> bool {
    let TimerSettings { focus_min, break_min, long_break_min, cycles } = settings;
    FOCUS_MIN.contains(&focus_min)
        && BREAK_MIN.contains(&break_min)
        && LONG_BREAK_MIN.contains(&long_break_min)
        && CYCLES.contains(&cycles)
}

fn within(field: &str, asked: Option<u32>, usual: u32, range: &std::ops::RangeInclusive<u32>) -> Result<u32, Refusal> {
    let value = asked.unwrap_or(usual);
    if range.contains(&value) {
        return Ok(value);
    }
    Err(Refusal::field(field, format_args!("{} to {}", range.start(), range.end())))
}

/// When it happened that was noted at `noted`: a phase that is over ended at its deadline.
#[must_use]
pub const fn time_of(action: TimerAction, noted: Timestamp) -> Timestamp {
    if let TimerAction::Over { at } = action { at } else { noted }
}

/// Whether the action makes sense now.
///
/// # Errors
/// `conflict`.
pub fn check(state: &TimerState, action: TimerAction) -> Result<(), Refusal> {
    let conflict = |why: &str| Err(Refusal::new(ErrorCode::Conflict, why));
    let idle = state.phase == TimerPhase::Idle;
    match action {
        TimerAction::Start { .. } if !idle => conflict("the timer is on; stop it first"),
        TimerAction::Start { .. } => Ok(()),
        _ if idle => conflict("the timer is off"),
        TimerAction::Pause if !state.running => conflict("the timer is paused already"),
        TimerAction::Resume if state.running => conflict("the timer is running already"),
        _ => Ok(()),
    }
}

/// Applies what was done at `at`. What makes no sense any more, because someone else was first,
/// changes nothing.
pub fn apply(state: &mut TimerState, by: &UserId, action: TimerAction, at: Timestamp) {
    match action {
        TimerAction::Start { settings } if state.phase == TimerPhase::Idle => {
            *state = TimerState { settings, started_by: Some(by.clone()), cycle: 1, ..TimerState::default() };
            begin(state, TimerPhase::Focus, at);
        }
        TimerAction::Pause => {
            if let Some(ends_at) = state.ends_at.take() {
                state.running = false;
                state.remaining_ms = Some(ends_at.saturating_sub(at));
            }
        }
        TimerAction::Resume => {
            if let Some(remaining) = state.remaining_ms.take() {
                state.running = true;
                state.ends_at = Some(at.saturating_add(remaining));
            }
        }
        TimerAction::Skip => advance(state, at),
        TimerAction::Stop => stop(state),
        TimerAction::Over { at: due } if state.ends_at == Some(due) => advance(state, due),
        TimerAction::Start { .. } | TimerAction::Over { .. } => {}
    }
}

fn begin(state: &mut TimerState, phase: TimerPhase, at: Timestamp) {
    let minutes = match phase {
        TimerPhase::Focus => state.settings.focus_min,
        TimerPhase::Break => state.settings.break_min,
        TimerPhase::LongBreak => state.settings.long_break_min,
        TimerPhase::Idle => return stop(state),
    };
    state.phase = phase;
    state.running = true;
    state.remaining_ms = None;
    state.ends_at = Some(at.saturating_add(u64::from(minutes) * MINUTE_MS));
}

fn advance(state: &mut TimerState, at: Timestamp) {
    match state.phase {
        TimerPhase::Focus if state.cycle < state.settings.cycles => begin(state, TimerPhase::Break, at),
        TimerPhase::Focus => begin(state, TimerPhase::LongBreak, at),
        TimerPhase::Break => {
            state.cycle += 1;
            begin(state, TimerPhase::Focus, at);
        }
        TimerPhase::LongBreak | TimerPhase::Idle => stop(state),
    }
}

fn stop(state: &mut TimerState) {
    *state = TimerState { settings: state.settings, ..TimerState::default() };
}

/// Event ids that begin so are the server's own: one that a client took would keep a phase from ending.
pub const OVER_EVENT: &str = "timer-over-";

/// The phase that is over at `now`: what is to be appended, by whom and under which event. Every
/// instance makes the same of it, so that the log takes it once.
#[must_use]
pub fn due(state: &TimerState, now: Timestamp) -> Option<(UserId, EventId, TimerAction)> {
    let ends_at = state.ends_at.filter(|ends_at| *ends_at <= now)?;
    let by = state.started_by.clone()?;
    Some((by, EventId(format!("{OVER_EVENT}{ends_at}")), TimerAction::Over { at: ends_at }))
}

/// Whether people are at work, by the clock.
#[must_use]
pub fn is_focus(state: &TimerState) -> bool {
    state.running && state.phase == TimerPhase::Focus
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const T: u64 = 1_700_000_000_000;

    fn lengths(focus: u32, rest: u32, long: u32, cycles: u32) -> TimerSettings {
        TimerSettings { focus_min: focus, break_min: rest, long_break_min: long, cycles }
    }

    fn started(settings: TimerSettings) -> TimerState {
        let mut state = TimerState::default();
        apply(&mut state, &"ann".into(), TimerAction::Start { settings }, T);
        state
    }

    /// Lets every phase that is over at `now` end, as a server that comes back does.
    fn run_until(state: &mut TimerState, now: Timestamp) -> Vec<(TimerPhase, u32)> {
        let mut phases = vec![];
        while let Some((by, _, action)) = due(state, now) {
            apply(state, &by, action, now);
            phases.push((state.phase, state.cycle));
        }
        phases
    }

    #[test]
    fn work_and_rest_alternate_and_a_long_rest_ends_it() {
        let mut state = started(lengths(25, 5, 15, 2));
        assert_eq!((state.phase, state.cycle, state.ends_at), (TimerPhase::Focus, 1, Some(T + 25 * MINUTE_MS)));
        let phases = run_until(&mut state, T + 70 * MINUTE_MS);
        let expected =
            [(TimerPhase::Break, 1), (TimerPhase::Focus, 2), (TimerPhase::LongBreak, 2), (TimerPhase::Idle, 0)];
        assert_eq!(phases, expected);
        assert_eq!(state.settings, lengths(25, 5, 15, 2), "the lengths stay for the next time");
    }

    // SPEC 8.1
    #[test]
    fn a_phase_begins_where_the_last_one_ended_however_late_that_is_noticed() {
        let mut state = started(lengths(25, 5, 15, 4));
        run_until(&mut state, T + 29 * MINUTE_MS);
        assert_eq!((state.phase, state.ends_at), (TimerPhase::Break, Some(T + 30 * MINUTE_MS)));
    }

    #[test]
    fn a_pause_keeps_what_is_left() {
        let mut state = started(lengths(25, 5, 15, 4));
        apply(&mut state, &"ben".into(), TimerAction::Pause, T + 10 * MINUTE_MS);
        assert_eq!((state.running, state.ends_at, state.remaining_ms), (false, None, Some(15 * MINUTE_MS)));
        assert!(due(&state, u64::MAX).is_none(), "a paused phase does not end");
        apply(&mut state, &"ben".into(), TimerAction::Resume, T + 60 * MINUTE_MS);
        assert_eq!((state.running, state.ends_at), (true, Some(T + 75 * MINUTE_MS)));
    }

    // SPEC 8.2
    #[test]
    fn the_end_of_a_phase_counts_once() {
        let mut state = started(lengths(25, 5, 15, 4));
        let (by, event, over) = due(&state, T + 25 * MINUTE_MS).unwrap();
        assert_eq!(due(&state, T + 26 * MINUTE_MS).unwrap().1, event, "another instance makes the same event");
        apply(&mut state, &by, over, T + 25 * MINUTE_MS);
        let once = state.clone();
        apply(&mut state, &by, over, T + 26 * MINUTE_MS);
        assert_eq!(state, once);
    }

    #[test]
    fn what_makes_no_sense_is_a_conflict_and_changes_nothing() {
        let idle = TimerState::default();
        let running = started(lengths(25, 5, 15, 4));
        let start = TimerAction::Start { settings: lengths(1, 1, 1, 1) };
        for (state, action) in [
            (&idle, TimerAction::Pause),
            (&idle, TimerAction::Resume),
            (&idle, TimerAction::Skip),
            (&idle, TimerAction::Stop),
            (&running, start),
            (&running, TimerAction::Resume),
        ] {
            assert_eq!(check(state, action).unwrap_err().code, ErrorCode::Conflict);
            let mut after = state.clone();
            apply(&mut after, &"ben".into(), action, T + 1);
            if action != TimerAction::Skip && action != TimerAction::Stop {
                assert_eq!(&after, state, "{action:?}");
            }
        }
    }

    #[test]
    fn lengths_out_of_range_are_named() {
        let wrong = TimerLengths { cycles: Some(13), ..TimerLengths::default() };
        assert_eq!(settings(wrong).unwrap_err().message, "cycles: 1 to 12");
        assert_eq!(settings(TimerLengths::default()).unwrap(), TimerSettings::default());
    }

    proptest! {
        #[test]
        fn any_actions_leave_a_timer_that_is_idle_paused_or_running_with_a_deadline(
            acts in prop::collection::vec((0..6u8, 0..5_000_000u64), 0..60)
        ) {
            let mut state = TimerState::default();
            let mut now = T;
            for (act, later) in acts {
                now += later;
                let action = match act {
                    0 => TimerAction::Start { settings: lengths(2, 1, 3, 2) },
                    1 => TimerAction::Pause,
                    2 => TimerAction::Resume,
                    3 => TimerAction::Skip,
                    4 => TimerAction::Stop,
                    _ => due(&state, now).map_or(TimerAction::Over { at: now }, |(_, _, over)| over),
                };
                apply(&mut state, &"ann".into(), action, now);
                let idle = state.phase == TimerPhase::Idle;
                prop_assert_eq!(state.running, state.ends_at.is_some());
                prop_assert_eq!(!idle && !state.running, state.remaining_ms.is_some());
                prop_assert_eq!(idle, state.cycle == 0);
                prop_assert!(state.cycle <= 2);
            }
        }
    }
}
