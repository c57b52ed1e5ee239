//! What moderators do in a live room, and that it holds.

use crate::scene::{Client, Scene};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use studyrooms_app::room::{Command, Full, Knocking, Outgoing, Outlet, Request};
use studyrooms_domain::{Refusal, rooms::Member};
use studyrooms_protocol::{
    call::Media,
    control::{Admit, Kick, Kicked, MediaKind, Mute, Muted, RoomUpdated, SetRole, Waiting},
    error::ErrorCode,
    events::{Noted, server},
    ids::RoomId,
    presence::{LeaveReason, UserLeft, UserUpdated},
    rooms::{PatchRoom, Role},
};

const SOUND: Media = Media { audio: true, video: false, screen: false };

impl Scene {
    pub async fn member(&self, who: &str, role: Role) -> Client {
        let member = Member { room_id: "r".into(), user_id: who.into(), role, joined_at: 0 };
        self.stores.rooms.add_member(member).await.unwrap();
        self.enter(who, role, None).await.1
    }

    async fn mute(&self, by: &str, whom: &str, on: bool) -> Result<Noted, Refusal> {
        let mute = Mute { target_socket_id: whom.into(), kind: None, on: Some(on) };
        self.act(by, |reply| Request::Mute(mute, reply)).await
    }

    async fn kick(&self, by: &str, whom: &str, ban: bool) -> Result<Noted, Refusal> {
        let kick = Kick {
            room_id: "r".into(),
            user_id: whom.into(),
            ban: Some(ban),
            reason: Some("spam".into()),
            address_sec: None,
        };
        self.act(by, |reply| Request::Kick(kick, reply)).await
    }

    async fn set_role(&self, by: &str, whom: &str, role: Role) -> Result<Noted, Refusal> {
        let set = SetRole { room_id: "r".into(), user_id: whom.into(), role };
        self.act(by, |reply| Request::SetRole(set, reply)).await
    }

    async fn media(&self, who: &str, media: Media) -> Result<(), Refusal> {
        self.act(who, |reply| Request::Media(media, reply)).await.map(drop)
    }

    pub async fn change(&self, by: &str, settings: &str) {
        let settings = Some(serde_json::from_str(settings).unwrap());
        let patch = PatchRoom { settings, ..Default::default() };
        self.act(by, |reply| Request::Change(patch, reply)).await.unwrap();
    }

    pub async fn role_of(&self, who: &str) -> Option<Role> {
        self.stores.rooms.member(&"r".into(), &who.into()).await.unwrap().map(|member| member.role)
    }
}

#[tokio::test]
async fn a_mute_silences_everyone_hears_of_it_and_it_holds_for_the_person() {
    let mut scene = Scene::new().await;
    scene.member("mod", Role::Mod).await;
    let mut ben = scene.member("ben", Role::Member).await;
    scene.media("ben", SOUND).await.unwrap();
    scene.mute("mod", "ben", true).await.unwrap();
    let muted: Muted = ben.event(server::CONTROL_MUTED).await;
    assert_eq!((muted.user_id.as_str(), muted.by.as_str(), muted.kind), ("ben", "mod", MediaKind::Audio));
    let UserUpdated { user, .. } = ben.event(server::USER_UPDATED).await;
    assert_eq!((user.muted, user.media), (vec![MediaKind::Audio], Media::default()));

    scene.restart().await;
    scene.enter("mod", Role::Mod, None).await;
    scene.change("mod", r#"{"selfUnmute":false}"#).await;
    let (joined, _) = scene.enter("ben", Role::Member, None).await;
    assert_eq!(joined.room_state.participants[1].muted, [MediaKind::Audio]);
    assert_eq!(scene.media("ben", SOUND).await.unwrap_err().code, ErrorCode::Forbidden);
    scene.media("ben", Media { audio: false, video: true, screen: false }).await.unwrap();
    scene.mute("mod", "ben", false).await.unwrap();
    scene.media("ben", SOUND).await.unwrap();
}

#[tokio::test]
async fn people_unmute_themselves_where_the_room_allows_it() {
    let scene = Scene::new().await;
    scene.member("mod", Role::Mod).await;
    let mut ben = scene.member("ben", Role::Member).await;
    scene.mute("mod", "ben", true).await.unwrap();
    let _: Muted = ben.event(server::CONTROL_MUTED).await;
    scene.media("ben", SOUND).await.unwrap();
    loop {
        let UserUpdated { user, .. } = ben.event(server::USER_UPDATED).await;
        if user.muted.is_empty() {
            assert!(user.media.audio);
            break;
        }
    }
}

#[tokio::test]
async fn the_kicked_leave_with_every_socket_and_the_banned_are_noted() {
    let scene = Scene::new().await;
    let mut moderator = scene.member("mod", Role::Mod).await;
    let mut ben = scene.member("ben", Role::Member).await;
    scene.kick("mod", "ben", true).await.unwrap();
    let kicked: Kicked = ben.event(server::CONTROL_KICKED).await;
    assert_eq!((kicked.user_id.as_str(), kicked.ban, kicked.reason.as_deref()), ("ben", true, Some("spam")));
    let left: UserLeft = moderator.event(server::USER_LEFT).await;
    assert_eq!((left.user_id.as_str(), left.reason), ("ben", LeaveReason::Kicked));
    assert_eq!(scene.say("ben", "but").await.unwrap_err().code, ErrorCode::NotInRoom);
    assert_eq!(scene.role_of("ben").await, None);
    let ban = scene.stores.bans.lookup(&"r".into(), &"ben".into()).await.unwrap().unwrap();
    assert_eq!((ban.by.as_str(), ban.reason.as_deref()), ("mod", Some("spam")));
}

#[tokio::test]
async fn nobody_acts_against_a_higher_role() {
    let scene = Scene::new().await;
    scene.enter("ann", Role::Owner, None).await;
    scene.member("mod", Role::Mod).await;
    scene.member("ben", Role::Member).await;
    for refused in [
        scene.kick("mod", "ann", false).await,
        scene.mute("mod", "ann", true).await,
        scene.kick("ben", "mod", false).await,
        scene.mute("ben", "mod", true).await,
        scene.set_role("ben", "ben", Role::Mod).await,
        scene.set_role("mod", "ben", Role::Mod).await,
    ] {
        assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
    }
    assert_eq!(scene.kick("mod", "nobody", false).await.unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(scene.kick("mod", "mod", false).await.unwrap_err().code, ErrorCode::BadRequest);
}

#[tokio::test]
async fn a_new_role_counts_at_once_and_a_room_can_be_handed_over() {
    let scene = Scene::new().await;
    scene.enter("ann", Role::Owner, None).await;
    scene.member("ben", Role::Member).await;
    scene.set_role("ann", "ben", Role::Mod).await.unwrap();
    scene.change("ben", r#"{"locked":true}"#).await;
    scene.set_role("ann", "ben", Role::Owner).await.unwrap();
    assert_eq!((scene.role_of("ann").await, scene.role_of("ben").await), (Some(Role::Mod), Some(Role::Owner)));
    // Told one after the other; the second by now.
    scene.say("ann", "yours").await.unwrap();
    assert_eq!(scene.set_role("ann", "ben", Role::Member).await.unwrap_err().code, ErrorCode::Forbidden);
}

// SPEC 4.7
#[tokio::test]
async fn settings_changed_at_the_same_moment_are_both_kept() {
    let scene = Scene::new().await;
    scene.member("mod", Role::Mod).await;
    tokio::join!(scene.change("mod", r#"{"locked":true}"#), scene.change("mod", r#"{"capacity":7}"#));
    let (joined, _) = scene.enter("ann", Role::Owner, None).await;
    let settings = joined.room_state.room.settings;
    assert_eq!((settings.locked, settings.capacity), (true, 7));
    let stored = scene.stores.rooms.lookup(&"r".into()).await.unwrap().unwrap();
    assert_eq!(stored.settings, settings);
}

struct Bell(tokio::sync::mpsc::UnboundedSender<(&'static str, String)>, AtomicBool);

impl Outlet for Bell {
    fn emit(&self, outgoing: &Outgoing) -> Result<(), Full> {
        self.0.send((outgoing.event, outgoing.body.get().to_owned())).ok();
        Ok(())
    }

    fn enter(&self, _: &RoomId) {}

    fn exit(&self, _: &RoomId) {}

    fn close(&self) {
        self.1.store(true, Ordering::SeqCst);
    }
}

// SPEC 4.6
#[tokio::test]
async fn moderators_hear_who_waits_and_let_them_in_or_send_them_away() {
    let scene = Scene::new().await;
    let mut moderator = scene.member("mod", Role::Mod).await;
    scene.change("mod", r#"{"access":"waiting"}"#).await;
    let mut ben = scene.member("ben", Role::Member).await;
    let (sender, mut bell) = tokio::sync::mpsc::unbounded_channel();
    let knock = async |who: &str| {
        let outlet = Arc::new(Bell(sender.clone(), AtomicBool::new(false)));
        let (socket_id, user_id, name) = (who.into(), who.into(), who.into());
        let knocking = Knocking { socket_id, connection: 0, outlet, user_id, name, guest: false };
        scene.rooms().send(&"r".into(), Command::Knock(Box::new(knocking))).await;
    };
    let answer = |whom: &str, admit| {
        let answer = Admit { room_id: "r".into(), user_id: whom.into(), admit };
        scene.act("mod", |reply| Request::Admit(answer, reply))
    };
    knock("cem").await;
    knock("dan").await;
    let waiting: Waiting = moderator.event(server::CONTROL_WAITING).await;
    assert_eq!(waiting.users[0].user_id.as_str(), "cem");
    answer("cem", true).await.unwrap();
    assert_eq!(bell.recv().await.unwrap().0, server::ROOM_UPDATED);
    assert_eq!(scene.role_of("cem").await, Some(Role::Member));
    answer("dan", false).await.unwrap();
    let (event, body) = bell.recv().await.unwrap();
    assert_eq!(event, server::ERROR);
    assert!(body.contains("joinRoom"), "{body}");
    assert_eq!(scene.role_of("dan").await, None);
    assert_eq!(answer("eve", true).await.unwrap_err().code, ErrorCode::NotFound);
    knock("fay").await;
    scene.act("fay", |reply| Request::Leave((), reply)).await.unwrap();
    assert_eq!(answer("fay", true).await.unwrap_err().code, ErrorCode::NotFound, "she went away from the door");
    assert!(!ben.names().contains(&server::CONTROL_WAITING), "members are not told who waits");
}

// SPEC 4.6
#[tokio::test]
async fn whoever_comes_to_a_door_that_was_opened_meanwhile_is_told_at_once() {
    let scene = Scene::new().await;
    scene.enter("ann", Role::Owner, None).await;
    let (sender, mut bell) = tokio::sync::mpsc::unbounded_channel();
    let outlet = Arc::new(Bell(sender, AtomicBool::new(false)));
    let (socket_id, user_id, name) = ("dan".into(), "dan".into(), "Dan".into());
    let knocking = Knocking { socket_id, connection: 0, outlet, user_id, name, guest: false };
    scene.rooms().send(&"r".into(), Command::Knock(Box::new(knocking))).await;
    let (event, body) = bell.recv().await.unwrap();
    assert_eq!(event, server::ROOM_UPDATED);
    let updated: RoomUpdated = serde_json::from_str(&body).unwrap();
    assert_eq!(updated.room.room_id.as_str(), "r");
}

#[tokio::test]
async fn a_removed_room_sends_everyone_out_and_is_gone() {
    let scene = Scene::new().await;
    scene.enter("ann", Role::Owner, None).await;
    let mut ben = scene.member("ben", Role::Member).await;
    scene.say("ann", "the last word").await.unwrap();
    scene.act("ann", |reply| Request::Remove((), reply)).await.unwrap();
    let kicked: Kicked = ben.event(server::CONTROL_KICKED).await;
    assert_eq!(kicked.reason.as_deref(), Some("the room was removed"));
    assert_eq!(scene.say("ann", "hello?").await.unwrap_err().code, ErrorCode::NotFound);
    assert!(scene.stores.rooms.lookup(&"r".into()).await.unwrap().is_none());
}

#[tokio::test]
async fn one_person_waits_once_however_many_sockets_they_open() {
    let scene = Scene::new().await;
    let mut moderator = scene.member("mod", Role::Mod).await;
    scene.change("mod", r#"{"access":"waiting"}"#).await;
    let (sender, mut bell) = tokio::sync::mpsc::unbounded_channel();
    let knock = async |who: &str, number: usize| {
        let outlet = Arc::new(Bell(sender.clone(), AtomicBool::new(false)));
        let (socket_id, user_id, name) = (format!("{who}{number}").as_str().into(), who.into(), who.into());
        let knocking = Knocking { socket_id, connection: 0, outlet, user_id, name, guest: false };
        scene.rooms().send(&"r".into(), Command::Knock(Box::new(knocking))).await;
    };
    for number in 0..202 {
        knock("cem", number).await;
    }
    knock("dan", 0).await;
    let mut lists = vec![];
    while lists.len() < 2 {
        let waiting: Waiting = moderator.event(server::CONTROL_WAITING).await;
        lists.push(waiting.users.len());
    }
    assert_eq!(lists, [1, 2], "each is told once, and the second finds a place");
    let admit = Admit { room_id: "r".into(), user_id: "cem".into(), admit: true };
    scene.act("mod", |reply| Request::Admit(admit, reply)).await.unwrap();
    let mut told = 0;
    while bell.try_recv().is_ok() {
        told += 1;
    }
    assert_eq!(told, 5, "the newest sockets are let in");
}

// SPEC 4.6
#[tokio::test]
async fn who_waits_is_told_when_the_door_closes_for_good() {
    let scene = Scene::new().await;
    scene.enter("ann", Role::Owner, None).await;
    let (sender, mut bell) = tokio::sync::mpsc::unbounded_channel();
    let knock = async |who: &str, guest: bool| {
        let outlet = Arc::new(Bell(sender.clone(), AtomicBool::new(false)));
        let (socket_id, user_id, name) = (who.into(), who.into(), who.into());
        let knocking = Knocking { socket_id, connection: 0, outlet, user_id, name, guest };
        scene.rooms().send(&"r".into(), Command::Knock(Box::new(knocking))).await;
    };
    let mut told = async || -> (ErrorCode, String) {
        loop {
            let (event, body) = bell.recv().await.unwrap();
            if event == server::ERROR {
                let error: studyrooms_protocol::error::ErrorEvent = serde_json::from_str(&body).unwrap();
                assert_eq!(error.event.as_deref(), Some("joinRoom"));
                return (error.code, error.message);
            }
        }
    };
    scene.change("ann", r#"{"access":"waiting"}"#).await;
    knock("gus", true).await;
    scene.change("ann", r#"{"guests":false}"#).await;
    assert_eq!(told().await, (ErrorCode::Forbidden, "this room takes no guests".into()));
    knock("dan", false).await;
    scene.change("ann", r#"{"locked":true}"#).await;
    assert_eq!(told().await.0, ErrorCode::RoomLocked);
    scene.change("ann", r#"{"locked":false}"#).await;
    knock("eve", false).await;
    scene.act("ann", |reply| Request::Remove((), reply)).await.unwrap();
    assert_eq!(told().await, (ErrorCode::NotFound, "the room was removed".into()));
    knock("fay", false).await;
    assert_eq!(told().await.0, ErrorCode::NotFound, "who knocks behind that, too");
}

// SPEC 5.3
#[tokio::test]
async fn whose_name_looks_like_that_of_a_moderator_is_marked() {
    let scene = Scene::new().await;
    let (joined, _owner) = scene.enter("ann", Role::Owner, None).await;
    assert_eq!(joined.room_state.participants[0].resembles_moderator, None);
    let (joined, _eve) = scene.enter("\u{430}nn", Role::Member, None).await;
    let marked: Vec<_> = joined.room_state.participants.iter().map(|one| one.resembles_moderator).collect();
    assert_eq!(marked.iter().filter(|mark| **mark == Some(true)).count(), 1, "{marked:?}");
    let (joined, _ben) = scene.enter("ben", Role::Member, None).await;
    let ben = joined.room_state.participants.iter().find(|one| one.user_id.as_str() == "ben").unwrap();
    assert_eq!(ben.resembles_moderator, None);
}

#[tokio::test]
async fn a_full_waiting_room_shows_so_many_and_who_is_let_in_makes_room() {
    const MOST: usize = 200;
    let scene = Scene::new().await;
    let (_, mut ann) = scene.enter("ann", Role::Owner, None).await;
    scene.change("ann", r#"{"access":"waiting"}"#).await;
    let (sender, _bell) = tokio::sync::mpsc::unbounded_channel();
    let knock = async |who: &str| {
        let outlet = Arc::new(Bell(sender.clone(), AtomicBool::new(false)));
        let (socket_id, user_id, name) = (who.into(), who.into(), who.into());
        let knocking = Knocking { socket_id, connection: 0, outlet, user_id, name, guest: true };
        scene.rooms().send(&"r".into(), Command::Knock(Box::new(knocking))).await;
    };
    for n in 0..MOST {
        knock(&format!("user-{n}")).await;
    }
    knock("late").await;
    let mut list: Waiting = ann.event(server::CONTROL_WAITING).await;
    while list.users.len() < MOST {
        list = ann.event(server::CONTROL_WAITING).await;
    }
    let has_late = |list: &Waiting| list.users.iter().any(|user| user.user_id.as_str() == "late");
    assert!(!has_late(&list));
    let admit = Admit { room_id: "r".into(), user_id: "user-0".into(), admit: true };
    scene.act("ann", |reply| Request::Admit(admit, reply)).await.unwrap();
    let list: Waiting = ann.event(server::CONTROL_WAITING).await;
    assert_eq!((list.users.len(), has_late(&list)), (MOST - 1, false), "nobody beyond them was told of");
    knock("late").await;
    let list: Waiting = ann.event(server::CONTROL_WAITING).await;
    assert_eq!((list.users.len(), has_late(&list)), (MOST, true));
}
