//! What is stored reaches everyone once, in order, whatever gets lost between.

use crate::scene::Scene;
use futures_util::{StreamExt, stream::FuturesUnordered};
use std::{sync::atomic::Ordering, time::Duration};
use studyrooms_app::room::{Actor, Command, Request};
use studyrooms_domain::{
    log::{EntryBody, LogName},
    store::Logs,
};
use studyrooms_protocol::{error::ErrorCode, presence::SetTyping};
use tokio::time::Instant;

// SPEC 1.8
#[tokio::test]
async fn what_was_stored_although_the_answer_was_lost_reaches_everyone_once_and_in_order() {
    let scene = Scene::new().await;
    let (_, mut ann) = scene.join("ann").await;
    let (_, mut bob) = scene.join("bob").await;
    let first = scene.say("ann", "first").await.unwrap();
    scene.logs.loses_answers.store(true, Ordering::SeqCst);
    assert_eq!(scene.say("ann", "second").await.unwrap_err().code, ErrorCode::Unavailable);
    scene.logs.loses_answers.store(false, Ordering::SeqCst);

    // The client, told to try again, does: the entry that is there is the answer.
    let second = scene.say("ann", "second").await.unwrap();
    let third = scene.say("bob", "third").await.unwrap();
    for client in [&mut ann, &mut bob] {
        for said in [&first, &second, &third] {
            assert_eq!(client.message().await.message, said.message);
        }
    }
}

// SPEC 1.8
#[tokio::test]
async fn what_was_stored_is_delivered_even_if_no_one_tries_again() {
    let scene = Scene::new().await;
    let (_, mut ann) = scene.join("ann").await;
    scene.say("ann", "first").await.unwrap();
    assert_eq!(ann.message().await.message.text, "first");
    scene.logs.loses_answers.store(true, Ordering::SeqCst);
    assert!(scene.say("ann", "second").await.is_err());
    assert_eq!(ann.message().await.message.text, "second");
}

// SPEC 1.8
#[tokio::test(start_paused = true)]
async fn while_the_store_is_away_everyone_is_told_in_time_and_what_became_of_it_once_it_is_back() {
    let scene = Scene::new().await;
    let (_, mut ann) = scene.join("ann").await;
    scene.say("ann", "first").await.unwrap();
    assert_eq!(ann.message().await.message.text, "first");
    scene.logs.loses_answers.store(true, Ordering::SeqCst);
    assert!(scene.say("ann", "stored unnoticed").await.is_err());
    scene.logs.loses_answers.store(false, Ordering::SeqCst);
    scene.logs.is_away.send_replace(true);
    let say = async |n: u64| {
        tokio::time::sleep(Duration::from_millis(n * 700)).await;
        let asked = Instant::now();
        let refusal = scene.say("ann", &n.to_string()).await.unwrap_err();
        assert_eq!(refusal.code, ErrorCode::Unavailable);
        asked.elapsed()
    };
    let took = futures_util::future::join_all((0..60).map(say)).await;
    let longest = took.into_iter().max().unwrap();
    assert!(longest <= Duration::from_secs(11), "{longest:?}");
    scene.logs.is_away.send_replace(false);
    let back = Instant::now();
    assert_eq!(ann.message().await.message.text, "stored unnoticed");
    assert!(back.elapsed() <= Duration::from_secs(2), "{:?}", back.elapsed());
}

// SPEC 1.5
#[tokio::test]
async fn what_comes_while_a_write_is_under_way_goes_together_in_the_next() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    scene.say("ann", "before").await.unwrap();
    let before = scene.logs.writes.load(Ordering::SeqCst);
    let gate = scene.logs.gate.lock().await;
    let others = async {
        scene.logs.waits.notified().await;
        let texts: Vec<String> = (0..50).map(|number| number.to_string()).collect();
        let release = async {
            // Requests are taken in their order: all messages are in the queue once this is answered.
            let typing = SetTyping { room_id: "r".into(), is_typing: true };
            scene.act("ann", |reply| Request::Typing(typing, reply)).await.unwrap();
            drop(gate);
        };
        let saying = futures_util::future::join_all(texts.iter().map(|text| scene.say("ann", text)));
        tokio::join!(biased; saying, release).0
    };
    let (first, others) = tokio::join!(biased; scene.say("ann", "first"), others);
    let seq = first.unwrap().message.seq;
    let seqs: Vec<_> = others.into_iter().map(|said| said.unwrap().message.seq).collect();
    assert_eq!(seqs, (seq + 1..=seq + 50).collect::<Vec<_>>());
    assert_eq!(scene.logs.writes.load(Ordering::SeqCst) - before, 2, "the one under way, and one for all the rest");
}

/// What a sender said after it would otherwise be stored before it is said again.
// SPEC 1.4
#[tokio::test]
async fn what_waits_behind_a_write_that_fails_is_refused_with_it() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    scene.say("ann", "before").await.unwrap();
    let gate = scene.logs.gate.lock().await;
    let second = async {
        scene.logs.waits.notified().await;
        let release = async {
            // Requests are taken in their order: the second message is in the queue once this is answered.
            let typing = SetTyping { room_id: "r".into(), is_typing: true };
            scene.act("ann", |reply| Request::Typing(typing, reply)).await.unwrap();
            scene.logs.loses_answers.store(true, Ordering::SeqCst);
            drop(gate);
        };
        tokio::join!(biased; scene.say("ann", "second"), release).0
    };
    let (first, second) = tokio::join!(biased; scene.say("ann", "first"), second);
    assert_eq!(first.unwrap_err().code, ErrorCode::Unavailable);
    assert_eq!(second.unwrap_err().code, ErrorCode::Unavailable);
    let stored = async |event: &str| {
        scene.logs.by_event(&"r".into(), LogName::Room, &"ann".into(), &event.into()).await.unwrap().is_some()
    };
    assert!(stored("first").await, "its answer was lost, not the write");
    assert!(!stored("second").await, "nothing is stored before what was said earlier is said again");
}

// SPEC 2.4
#[tokio::test]
async fn a_socket_that_does_not_read_is_closed_and_finds_it_all_when_it_comes_back() {
    let scene = Scene::new().await;
    let (_, slow) = scene.join("slow").await;
    let (_, mut ann) = scene.join("ann").await;
    slow.outlet.full.store(true, Ordering::SeqCst);
    scene.say("ann", "first").await.unwrap();
    assert_eq!(ann.message().await.message.text, "first");
    assert!(slow.outlet.closed.load(Ordering::SeqCst));
    let (joined, _) = scene.join("slow").await;
    let texts: Vec<&str> = joined.room_state.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["first"]);
    assert_eq!(joined.room_state.participants.len(), 2);
}

// SPEC 3.2
#[tokio::test]
async fn a_later_connection_of_the_same_socket_takes_the_place_of_the_earlier() {
    let scene = Scene::new().await;
    let (_, first) = scene.join("ann").await;
    let (joined, mut second) = scene.join("ann").await;
    assert!(first.outlet.closed.load(Ordering::SeqCst));
    assert_eq!(joined.room_state.participants.len(), 1);
    // The end of the earlier connection, which comes later, is not the end of the socket.
    scene.rooms().send(&"r".into(), Command::Lost("ann".into(), 1)).await;
    scene.say("ann", "still here").await.unwrap();
    assert_eq!(second.message().await.message.text, "still here");
}

#[tokio::test]
async fn a_room_that_is_not_there_refuses_by_name() {
    let scene = Scene::new().await;
    let none = "none".into();
    let leaving = scene.rooms().ask(&none, Actor::Socket("ann".into(), 1), |reply| Request::Leave((), reply));
    assert_eq!(leaving.await.unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test]
async fn an_empty_room_leaves_memory_and_comes_back_with_all_it_had() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    scene.say("ann", "remember this").await.unwrap();
    scene.act("ann", |reply| Request::Leave((), reply)).await.unwrap();
    assert_eq!(scene.rooms().live(), 1);
    // From here on time passes by itself whenever nothing else happens.
    tokio::time::pause();
    while scene.rooms().live() > 0 {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    tokio::time::resume();
    let (joined, _) = scene.join("ann").await;
    let texts: Vec<&str> = joined.room_state.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["remember this"]);
}

// SPEC 3.6
#[tokio::test]
async fn a_draining_room_stores_what_it_was_given_first() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    let saying = (0..50).map(|n| {
        let scene = &scene;
        async move { scene.say("ann", &n.to_string()).await }
    });
    let (acks, ()) = tokio::join!(futures_util::future::join_all(saying), scene.rooms().drain());
    // All were asked before the drain: none may be refused, and none be missing from the log.
    let said = acks.into_iter().map(|ack| ack.unwrap().message.seq).max().unwrap();
    assert_eq!(scene.logs.last_seq(&"r".into(), LogName::Room).await.unwrap(), said);
}

#[tokio::test]
async fn so_many_entries_wait_for_a_log_and_no_more() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    let gate = scene.logs.gate.lock().await;
    let texts: Vec<String> = (0..4_700).map(|n| n.to_string()).collect();
    let mut saying: FuturesUnordered<_> = texts.iter().map(|text| scene.say("ann", text)).collect();
    let refusal = saying.next().await.unwrap().unwrap_err();
    assert_eq!((refusal.code, refusal.message.as_str()), (ErrorCode::Unavailable, "the room is too busy; try again"));
    drop(gate);
    let (mut seqs, mut refused) = (vec![], 1);
    while let Some(said) = saying.next().await {
        match said {
            Ok(said) => seqs.push(said.message.seq),
            Err(refusal) => {
                assert_eq!(refusal.code, ErrorCode::Unavailable);
                refused += 1;
            }
        }
    }
    assert!(seqs.len() >= 4_096, "{} were said, {refused} refused", seqs.len());
    seqs.sort_unstable();
    seqs.dedup();
    let messages = scene.logs.page_after(&"r".into(), LogName::Room, &[EntryBody::MESSAGE], 0, 5_000).await.unwrap();
    assert_eq!(messages.iter().map(|entry| entry.seq).collect::<Vec<_>>(), seqs, "what was acknowledged, once each");
}
