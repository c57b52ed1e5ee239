//! The timer, the ledger and the tasks of a live room. Time is tokio's, and passes by itself.

use crate::scene::{START, Scene};
use std::time::Duration;
use studyrooms_app::room::{Request, TimerRequest};
use studyrooms_domain::{
    Refusal,
    log::{EntryBody, LogName},
    store::Logs,
};
use studyrooms_protocol::{
    error::ErrorCode,
    events::server,
    tasks::{NewTask, TaskPatch, TaskStatus, UpdateTask},
    timer::{TimerAck, TimerChanged, TimerLengths, TimerPhase},
};

const MINUTE: u64 = 60_000;

/// Lets so many milliseconds be over at once.
async fn pass(ms: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_millis(ms)).await;
    tokio::time::resume();
}

impl Scene {
    async fn timer(&self, who: &str, request: TimerRequest) -> Result<TimerAck, Refusal> {
        self.act(who, |reply| Request::Timer(request, reply)).await
    }

    async fn start_timer(&self, who: &str) -> TimerAck {
        let lengths = TimerLengths { focus_min: Some(10), break_min: Some(2), cycles: Some(2), ..Default::default() };
        self.timer(who, TimerRequest::Start(lengths)).await.unwrap()
    }

    async fn entries(&self, kind: &str) -> Vec<EntryBody> {
        let page = self.logs.page_after(&"r".into(), LogName::Room, &[kind], 0, 1000).await.unwrap();
        page.into_iter().map(|entry| entry.body).collect()
    }
}

// SPEC 8.2
#[tokio::test]
async fn phases_follow_each_other_by_the_clock_and_each_is_stored_once() {
    let scene = Scene::new().await;
    let (_, mut ann) = scene.join("ann").await;
    let started = scene.start_timer("ann").await.state;
    let from = started.ends_at.unwrap() - 10 * MINUTE;
    let mut phases = vec![];
    loop {
        let TimerChanged { state, .. } = ann.event(server::TIMER_STATE).await;
        phases.push((state.phase, state.ends_at.map(|at| (at - from) / MINUTE)));
        let Some(ends_at) = state.ends_at else { break };
        pass(ends_at - scene.now()).await;
    }
    let expected = [
        (TimerPhase::Focus, Some(10)),
        (TimerPhase::Break, Some(12)),
        (TimerPhase::Focus, Some(22)),
        (TimerPhase::LongBreak, Some(37)),
        (TimerPhase::Idle, None),
    ];
    assert_eq!(phases, expected);
    assert_eq!(scene.entries(EntryBody::TIMER).await.len(), 5);
}

// SPEC 8.1
#[tokio::test]
async fn a_timer_runs_on_while_nobody_is_there_and_after_a_restart() {
    let mut scene = Scene::new().await;
    scene.join("ann").await;
    scene.start_timer("ann").await;
    scene.restart().await;
    pass(11 * MINUTE).await;
    let (_, mut ben) = scene.join("ben").await;
    let TimerChanged { state, .. } = ben.event(server::TIMER_STATE).await;
    assert_eq!(state.phase, TimerPhase::Break);
    let left = state.ends_at.unwrap() - scene.now();
    assert!(left <= MINUTE, "the break began when the focus ended, not when someone looked: {left}");
}

#[tokio::test]
async fn the_ledger_has_what_each_person_was_there_for() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    let from = scene.start_timer("ann").await.state.ends_at.unwrap() - 10 * MINUTE;
    pass(4 * MINUTE).await;
    scene.join("ben").await;
    let came = scene.now();
    pass(2 * MINUTE).await;
    scene.timer("ben", TimerRequest::Pause).await.unwrap();
    // The stretch is appended behind the pause.
    scene.say("ann", "done").await.unwrap();
    let [EntryBody::Focused(stretch)] = &scene.entries(EntryBody::FOCUSED).await[..] else { panic!("one stretch") };
    let [ann, ben] = &stretch.people[..] else { panic!("two people") };
    assert_eq!((ann.user_id.as_str(), ann.from), ("ann", from));
    assert_eq!(ben.user_id.as_str(), "ben");
    assert!(came - ben.from < 5000 && stretch.to - ben.from >= 2 * MINUTE && stretch.to > START);
}

#[tokio::test]
async fn what_makes_no_sense_for_the_timer_is_a_conflict() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    assert_eq!(scene.timer("ann", TimerRequest::Pause).await.unwrap_err().code, ErrorCode::Conflict);
    scene.start_timer("ann").await;
    let again = TimerRequest::Start(TimerLengths::default());
    assert_eq!(scene.timer("ann", again).await.unwrap_err().code, ErrorCode::Conflict);
    let skipped = scene.timer("ann", TimerRequest::Skip).await.unwrap().state;
    assert_eq!((skipped.phase, skipped.running), (TimerPhase::Break, true));
    let stopped = scene.timer("ann", TimerRequest::Stop).await.unwrap().state;
    assert_eq!((stopped.phase, stopped.ends_at), (TimerPhase::Idle, None));
}

#[tokio::test]
async fn tasks_are_there_after_a_restart_as_they_were_left() {
    let mut scene = Scene::new().await;
    scene.join("ann").await;
    let new = |title: &str, event: &str| {
        let new = NewTask { title: title.into(), assignee_id: None, event_id: Some(event.into()) };
        scene.act("ann", |reply| Request::CreateTask(new, reply))
    };
    let first = new("read chapter 3", "e1").await.unwrap().task;
    assert_eq!(new("read chapter 3", "e1").await.unwrap().task, first, "the same event is the same task");
    let second = new("exercises", "e2").await.unwrap().task;
    let update = |task_id, patch| {
        let update = UpdateTask { room_id: "r".into(), task_id, patch };
        scene.act("ann", |reply| Request::UpdateTask(update, reply))
    };
    let done = TaskPatch { status: Some(TaskStatus::Done), order: Some(9.0), ..TaskPatch::default() };
    update(first.id.clone(), done).await.unwrap();
    let outsider = TaskPatch { assignee_id: Some(Some("nobody".into())), ..TaskPatch::default() };
    let refused = update(second.id.clone(), outsider).await.unwrap_err();
    assert_eq!(refused.message, "patch.assigneeId: not a member of this room");
    scene.restart().await;
    let (joined, _) = scene.join("ben").await;
    let tasks: Vec<_> = joined.room_state.tasks.iter().map(|task| (task.id.clone(), task.status)).collect();
    assert_eq!(tasks, [(second.id, TaskStatus::Open), (first.id, TaskStatus::Done)]);
}
