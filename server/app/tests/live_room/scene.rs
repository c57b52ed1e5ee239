//! The room under test, who is in it, and faults between it and its store.

use serde::de::DeserializeOwned;
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
    outside::SystemRandom,
    room::{Actor, Command, Entering, Full, HotRooms, Outgoing, Outlet, Reply, Request},
};
use studyrooms_domain::{
    Refusal,
    log::{Appended, Draft, Entry, LogName},
    outside::Clock,
    rooms::{Member, Room, RoomKind, default_settings},
    store::{Logs, StoreError, Stored},
};
use studyrooms_protocol::{
    Seq, Timestamp,
    chat::{MessageAck, MessageSent, PostMessage},
    events::server,
    ids::{EventId, MessageId, RoomId, UserId},
    rooms::{Joined, Role},
};
use studyrooms_store::embedded::Embedded;
use tempfile::TempDir;
use tokio::sync::mpsc;

/// The log of a real store, whose answers can get lost on the way.
pub struct LossyLogs {
    logs: Arc<dyn Logs>,
    pub loses_answers: AtomicBool,
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
        kinds: &[&str],
        before: Option<Seq>,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        self.logs.page_before(room_id, log, kinds, before, limit).await
    }

    async fn page_after(
        &self,
        room_id: &RoomId,
        log: LogName,
        kinds: &[&str],
        after: Seq,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        self.logs.page_after(room_id, log, kinds, after, limit).await
    }

    async fn messages(&self, room_id: &RoomId, ids: &[MessageId]) -> Stored<Vec<Entry>> {
        self.logs.messages(room_id, ids).await
    }

    async fn amendments(&self, room_id: &RoomId, ids: &[MessageId]) -> Stored<Vec<Entry>> {
        self.logs.amendments(room_id, ids).await
    }

    async fn count_messages(&self, room_id: &RoomId, after: Seq, except: &UserId, limit: usize) -> Stored<usize> {
        self.logs.count_messages(room_id, after, except, limit).await
    }

    async fn search(
        &self,
        room_id: &RoomId,
        words: &[String],
        before: Option<Seq>,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        self.logs.search(room_id, words, before, limit).await
    }
}

/// A socket that keeps what it hears; a full one hears nothing.
pub struct Ear {
    heard: mpsc::UnboundedSender<(&'static str, String)>,
    pub full: AtomicBool,
    pub closed: AtomicBool,
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

/// A clock that goes with tokio's: where its time is paused, this one is.
struct TestClock(tokio::time::Instant);

pub const START: Timestamp = 1_700_000_000_000;

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        START + u64::try_from(self.0.elapsed().as_millis()).unwrap()
    }
}

pub struct Scene {
    pub rooms: HotRooms,
    pub stores: Stores,
    pub logs: Arc<LossyLogs>,
    outside: Outside,
    ears: Mutex<Vec<Arc<Ear>>>,
    _directory: TempDir,
}

impl Scene {
    pub async fn new() -> Self {
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
        let clock = Arc::new(TestClock(tokio::time::Instant::now()));
        let outside = Outside { clock, random: Arc::new(SystemRandom) };
        let rooms = HotRooms::new(stores.clone(), outside.clone(), IceConfig::default());
        Self { rooms, stores, logs, outside, ears: Mutex::default(), _directory: directory }
    }

    /// The same stores and clock in a new process, which knows nothing yet.
    pub async fn restart(&mut self) {
        self.rooms.drain().await;
        self.rooms = HotRooms::new(self.stores.clone(), self.outside.clone(), IceConfig::default());
    }

    pub fn now(&self) -> Timestamp {
        self.outside.clock.now()
    }

    pub async fn join(&self, who: &str) -> (Joined, Heard) {
        self.enter(who, Role::Member, None).await
    }

    /// Comes in as `role`, with what is known up to `chat_seq`.
    pub async fn enter(&self, who: &str, role: Role, chat_seq: Option<Seq>) -> (Joined, Heard) {
        let (heard, hearing) = mpsc::unbounded_channel();
        let ear = Arc::new(Ear { heard, full: AtomicBool::new(false), closed: AtomicBool::new(false) });
        self.ears.lock().unwrap().push(ear.clone());
        let entering = Entering {
            socket_id: who.into(),
            connection: self.ears.lock().unwrap().len() as u64,
            outlet: ear.clone(),
            user_id: who.into(),
            name: who.into(),
            role,
            chat_seq,
            board_seq: None,
        };
        let (reply, answer) = Reply::channel();
        self.rooms.send(&"r".into(), Command::Join(Box::new(entering), reply)).await;
        (answer.await.unwrap().unwrap(), Heard { ear, hearing })
    }

    /// Does something as a socket in the room.
    pub async fn act<T: Send + 'static>(
        &self,
        who: &str,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> Result<T, Refusal> {
        self.rooms.ask(&"r".into(), Actor::Socket(who.into()), request).await
    }

    pub async fn say(&self, who: &str, text: &str) -> Result<MessageAck, Refusal> {
        let message = PostMessage { text: text.into(), attachments: None, reply_to: None, event_id: Some(text.into()) };
        self.act(who, |reply| Request::Post(message, reply)).await
    }
}

pub struct Heard {
    pub ear: Arc<Ear>,
    hearing: mpsc::UnboundedReceiver<(&'static str, String)>,
}

impl Heard {
    /// The next chat message, waited for.
    pub async fn message(&mut self) -> MessageSent {
        self.event(server::CHAT_MESSAGE).await
    }

    /// The next event of a name, waited for.
    pub async fn event<T: DeserializeOwned>(&mut self, name: &str) -> T {
        let waiting = async {
            loop {
                let (event, body) = self.hearing.recv().await.unwrap();
                if event == name {
                    return serde_json::from_str(&body).unwrap();
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(3600), waiting).await.unwrap_or_else(|_| panic!("no {name} came"))
    }

    /// Names of all that has come so far.
    pub fn names(&mut self) -> Vec<&'static str> {
        std::iter::from_fn(|| self.hearing.try_recv().ok()).map(|(name, _)| name).collect()
    }
}
