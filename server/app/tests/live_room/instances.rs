//! One room on several instances: everyone sees the same, whatever gets lost between them.

use crate::scene::{Client, Scene};
use std::{sync::atomic::Ordering, time::Duration};
use studyrooms_app::room::{Command, Knocking, Request, Signal, SignalBody, TimerRequest};
use studyrooms_domain::log::{EntryBody, LogName, TimerAction};
use studyrooms_protocol::{
    board::{BoardOp, BoardUpdate, Draw},
    call::{Description, Media},
    chat::{ReadUpTo, Receipt},
    control::{Admit, Kick, Kicked, MediaKind, Mute, Muted, Waiting},
    events::server,
    presence::{LeaveReason, RaiseHand, SetTyping, Typing, UserJoined, UserLeft, UserUpdated},
    rooms::Role,
    timer::TimerLengths,
};
use tokio::time::{Instant, sleep};

const ROOM: &str = "r";

impl Scene {
    async fn lose(&self, at: usize, who: &str, client: &Client) {
        self.instances[at].rooms.send(&ROOM.into(), Command::Lost(who.into(), client.connection)).await;
    }

    pub fn lossy(&self, at: usize, loses: bool) {
        self.instances[at].pubsub.loses.store(loses, Ordering::SeqCst);
    }

    /// Waits until what was to be noted by now is in the log, and what that leads to.
    async fn noted(&self, by: &[(usize, &str)]) {
        for round in 0..2 {
            for (at, who) in by {
                self.say_at(*at, who, &format!("{who} was here: {round}, {:?}", Instant::now())).await.unwrap();
            }
        }
    }

    /// How many entries of a kind the room log has.
    async fn count(&self, is: impl Fn(&EntryBody) -> bool) -> usize {
        let entries = self.stores.logs.after(&ROOM.into(), LogName::Room, 0, 1000).await.unwrap();
        entries.iter().filter(|entry| is(&entry.body)).count()
    }
}

fn draw(id: &str) -> Draw {
    let ops = vec![BoardOp::Erase { ids: vec![id.into()] }];
    Draw { room_id: ROOM.into(), ops, op_id: Some(id.into()) }
}

#[tokio::test]
async fn people_of_one_room_meet_over_instances() {
    let scene = Scene::of(2).await;
    let (_, mut ann) = scene.enter_at(0, "ann", Role::Owner, None).await;
    let (joined, mut ben) = scene.enter_at(1, "ben", Role::Member, None).await;
    assert_eq!(joined.room_state.participants.len(), 2);
    let came: UserJoined = ann.event(server::USER_JOINED).await;
    assert_eq!(came.socket_id.as_str(), "ben");

    scene.say_at(1, "ben", "hello").await.unwrap();
    assert_eq!(ann.message().await.message.text, "hello");
    scene.say_at(0, "ann", "hi").await.unwrap();
    assert_eq!((ben.message().await.message.text, ben.message().await.message.text), ("hello".into(), "hi".into()));

    scene.act_at(1, "ben", |reply| Request::Leave((), reply)).await.unwrap();
    let left: UserLeft = ann.event(server::USER_LEFT).await;
    assert_eq!((left.user_id.as_str(), left.reason), ("ben", LeaveReason::Left));
    scene.enter_at(1, "cem", Role::Member, None).await;
    scene.noted(&[(0, "ann"), (1, "cem")]).await;
    assert_eq!(scene.count(|body| matches!(body, EntryBody::Joined { .. })).await, 3, "noted once each");
    assert_eq!(scene.count(|body| matches!(body, EntryBody::Left { .. })).await, 1);
}

#[tokio::test]
async fn what_is_not_kept_reaches_the_other_instance_too() {
    let scene = Scene::of(2).await;
    let (_, mut ann) = scene.enter_at(0, "ann", Role::Owner, None).await;
    let (_, mut ben) = scene.enter_at(1, "ben", Role::Member, None).await;
    let _: UserJoined = ann.event(server::USER_JOINED).await;
    let typing = SetTyping { room_id: ROOM.into(), is_typing: true };
    scene.act_at(1, "ben", |reply| Request::Typing(typing, reply)).await.unwrap();
    let typing: Typing = ann.event(server::PRESENCE_TYPING).await;
    assert_eq!(typing.user_id.as_str(), "ben");

    let offer = Signal { to: "ben".into(), body: SignalBody::Offer("sdp".into()).into() };
    scene.act_at(0, "ann", |reply| Request::Signal(offer, reply)).await.unwrap();
    let offer: Description = ben.event(server::SIGNAL_OFFER).await;
    assert_eq!(offer.from_socket_id.as_str(), "ann");

    let media = Media { audio: true, video: false, screen: false };
    scene.act_at(1, "ben", |reply| Request::Media(media, reply)).await.unwrap();
    let updated: UserUpdated = ann.event(server::USER_UPDATED).await;
    assert_eq!((updated.socket_id.as_str(), updated.user.media), ("ben", media));

    let mute = Mute { target_socket_id: "ben".into(), kind: Some(MediaKind::Audio), on: None };
    scene.act_at(0, "ann", |reply| Request::Mute(mute, reply)).await.unwrap();
    let muted: Muted = ben.event(server::CONTROL_MUTED).await;
    assert_eq!(muted.by.as_str(), "ann");

    scene.say_at(0, "ann", "read me").await.unwrap();
    let seq = ben.message().await.seq;
    let read = ReadUpTo { room_id: ROOM.into(), seq };
    scene.act_at(1, "ben", |reply| Request::Read(read, reply)).await.unwrap();
    let receipt: Receipt = ann.event(server::CHAT_RECEIPT).await;
    assert_eq!((receipt.user_id.as_str(), receipt.seq), ("ben", seq));
}

#[tokio::test]
async fn a_kick_takes_every_socket_out_on_every_instance() {
    let scene = Scene::of(2).await;
    let (_, mut ann) = scene.enter_at(0, "ann", Role::Owner, None).await;
    let (_, mut ben) = scene.enter_at(1, "ben", Role::Member, None).await;
    let _: UserJoined = ann.event(server::USER_JOINED).await;
    let kick = Kick { room_id: ROOM.into(), user_id: "ben".into(), ban: None, reason: None, address_sec: None };
    scene.act_at(0, "ann", |reply| Request::Kick(kick, reply)).await.ok();
    // He is no member of the store's, but he is here.
    let kicked: Kicked = ben.event(server::CONTROL_KICKED).await;
    assert_eq!(kicked.user_id.as_str(), "ben");
    let left: UserLeft = ann.event(server::USER_LEFT).await;
    assert_eq!(left.reason, LeaveReason::Kicked);
    let (again, _) = scene.enter_at(1, "cem", Role::Member, None).await;
    assert_eq!(again.room_state.participants.len(), 2, "ann and cem");
    scene.noted(&[(0, "ann"), (1, "cem")]).await;
    assert_eq!(scene.count(|body| matches!(body, EntryBody::Left { .. })).await, 1, "by the instance that had him");
}

#[tokio::test]
async fn a_moderator_lets_in_who_waits_at_another_instance() {
    let scene = Scene::of(2).await;
    let (_, mut ann) = scene.enter_at(0, "ann", Role::Owner, None).await;
    let (_, mut outside) = scene.enter_at(1, "dan", Role::Member, None).await;
    scene.act_at(1, "dan", |reply| Request::Leave((), reply)).await.unwrap();
    scene.change("ann", r#"{"access":"waiting"}"#).await;
    let outlet = outside.outlet.clone();
    let knocking = Knocking {
        socket_id: "dan".into(),
        connection: 0,
        outlet,
        user_id: "dan".into(),
        name: "Dan".into(),
        guest: false,
    };
    scene.instances[1].rooms.send(&ROOM.into(), Command::Knock(Box::new(knocking))).await;
    let waiting: Waiting = ann.event(server::CONTROL_WAITING).await;
    assert_eq!(waiting.users[0].user_id.as_str(), "dan");
    let admit = Admit { room_id: ROOM.into(), user_id: "dan".into(), admit: true };
    scene.act_at(0, "ann", |reply| Request::Admit(admit, reply)).await.unwrap();
    let _: serde_json::Value = outside.event(server::ROOM_UPDATED).await;
    let waiting: Waiting = ann.event(server::CONTROL_WAITING).await;
    assert!(waiting.users.is_empty());
}

// SPEC 1.6
#[tokio::test(start_paused = true)]
async fn what_the_relay_loses_is_healed_in_order_within_the_heartbeat() {
    let scene = Scene::of(2).await;
    scene.enter_at(0, "ann", Role::Owner, None).await;
    let (_, mut ben) = scene.enter_at(1, "ben", Role::Member, None).await;
    scene.lossy(0, true);
    for number in 1..=3 {
        scene.say_at(0, "ann", &number.to_string()).await.unwrap();
    }
    scene.act_at(0, "ann", |reply| Request::Draw(draw("x"), reply)).await.unwrap();
    let began = Instant::now();
    for number in 1..=3 {
        assert_eq!(ben.message().await.message.text, number.to_string());
    }
    assert_eq!(ben.event::<BoardUpdate>(server::WHITEBOARD_UPDATE).await.op_id.as_str(), "x");
    assert!(began.elapsed() <= Duration::from_secs(6), "{:?}", began.elapsed());
}

// SPEC 1.6
#[tokio::test]
async fn the_next_notification_shows_what_the_last_one_did_not() {
    let scene = Scene::of(2).await;
    scene.enter_at(0, "ann", Role::Owner, None).await;
    let (_, mut ben) = scene.enter_at(1, "ben", Role::Member, None).await;
    scene.lossy(0, true);
    scene.say_at(0, "ann", "lost").await.unwrap();
    scene.lossy(0, false);
    let began = Instant::now();
    scene.say_at(0, "ann", "heard").await.unwrap();
    assert_eq!((ben.message().await.message.text, ben.message().await.message.text), ("lost".into(), "heard".into()));
    assert!(began.elapsed() < Duration::from_secs(3), "sooner than by the heartbeat");
}

// SPEC 1.6
#[tokio::test]
async fn writers_on_all_instances_at_once_are_seen_in_one_order_by_all() {
    let scene = Scene::of(3).await;
    let names = ["ann", "ben", "cem"];
    let mut clients = vec![];
    for (at, who) in names.iter().enumerate() {
        clients.push(scene.enter_at(at, who, Role::Member, None).await.1);
    }
    let (scene, mut writing) = (std::sync::Arc::new(scene), vec![]);
    for (at, who) in names.into_iter().enumerate() {
        let scene = scene.clone();
        writing.push(tokio::spawn(async move {
            for number in 0..60 {
                scene.lossy(at, number % 3 == 1);
                scene.say_at(at, who, &format!("{who} {number}")).await.unwrap();
                scene.act_at(at, who, |reply| Request::Draw(draw(&format!("{who}-{number}")), reply)).await.unwrap();
            }
            scene.lossy(at, false);
        }));
    }
    for writer in writing {
        writer.await.unwrap();
    }
    let mut orders = vec![];
    for client in &mut clients {
        let mut texts = vec![];
        let mut last = 0;
        while texts.len() < 180 {
            let sent = client.message().await;
            assert!(sent.seq > last, "{} after {last}", sent.seq);
            last = sent.seq;
            texts.push(sent.message.text);
        }
        orders.push(texts);
    }
    assert!(orders.iter().all(|order| order == &orders[0]));
}

// SPEC 1.7
#[tokio::test]
async fn nobody_is_sent_their_own_drawing_twice() {
    let scene = Scene::of(2).await;
    let (_, mut ann) = scene.enter_at(0, "ann", Role::Owner, None).await;
    scene.enter_at(1, "ben", Role::Member, None).await;
    for number in 0..20 {
        let (one, other) = (format!("a{number}"), format!("b{number}"));
        let (a, b) = tokio::join!(
            scene.act_at(0, "ann", |reply| Request::Draw(draw(&one), reply)),
            scene.act_at(1, "ben", |reply| Request::Draw(draw(&other), reply)),
        );
        a.and(b).unwrap();
    }
    for number in 0..20 {
        let update: BoardUpdate = ann.event(server::WHITEBOARD_UPDATE).await;
        assert_eq!(update.op_id.as_str(), format!("b{number}"), "only what others drew");
    }
}

// SPEC 1.7
#[tokio::test]
async fn a_drawing_read_from_the_log_while_the_next_is_written_is_not_sent_back() {
    let scene = Scene::of(2).await;
    let (_, mut ann) = scene.enter_at(0, "ann", Role::Owner, None).await;
    scene.enter_at(1, "ben", Role::Member, None).await;
    // Ann's instance was not notified of it, and reads it from the log, with what stands behind it there.
    scene.lossy(1, true);
    scene.act_at(1, "ben", |reply| Request::Draw(draw("other"), reply)).await.unwrap();
    let gate = scene.logs.gate.lock().await;
    let first = scene.ask(0, "ann", |reply| Request::Draw(draw("first"), reply)).await;
    scene.logs.waits.notified().await;
    let second = scene.ask(0, "ann", |reply| Request::Draw(draw("second"), reply)).await;
    scene.act_at(0, "ann", |reply| Request::Tasks((), reply)).await.unwrap();
    drop(gate);
    first.await.unwrap().unwrap();
    second.await.unwrap().unwrap();
    let drawn = ann.all::<BoardUpdate>(server::WHITEBOARD_UPDATE);
    let drawn: Vec<_> = drawn.iter().map(|update| update.op_id.as_str()).collect();
    assert_eq!(drawn, ["other"], "only what others drew");
}

// SPEC 1.3
#[tokio::test]
async fn an_event_id_that_two_people_chose_hides_nothing() {
    let scene = Scene::of(2).await;
    let (_, mut ann) = scene.enter_at(0, "ann", Role::Owner, None).await;
    scene.enter_at(1, "ben", Role::Member, None).await;
    scene.lossy(1, true);
    scene.act_at(1, "ben", |reply| Request::Draw(draw("same"), reply)).await.unwrap();
    scene.act_at(0, "ann", |reply| Request::Draw(draw("same"), reply)).await.unwrap();
    let drawn = ann.all::<BoardUpdate>(server::WHITEBOARD_UPDATE);
    assert_eq!(drawn.iter().map(|update| update.by.as_str()).collect::<Vec<_>>(), ["ben"]);
}

// SPEC 3.1
#[tokio::test(start_paused = true)]
async fn the_people_of_a_dead_instance_are_lost_once_and_not_too_soon() {
    let scene = Scene::of(3).await;
    let (_, mut ann) = scene.enter_at(0, "ann", Role::Owner, None).await;
    let (_, mut cem) = scene.enter_at(2, "cem", Role::Member, None).await;
    scene.enter_at(1, "ben", Role::Member, None).await;
    let _: UserJoined = ann.event(server::USER_JOINED).await;
    let _: UserJoined = ann.event(server::USER_JOINED).await;
    let _: UserJoined = cem.event(server::USER_JOINED).await;
    let began = Instant::now();
    scene.kill(1);
    for client in [&mut ann, &mut cem] {
        let left: UserLeft = client.event(server::USER_LEFT).await;
        assert_eq!((left.socket_id.as_str(), left.reason), ("ben", LeaveReason::Lost));
    }
    let took = began.elapsed();
    assert!((Duration::from_secs(5)..Duration::from_secs(12)).contains(&took), "{took:?}");
    sleep(Duration::from_secs(10)).await;
    scene.noted(&[(0, "ann"), (2, "cem")]).await;
    assert_eq!(scene.count(|body| matches!(body, EntryBody::Left { .. })).await, 1);
}

// SPEC 3.2
#[tokio::test(start_paused = true)]
async fn who_comes_back_at_another_instance_is_not_seen_to_leave() {
    let scene = Scene::of(3).await;
    let (_, mut ann) = scene.enter_at(0, "ann", Role::Owner, None).await;
    let (joined, _) = scene.enter_at(1, "ben", Role::Member, None).await;
    let _: UserJoined = ann.event(server::USER_JOINED).await;
    scene.kill(1);
    sleep(Duration::from_secs(4)).await;
    let (back, _ben) = scene.enter_at(2, "ben", Role::Member, Some(joined.room_state.chat_seq)).await;
    assert_eq!(back.room_state.participants.len(), 2);
    sleep(Duration::from_secs(20)).await;
    let seen = ann.names();
    assert!(!seen.contains(&server::USER_LEFT) && !seen.contains(&server::USER_JOINED), "{seen:?}");
}

// SPEC 3.2
#[tokio::test(start_paused = true)]
async fn a_socket_that_moves_is_closed_where_it_was() {
    let scene = Scene::of(2).await;
    let (_, mut ann) = scene.enter_at(0, "ann", Role::Owner, None).await;
    let (_, ben) = scene.enter_at(0, "ben", Role::Member, None).await;
    scene.enter_at(1, "ben", Role::Member, None).await;
    sleep(Duration::from_millis(100)).await;
    assert!(ben.outlet.closed.load(Ordering::SeqCst));
    scene.lose(0, "ben", &ben).await;
    sleep(Duration::from_secs(20)).await;
    assert!(!ann.names().contains(&server::USER_LEFT));
    scene.act_at(1, "ben", |reply| Request::Leave((), reply)).await.unwrap();
    let left: UserLeft = ann.event(server::USER_LEFT).await;
    assert_eq!(left.reason, LeaveReason::Left);
}

// SPEC 2.2
#[tokio::test(start_paused = true)]
async fn who_comes_from_another_instance_with_more_than_was_heard_gets_the_rest() {
    let scene = Scene::of(2).await;
    scene.enter_at(0, "ann", Role::Owner, None).await;
    scene.enter_at(1, "ben", Role::Member, None).await;
    scene.lossy(0, true);
    let known = scene.say_at(0, "ann", "unheard").await.unwrap().message.seq;
    let (back, _) = scene.enter_at(1, "ann", Role::Owner, Some(known)).await;
    assert!(!back.room_state.reset);
    assert!(back.room_state.chat_seq >= known);
}

// SPEC 8.2
#[tokio::test(start_paused = true)]
async fn a_phase_ends_once_and_work_is_counted_once_over_instances() {
    let scene = Scene::of(2).await;
    // Else the phase could be over before its start was written.
    scene.logs.holds_time.store(true, Ordering::SeqCst);
    scene.enter_at(0, "ann", Role::Owner, None).await;
    scene.enter_at(1, "ben", Role::Member, None).await;
    sleep(Duration::from_millis(100)).await;
    let lengths = TimerLengths { focus_min: Some(1), break_min: Some(1), long_break_min: None, cycles: Some(2) };
    scene.act_at(0, "ann", |reply| Request::Timer(TimerRequest::Start(lengths), reply)).await.unwrap();
    // On the way from one instance to the other ben goes on working.
    sleep(Duration::from_secs(30)).await;
    scene.enter_at(0, "ben", Role::Member, None).await;
    sleep(Duration::from_secs(45)).await;
    scene.enter_at(1, "cem", Role::Member, None).await;
    scene.noted(&[(0, "ann"), (1, "cem")]).await;
    let entries = scene.stores.logs.after(&ROOM.into(), LogName::Room, 0, 1000).await.unwrap();
    let over = entries.iter().filter_map(|entry| match entry.body {
        EntryBody::Timer(TimerAction::Over { at }) => Some(at),
        _ => None,
    });
    let ends: Vec<_> = over.collect();
    assert!(ends.is_sorted_by(|a, b| a < b), "each phase ends once: {ends:?}");
    let mut worked: Vec<(String, u64)> = vec![];
    for entry in &entries {
        if let EntryBody::Focused(stretch) = &entry.body
            && stretch.to <= ends[0]
        {
            worked
                .extend(stretch.people.iter().map(|focus| (focus.user_id.0.clone(), (stretch.to - focus.from) / 1000)));
        }
    }
    worked.sort();
    assert_eq!(worked, [("ann".into(), 60), ("ben".into(), 60)]);
}

#[tokio::test(start_paused = true)]
async fn changes_that_are_heard_cost_no_one_a_read_of_the_list_and_one_that_is_lost_costs_one() {
    let scene = Scene::of(2).await;
    let (_, mut ann) = scene.enter_at(0, "ann", Role::Owner, None).await;
    scene.enter_at(1, "ben", Role::Member, None).await;
    sleep(Duration::from_secs(5)).await;
    let reads = |at: usize| scene.instances[at].reads.load(Ordering::SeqCst);
    let before = [reads(0), reads(1)];
    let mut comes_and_goes = async |who: &str| {
        scene.enter_at(1, who, Role::Member, None).await;
        let _: UserJoined = ann.event(server::USER_JOINED).await;
        scene
            .act_at(1, who, |reply| Request::Hand(RaiseHand { room_id: ROOM.into(), raised: true }, reply))
            .await
            .unwrap();
        let _: UserUpdated = ann.event(server::USER_UPDATED).await;
        scene.act_at(1, who, |reply| Request::Leave((), reply)).await.unwrap();
        let _: UserLeft = ann.event(server::USER_LEFT).await;
        sleep(Duration::from_millis(700)).await;
    };
    for number in 0..20 {
        comes_and_goes(&format!("p{number}")).await;
    }
    assert_eq!([reads(0), reads(1)], before, "of 60 changes all was received");
    scene.lossy(1, true);
    scene.enter_at(1, "quiet", Role::Member, None).await;
    scene.lossy(1, false);
    comes_and_goes("loud").await;
    assert_eq!([reads(0), reads(1)], [before[0] + 1, before[1]]);
}

// SPEC 3.3
#[tokio::test]
async fn the_last_place_is_given_once() {
    let scene = Scene::of(3).await;
    scene.enter_at(0, "ann", Role::Owner, None).await;
    scene.change("ann", r#"{"capacity":2}"#).await;
    for round in 0..10 {
        let names = [format!("ben{round}"), format!("cem{round}")];
        let (one, other) = tokio::join!(scene.try_enter_at(1, &names[0]), scene.try_enter_at(2, &names[1]));
        let came = [one.is_ok(), other.is_ok()].into_iter().filter(|came| *came).count();
        assert_eq!(came, 1, "round {round}");
        for (at, who) in [(1, &names[0]), (2, &names[1])] {
            scene.act_at(at, who, |reply| Request::Leave((), reply)).await.ok();
        }
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_removed_room_is_closed_on_every_instance() {
    let scene = Scene::of(2).await;
    scene.enter_at(0, "ann", Role::Owner, None).await;
    let (_, mut ben) = scene.enter_at(1, "ben", Role::Member, None).await;
    scene.act_at(0, "ann", |reply| Request::Remove((), reply)).await.unwrap();
    let kicked: Kicked = ben.event(server::CONTROL_KICKED).await;
    assert_eq!(kicked.reason.as_deref(), Some("the room was removed"));
    let refused = scene.say_at(1, "ben", "hello?").await.unwrap_err();
    assert_eq!(refused.code, studyrooms_protocol::error::ErrorCode::NotFound);
}
