//! Every action, in flight while its actor loses the right to it: sent behind the request that ends it, and
//! before that is written.

use crate::{
    races::{Asked, asked, by_http, change, give, kick, post, without_right},
    scene::Scene,
};
use studyrooms_app::room::{Actor, Request, TimerRequest};
use studyrooms_domain::access::Action;
use studyrooms_protocol::{
    board::{BoardOp, Draw, MoveCursor, RestoreBoard, SaveBoard},
    call::Media,
    chat::{DeleteMessage, EditMessage, PinMessage, React, ReadUpTo},
    control::{Admit, MediaKind, Mute, RemoveGuests, Unban},
    error::ErrorCode,
    presence::{RaiseHand, SendReaction, SetTyping},
    rooms::{Role, SyncRoom},
    tasks::{DeleteTask, NewTask, UpdateTask},
    timer::TimerLengths,
};

/// What there is to act on.
struct Props {
    own: String,
    others: String,
    task: String,
}

type Row = (&'static str, Action, fn(&Props) -> Asked);

/// Every action that a person can ask a live room for; those about files are by `files.rs`.
const ROWS: [Row; 29] = [
    ("sync", Action::Read, |_| asked(|to| Request::Sync(sync(), to))),
    ("board", Action::Read, |_| asked(|to| Request::Board((), to))),
    ("files", Action::Read, |_| asked(|to| Request::Files((), to))),
    ("tasks", Action::Read, |_| asked(|to| Request::Tasks((), to))),
    ("post", Action::Post, |_| post("in flight")),
    ("edit", Action::Edit, |props| asked(|to| Request::Edit(edit(&props.own), to))),
    ("delete own", Action::Delete, |props| asked(|to| Request::Delete(delete(&props.own), to))),
    ("delete another's", Action::DeleteOthers, |props| asked(|to| Request::Delete(delete(&props.others), to))),
    ("react", Action::React, |props| asked(|to| Request::React(react(&props.others), to))),
    ("pin", Action::Pin, |props| asked(|to| Request::Pin(pin(&props.others), to))),
    ("read", Action::BePresent, |_| asked(|to| Request::Read(ReadUpTo { room_id: "r".into(), seq: 1 }, to))),
    ("typing", Action::BePresent, |_| {
        asked(|to| Request::Typing(SetTyping { room_id: "r".into(), is_typing: true }, to))
    }),
    ("draw", Action::Draw, |_| asked(|to| Request::Draw(draw(), to))),
    ("cursor", Action::BePresent, |_| asked(|to| Request::Cursor(cursor(), to))),
    ("save", Action::Draw, |_| asked(|to| Request::Save(save(), to))),
    ("restore", Action::Restore, |_| {
        asked(|to| Request::Restore(RestoreBoard { room_id: "r".into(), version_id: "none".into() }, to))
    }),
    ("media", Action::BePresent, |_| {
        asked(|to| Request::Media(Media { audio: true, video: false, screen: false }, to))
    }),
    ("hand", Action::BePresent, |_| asked(|to| Request::Hand(RaiseHand { room_id: "r".into(), raised: true }, to))),
    ("reaction", Action::BePresent, |_| asked(|to| Request::Reaction(reaction(), to))),
    ("mute", Action::Mute, |_| asked(|to| Request::Mute(mute(), to))),
    ("kick", Action::Kick, |_| kick("cem", false)),
    ("remove guests", Action::Kick, |_| {
        asked(|to| Request::RemoveGuests(RemoveGuests { room_id: "r".into(), reason: None }, to))
    }),
    ("unban", Action::Unban, |_| asked(|to| Request::Unban(Unban { room_id: "r".into(), user_id: "eve".into() }, to))),
    ("role", Action::SetRole, |_| give("cem", Role::Mod)),
    ("settings", Action::ChangeSettings, |_| change(r#"{"capacity":50}"#)),
    ("admit", Action::Admit, |_| {
        asked(|to| Request::Admit(Admit { room_id: "r".into(), user_id: "fay".into(), admit: true }, to))
    }),
    ("timer", Action::RunTimer, |_| asked(|to| Request::Timer(TimerRequest::Start(lengths()), to))),
    ("change task", Action::ChangeTasks, |props| asked(|to| Request::UpdateTask(update(&props.task), to))),
    ("delete task", Action::ChangeTasks, |props| {
        asked(|to| Request::DeleteTask(DeleteTask { room_id: "r".into(), task_id: props.task.as_str().into() }, to))
    }),
];

fn sync() -> SyncRoom {
    SyncRoom { room_id: "r".into(), chat_seq: 0, board_seq: None }
}

fn edit(id: &str) -> EditMessage {
    EditMessage { room_id: "r".into(), message_id: id.into(), text: "changed".into() }
}

fn delete(id: &str) -> DeleteMessage {
    DeleteMessage { room_id: "r".into(), message_id: id.into() }
}

fn react(id: &str) -> React {
    React { room_id: "r".into(), message_id: id.into(), emoji: "👍".into(), on: true }
}

fn pin(id: &str) -> PinMessage {
    PinMessage { room_id: "r".into(), message_id: id.into(), on: true }
}

fn draw() -> Draw {
    Draw { room_id: "r".into(), ops: vec![BoardOp::Erase { ids: vec!["x".into()] }], op_id: None }
}

fn cursor() -> MoveCursor {
    MoveCursor { room_id: "r".into(), x: 1.0, y: 1.0, tool: None }
}

fn save() -> SaveBoard {
    SaveBoard { room_id: "r".into(), title: None, data_url: None }
}

fn reaction() -> SendReaction {
    SendReaction { room_id: "r".into(), emoji: "👍".into() }
}

fn mute() -> Mute {
    Mute { target_socket_id: "cem".into(), kind: Some(MediaKind::Audio), on: None }
}

fn lengths() -> TimerLengths {
    TimerLengths { focus_min: Some(25), break_min: None, long_break_min: None, cycles: None }
}

fn update(id: &str) -> UpdateTask {
    serde_json::from_value(serde_json::json!({ "roomId": "r", "taskId": id, "patch": { "title": "other" } })).unwrap()
}

/// How the actor's right ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Demoted,
    Kicked,
    Banned,
    Locked,
    Removed,
    GuestsOff,
    GuestsRemoved,
}

/// Who acts: a moderator who is to be demoted, or a guest.
const fn role_before(end: End) -> Role {
    match end {
        End::GuestsOff | End::GuestsRemoved => Role::Guest,
        _ => Role::Mod,
    }
}

/// What comes of an action that takes no right but this, sent right behind the end of it; `ok` stands for whatever
/// it would have been.
fn expected(end: End, action: Action, by_socket: bool) -> Option<ErrorCode> {
    let mods_only = matches!(
        action,
        Action::DeleteOthers
            | Action::Pin
            | Action::Restore
            | Action::Mute
            | Action::Kick
            | Action::Unban
            | Action::ChangeSettings
            | Action::Admit
    );
    match end {
        // No moderator gives roles, and whoever is in a room that is locked stays.
        End::Demoted | End::Locked if action == Action::SetRole => Some(ErrorCode::Forbidden),
        End::Demoted => mods_only.then_some(ErrorCode::Forbidden),
        End::Locked => None,
        End::Kicked if by_socket => Some(ErrorCode::NotInRoom),
        // Who is sent out is a member all the same.
        End::Kicked => (action == Action::SetRole).then_some(ErrorCode::Forbidden),
        End::Banned if by_socket => Some(ErrorCode::NotInRoom),
        End::Banned | End::Removed => Some(ErrorCode::NotFound),
        End::GuestsOff => Some(ErrorCode::Forbidden),
        End::GuestsRemoved if by_socket => Some(ErrorCode::NotInRoom),
        End::GuestsRemoved => Some(ErrorCode::NotFound),
    }
}

fn ending(end: End, whom: &str) -> Asked {
    match end {
        End::Demoted => give(whom, Role::Member),
        End::Kicked => kick(whom, false),
        End::Banned => kick(whom, true),
        End::Locked => change(r#"{"locked":true}"#),
        End::Removed => asked(|to| Request::Remove((), to)),
        End::GuestsOff => change(r#"{"guests":false}"#),
        End::GuestsRemoved => asked(|to| Request::RemoveGuests(RemoveGuests { room_id: "r".into(), reason: None }, to)),
    }
}

/// A room with the owner, someone to act on, and the actor, who has said something.
async fn stage(end: End) -> (Scene, Props) {
    let scene = Scene::new().await;
    scene.enter("ann", Role::Owner, None).await;
    scene.add("cem", Role::Member).await.unwrap();
    scene.join("cem").await;
    let role = role_before(end);
    scene.add("ben", if role == Role::Guest { Role::Guest } else { Role::Member }).await.unwrap();
    scene.enter("ben", role, None).await;
    if role == Role::Mod {
        scene.done(0, scene.socket(0, "ann"), give("ben", Role::Mod)).await.unwrap();
    }
    let own = scene.say("ben", "mine").await.unwrap().message.id.to_string();
    let others = scene.say("cem", "yours").await.unwrap().message.id.to_string();
    let new: NewTask = serde_json::from_value(serde_json::json!({ "title": "one" })).unwrap();
    let task = scene.act("cem", |to| Request::CreateTask(new, to)).await.unwrap().task.id.to_string();
    (scene, Props { own, others, task })
}

async fn walk(end: End) {
    let mut wrong = vec![];
    for (name, action, row) in ROWS {
        for by_socket in [true, false] {
            let (scene, props) = stage(end).await;
            let actor: Actor = if by_socket { scene.socket(0, "ben") } else { by_http("ben", role_before(end)) };
            // Neither is waited for: the room has both at once.
            let ended = scene.begin(0, scene.socket(0, "ann"), ending(end, "ben")).await;
            let acted = scene.begin(0, actor, row(&props)).await;
            ended.await.unwrap();
            let outcome = acted.await.map_err(|refusal| refusal.code);
            let is_right = match expected(end, action, by_socket) {
                Some(code) => outcome == Err(code),
                // By HTTP there is no socket to type or wave with, and nobody waits or is banned.
                None => {
                    !matches!(outcome, Err(ErrorCode::Forbidden | ErrorCode::RoomLocked))
                        && (!by_socket || outcome != Err(ErrorCode::NotInRoom))
                }
            };
            if !is_right {
                wrong.push(format!("{end:?}: {name}, by socket {by_socket}: {outcome:?}"));
            }
            // By HTTP, who was sent out does what a member may.
            if matches!(end, End::Demoted | End::Banned) || end == End::Kicked && by_socket {
                wrong.extend(without_right(&scene.log().await));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

// SPEC 4.2
#[tokio::test]
async fn nothing_that_takes_a_moderator_is_done_behind_a_demotion() {
    walk(End::Demoted).await;
}

// SPEC 4.2
#[tokio::test]
async fn nothing_is_done_in_the_room_behind_a_kick() {
    walk(End::Kicked).await;
}

// SPEC 4.2, 4.4
#[tokio::test]
async fn nothing_at_all_is_done_behind_a_ban() {
    walk(End::Banned).await;
}

#[tokio::test]
async fn who_is_in_a_room_that_is_locked_goes_on() {
    walk(End::Locked).await;
}

// SPEC 4.2
#[tokio::test]
async fn nothing_is_done_in_a_room_that_is_removed() {
    walk(End::Removed).await;
}

#[tokio::test]
async fn guests_do_nothing_in_a_room_that_takes_none_any_more() {
    walk(End::GuestsOff).await;
}

#[tokio::test]
async fn guests_who_were_removed_do_nothing() {
    walk(End::GuestsRemoved).await;
}
