//! The room under test, who is in it, and faults between it and its store.

use crate::counted::CountedMarkers;
use serde::de::DeserializeOwned;
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use studyrooms_app::{
    app::{Stores, System},
    ice::IceConfig,
    room::{
        Actor, Broadcaster, Command, ConnectionId, Coordination, Entering, Full, LiveRooms, Outgoing, Outlet, Reply,
        Request,
    },
    system::SystemRandom,
};
use studyrooms_domain::{
    Refusal,
    log::{Appended, Draft, Entry, LogName},
    presence::{Directory, InstanceId, Settled, Terms, Update},
    pubsub::{self, PubSub},
    rooms::{Member, Room, RoomKind, default_settings},
    store::{Logs, Recheck, StoreError, Stored},
    system::Clock,
};
use studyrooms_protocol::{
    Seq, Timestamp,
    board::BoardVersion,
    chat::{MessageAck, MessageSent, PostMessage},
    events::server,
    ids::{EventId, MessageId, RoomId, SocketId, UserId, VersionId},
    rooms::{Joined, Role},
};
use studyrooms_store::{
    embedded::Embedded,
    memory::{MemoryDirectory, MemoryPubSub},
    s3::{Keys, LocalS3, S3},
};
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot};

/// The log of a real store, whose writes can be held up and whose answers can get lost on the way.
pub struct LossyLogs {
    logs: Arc<dyn Logs>,
    pub loses_answers: AtomicBool,
    /// A compaction does not happen: as if the process ended before it.
    pub never_compacts: AtomicBool,
    /// While it is locked, writes wait.
    pub gate: tokio::sync::Mutex<()>,
    /// A write waits at the gate.
    pub waits: tokio::sync::Notify,
    /// Entries that were read.
    pub read: AtomicUsize,
    /// Batches that were written.
    pub writes: AtomicUsize,
    /// Whether no simulated time passes while an entry is written.
    pub holds_time: AtomicBool,
    /// Whether the store does not answer.
    pub is_away: tokio::sync::watch::Sender<bool>,
}

/// How long a store that does not answer is waited for by its engine.
const GIVEN_UP_AFTER: Duration = Duration::from_secs(10);

impl LossyLogs {
    /// Tokio moves simulated time on while nothing but the store's own threads is at work, unless a blocking task is.
    async fn in_time<T>(&self, work: impl Future<Output = T>) -> T {
        if !self.holds_time.load(Ordering::SeqCst) {
            return work.await;
        }
        let (done, is_done) = std::sync::mpsc::channel::<()>();
        let holding = tokio::task::spawn_blocking(move || is_done.recv().is_ok());
        let outcome = work.await;
        drop(done);
        holding.await.unwrap();
        outcome
    }

    fn count(&self, found: Stored<Vec<Entry>>) -> Stored<Vec<Entry>> {
        if let Ok(found) = &found {
            self.read.fetch_add(found.len(), Ordering::SeqCst);
        }
        found
    }

    /// Waits for an answer, as an engine does.
    async fn reach(&self) -> Stored<()> {
        let mut is_away = self.is_away.subscribe();
        let back = is_away.wait_for(|away| !away);
        let late = |_| StoreError::Unavailable("no answer".into());
        tokio::time::timeout(GIVEN_UP_AFTER, back).await.map_err(late)?.unwrap();
        Ok(())
    }
}

#[async_trait::async_trait]
impl Logs for LossyLogs {
    async fn append(&self, room_id: &RoomId, log: LogName, drafts: Vec<Draft>) -> Stored<Vec<Appended>> {
        if self.gate.try_lock().is_err() {
            self.waits.notify_one();
            drop(self.gate.lock().await);
        }
        self.reach().await?;
        self.writes.fetch_add(1, Ordering::SeqCst);
        let answer = self.in_time(self.logs.append(room_id, log, drafts)).await;
        if self.loses_answers.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("the answer was lost".into()));
        }
        answer
    }

    async fn append_judged(
        &self,
        room_id: &RoomId,
        log: LogName,
        known: Seq,
        drafts: Vec<Draft>,
        recheck: &mut dyn Recheck,
    ) -> Stored<Vec<Option<Appended>>> {
        if self.gate.try_lock().is_err() {
            self.waits.notify_one();
            drop(self.gate.lock().await);
        }
        self.reach().await?;
        self.writes.fetch_add(1, Ordering::SeqCst);
        let answer = self.in_time(self.logs.append_judged(room_id, log, known, drafts, recheck)).await;
        if self.loses_answers.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("the answer was lost".into()));
        }
        answer
    }

    async fn last_seq(&self, room_id: &RoomId, log: LogName) -> Stored<Seq> {
        self.reach().await?;
        self.logs.last_seq(room_id, log).await
    }

    async fn by_event(&self, room_id: &RoomId, log: LogName, user: &UserId, event: &EventId) -> Stored<Option<Entry>> {
        self.logs.by_event(room_id, log, user, event).await
    }

    async fn after(&self, room_id: &RoomId, log: LogName, seq: Seq, limit: usize) -> Stored<Vec<Entry>> {
        self.reach().await?;
        self.count(self.logs.after(room_id, log, seq, limit).await)
    }

    async fn page_before(
        &self,
        room_id: &RoomId,
        log: LogName,
        kinds: &[&str],
        before: Option<Seq>,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        self.count(self.logs.page_before(room_id, log, kinds, before, limit).await)
    }

    async fn page_after(
        &self,
        room_id: &RoomId,
        log: LogName,
        kinds: &[&str],
        after: Seq,
        limit: usize,
    ) -> Stored<Vec<Entry>> {
        self.count(self.logs.page_after(room_id, log, kinds, after, limit).await)
    }

    async fn messages(&self, room_id: &RoomId, ids: &[MessageId]) -> Stored<Vec<Entry>> {
        self.count(self.logs.messages(room_id, ids).await)
    }

    async fn amendments(&self, room_id: &RoomId, ids: &[MessageId]) -> Stored<Vec<Entry>> {
        self.count(self.logs.amendments(room_id, ids).await)
    }

    async fn count_unread(&self, rooms: &[(RoomId, Seq)], except: &UserId, limit: usize) -> Stored<Vec<usize>> {
        self.logs.count_unread(rooms, except, limit).await
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

    async fn versions(&self, room_id: &RoomId, before: Option<&VersionId>, limit: usize) -> Stored<Vec<BoardVersion>> {
        self.logs.versions(room_id, before, limit).await
    }

    async fn version(&self, room_id: &RoomId, version_id: &VersionId) -> Stored<Option<BoardVersion>> {
        self.logs.version(room_id, version_id).await
    }

    async fn version_picture(&self, room_id: &RoomId, version_id: &VersionId) -> Stored<Option<String>> {
        self.logs.version_picture(room_id, version_id).await
    }

    async fn compact_board(&self, room_id: &RoomId, upto: Seq, before: Timestamp) -> Stored<()> {
        if self.never_compacts.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("the process ended".into()));
        }
        self.logs.compact_board(room_id, upto, before).await
    }

    async fn compacted(&self, room_id: &RoomId) -> Stored<Seq> {
        self.logs.compacted(room_id).await
    }

    async fn begin(&self, room_id: &RoomId, log: LogName, entry: Entry) -> Stored<bool> {
        self.logs.begin(room_id, log, entry).await
    }
}

/// A socket that keeps what it is sent; a full one is sent nothing.
pub struct TestOutlet {
    socket_id: SocketId,
    connection: ConnectionId,
    /// The instance it is connected to.
    at: usize,
    /// Whether it is in the room, for the broadcaster.
    entered: AtomicBool,
    sender: mpsc::UnboundedSender<(&'static str, String)>,
    pub full: AtomicBool,
    /// Bytes that wait to be read: they grow with what is told, as long as it does not read.
    pub queued: AtomicUsize,
    pub reads: AtomicBool,
    pub closed: AtomicBool,
    waker: Mutex<Option<(usize, Arc<tokio::sync::Notify>)>>,
}

impl TestOutlet {
    /// Reads all that waits.
    pub fn read(&self) {
        self.queued.store(0, Ordering::SeqCst);
        if let Some((_, waker)) = self.waker.lock().unwrap().take() {
            waker.notify_one();
        }
    }
}

impl Outlet for TestOutlet {
    fn emit(&self, outgoing: &Outgoing) -> Result<(), Full> {
        if self.full.load(Ordering::SeqCst) {
            return Err(Full);
        }
        if !self.reads.load(Ordering::SeqCst) {
            self.queued.fetch_add(outgoing.body.get().len(), Ordering::SeqCst);
        }
        self.sender.send((outgoing.event, outgoing.body.get().to_owned())).ok();
        Ok(())
    }

    fn queued_bytes(&self) -> usize {
        self.queued.load(Ordering::SeqCst)
    }

    fn wake_when_read(&self, below: usize, waker: &Arc<tokio::sync::Notify>) {
        *self.waker.lock().unwrap() = Some((below, waker.clone()));
        if self.queued_bytes() < below {
            self.read();
        }
    }

    fn enter(&self, _: &RoomId) {
        self.entered.store(true, Ordering::SeqCst);
    }

    fn exit(&self, _: &RoomId) {
        self.entered.store(false, Ordering::SeqCst);
    }

    fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }
}

/// The sockets of all instances.
#[derive(Default)]
struct TestOutlets(Mutex<Vec<Arc<TestOutlet>>>);

impl TestOutlets {
    fn tell(&self, outgoing: &Outgoing, whom: impl Fn(&TestOutlet) -> bool) {
        let outlets = self.0.lock().unwrap();
        for outlet in outlets.iter().filter(|outlet| !outlet.closed.load(Ordering::SeqCst) && whom(outlet)) {
            // What is said this way may be lost.
            outlet.emit(outgoing).ok();
        }
    }
}

/// The broadcaster of one instance.
struct TestBroadcaster {
    outlets: Arc<TestOutlets>,
}

impl Broadcaster for TestBroadcaster {
    fn send_to_room(&self, _: &RoomId, except: Option<&SocketId>, outgoing: &Outgoing) {
        self.outlets
            .tell(outgoing, |outlet| outlet.entered.load(Ordering::SeqCst) && Some(&outlet.socket_id) != except);
    }

    fn send_to_socket(&self, socket_id: &SocketId, outgoing: &Outgoing) {
        self.outlets.tell(outgoing, |outlet| &outlet.socket_id == socket_id);
    }
}

/// How long what is told between instances is under way: up to so many milliseconds, by a seed.
#[derive(Default)]
pub struct Delays {
    pub most: AtomicU64,
    random: Mutex<SmallRandom>,
}

impl Delays {
    fn next(&self) -> Duration {
        let most = self.most.load(Ordering::SeqCst);
        Duration::from_millis(if most == 0 { 0 } else { self.random.lock().unwrap().below(most + 1) })
    }

    pub fn seed(&self, seed: u64) {
        *self.random.lock().unwrap() = SmallRandom(seed);
    }
}

/// The same numbers for the same seed (SplitMix64).
#[derive(Default)]
pub struct SmallRandom(pub u64);

impl SmallRandom {
    /// From 0 on, below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}

/// The channels of one instance, on which what it tells can get lost, and takes its time.
pub struct LossyPubSub {
    pubsub: Arc<MemoryPubSub>,
    pub loses: AtomicBool,
    is_dead: Arc<AtomicBool>,
    /// What is under way, in order.
    slow: mpsc::UnboundedSender<(String, Vec<u8>, Duration)>,
    delays: Arc<Delays>,
}

impl LossyPubSub {
    fn new(pubsub: MemoryPubSub, delays: Arc<Delays>) -> Self {
        let (pubsub, (slow, mut under_way)) =
            (Arc::new(pubsub), mpsc::unbounded_channel::<(String, Vec<u8>, Duration)>());
        let to = pubsub.clone();
        tokio::spawn(async move {
            while let Some((channel, message, delay)) = under_way.recv().await {
                tokio::time::sleep(delay).await;
                to.publish(&channel, message);
            }
        });
        Self { pubsub, loses: AtomicBool::new(false), is_dead: Arc::default(), slow, delays }
    }
}

#[async_trait::async_trait]
impl PubSub for LossyPubSub {
    fn is_shared(&self) -> bool {
        self.pubsub.is_shared()
    }

    async fn subscribe(&self, channel: &str, subscriber: pubsub::Subscriber) -> Stored<()> {
        let is_dead = self.is_dead.clone();
        let passing = move |received| {
            if !is_dead.load(Ordering::SeqCst) {
                subscriber(received);
            }
        };
        self.pubsub.subscribe(channel, Arc::new(passing)).await
    }

    async fn unsubscribe(&self, channel: &str) {
        self.pubsub.unsubscribe(channel).await;
    }

    fn publish(&self, channel: &str, message: Vec<u8>) {
        if self.loses.load(Ordering::SeqCst) || self.is_dead.load(Ordering::SeqCst) {
            return;
        }
        if self.delays.most.load(Ordering::SeqCst) == 0 {
            self.pubsub.publish(channel, message);
        } else {
            self.slow.send((channel.into(), message, self.delays.next())).unwrap();
        }
    }

    async fn subscriber_count(&self, channel: &str) -> Stored<u16> {
        self.pubsub.subscriber_count(channel).await
    }
}

/// One running server, as far as rooms are concerned.
pub struct Instance {
    pub rooms: LiveRooms,
    pub pubsub: Arc<LossyPubSub>,
    /// How often it read the whole list of a room in the directory.
    pub reads: Arc<AtomicUsize>,
}

/// The directory as an instance reaches it, until it is dead.
struct Reach {
    directory: Arc<dyn Directory>,
    pubsub: Arc<LossyPubSub>,
    delays: Arc<Delays>,
    /// How often the whole list was read.
    reads: Arc<AtomicUsize>,
}

impl Reach {
    fn alive(&self) -> Stored<&dyn Directory> {
        if self.pubsub.is_dead.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("dead".into()));
        }
        Ok(&*self.directory)
    }
}

#[async_trait::async_trait]
impl Directory for Reach {
    async fn renew(&self, instance: &InstanceId) -> Stored<()> {
        self.alive()?.renew(instance).await
    }

    async fn settle(&self, room_id: &RoomId, update: Update) -> Stored<Settled> {
        tokio::time::sleep(self.delays.next()).await;
        let settled = self.alive()?.settle(room_id, update).await?;
        self.reads.fetch_add(usize::from(settled.listings.is_some()), Ordering::SeqCst);
        tokio::time::sleep(self.delays.next()).await;
        Ok(settled)
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
    pub instances: Vec<Instance>,
    pub stores: Stores,
    pub logs: Arc<LossyLogs>,
    pub markers: Arc<CountedMarkers>,
    pub objects: Arc<S3>,
    pub delays: Arc<Delays>,
    system: System,
    outlets: Arc<TestOutlets>,
    directory: TempDir,
}

impl Scene {
    pub async fn new() -> Self {
        Self::of(1).await
    }

    /// With so many instances.
    pub async fn of(instances: usize) -> Self {
        let directory = TempDir::new().unwrap();
        let mut stores = Stores::of(Arc::new(Embedded::open(directory.path()).unwrap()));
        let logs = Arc::new(LossyLogs {
            logs: stores.logs.clone(),
            loses_answers: AtomicBool::new(false),
            never_compacts: AtomicBool::new(false),
            gate: tokio::sync::Mutex::default(),
            waits: tokio::sync::Notify::new(),
            read: AtomicUsize::new(0),
            writes: AtomicUsize::new(0),
            holds_time: AtomicBool::new(false),
            is_away: tokio::sync::watch::Sender::new(false),
        });
        stores.logs = logs.clone();
        let markers = Arc::new(CountedMarkers { markers: stores.read_markers.clone(), read: AtomicUsize::new(0) });
        stores.read_markers = markers.clone();
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
        let moderator = Member { room_id: "r".into(), user_id: "mod".into(), role: Role::Mod, joined_at: 0 };
        assert!(stores.rooms.add_member(moderator).await.unwrap());
        let clock = Arc::new(TestClock(tokio::time::Instant::now()));
        let system = System { clock, random: Arc::new(SystemRandom) };
        let keys = Keys { access: "test".into(), secret: "a secret of the test".into() };
        let (root, uploads) = (directory.path().join("files"), stores.uploads.clone());
        let local = LocalS3::open(&root, &keys, system.random.clone(), uploads, 0).unwrap();
        let objects = Arc::new(S3::inside(local, &keys));
        let outlets = Arc::<TestOutlets>::default();
        let delays = Arc::default();
        let mut scene = Self { instances: vec![], stores, logs, markers, objects, delays, system, outlets, directory };
        scene.start(instances);
        scene
    }

    fn start(&mut self, instances: usize) {
        let listed = Arc::new(MemoryDirectory::new(self.system.clock.clone(), Terms::DEFAULT));
        let pubsubs = if instances == 1 { vec![MemoryPubSub::alone()] } else { MemoryPubSub::between(instances) };
        for (number, pubsub) in pubsubs.into_iter().enumerate() {
            let pubsub = Arc::new(LossyPubSub::new(pubsub, self.delays.clone()));
            let instance = InstanceId(number.to_string());
            let (reads, delays) = (Arc::<AtomicUsize>::default(), self.delays.clone());
            let (to, of) = (listed.clone(), pubsub.clone());
            let directory = Arc::new(Reach { directory: to, pubsub: of, delays, reads: reads.clone() });
            let coordination = Coordination { instance, pubsub: pubsub.clone(), directory };
            let (stores, system) = (self.stores.clone(), self.system.clone());
            let broadcaster = Arc::new(TestBroadcaster { outlets: self.outlets.clone() });
            let rooms =
                LiveRooms::new(stores, self.objects.clone(), system, IceConfig::default(), coordination, broadcaster);
            self.instances.push(Instance { rooms, pubsub, reads });
        }
    }

    /// Ends an instance as a crash would: nothing is stored or told any more, and no lease renewed.
    pub fn kill(&self, at: usize) {
        self.instances[at].pubsub.is_dead.store(true, Ordering::SeqCst);
    }

    /// The rooms of the first instance.
    pub fn rooms(&self) -> &LiveRooms {
        &self.instances[0].rooms
    }

    /// The same stores and clock in a new process, which knows nothing yet.
    pub async fn restart(&mut self) {
        self.rooms().drain().await;
        self.instances.clear();
        self.start(1);
    }

    /// What is stored beside what is asked for, is.
    pub async fn settled(&self) {
        self.rooms().drain().await;
    }

    /// Bytes of the store's files.
    pub fn store_bytes(&self) -> u64 {
        let files = std::fs::read_dir(self.directory.path()).unwrap().map(|file| file.unwrap());
        files.filter(|file| file.file_name() == "studyrooms.db").map(|file| file.metadata().unwrap().len()).sum()
    }

    pub fn now(&self) -> Timestamp {
        self.system.clock.now()
    }

    pub async fn join(&self, who: &str) -> (Joined, Client) {
        self.enter(who, Role::Member, None).await
    }

    /// Comes in as `role`, with what is known up to `chat_seq`.
    pub async fn enter(&self, who: &str, role: Role, chat_seq: Option<Seq>) -> (Joined, Client) {
        self.enter_at(0, who, role, chat_seq).await
    }

    /// As [`Self::enter`], at one of the instances.
    pub async fn enter_at(&self, at: usize, who: &str, role: Role, chat_seq: Option<Seq>) -> (Joined, Client) {
        let (answer, client) = self.knock_at(at, who, role, chat_seq).await;
        (answer.unwrap(), client)
    }

    /// Comes in where there may be no place.
    pub async fn try_enter_at(&self, at: usize, who: &str) -> Result<Joined, Refusal> {
        self.knock_at(at, who, Role::Member, None).await.0
    }

    pub async fn knock_at(
        &self,
        at: usize,
        who: &str,
        role: Role,
        chat_seq: Option<Seq>,
    ) -> (Result<Joined, Refusal>, Client) {
        let (sender, received) = mpsc::unbounded_channel();
        let outlet = self.connect(at, who, sender);
        let connection = outlet.connection;
        let answer = self.enter_by(&outlet, who, role, chat_seq).await;
        (answer, Client { outlet, connection, received })
    }

    /// Comes in on a connection that was there before.
    pub async fn enter_again(&self, by: &Client, who: &str) -> Result<Joined, Refusal> {
        self.enter_by(&by.outlet, who, Role::Member, None).await
    }

    async fn enter_by(
        &self,
        outlet: &Arc<TestOutlet>,
        who: &str,
        role: Role,
        chat_seq: Option<Seq>,
    ) -> Result<Joined, Refusal> {
        let entering = Entering {
            socket_id: who.into(),
            connection: outlet.connection,
            outlet: outlet.clone(),
            user_id: who.into(),
            name: who.into(),
            avatar_url: None,
            role,
            since: self.now(),
            refused: None,
            resembles_moderator: false,
            read: self.marker_of(who).await,
            chat_seq,
            board_seq: None,
        };
        let (reply, answer) = Reply::channel();
        self.instances[outlet.at].rooms.send(&"r".into(), Command::Join(Box::new(entering), reply)).await;
        answer.await.unwrap()
    }

    /// How far someone has read, as the records have it.
    async fn marker_of(&self, who: &str) -> Seq {
        let found = self.stores.read_markers.of_user(&who.into(), &["r".into()]).await.unwrap();
        found.first().map_or(0, |marker| marker.seq)
    }

    /// A new connection of a socket, which is in no room yet.
    pub fn connect(
        &self,
        at: usize,
        who: &str,
        sender: mpsc::UnboundedSender<(&'static str, String)>,
    ) -> Arc<TestOutlet> {
        let mut outlets = self.outlets.0.lock().unwrap();
        let outlet = Arc::new(TestOutlet {
            socket_id: who.into(),
            connection: outlets.len() as u64 + 1,
            at,
            entered: AtomicBool::new(false),
            sender,
            full: AtomicBool::new(false),
            queued: AtomicUsize::new(0),
            reads: AtomicBool::new(true),
            waker: Mutex::default(),
            closed: AtomicBool::new(false),
        });
        outlets.push(outlet.clone());
        outlet
    }

    /// A socket by its newest connection to an instance.
    pub fn socket(&self, at: usize, who: &str) -> Actor {
        let outlets = self.outlets.0.lock().unwrap();
        let newest = outlets.iter().rfind(|outlet| outlet.at == at && outlet.socket_id.as_str() == who);
        Actor::Socket(who.into(), newest.map_or(0, |outlet| outlet.connection))
    }

    /// Does something as a socket in the room.
    pub async fn act<T: Send + 'static>(
        &self,
        who: &str,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> Result<T, Refusal> {
        self.act_at(0, who, request).await
    }

    /// As [`Self::act`], at one of the instances.
    pub async fn act_at<T: Send + 'static>(
        &self,
        at: usize,
        who: &str,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> Result<T, Refusal> {
        self.instances[at].rooms.ask(&"r".into(), self.socket(at, who), request).await
    }

    /// Asks as a socket in the room; the answer is to come.
    pub async fn ask<T: Send + 'static>(
        &self,
        at: usize,
        who: &str,
        request: impl FnOnce(Reply<T>) -> Request,
    ) -> oneshot::Receiver<Result<T, Refusal>> {
        let (reply, answer) = Reply::channel();
        self.instances[at].rooms.send(&"r".into(), Command::Act(self.socket(at, who), request(reply))).await;
        answer
    }

    pub async fn say(&self, who: &str, text: &str) -> Result<MessageAck, Refusal> {
        self.say_at(0, who, text).await
    }

    /// As [`Self::say`], at one of the instances.
    pub async fn say_at(&self, at: usize, who: &str, text: &str) -> Result<MessageAck, Refusal> {
        let message = PostMessage { text: text.into(), attachments: None, reply_to: None, event_id: Some(text.into()) };
        self.act_at(at, who, |reply| Request::Post(message, reply)).await
    }
}

/// A client's connection, and what it was sent.
pub struct Client {
    pub outlet: Arc<TestOutlet>,
    pub connection: ConnectionId,
    received: mpsc::UnboundedReceiver<(&'static str, String)>,
}

impl Client {
    /// The next chat message, waited for.
    pub async fn message(&mut self) -> MessageSent {
        self.event(server::CHAT_MESSAGE).await
    }

    /// The next event of a name, waited for.
    pub async fn event<T: DeserializeOwned>(&mut self, name: &str) -> T {
        let waiting = async {
            loop {
                let (event, body) = self.received.recv().await.unwrap();
                if event == name {
                    return serde_json::from_str(&body).unwrap();
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(3600), waiting).await.unwrap_or_else(|_| panic!("no {name} came"))
    }

    /// All events of a name that have come so far; others are dropped.
    pub fn all<T: DeserializeOwned>(&mut self, name: &str) -> Vec<T> {
        let come = std::iter::from_fn(|| self.received.try_recv().ok());
        come.filter(|(event, _)| *event == name).map(|(_, body)| serde_json::from_str(&body).unwrap()).collect()
    }

    /// All that has come so far.
    pub fn everything(&mut self) -> Vec<(&'static str, String)> {
        std::iter::from_fn(|| self.received.try_recv().ok()).collect()
    }

    /// Names of all that has come so far.
    pub fn names(&mut self) -> Vec<&'static str> {
        std::iter::from_fn(|| self.received.try_recv().ok()).map(|(name, _)| name).collect()
    }
}
