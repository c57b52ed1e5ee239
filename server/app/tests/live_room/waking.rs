//! How often a room's actor wakes: never without a reason, however long something takes.

use crate::scene::Scene;
use std::time::Duration;
use studyrooms_app::room::{Command, Request, TimerRequest};
use studyrooms_protocol::{
    board::{BoardOp, Draw},
    presence::SetTyping,
    rooms::Role,
    timer::TimerLengths,
};
use tokio::time::{Instant, advance};

const ROOM: &str = "r";

impl Scene {
    /// Lets a second pass, and all that is due in it be done. Time does not pass while a task spins, so it is
    /// moved on from here.
    async fn second(&self) {
        for _ in 0..4 {
            advance(Duration::from_millis(250)).await;
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
        }
    }

    fn iterations(&self) -> u64 {
        self.instances.iter().map(|instance| instance.rooms.iterations()).sum()
    }
}

// SPEC 11.4
#[tokio::test(start_paused = true)]
async fn an_empty_room_stands_still_while_its_store_holds_a_write_back() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    scene.say("ann", "hello").await.unwrap();
    let gate = scene.logs.gate.lock().await;
    scene.act("ann", |reply| Request::Leave((), reply)).await.unwrap();
    scene.logs.waits.notified().await;
    let before = scene.iterations();
    for _ in 0..120 {
        scene.second().await;
    }
    assert!(scene.iterations() - before <= 2, "{} iterations in two minutes", scene.iterations() - before);
    drop(gate);
    while scene.rooms().live() > 0 {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert!(scene.iterations() - before <= 10, "it ends with what was under way");
}

// SPEC 11.4
#[tokio::test(start_paused = true)]
async fn a_room_that_drains_stands_still_while_its_store_holds_a_write_back() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    let gate = scene.logs.gate.lock().await;
    scene.act("ann", |reply| Request::Leave((), reply)).await.unwrap();
    scene.logs.waits.notified().await;
    let (done, _ended) = tokio::sync::oneshot::channel();
    scene.rooms().send(&ROOM.into(), Command::Drain(done)).await;
    let before = scene.iterations();
    for _ in 0..120 {
        scene.second().await;
    }
    assert!(scene.iterations() - before <= 3, "{} iterations in two minutes", scene.iterations() - before);
    drop(gate);
}

/// Two instances; people come, go, are lost and come back, say and draw something, the timer runs, the store
/// and the directory take their time, and stop for minutes.
// SPEC 11.4
#[tokio::test(start_paused = true)]
async fn an_hour_of_a_room_costs_few_iterations_a_second() {
    let scene = Scene::of(2).await;
    let (_, ann) = scene.enter_at(0, "ann", Role::Owner, None).await;
    scene.enter_at(1, "ben", Role::Member, None).await;
    let lengths = TimerLengths { focus_min: Some(10), break_min: Some(5), long_break_min: None, cycles: Some(4) };
    scene.act_at(0, "ann", |reply| Request::Timer(TimerRequest::Start(lengths), reply)).await.unwrap();
    let (began, mut gate, mut asked, mut most) = (Instant::now(), None, 2_u64, 0);
    for second in 0..3600_u64 {
        let before = scene.iterations();
        scene.second().await;
        most = most.max(scene.iterations() - before);
        match second {
            600 => scene.delays.most.store(400, std::sync::atomic::Ordering::SeqCst),
            // The timer has a phase to end meanwhile.
            850 | 2350 => gate = Some(scene.logs.gate.lock().await),
            970 | 2470 => drop(gate.take()),
            _ => {}
        }
        if gate.is_some() {
            continue;
        }
        let who = format!("p{}", second / 30);
        let at = usize::try_from(second % 2).unwrap();
        asked += 1;
        match second % 30 {
            1 => drop(scene.enter_at(1, &who, Role::Member, None).await),
            4 => drop(scene.say_at(0, "ann", &second.to_string()).await.unwrap()),
            9 => {
                let typing = SetTyping { room_id: ROOM.into(), is_typing: true };
                scene.act_at(1, "ben", |reply| Request::Typing(typing, reply)).await.unwrap();
            }
            12 => {
                let ops = vec![BoardOp::Erase { ids: vec!["x".into()] }];
                let draw = Draw { room_id: ROOM.into(), ops, op_id: None };
                scene.act_at(0, "ann", |reply| Request::Draw(draw, reply)).await.unwrap();
            }
            // Who was to come while the store stood still did not.
            20 if at == 0 => drop(scene.act_at(1, &who, |reply| Request::Leave((), reply)).await),
            25 => scene.rooms().send(&ROOM.into(), Command::Lost("ann".into(), ann.connection)).await,
            27 => drop(scene.enter_at(0, "ann", Role::Owner, None).await),
            _ => asked -= 1,
        }
    }
    // Time goes on by itself while the store of the test works, so it is more than an hour.
    let (iterations, seconds) = (scene.iterations(), began.elapsed().as_secs());
    // Each looks at the directory every 2 s, which is one iteration to ask and one for the answer.
    assert!(
        iterations < 4 * seconds + 30 * asked,
        "{iterations} iterations of 2 tasks in {seconds} s with {asked} requests"
    );
    assert!(most < 60, "{most} iterations in one second");
}
