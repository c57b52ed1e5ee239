//! One who comes back under the same socket id: what the earlier connection still says, and the goodbye that
//! comes late, are not the doing of the later one.

use crate::scene::{Client, Scene, SmallRandom};
use std::{collections::HashMap, sync::atomic::Ordering, time::Duration};
use studyrooms_app::room::{Actor, Command, Reply, Request};
use studyrooms_domain::Refusal;
use studyrooms_protocol::{
    call::Media,
    error::ErrorCode,
    events::{Done, server},
    ids::SocketId,
    presence::{LeaveReason, RaiseHand, SetTyping, UserJoined, UserLeft},
    rooms::Role,
};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep, sleep_until},
};

const ROOM: &str = "r";
const SEEDS: u64 = 1000;
/// Someone at each instance, who only watches.
const WATCHERS: [&str; 3] = ["ann", "bob", "cem"];

type Answer = oneshot::Receiver<Result<Done, Refusal>>;

impl Scene {
    async fn say_goodbye(&self, at: usize, who: &str, client: &Client) -> Answer {
        let (reply, answer) = Reply::channel();
        let actor = Actor::Socket(who.into(), client.connection);
        self.instances[at].rooms.send(&ROOM.into(), Command::Act(actor, Request::Leave((), reply))).await;
        self.end(at, who, client).await;
        answer
    }

    /// Waits until every instance has done what it was told so far: the paused time goes on while one of them
    /// reads its store.
    async fn caught_up(&self) {
        for _ in 0..2 {
            for (at, who) in WATCHERS.into_iter().enumerate() {
                self.act_at(at, who, |reply| Request::Tasks((), reply)).await.unwrap();
            }
        }
    }

    async fn end(&self, at: usize, who: &str, client: &Client) {
        self.instances[at].rooms.send(&ROOM.into(), Command::Lost(who.into(), client.connection)).await;
    }
}

/// What someone who only watches has seen of others coming and going.
#[derive(Default)]
struct Seen {
    is_there: HashMap<SocketId, bool>,
    left: Vec<(SocketId, LeaveReason)>,
}

impl Seen {
    fn watch(&mut self, client: &mut Client) {
        for (event, body) in client.everything() {
            if event == server::USER_JOINED {
                let joined: UserJoined = serde_json::from_str(&body).unwrap();
                self.is_there.insert(joined.socket_id, true);
            } else if event == server::USER_LEFT {
                let left: UserLeft = serde_json::from_str(&body).unwrap();
                self.is_there.insert(left.socket_id.clone(), false);
                self.left.push((left.socket_id, left.reason));
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Said {
    Back,
    Leave,
    Lost,
    Typing,
    Media,
    Hand,
}

// SPEC 3.2, 3.5
#[tokio::test]
async fn what_an_earlier_connection_says_after_the_later_one_came_is_not_done() {
    let scene = Scene::new().await;
    let (_, mut ann) = scene.enter("ann", Role::Owner, None).await;
    for seed in 0..SEEDS {
        let mut random = SmallRandom(seed);
        let (_, first) = scene.join("ben").await;
        ann.names();
        let mut order = vec![Said::Back, Said::Leave, Said::Lost, Said::Typing, Said::Media, Said::Hand];
        for last in (1..order.len()).rev() {
            order.swap(last, usize::try_from(random.below(last as u64 + 1)).unwrap());
        }
        let (mut is_back, mut has_left, mut refused, mut second) = (false, false, vec![], None);
        for said in &order {
            let (reply, answer) = Reply::channel();
            let request = match said {
                Said::Back => {
                    second = Some(scene.join("ben").await.1);
                    is_back = true;
                    continue;
                }
                Said::Lost => {
                    scene.end(0, "ben", &first).await;
                    continue;
                }
                Said::Leave => Request::Leave((), reply),
                Said::Typing => Request::Typing(SetTyping { room_id: ROOM.into(), is_typing: true }, reply),
                Said::Media => Request::Media(Media { audio: true, video: true, screen: false }, reply),
                Said::Hand => Request::Hand(RaiseHand { room_id: ROOM.into(), raised: true }, reply),
            };
            scene
                .rooms()
                .send(&ROOM.into(), Command::Act(Actor::Socket("ben".into(), first.connection), request))
                .await;
            if is_back || has_left {
                refused.push(answer);
            } else {
                has_left = *said == Said::Leave;
                answer.await.unwrap().unwrap();
            }
        }
        for answer in refused {
            assert_eq!(answer.await.unwrap().unwrap_err().code, ErrorCode::NotInRoom, "seed {seed}: {order:?}");
        }
        let hand = RaiseHand { room_id: ROOM.into(), raised: false };
        scene.act("ben", |reply| Request::Hand(hand, reply)).await.unwrap();
        let left = ann.names().iter().filter(|name| **name == server::USER_LEFT).count();
        assert_eq!(left, usize::from(has_left), "seed {seed}: {order:?}");
        scene.say_goodbye(0, "ben", &second.unwrap()).await.await.unwrap().unwrap();
    }
}

// SPEC 3.5
#[tokio::test]
async fn a_join_that_was_held_up_does_not_take_the_place_of_a_later_one() {
    let scene = Scene::new().await;
    let (_, early) = scene.join("ben").await;
    scene.say_goodbye(0, "ben", &early).await.await.unwrap().unwrap();
    let (_, later) = scene.join("ben").await;
    let refused = scene.enter_again(&early, "ben").await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Unavailable);
    assert!(early.outlet.closed.load(Ordering::SeqCst), "whoever is still there connects anew");
    assert!(!later.outlet.closed.load(Ordering::SeqCst));
    scene.say("ben", "here").await.unwrap();
}

/// One comes back, at the same instance or another, while the end of the earlier connection is on its way.
// SPEC 2.3
#[tokio::test(start_paused = true)]
async fn who_came_back_in_time_is_not_seen_to_leave_on_any_instance() {
    let scene = Scene::of(3).await;
    let mut watching = vec![];
    for (at, who) in WATCHERS.into_iter().enumerate() {
        watching.push((scene.enter_at(at, who, Role::Member, None).await.1, Seen::default()));
    }
    let (mut in_time, mut late) = (0, 0);
    for seed in 0..SEEDS {
        let mut random = SmallRandom(seed);
        let mut at = || usize::try_from(random.below(3)).unwrap();
        let (from, to) = (at(), at());
        let who = format!("p{seed}");
        scene.delays.seed(seed);
        scene.delays.most.store(300, Ordering::SeqCst);
        let (_, first) = scene.enter_at(from, &who, Role::Member, None).await;
        sleep(Duration::from_secs(2)).await;
        let says_goodbye = random.below(2) == 0;
        let window = if says_goodbye { 1000 } else { 6500 };
        let start = Instant::now();
        let ends_at = start + Duration::from_millis(if says_goodbye { random.below(window) } else { 0 });
        let returns_at = start + Duration::from_millis(random.below(window));
        let end = async {
            sleep_until(ends_at).await;
            if says_goodbye {
                drop(scene.say_goodbye(from, &who, &first).await);
            } else {
                scene.end(from, &who, &first).await;
            }
        };
        let back = async {
            sleep_until(returns_at).await;
            let (_, second) = scene.enter_at(to, &who, Role::Member, None).await;
            (second, Instant::now())
        };
        let ((), (second, back_at)) = tokio::join!(end, back);
        sleep(Duration::from_secs(12)).await;
        scene.caught_up().await;
        let patience = Duration::from_secs(if says_goodbye { 0 } else { 5 });
        let is_in_time = back_at < ends_at + patience;
        in_time += u32::from(is_in_time);
        late += u32::from(!is_in_time);
        for (at, (client, seen)) in watching.iter_mut().enumerate() {
            seen.watch(client);
            let left: Vec<_> = seen.left.drain(..).filter(|(socket_id, _)| socket_id.as_str() == who).collect();
            let what = format!("seed {seed}, {from} to {to}, goodbye {says_goodbye}, seen at {at}: {left:?}");
            assert_eq!(seen.is_there.get(&SocketId(who.clone())), Some(&true), "{what}");
            assert!(left.is_empty() || !is_in_time, "{what}");
        }
        scene.say_goodbye(to, &who, &second).await.await.unwrap().unwrap();
        for (client, seen) in &mut watching {
            seen.watch(client);
            while seen.is_there.get(&SocketId(who.clone())) != Some(&false) {
                let left: UserLeft = client.event(server::USER_LEFT).await;
                seen.is_there.insert(left.socket_id, false);
            }
        }
    }
    assert!(in_time > 200 && late > 200, "{in_time} in time, {late} late");
}
