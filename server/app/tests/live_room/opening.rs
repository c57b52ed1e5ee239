//! Opening a room costs what it holds, and not all that was ever done in it.

use crate::scene::{START, Scene};
use futures_util::future::join_all;
use std::sync::atomic::Ordering;
use studyrooms_app::room::Request;
use studyrooms_domain::{
    files::file_url,
    log::{Draft, EntryBody, LogName, MessageBody, TaskChange, TimerAction},
    rooms::Member,
};
use studyrooms_protocol::{
    chat::React,
    control::MediaKind,
    files::FileMeta,
    ids::UserId,
    rooms::{Role, RoomState},
    tasks::{NewTask, Task, TaskPatch, TaskStatus, UpdateTask},
    timer::TimerSettings,
};

/// Read at most: the messages of the window with what is shown of them, the newest changes, and what came since the
/// last fold.
const READ: usize = 200 + 4 + 500 + 1000;

fn drafts(bodies: impl IntoIterator<Item = EntryBody>, name: &str) -> Vec<Draft> {
    let draft =
        |(n, body)| Draft { event_id: format!("{name}-{n}").into(), user_id: "ann".into(), timestamp: START, body };
    bodies.into_iter().enumerate().map(draft).collect()
}

fn file(id: &str) -> FileMeta {
    FileMeta {
        upload_id: id.into(),
        room_id: "r".into(),
        file_url: file_url(id),
        name: "notes.txt".into(),
        size: 7,
        mime_type: "image/png".into(),
        picture: None,
        thumbnail_url: None,
        user_id: "ann".into(),
        user_name: "Ann".into(),
        timestamp: START,
    }
}

/// A message, a task, a file and a timer, each changed so many times.
fn busy(times: usize) -> Vec<Draft> {
    let task = Task {
        id: "t".into(),
        title: "Read chapter 0".into(),
        status: TaskStatus::Open,
        assignee_id: None,
        order: 1.0,
    };
    let message = MessageBody {
        id: "m".into(),
        sender_name: "Ann".into(),
        text: "Hello".into(),
        attachments: vec![],
        reply_to: None,
        own_event_id: false,
    };
    let first = [
        EntryBody::Message(message),
        EntryBody::Task(TaskChange::Created { task }),
        EntryBody::Timer(TimerAction::Start { settings: TimerSettings::default() }),
    ];
    let changes = (0..times).flat_map(|n| {
        let on = n % 2 == 0;
        let patch = TaskPatch { title: Some(format!("Read chapter {n}")), ..TaskPatch::default() };
        let upload_id = format!("upload-{n}");
        [
            EntryBody::Task(TaskChange::Updated { task_id: "t".into(), patch }),
            EntryBody::Timer(if on { TimerAction::Pause } else { TimerAction::Resume }),
            EntryBody::Reacted { message_id: "m".into(), emoji: "👍".into(), on },
            EntryBody::Pinned { message_id: "m".into(), on },
            EntryBody::Muted { target: "ben".into(), socket_id: "s".into(), kind: MediaKind::Audio, on },
            EntryBody::Shared(file(&upload_id)),
            EntryBody::Unshared { upload_id },
        ]
    });
    let last = [EntryBody::Shared(file("last")), EntryBody::Pinned { message_id: "m".into(), on: true }];
    drafts(first.into_iter().chain(changes).chain(last), "busy")
}

/// What does not change from one opening to the next.
fn lasting(state: &RoomState) -> serde_json::Value {
    let RoomState { messages, pinned, tasks, timer, .. } = state;
    serde_json::json!({ "messages": messages, "pinned": pinned, "tasks": tasks, "timer": timer })
}

// SPEC 2.5
#[tokio::test]
async fn opening_a_room_reads_what_it_holds_and_not_what_was_done_in_it() {
    let mut counts = vec![];
    for times in [10, 100, 1000] {
        let mut scene = Scene::new().await;
        for some in busy(times).chunks(250) {
            scene.stores.logs.append(&"r".into(), LogName::Room, some.to_vec()).await.unwrap();
        }
        // Read whole once, as a log from before there were folds.
        let (whole, _) = scene.join("ann").await;
        assert_eq!(whole.room_state.tasks[0].title, format!("Read chapter {}", times - 1));
        assert_eq!(whole.room_state.pinned.len(), 1);
        scene.restart().await;
        scene.logs.read.store(0, Ordering::SeqCst);
        let (again, _) = scene.join("ann").await;
        counts.push(scene.logs.read.load(Ordering::SeqCst));
        assert_eq!(lasting(&again.room_state), lasting(&whole.room_state), "after {times} changes");
        let files = scene.act("ann", |reply| Request::Files((), reply)).await.unwrap();
        assert_eq!(files.files.len(), 1);
    }
    assert!(counts.iter().all(|count| *count <= READ), "{counts:?}");
}

// SPEC 2.5
#[tokio::test]
async fn what_is_done_while_a_room_is_open_need_not_be_read_by_the_next_opening() {
    let mut scene = Scene::new().await;
    scene.join("ann").await;
    let new: NewTask = serde_json::from_value(serde_json::json!({ "roomId": "r", "title": "Read" })).unwrap();
    let task = scene.act("ann", |reply| Request::CreateTask(new, reply)).await.unwrap().task;
    for n in 0..1600 {
        let patch = TaskPatch { title: Some(format!("Read {n}")), ..TaskPatch::default() };
        let update = UpdateTask { room_id: "r".into(), task_id: task.id.clone(), patch };
        scene.act("ann", |reply| Request::UpdateTask(update, reply)).await.unwrap();
    }
    scene.restart().await;
    scene.logs.read.store(0, Ordering::SeqCst);
    let (joined, _) = scene.join("ann").await;
    assert_eq!(joined.room_state.tasks[0].title, "Read 1599");
    let read = scene.logs.read.load(Ordering::SeqCst);
    assert!(read <= 600, "{read}");
}

// SPEC 2.2
#[tokio::test]
async fn who_comes_back_after_a_restart_is_told_what_changed_of_what_they_have() {
    let mut scene = Scene::new().await;
    scene.join("ann").await;
    let first = scene.say("ann", "first").await.unwrap().message;
    let known = scene.say("ann", "second").await.unwrap().message.seq;
    for on in [true, false] {
        let react = React { room_id: "r".into(), message_id: first.id.clone(), emoji: "👍".into(), on };
        scene.act("ann", |reply| Request::React(react, reply)).await.unwrap();
    }
    scene.restart().await;
    let (back, _) = scene.enter("ann", Role::Member, Some(known)).await;
    assert!(!back.room_state.reset && back.room_state.messages.is_empty());
    let amended: Vec<&str> = back.room_state.amended.iter().map(|message| message.id.as_str()).collect();
    assert_eq!(amended, [first.id.as_str()], "also when what was changed was taken back");
}

#[tokio::test]
async fn a_room_of_many_members_reads_as_few_markers_as_one_of_few() {
    let mut counts = vec![];
    for members in [20_u64, 20_000] {
        let mut scene = Scene::new().await;
        let people: Vec<UserId> = (0..members).map(|n| format!("user-{n:05}").into()).collect();
        for some in people.chunks(1000) {
            let joining = some.iter().map(async |user_id| {
                let member =
                    Member { room_id: "r".into(), user_id: user_id.clone(), role: Role::Member, joined_at: START };
                scene.stores.rooms.add_member(member).await.unwrap();
                let seq = if user_id.as_str() == "user-00007" { 2 } else { 5 };
                scene.stores.read_markers.advance(&"r".into(), user_id, seq).await.unwrap();
            });
            join_all(joining).await;
        }
        scene.restart().await;
        scene.markers.read.store(0, Ordering::SeqCst);
        let (joined, _) = scene.join("user-00007").await;
        counts.push(scene.markers.read.load(Ordering::SeqCst));
        let receipts = joined.room_state.receipts;
        let own = receipts.iter().find(|receipt| receipt.user_id.as_str() == "user-00007").unwrap();
        assert_eq!(own.seq, 2, "one's own is told, however many have read further");
        assert!(receipts.len() <= 501 && receipts.len() as u64 >= members.min(501), "{}", receipts.len());
    }
    assert_eq!(counts, [20 + 1, 500 + 1]);
}
