//! Messages that change after they were said.

use crate::scene::Scene;
use studyrooms_app::room::Request;
use studyrooms_domain::Refusal;
use studyrooms_protocol::{
    chat::{DeleteMessage, EditMessage, Message, MessageAck, MessageEdited, PinMessage, React, ReadUpTo},
    error::ErrorCode,
    events::{Noted, server},
    rooms::Role,
};

impl Scene {
    async fn edit(&self, who: &str, message: &Message, text: &str) -> Result<MessageAck, Refusal> {
        let edit = EditMessage { room_id: "r".into(), message_id: message.id.clone(), text: text.into() };
        self.act(who, |reply| Request::Edit(edit, reply)).await
    }

    async fn delete(&self, who: &str, message: &Message) -> Result<Noted, Refusal> {
        let delete = DeleteMessage { room_id: "r".into(), message_id: message.id.clone() };
        self.act(who, |reply| Request::Delete(delete, reply)).await
    }

    async fn pin(&self, who: &str, message: &Message) -> Result<Noted, Refusal> {
        let pin = PinMessage { room_id: "r".into(), message_id: message.id.clone(), on: true };
        self.act(who, |reply| Request::Pin(pin, reply)).await
    }
}

// SPEC 5.1
#[tokio::test]
async fn an_edit_reaches_everyone_whole_also_of_a_message_far_back() {
    let scene = Scene::new().await;
    let (_, mut ann) = scene.join("ann").await;
    let said = scene.say("ann", "frist").await.unwrap().message;
    // Far more than a room keeps in memory.
    for n in 0..250 {
        scene.say("ann", &n.to_string()).await.unwrap();
    }
    let acked = scene.edit("ann", &said, "first").await.unwrap().message;
    let edited: MessageEdited = ann.event(server::CHAT_EDITED).await;
    assert_eq!((acked.text.as_str(), acked.edited_at.is_some()), ("first", true));
    assert_eq!(edited.message, acked);
    assert!(edited.seq > said.seq);
}

#[tokio::test]
async fn who_comes_back_learns_of_changes_to_what_they_have() {
    let scene = Scene::new().await;
    let (joined, _) = scene.join("ann").await;
    scene.join("ben").await;
    let said = scene.say("ann", "frist").await.unwrap().message;
    let known = scene.say("ben", "last").await.unwrap().message.seq;
    scene.edit("ann", &said, "first").await.unwrap();
    let (back, _) = scene.enter("cem", Role::Member, Some(known)).await;
    assert!(!back.room_state.reset && back.room_state.messages.is_empty());
    assert_eq!(back.room_state.amended[0].text, "first");
    assert!(joined.room_state.amended.is_empty());
}

// SPEC 5.1
#[tokio::test]
async fn the_author_edits_and_nobody_else_while_moderators_may_delete() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    scene.join("ben").await;
    scene.enter("mod", Role::Mod, None).await;
    let said = scene.say("ann", "mine").await.unwrap().message;
    assert_eq!(scene.edit("ben", &said, "yours").await.unwrap_err().code, ErrorCode::Forbidden);
    assert_eq!(scene.edit("mod", &said, "yours").await.unwrap_err().code, ErrorCode::Forbidden);
    assert_eq!(scene.delete("ben", &said).await.unwrap_err().code, ErrorCode::Forbidden);
    scene.delete("mod", &said).await.unwrap();
    assert_eq!(scene.edit("ann", &said, "again").await.unwrap_err().code, ErrorCode::NotFound);
    let (joined, _) = scene.join("cem").await;
    let [message] = &joined.room_state.messages[..] else { panic!("one message") };
    assert_eq!((message.text.as_str(), message.deleted), ("", Some(true)));
}

#[tokio::test]
async fn what_is_pinned_is_there_for_who_comes_later_and_after_a_restart() {
    let mut scene = Scene::new().await;
    scene.enter("mod", Role::Mod, None).await;
    let said = scene.say("mod", "read this first").await.unwrap().message;
    let other = scene.say("mod", "and this").await.unwrap().message;
    scene.pin("mod", &said).await.unwrap();
    scene.pin("mod", &other).await.unwrap();
    scene.delete("mod", &other).await.unwrap();
    for restarted in [false, true] {
        if restarted {
            scene.restart().await;
        }
        let (joined, _) = scene.join("ben").await;
        let pinned: Vec<&str> = joined.room_state.pinned.iter().map(|message| message.text.as_str()).collect();
        assert_eq!(pinned, ["read this first"], "after a restart: {restarted}");
    }
    assert_eq!(scene.pin("ben", &said).await.unwrap_err().code, ErrorCode::Forbidden);
}

#[tokio::test]
async fn a_reaction_needs_a_message_and_an_emoji() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    let said = scene.say("ann", "hi").await.unwrap().message;
    let react = |message_id: &str, emoji: &str| {
        let (message_id, emoji) = (message_id.into(), emoji.into());
        let react = React { room_id: "r".into(), message_id, emoji, on: true };
        scene.act("ann", |reply| Request::React(react, reply))
    };
    assert_eq!(react(said.id.as_str(), "<b>").await.unwrap_err().code, ErrorCode::BadRequest);
    assert_eq!(react("none", "👍").await.unwrap_err().code, ErrorCode::NotFound);
    react(said.id.as_str(), "👍").await.unwrap();
    let (joined, _) = scene.join("ben").await;
    assert_eq!(joined.room_state.messages[0].reactions[0].user_ids, ["ann".into()]);
}

// SPEC 2.7
#[tokio::test]
async fn a_read_marker_only_goes_forward_and_never_beyond_what_is_there() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    let (_, mut ben) = scene.join("ben").await;
    let said = scene.say("ben", "hi").await.unwrap().message.seq;
    let read = |seq| {
        let read = ReadUpTo { room_id: "r".into(), seq };
        scene.act("ann", |reply| Request::Read(read, reply))
    };
    let beyond = read(said + 1000).await.unwrap().seq;
    assert!(beyond >= said && beyond < said + 1000);
    assert_eq!(read(1).await.unwrap().seq, beyond);
    let receipt: studyrooms_protocol::chat::Receipt = ben.event(server::CHAT_RECEIPT).await;
    assert_eq!((receipt.user_id, receipt.seq), ("ann".into(), beyond));
    assert!(!ben.names().contains(&server::CHAT_RECEIPT), "what moves nothing is not told");
}

#[tokio::test]
async fn slow_mode_makes_members_wait_but_takes_the_same_message_again() {
    let scene = Scene::new().await;
    scene.enter("mod", Role::Mod, None).await;
    scene.join("ben").await;
    let patch = serde_json::from_str(r#"{"settings":{"slowModeSec":30}}"#).unwrap();
    scene.act("mod", |reply| Request::Change(patch, reply)).await.unwrap();
    let first = scene.say("ben", "first").await.unwrap().message;
    let refused = scene.say("ben", "second").await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::RateLimited);
    assert!(refused.retry_after_ms.is_some_and(|wait| wait > 25_000 && wait <= 30_000));
    assert_eq!(scene.say("ben", "first").await.unwrap().message, first);
    scene.say("mod", "one").await.unwrap();
    scene.say("mod", "two").await.unwrap();
}
