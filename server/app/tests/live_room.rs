//! A live room over the embedded store, with faults put between the two.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use studyrooms_app::{
    app::{Outside, Stores},
    ice::IceConfig,
    outside::{SystemClock, SystemRandom},
    room::{Command, Entering, Full, HotRooms, Outgoing, Outlet, Reply, Speaker},
};
use studyrooms_domain::{
    Refusal,
    log::{Appended, Draft, Entry, LogName},
    rooms::{Member, Room, RoomKind, default_settings},
    store::{Logs, StoreError, Stored},
};
use studyrooms_protocol::{
    Seq,
    chat::{MessageAck, MessageSent, PostMessage},
    error::ErrorCode,
    events::server,
    ids::{EventId, RoomId, UserId},
    rooms::{Joined, Role},
};
use studyrooms_store::embedded::Embedded;
use tempfile::TempDir;
use tokio::sync::mpsc;

/// The log of a real store, whose answers can get lost on the way.
struct LossyLogs {
    logs: Arc<dyn Logs>,
    loses_answers: AtomicBool,
}

#[async_trait::async_trait]
impl Logs for LossyLogs {
    async fn append(&self, room_id: &RoomId, log: LogName, drafts: Vec<Draft>) -> Stored<Vec<Appended>> {
        let answer = self.logs.append(room_id, log, drafts).await;
        if self.loses_answers.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("the answer was lost".into()));
        }
        answer
    }

    async fn last_seq(&self, room_id: &RoomId, log: LogName) -> Stored<Seq> {
        self.logs.last_seq(room_id, log).await
    }

    async fn by_event(&self, room_id: &RoomId, log: LogName, user: &UserId, event: &EventId) -> Stored<Option<Entry>> {
        self.logs.by_event(room_id, log, user, event).await
    }

    async fn after(&self, room_id: &RoomId, log: LogName, seq: Seq, limit: usize) -> Stored<Vec<Entry>> {
        self.logs.after(room_id, log, seq, limit).await
    }

    async fn page_before(
        &self,
        room_id: &RoomId,
        log: LogName,
        kind: &str,
        before: Option<Seq>,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        self.logs.page_before(room_id, log, kind, before, limit).await
    }

    async fn page_after(
        &self,
        room_id: &RoomId,
        log: LogName,
        kind: &str,
        after: Seq,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        self.logs.page_after(room_id, log, kind, after, limit).await
    }
}

/// A socket that keeps what it hears; a full one hears nothing.
struct Ear {
    heard: mpsc::UnboundedSender<(&'static str, String)>,
    full: AtomicBool,
    closed: AtomicBool,
}

impl Outlet for Ear {
    fn emit(&self, outgoing: &Outgoing) -> Result<(), Full> {
        if self.full.load(Ordering::SeqCst) {
            return Err(Full);
        }
        self.heard.send((outgoing.event, outgoing.body.get().to_owned())).ok();
        Ok(())
    }

    fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }
}

struct Scene {
    rooms: HotRooms,
    logs: Arc<LossyLogs>,
    ears: Mutex<Vec<Arc<Ear>>>,
    _directory: TempDir,
}

impl Scene {
    async fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let mut stores = Stores::of(Arc::new(Embedded::open(directory.path()).unwrap()));
        let logs = Arc::new(LossyLogs { logs: stores.logs.clone(), loses_answers: AtomicBool::new(false) });
        stores.logs = logs.clone();
        let room = Room {
            room_id: "r".into(),
            code: "abc-defg-hjk".into(),
            title: "Algebra".into(),
            kind: RoomKind::Group,
            owner_id: "ann".into(),
            settings: default_settings(),
            created_at: 0,
        };
        let owner = Member { room_id: "r".into(), user_id: "ann".into(), role: Role::Owner, joined_at: 0 };
        assert!(stores.rooms.add(room, owner).await.unwrap());
        let outside = Outside { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) };
        let rooms = HotRooms::new(stores, outside, IceConfig::default());
        Self { rooms, logs, ears: Mutex::default(), _directory: directory }
    }

    async fn join(&self, who: &str) -> (Joined, Heard) {
        let (heard, hearing) = mpsc::unbounded_channel();
        let ear = Arc::new(Ear { heard, full: AtomicBool::new(false), closed: AtomicBool::new(false) });
        self.ears.lock().unwrap().push(ear.clone());
        let entering = Entering {
            socket_id: who.into(),
            connection: self.ears.lock().unwrap().len() as u64,
            outlet: ear.clone(),
            user_id: who.into(),
            name: who.into(),
            role: Role::Member,
            chat_seq: None,
            board_seq: None,
        };
        let (reply, answer) = Reply::channel();
        self.rooms.send(&"r".into(), Command::Join(Box::new(entering), reply)).await;
        (answer.await.unwrap().unwrap(), Heard { ear, hearing })
    }

    async fn say(&self, who: &str, text: &str) -> Result<MessageAck, Refusal> {
        let message = PostMessage { text: text.into(), attachments: None, reply_to: None, event_id: Some(text.into()) };
        let (reply, answer) = Reply::channel();
        self.rooms.send(&"r".into(), Command::Post(Speaker::Socket(who.into()), message, reply)).await;
        answer.await.unwrap()
    }
}

struct Heard {
    ear: Arc<Ear>,
    hearing: mpsc::UnboundedReceiver<(&'static str, String)>,
}

impl Heard {
    /// The next chat message, waited for.
    async fn message(&mut self) -> MessageSent {
        let waiting = async {
            loop {
                let (event, body) = self.hearing.recv().await.unwrap();
                if event == server::CHAT_MESSAGE {
                    return serde_json::from_str(&body).unwrap();
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(10), waiting).await.expect("no message came")
    }
}

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
    for heard in [&mut ann, &mut bob] {
        for said in [&first, &second, &third] {
            assert_eq!(heard.message().await.message, said.message);
        }
    }
}

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

#[tokio::test]
async fn a_socket_that_does_not_read_is_closed_and_finds_it_all_when_it_comes_back() {
    let scene = Scene::new().await;
    let (_, slow) = scene.join("slow").await;
    let (_, mut ann) = scene.join("ann").await;
    slow.ear.full.store(true, Ordering::SeqCst);
    scene.say("ann", "first").await.unwrap();
    assert_eq!(ann.message().await.message.text, "first");
    assert!(slow.ear.closed.load(Ordering::SeqCst));
    let (joined, _) = scene.join("slow").await;
    let texts: Vec<&str> = joined.room_state.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["first"]);
    assert_eq!(joined.room_state.participants.len(), 2);
}

#[tokio::test]
async fn a_later_connection_of_the_same_socket_takes_the_place_of_the_earlier() {
    let scene = Scene::new().await;
    let (_, first) = scene.join("ann").await;
    let (joined, mut second) = scene.join("ann").await;
    assert!(first.ear.closed.load(Ordering::SeqCst));
    assert_eq!(joined.room_state.participants.len(), 1);
    // The end of the earlier connection, which comes later, is not the end of the socket.
    scene.rooms.send(&"r".into(), Command::Lost("ann".into(), 1)).await;
    scene.say("ann", "still here").await.unwrap();
    assert_eq!(second.message().await.message.text, "still here");
}

#[tokio::test]
async fn a_room_that_is_not_there_refuses_by_name() {
    let scene = Scene::new().await;
    let (reply, answer) = Reply::channel();
    scene.rooms.send(&"none".into(), Command::Leave("ann".into(), reply)).await;
    assert_eq!(answer.await.unwrap().unwrap_err().code, ErrorCode::NotFound);
}

#[tokio::test]
async fn an_empty_room_leaves_memory_and_comes_back_with_all_it_had() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    scene.say("ann", "remember this").await.unwrap();
    let (reply, answer) = Reply::channel();
    scene.rooms.send(&"r".into(), Command::Leave("ann".into(), reply)).await;
    answer.await.unwrap().unwrap();
    assert_eq!(scene.rooms.live(), 1);
    // From here on time passes by itself whenever nothing else happens.
    tokio::time::pause();
    while scene.rooms.live() > 0 {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    tokio::time::resume();
    let (joined, _) = scene.join("ann").await;
    let texts: Vec<&str> = joined.room_state.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["remember this"]);
}

#[tokio::test]
async fn a_draining_room_stores_what_it_was_given_first() {
    let scene = Scene::new().await;
    scene.join("ann").await;
    let saying = (0..50).map(|n| {
        let scene = &scene;
        async move { scene.say("ann", &n.to_string()).await }
    });
    let (acks, ()) = tokio::join!(futures_util::future::join_all(saying), scene.rooms.drain());
    // All were asked before the drain: none may be refused, and none be missing from the log.
    let said = acks.into_iter().map(|ack| ack.unwrap().message.seq).max().unwrap();
    assert_eq!(scene.logs.last_seq(&"r".into(), LogName::Room).await.unwrap(), said);
}
