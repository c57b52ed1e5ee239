//! A board at its bounds: what it takes, what it costs those who come, and what is left in the store.

use crate::scene::{Client, Scene};
use futures_util::{StreamExt, stream::FuturesUnordered};
use std::sync::{Arc, atomic::Ordering};
use studyrooms_app::{
    app::Stores,
    room::Request,
    transfer::{ImportOptions, export, import},
};
use studyrooms_domain::{
    Refusal,
    auth::User,
    board::{BOARD, LOG_BYTES},
    log::{Draft, EntryBody, LogName},
    rooms::Member,
    store::{Logs, Rooms, Snapshot},
};
use studyrooms_protocol::{
    board::{
        BoardOp, BoardSaved, BoardSnapshot, BoardUpdate, Cursor, Draw, DrawAck, Element, MoveCursor, Point,
        RestoreBoard, SaveBoard,
    },
    error::ErrorCode,
    events::server,
    points::Points,
    rooms::{Role, SyncRoom},
};

/// The longest stroke, of points that take little.
fn longest() -> Points {
    vec![Point { x: 1.0, y: 2.0, pressure: None }; 10_000].into()
}

fn stroke(id: &str, points: Points) -> BoardOp {
    BoardOp::Stroke { id: Some(id.into()), points, color: "#112233".into(), width: 3.0 }
}

async fn draw(scene: &Scene, who: &str, ops: Vec<BoardOp>) -> Result<DrawAck, Refusal> {
    let draw = Draw { room_id: "r".into(), ops, op_id: None };
    scene.act(who, |reply| Request::Draw(draw, reply)).await
}

/// The parts of the board, as a socket gets them.
async fn parts(client: &mut Client) -> Vec<BoardSnapshot> {
    let mut parts: Vec<BoardSnapshot> = vec![client.event(server::WHITEBOARD_SNAPSHOT).await];
    while parts.len() < parts[0].parts as usize {
        parts.push(client.event(server::WHITEBOARD_SNAPSHOT).await);
    }
    parts
}

/// 29 of these ended a server with 1.5 GiB: the batch, the tail and the snapshot held every point several times.
// SPEC 6.2
#[tokio::test]
async fn sixty_six_longest_strokes_in_one_batch_are_refused_with_what_to_do() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    let batch = (0..66).map(|n| stroke(&format!("s{n}"), longest())).collect();
    let refusal = draw(&scene, "ann", batch).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::TooLarge);
    assert_eq!(refusal.message, "ops: at most 20000 points in a batch; send them in several");
}

// SPEC 6.2
#[tokio::test]
async fn a_full_board_says_what_to_do_and_still_opens_and_is_erased() {
    let mut scene = Scene::new().await;
    scene.join("ann").await;
    for n in 0..BOARD.points / 20_000 {
        let two = vec![stroke(&format!("a{n}"), longest()), stroke(&format!("b{n}"), longest())];
        draw(&scene, "ann", two).await.unwrap();
    }
    let one_more = || vec![stroke("more", vec![Point { x: 1.0, y: 1.0, pressure: None }].into())];
    let refusal = draw(&scene, "ann", one_more()).await.unwrap_err();
    assert_eq!(refusal.code, ErrorCode::TooLarge);
    assert!(refusal.message.ends_with("erase something, or go on in a new room"), "{refusal}");

    scene.restart().await;
    let (joined, mut ben) = scene.join("ben").await;
    let parts = parts(&mut ben).await;
    assert!(parts.iter().all(|part| part.seq == joined.room_state.board_seq));
    assert_eq!(parts.iter().map(|part| part.elements.len()).sum::<usize>(), BOARD.points / 10_000);
    draw(&scene, "ben", vec![BoardOp::Erase { ids: vec!["a0".into()] }]).await.unwrap();
    draw(&scene, "ben", one_more()).await.unwrap();
    draw(&scene, "ben", vec![BoardOp::Clear]).await.unwrap();
}

#[tokio::test]
async fn who_draws_without_end_is_slowed_down_by_bytes_and_others_are_not() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    scene.join("ben").await;
    let bits = |n: u32| Point { x: f64::from(n).sqrt(), y: f64::from(n).cbrt(), pressure: None };
    let redrawn = || vec![stroke("s", (0..5_000).map(bits).collect())];
    let mut drawn = 0;
    let refusal = loop {
        match draw(&scene, "ann", redrawn()).await {
            Ok(_) => drawn += 1,
            Err(refusal) => break refusal,
        }
    };
    assert_eq!(refusal.code, ErrorCode::RateLimited);
    assert!(refusal.retry_after_ms.is_some_and(|wait| wait < 3_000), "{refusal:?}");
    assert!((35..80).contains(&drawn), "{drawn}");
    draw(&scene, "ben", redrawn()).await.unwrap();
}

/// Copies of the board do not pile up for someone who does not read, and nothing overtakes it.
// SPEC 2.1
#[tokio::test]
async fn who_reads_slowly_gets_the_board_as_it_reads_and_then_what_followed_once_and_in_order() {
    let scene = Scene::new().await;
    let (_, mut ann) = scene.join("ann").await;
    for n in 0..30 {
        draw(&scene, "ann", vec![stroke(&format!("s{n}"), longest())]).await.unwrap();
    }
    let (joined, mut ben) = scene.join("ben").await;
    assert_eq!(parts(&mut ben).await.len() as u32, parts_at(joined.room_state.board_seq, 30));
    ben.outlet.reads.store(false, Ordering::SeqCst);
    // Comes anew, and reads nothing for a while.
    let sync = SyncRoom { room_id: "r".into(), chat_seq: 0, board_seq: Some(u64::MAX) };
    scene.act("ben", |reply| Request::Sync(sync, reply)).await.unwrap();
    let own = draw(&scene, "ben", vec![stroke("bens", longest())]);
    let meanwhile = async {
        let seq = draw(&scene, "ann", vec![BoardOp::Clear]).await.unwrap().seq;
        let waits = ben.outlet.queued.load(Ordering::SeqCst);
        assert!((64_000..400_000).contains(&waits), "{waits} bytes are queued for one who does not read");
        ben.outlet.reads.store(true, Ordering::SeqCst);
        ben.outlet.queued.store(0, Ordering::SeqCst);
        seq
    };
    // Its own answer comes after what it follows.
    let (own, cleared) = tokio::join!(own, meanwhile);
    let own = own.unwrap().seq;
    let all = parts(&mut ben).await;
    assert!(all.iter().zip(1..).all(|(part, number)| part.part == number && part.seq == joined.room_state.board_seq));
    assert!(own != cleared);
    assert_eq!(ben.event::<BoardUpdate>(server::WHITEBOARD_UPDATE).await.seq, cleared, "its own is only answered");
    // From now on it receives with the others.
    draw(&scene, "ben", vec![BoardOp::Clear]).await.unwrap();
    let last = draw(&scene, "ann", vec![BoardOp::Clear]).await.unwrap().seq;
    assert_eq!(ben.event::<BoardUpdate>(server::WHITEBOARD_UPDATE).await.seq, last);
    assert!(ann.names().contains(&server::WHITEBOARD_UPDATE));
}

#[tokio::test(start_paused = true)]
async fn who_reads_at_once_gets_the_board_without_waiting_for_looks() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    for n in 0..40 {
        draw(&scene, "ann", vec![stroke(&format!("s{n}"), longest())]).await.unwrap();
    }
    let (_, mut ben) = scene.join("ben").await;
    parts(&mut ben).await;
    ben.outlet.reads.store(false, Ordering::SeqCst);
    let began = tokio::time::Instant::now();
    let sync = SyncRoom { room_id: "r".into(), chat_seq: 0, board_seq: Some(u64::MAX) };
    scene.act("ben", |reply| Request::Sync(sync, reply)).await.unwrap();
    let mut count = 0;
    loop {
        let part: BoardSnapshot = ben.event(server::WHITEBOARD_SNAPSHOT).await;
        count += 1;
        ben.outlet.read();
        if part.part == part.parts {
            break;
        }
    }
    let each = began.elapsed() / count;
    assert!(count >= 30 && each.as_millis() < 5, "{count} parts, {each:?} for each");
}

// SPEC 2.4
#[tokio::test]
async fn who_reads_more_slowly_than_others_draw_is_not_closed_and_gets_all_in_order() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    let (_, mut ben) = scene.join("ben").await;
    ben.outlet.reads.store(false, Ordering::SeqCst);
    let mut drawn = vec![];
    for n in 0..20 {
        drawn.push(draw(&scene, "ann", vec![stroke(&format!("s{n}"), longest())]).await.unwrap().seq);
    }
    let waits = ben.outlet.queued.load(Ordering::SeqCst);
    assert!((256 << 10..640 << 10).contains(&waits), "{waits} bytes are queued for one who does not read");
    assert!(!ben.outlet.closed.load(Ordering::SeqCst));
    ben.outlet.reads.store(true, Ordering::SeqCst);
    ben.outlet.queued.store(0, Ordering::SeqCst);
    for seq in drawn {
        assert_eq!(ben.event::<BoardUpdate>(server::WHITEBOARD_UPDATE).await.seq, seq);
    }
}

// SPEC 2.4
#[tokio::test]
async fn what_may_be_lost_is_lost_for_who_has_much_to_read() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    let (_, mut ben) = scene.join("ben").await;
    let point = |x| MoveCursor { room_id: "r".into(), x, y: 0.0, tool: None };
    scene.act("ann", |reply| Request::Cursor(point(1.0), reply)).await.unwrap();
    assert_eq!(ben.event::<Cursor>(server::WHITEBOARD_CURSOR).await.x, 1.0);
    ben.outlet.queued.store(64 << 10, Ordering::SeqCst);
    scene.act("ann", |reply| Request::Cursor(point(2.0), reply)).await.unwrap();
    scene.say("ann", "this is not lost").await.unwrap();
    ben.message().await;
    ben.outlet.queued.store(0, Ordering::SeqCst);
    scene.act("ann", |reply| Request::Cursor(point(3.0), reply)).await.unwrap();
    assert_eq!(ben.event::<Cursor>(server::WHITEBOARD_CURSOR).await.x, 3.0);
}

/// Parts of a board of so many longest strokes: each is a part.
fn parts_at(seq: u64, strokes: u32) -> u32 {
    assert_eq!(seq, u64::from(strokes));
    strokes
}

/// About 22 bytes a point in the store: no two alike, and none a short decimal.
fn scribble(of: u32) -> Points {
    (0..3_000).map(|n| Point { x: f64::from(n + of).sqrt(), y: f64::from(n).cbrt(), pressure: None }).collect()
}

/// Redraws one stroke, each person as long as they may; gives how many batches it were.
async fn redraw(scene: &Scene, people: u32) -> u64 {
    let mut drawn = 0;
    for person in 0..people {
        let who = format!("person{person}");
        scene.join(&who).await;
        while draw(scene, &who, vec![stroke("s", scribble(person))]).await.is_ok() {
            drawn += 1;
        }
    }
    drawn
}

async fn save(scene: &Scene, who: &str, title: &str) -> BoardSaved {
    let save = SaveBoard { room_id: "r".into(), title: Some(title.into()), data_url: None };
    scene.act(who, |reply| Request::Save(save, reply)).await.unwrap()
}

/// Redrawing one stroke grew the store by 48 MiB in 20 s without end.
// SPEC 1.11
#[tokio::test]
async fn redrawing_one_stroke_without_end_leaves_a_small_store() {
    let mut scene = Scene::new().await;
    scene.join("ann").await;
    draw(&scene, "ann", vec![stroke("first", scribble(0))]).await.unwrap();
    let version = save(&scene, "ann", "Before").await.version;
    let bytes = 66_000 * redraw(&scene, 12).await;
    assert!(bytes > 4 * LOG_BYTES, "{bytes}");
    let store = scene.store_bytes();
    assert!(store < 3 * LOG_BYTES, "{store} bytes are left of {bytes} drawn");
    scene.restart().await;
    let compacted = scene.logs.compacted(&"r".into()).await.unwrap();
    assert!(compacted > 100, "{compacted}");

    // What was saved before is there, and can be brought back.
    let (joined, mut ben) = scene.join("ben").await;
    let now = parts(&mut ben).await;
    assert_eq!(now.iter().map(|part| part.elements.len()).sum::<usize>(), 2);
    let restore = RestoreBoard { room_id: "r".into(), version_id: version.version_id };
    scene.enter("ann", Role::Owner, None).await;
    scene.act("ann", |reply| Request::Restore(restore, reply)).await.unwrap();
    let (_, mut cem) = scene.join("cem").await;
    let restored = parts(&mut cem).await;
    assert_eq!(restored.iter().map(|part| part.elements.len()).sum::<usize>(), 1);
    assert!(restored[0].seq > joined.room_state.board_seq);
}

/// Whatever was done before the process ended, the board and its versions are what they were.
#[tokio::test]
async fn a_compaction_that_is_cut_short_loses_nothing_and_is_made_up_for() {
    let mut scene = Scene::new().await;
    scene.join("ann").await;
    draw(&scene, "ann", vec![stroke("first", scribble(0))]).await.unwrap();
    save(&scene, "ann", "Before").await;
    scene.logs.never_compacts.store(true, Ordering::SeqCst);
    redraw(&scene, 4).await;
    assert_eq!(scene.logs.compacted(&"r".into()).await.unwrap(), 0);
    scene.restart().await;
    let (_, mut ben) = scene.join("ben").await;
    let before = parts(&mut ben).await;
    scene.logs.never_compacts.store(false, Ordering::SeqCst);
    draw(&scene, "ben", vec![stroke("last", scribble(7))]).await.unwrap();
    scene.restart().await;
    assert!(scene.logs.compacted(&"r".into()).await.unwrap() > 0);
    let (_, mut cem) = scene.join("cem").await;
    let after = parts(&mut cem).await;
    let ids = |parts: &[BoardSnapshot]| {
        parts.iter().flat_map(|part| &part.elements).map(|element| element.id.0.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        (ids(&before), ids(&after)),
        (vec!["first".into(), "s".into()], vec!["first".into(), "s".into(), "last".into()])
    );
}

/// Saved by an earlier program, as nothing but a place of the log.
#[tokio::test]
async fn versions_of_an_earlier_program_are_kept_before_the_log_is_compacted() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    let seq = draw(&scene, "ann", vec![stroke("first", scribble(0))]).await.unwrap().seq;
    let body = EntryBody::Saved { version_id: "old".into(), board_seq: seq, title: None, data_url: None };
    let saved = Draft { event_id: "old".into(), user_id: "ann".into(), timestamp: 1, body };
    scene.logs.append(&"r".into(), LogName::Room, vec![saved]).await.unwrap();
    redraw(&scene, 4).await;
    scene.settled().await;
    assert!(scene.logs.compacted(&"r".into()).await.unwrap() > seq);
    let kept = scene.stores.snapshots.kept(&"r".into(), seq).await.unwrap().unwrap();
    assert_eq!(kept.elements.len(), 1);
}

/// As another instance does that is not received from: it draws on, stores a snapshot and compacts the log behind it.
#[tokio::test]
async fn an_instance_that_fell_behind_a_compacted_log_brings_everyone_the_whole_board() {
    let scene = Scene::new().await;
    let (_, mut ann) = scene.join("ann").await;
    parts(&mut ann).await;
    let drawn = |n: u32| Draft {
        event_id: n.to_string().into(),
        user_id: "ben".into(),
        timestamp: 1,
        body: EntryBody::Drawn { ops: vec![stroke(&format!("s{n}"), scribble(n))] },
    };
    scene.logs.append(&"r".into(), LogName::Board, (1..=20).map(drawn).collect()).await.unwrap();
    let elements = (1..=19).map(|n| {
        let json =
            format!(r##"{{"id":"s{n}","kind":"rect","x":0,"y":0,"w":1,"h":1,"color":"#000","width":1,"z":{n}}}"##);
        Arc::new(serde_json::from_str(&json).unwrap())
    });
    let snapshot = Snapshot { seq: 19, elements: elements.collect(), log_bytes: Some(0) };
    scene.stores.snapshots.put(&"r".into(), snapshot, 1).await.unwrap();
    scene.logs.compact_board(&"r".into(), 15, 1).await.unwrap();
    // Its own append tells it how far the log is.
    draw(&scene, "ann", vec![stroke("own", scribble(0))]).await.unwrap();
    let all = parts(&mut ann).await;
    assert!(all.iter().all(|part| part.seq == 21));
    assert_eq!(all.iter().map(|part| part.elements.len()).sum::<usize>(), 21);
}

// SPEC 1.10, 1.11
#[tokio::test]
async fn a_compacted_room_is_exported_and_imported_with_its_board_and_its_versions() {
    let mut scene = Scene::new().await;
    for Member { user_id, .. } in scene.stores.rooms.members(&"r".into(), None, 100).await.unwrap() {
        let name = user_id.0.clone();
        let user =
            User { user_id, name, email: None, password_hash: None, time_zone: None, avatar: None, created_at: 1 };
        scene.stores.users.add(user).await.unwrap();
    }
    scene.join("ann").await;
    draw(&scene, "ann", vec![stroke("first", scribble(0))]).await.unwrap();
    let version = save(&scene, "ann", "Before").await.version;
    redraw(&scene, 4).await;
    scene.restart().await;
    let mut lines = Vec::new();
    export(&scene.stores, "r", &mut lines).await.unwrap();
    let other = Scene::new().await;
    assert!(Rooms::remove(&*other.stores.rooms, &"r".into()).await.unwrap());
    import(&other.stores, &lines[..], ImportOptions::default()).await.unwrap();
    // Once more, as after an import that was cut off.
    import(&other.stores, &lines[..], ImportOptions::default()).await.unwrap();
    let (stores, room) = (&other.stores, "r".into());
    let latest = async |stores: &Stores| stores.snapshots.latest(&"r".into()).await.unwrap().unwrap();
    let (here, there) = (latest(&scene.stores).await, latest(stores).await);
    let told = |snapshot: &Snapshot| {
        let one = |element: &Arc<Element>| (element.id.clone(), element.points.as_ref().map(Points::len));
        snapshot.elements.iter().map(one).collect::<Vec<_>>()
    };
    assert_eq!((here.seq, told(&here)), (there.seq, told(&there)));
    assert_eq!(
        stores.logs.last_seq(&room, LogName::Board).await.unwrap(),
        scene.logs.last_seq(&room, LogName::Board).await.unwrap()
    );
    assert_eq!(stores.snapshots.kept(&room, version.board_seq).await.unwrap().unwrap().elements.len(), 1);
    assert!(stores.logs.version(&room, &version.version_id).await.unwrap().is_some());
    other.join("ben").await;
    let seq = draw(&other, "ben", vec![BoardOp::Clear]).await.unwrap().seq;
    assert_eq!(seq, here.seq + 1);
}

#[tokio::test]
async fn what_waits_to_be_stored_of_all_who_draw_is_bounded() {
    let scene = Scene::new().await;
    let people = ["ann", "ben", "cem", "dan"];
    for who in people {
        scene.join(who).await;
    }
    let bits = |n: u32| Point { x: f64::from(n).sqrt(), y: f64::from(n).cbrt(), pressure: None };
    let points: Points = (0..5_000).map(bits).collect();
    let gate = scene.logs.gate.lock().await;
    // Nobody draws more than one may at once, and all together more than may wait.
    let mut drawing: FuturesUnordered<_> =
        (0..120).map(|n| draw(&scene, people[n % 4], vec![stroke("s", points.clone())])).collect();
    let first = drawing.next().await.unwrap();
    assert_eq!(first.unwrap_err().code, ErrorCode::Unavailable);
    drop(gate);
    let (mut stored, mut refused) = (0, 1);
    while let Some(outcome) = drawing.next().await {
        match outcome {
            Ok(_) => stored += 1,
            Err(refusal) => {
                assert_eq!(refusal.code, ErrorCode::Unavailable);
                refused += 1;
            }
        }
    }
    assert!(stored > 60 && refused > 0, "{stored} were stored, {refused} refused");
    assert_eq!(scene.logs.last_seq(&"r".into(), LogName::Board).await.unwrap(), stored);
    draw(&scene, "ben", vec![BoardOp::Clear]).await.unwrap();
}
