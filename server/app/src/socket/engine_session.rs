//! Sessions of engine.io, each from its handshake to its end, by websocket or by polling: where it comes from, whether
//! someone has joined the namespace on it, and how much waits to be read by its client.
//!
//! A session that nobody joins costs memory and proves nothing, so there are only so many of them: the oldest goes,
//! of the address that has the most.

use super::engine::Engine;
use crate::{
    net::Connection,
    room::{Full, Outgoing, Outlet},
    telemetry,
};
use std::{
    cmp::Reverse,
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use studyrooms_domain::{Refusal, rules::FRAME_BYTES};
use studyrooms_protocol::{error::ErrorEvent, events::server};
use tokio::{sync::Notify, time::sleep};

/// Sessions that nobody has joined, in all.
const UNJOINED: usize = 4096;
/// Those of one address: a school of 200 behind one that comes back at once, with two tabs each, and as many again.
const UNJOINED_OF_ADDRESS: usize = 1024;
/// One part in so many goes at once when there are too many.
const EVICT_PART: usize = 64;
/// How long a session may be without anyone in the namespace.
pub(super) const JOIN_WITHIN: Duration = Duration::from_secs(10);
/// Bytes that may wait for one client to read them.
const OUTBOX_BYTES: usize = 4 << 20;
/// Bytes that may wait for all clients together. Beyond it each has [`OUTBOX_SHARE_BYTES`] of its own still.
const ALL_OUTBOX_BYTES: usize = 96 << 20;
/// Bytes that may always wait for a client: what one that reads has waiting, while the largest drawing comes.
const OUTBOX_SHARE_BYTES: usize = 640 << 10;
/// Bytes around an event's name and payload, at least: `42/rooms,["",]`. No event counts for more than is sent of it:
/// what is over would stay, and in the end seem to wait for a client that reads everything.
const AROUND_EVENT: usize = 14;
/// A polling client that leaves something unread for so long is gone.
const UNREAD_FOR: Duration = Duration::from_secs(8);
/// Bytes of messages that have not come whole yet, beyond [`FREE_BYTES`] each, in all.
const PARTIAL_BYTES: usize = 64 << 20;
/// Those of one address.
const PARTIAL_BYTES_OF_ADDRESS: usize = 16 << 20;
/// Bytes of one message that need no place.
pub(super) const FREE_BYTES: usize = 32 << 10;

/// All sessions of the process. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct EngineSessions(Arc<Table>);

#[derive(Default)]
struct Table {
    open: Mutex<Open>,
    partial: Mutex<Partial>,
    /// Bytes that wait for all clients together.
    queued: AtomicUsize,
}

#[derive(Default)]
struct Open {
    next_key: u64,
    by_sid: HashMap<String, Weak<EngineSession>>,
    unjoined: HashMap<u64, (IpAddr, Weak<EngineSession>)>,
    unjoined_of: HashMap<IpAddr, usize>,
}

#[derive(Default)]
struct Partial {
    in_all: usize,
    of: HashMap<IpAddr, usize>,
}

/// One session. The library holds it as long as the session lives.
pub(super) struct EngineSession {
    key: u64,
    address: IpAddr,
    table: Arc<Table>,
    opened: Instant,
    engine: Arc<Engine>,
    /// Of one that polls: by which it is closed.
    sid: OnceLock<String>,
    /// Of a websocket.
    connection: Mutex<Option<Arc<Connection>>>,
    joined: AtomicUsize,
    /// The way to who has joined last.
    outlet: Mutex<Option<Weak<dyn Outlet>>>,
    /// Bytes that were given to the library and not yet to the system.
    queued: AtomicUsize,
    /// When the oldest of them was, in milliseconds since `opened`; 0 when there is none.
    unread_since: AtomicU64,
    has_overflown: AtomicBool,
    /// Whom to wake when less than so many bytes wait, once.
    waker: Mutex<Option<(usize, Arc<Notify>)>>,
    /// Whether there is one, for every message that is sent asks.
    has_waker: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl EngineSessions {
    /// A new session from this address. Others may have to go for it.
    pub(super) fn open(&self, address: IpAddr, engine: Arc<Engine>) -> Arc<EngineSession> {
        let mut open = lock(&self.0.open);
        let key = open.next_key;
        open.next_key += 1;
        let session = Arc::new(EngineSession {
            key,
            address,
            table: self.0.clone(),
            opened: Instant::now(),
            engine,
            sid: OnceLock::new(),
            connection: Mutex::default(),
            joined: AtomicUsize::new(0),
            outlet: Mutex::default(),
            queued: AtomicUsize::new(0),
            unread_since: AtomicU64::new(0),
            has_overflown: AtomicBool::new(false),
            waker: Mutex::default(),
            has_waker: AtomicBool::new(false),
        });
        let of = if open.unjoined_of.get(&address).is_some_and(|count| *count >= UNJOINED_OF_ADDRESS) {
            Some(Some(address))
        } else {
            (open.unjoined.len() >= UNJOINED).then_some(None)
        };
        let Evicted { evicted, others } = of.map(|of| open.evict(of)).unwrap_or_default();
        open.wait_for_join(&session);
        // A session that is dropped takes itself out of the table.
        drop(open);
        drop(others);
        telemetry::sessions_evicted(evicted.len());
        evicted.iter().for_each(|session| session.end());
        session
    }

    /// The session of this id at this server, if there is one.
    pub(super) fn get(&self, sid: &str, engine: &Arc<Engine>) -> Option<Arc<EngineSession>> {
        let session = lock(&self.0.open).by_sid.get(sid).and_then(Weak::upgrade);
        session.filter(|session| Arc::ptr_eq(&session.engine, engine))
    }
}

impl Open {
    fn wait_for_join(&mut self, session: &Arc<EngineSession>) {
        self.unjoined.insert(session.key, (session.address, Arc::downgrade(session)));
        *self.unjoined_of.entry(session.address).or_default() += 1;
    }

    fn no_longer_waits(&mut self, session: &EngineSession) {
        if self.unjoined.remove(&session.key).is_none() {
            return;
        }
        if let Some(count) = self.unjoined_of.get_mut(&session.address) {
            *count -= 1;
            if *count == 0 {
                self.unjoined_of.remove(&session.address);
            }
        }
    }

    /// Takes the oldest out, of one address or of those that have the most.
    fn evict(&mut self, of: Option<IpAddr>) -> Evicted {
        let mut evicted: Vec<_> = self
            .unjoined
            .values()
            .filter(|(address, _)| of.is_none_or(|of| *address == of))
            .filter_map(|(_, session)| session.upgrade())
            .collect();
        evicted.sort_unstable_by_key(|one| (Reverse(self.unjoined_of.get(&one.address).copied()), one.key));
        let others = evicted.split_off(evicted.len().min(1 + evicted.len() / EVICT_PART));
        evicted.iter().for_each(|session| self.no_longer_waits(session));
        Evicted { evicted, others }
    }
}

/// Who must go, and who was looked at; neither may be dropped while the table is locked.
#[derive(Default)]
struct Evicted {
    evicted: Vec<Arc<EngineSession>>,
    others: Vec<Arc<EngineSession>>,
}

impl EngineSession {
    /// It polls, under this id.
    pub(super) fn polls_as(self: &Arc<Self>, sid: &str) {
        if self.sid.set(sid.to_owned()).is_ok() {
            lock(&self.table.open).by_sid.insert(sid.to_owned(), Arc::downgrade(self));
        }
    }

    /// It has a websocket.
    pub(super) fn is_carried_by(&self, connection: Arc<Connection>) {
        connection.carries_socket();
        connection.set_known(self.is_joined());
        lock(&self.connection).get_or_insert(connection);
    }

    /// A websocket is gone. A session that was about to move to it from polling ends with it.
    pub(super) fn lost(&self, connection: &Arc<Connection>) {
        let was_its = lock(&self.connection).take_if(|its| Arc::ptr_eq(its, connection)).is_some();
        if let Some(sid) = self.sid.get().filter(|_| was_its) {
            self.engine.close(sid);
        }
    }

    /// Whether someone is in the namespace on it.
    pub(super) fn is_joined(&self) -> bool {
        self.joined.load(Ordering::Relaxed) > 0
    }

    /// Someone is, from now on.
    pub(super) fn join(&self, outlet: &Arc<dyn Outlet>) {
        *lock(&self.outlet) = Some(Arc::downgrade(outlet));
        if self.joined.fetch_add(1, Ordering::Relaxed) == 0 {
            lock(&self.table.open).no_longer_waits(self);
            self.set_known(true);
        }
    }

    /// They are no more. A session that nobody joins again in time ends.
    pub(super) fn leave(self: &Arc<Self>) {
        if self.joined.fetch_sub(1, Ordering::Relaxed) > 1 {
            return;
        }
        self.set_known(false);
        lock(&self.table.open).wait_for_join(self);
        let session = Arc::downgrade(self);
        tokio::spawn(async move {
            sleep(JOIN_WITHIN).await;
            if let Some(session) = session.upgrade().filter(|session| !session.is_joined()) {
                session.end();
            }
        });
    }

    fn set_known(&self, is_known: bool) {
        if let Some(connection) = &*lock(&self.connection) {
            connection.set_known(is_known);
        }
    }

    /// Ends it, whatever waits for it: no place in a queue is needed.
    pub(super) fn end(&self) {
        let connection = lock(&self.connection).clone();
        match (connection, self.sid.get()) {
            (Some(connection), _) => connection.end(),
            (None, Some(sid)) => self.engine.close(sid),
            // Its handshake is under way; it is bounded by itself.
            (None, None) => {}
        }
    }

    fn age_ms(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Takes place for an event of so many bytes that is to be sent.
    ///
    /// # Errors
    /// [`Full`]: what waits is too much, or has waited for too long.
    pub(super) fn queue(&self, payload: usize) -> Result<(), Full> {
        let (own, all) = (self.queued.load(Ordering::Relaxed), self.table.queued.load(Ordering::Relaxed));
        let is_full = own > OUTBOX_BYTES || (all > ALL_OUTBOX_BYTES && own > OUTBOX_SHARE_BYTES);
        if self.is_late() || is_full {
            return Err(self.overflows());
        }
        self.queued.fetch_add(payload + AROUND_EVENT, Ordering::Relaxed);
        self.table.queued.fetch_add(payload + AROUND_EVENT, Ordering::Relaxed);
        self.unread_since.compare_exchange(0, self.age_ms().max(1), Ordering::Relaxed, Ordering::Relaxed).ok();
        Ok(())
    }

    /// Whether it polls, and has left something unread for too long. What stands still on a websocket the connection
    /// itself finds out.
    fn is_late(&self) -> bool {
        match self.unread_since.load(Ordering::Relaxed) {
            0 => false,
            since => self.polls() && u128::from(self.age_ms().saturating_sub(since)) > UNREAD_FOR.as_millis(),
        }
    }

    /// Whether its client has read nothing for too long, and is to be closed.
    pub(super) fn stands_still(&self) -> bool {
        let is_late = self.is_late();
        if is_late {
            self.overflows();
        }
        is_late
    }

    /// Its client does not read.
    pub(super) fn overflows(&self) -> Full {
        if !self.has_overflown.swap(true, Ordering::Relaxed) {
            telemetry::slow_socket_closed();
        }
        Full
    }

    /// Whether it is to end without more words, for they would not be read.
    pub(super) fn has_overflown(&self) -> bool {
        self.has_overflown.load(Ordering::Relaxed)
    }

    /// So many bytes went to the system.
    pub(super) fn sent(&self, bytes: usize) {
        self.no_longer_waits(bytes);
        self.unread_since.store(0, Ordering::Relaxed);
        if self.has_waker.load(Ordering::Acquire) {
            self.wake_if_read();
        }
    }

    /// An event that [`Self::queue`] took place for is not sent.
    pub(super) fn unqueue(&self, payload: usize) {
        self.no_longer_waits(payload + AROUND_EVENT);
    }

    fn no_longer_waits(&self, bytes: usize) {
        // Acks, and what is around events and frames, count here and not there: it can only seem that less waits.
        let less = |queued: usize| Some(queued.saturating_sub(bytes));
        let (Ok(before) | Err(before)) = self.queued.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        self.table.queued.fetch_sub(before.min(bytes), Ordering::Relaxed);
    }

    /// Wakes `waker` once, as soon as fewer than `below` bytes wait to be read.
    pub(super) fn wake_when_read(&self, below: usize, waker: &Arc<Notify>) {
        *lock(&self.waker) = Some((below, waker.clone()));
        self.has_waker.store(true, Ordering::Release);
        // It may have read meanwhile.
        self.wake_if_read();
    }

    fn wake_if_read(&self) {
        let mut waker = lock(&self.waker);
        if waker.as_ref().is_some_and(|(below, _)| self.queued() < *below)
            && let Some((_, waker)) = waker.take()
        {
            self.has_waker.store(false, Ordering::Release);
            waker.notify_one();
        }
    }

    /// Bytes that wait to be read.
    pub(super) fn queued(&self) -> usize {
        self.queued.load(Ordering::Relaxed)
    }

    /// A message was too large to be read at all, and was left out.
    pub(super) fn left_out(&self) {
        let outlet = lock(&self.outlet).as_ref().and_then(Weak::upgrade);
        let Some(outlet) = outlet else { return };
        let refusal = Refusal::too_large("frame", format_args!("{} KiB", FRAME_BYTES >> 10));
        let error = ErrorEvent { code: refusal.code, message: refusal.message, event: None, retry_after_ms: None };
        if outlet.emit(&Outgoing::new(server::ERROR, &error)).is_err() {
            outlet.close();
        }
    }

    fn polls(&self) -> bool {
        lock(&self.connection).is_none()
    }

    /// Takes place for so many more bytes of a message that has not come whole yet.
    pub(super) fn take_partial(&self, bytes: usize) -> bool {
        let mut partial = lock(&self.table.partial);
        let of_address = partial.of.get(&self.address).copied().unwrap_or_default();
        if partial.in_all + bytes > PARTIAL_BYTES || of_address + bytes > PARTIAL_BYTES_OF_ADDRESS {
            return false;
        }
        partial.in_all += bytes;
        partial.of.insert(self.address, of_address + bytes);
        true
    }

    /// Gives it back.
    pub(super) fn give_partial(&self, bytes: usize) {
        if bytes == 0 {
            return;
        }
        let mut partial = lock(&self.table.partial);
        partial.in_all = partial.in_all.saturating_sub(bytes);
        if let Some(of_address) = partial.of.get_mut(&self.address) {
            *of_address = of_address.saturating_sub(bytes);
            if *of_address == 0 {
                partial.of.remove(&self.address);
            }
        }
    }
}

impl Drop for EngineSession {
    fn drop(&mut self) {
        self.table.queued.fetch_sub(*self.queued.get_mut(), Ordering::Relaxed);
        let mut open = lock(&self.table.open);
        if let Some(sid) = self.sid.get() {
            open.by_sid.remove(sid);
        }
        open.no_longer_waits(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket::engine::NoOther;
    use socketioxide::SocketIo;

    fn engine() -> Arc<Engine> {
        let (service, _) = SocketIo::builder().build_with_inner_svc(NoOther);
        Arc::new(Engine::new("/socket.io", service))
    }

    /// Says nothing; only that there is someone counts.
    struct Silent;

    impl Outlet for Silent {
        fn emit(&self, _: &Outgoing) -> Result<(), Full> {
            Ok(())
        }
        fn enter(&self, _: &studyrooms_protocol::ids::RoomId) {}
        fn exit(&self, _: &studyrooms_protocol::ids::RoomId) {}
        fn close(&self) {}
    }

    fn waits(sessions: &EngineSessions, session: &EngineSession) -> bool {
        lock(&sessions.0.open).unjoined.contains_key(&session.key)
    }

    #[tokio::test]
    async fn the_oldest_unjoined_session_goes_of_the_address_that_has_the_most() {
        let (sessions, engine) = (EngineSessions::default(), engine());
        let [one, many] = [[10, 0, 0, 1], [10, 0, 0, 2]].map(IpAddr::from);
        let first = sessions.open(one, engine.clone());
        let joined = sessions.open(many, engine.clone());
        let outlet: Arc<dyn Outlet> = Arc::new(Silent);
        joined.join(&outlet);
        let others: Vec<_> = (0..UNJOINED_OF_ADDRESS).map(|_| sessions.open(many, engine.clone())).collect();
        assert!(others.iter().all(|session| waits(&sessions, session)));
        let newest = sessions.open(many, engine.clone());
        assert!(!waits(&sessions, &others[0]) && waits(&sessions, &newest) && waits(&sessions, &first));
        assert!(joined.is_joined() && !waits(&sessions, &joined));
        // Who left is as one who never joined.
        joined.leave();
        assert!(waits(&sessions, &joined));
        let left = lock(&sessions.0.open).unjoined.len();
        drop((first, joined, others, newest));
        assert!(
            left > 0 && lock(&sessions.0.open).unjoined.is_empty() && lock(&sessions.0.open).unjoined_of.is_empty()
        );
    }

    #[tokio::test]
    async fn messages_that_have_not_come_whole_have_so_much_place() {
        let (sessions, engine) = (EngineSessions::default(), engine());
        let places = |last: u8| {
            let session = sessions.open([10, 0, 0, last].into(), engine.clone());
            (0..).take_while(|_| session.take_partial(1 << 20)).count()
        };
        assert_eq!((1..=5).map(places).collect::<Vec<_>>(), [16, 16, 16, 16, 0]);
    }

    // SPEC 11.2
    #[tokio::test]
    async fn what_waits_for_a_client_is_bounded_in_bytes_and_there_is_room_again_when_it_reads() {
        let session = EngineSessions::default().open([10, 0, 0, 1].into(), engine());
        let packet = 64 << 10;
        let queued = (0..).take_while(|_| session.queue(packet).is_ok()).count();
        assert!((60..=64).contains(&queued), "{queued}");
        assert!(session.has_overflown());
        session.sent(OUTBOX_BYTES);
        assert!(session.queue(packet).is_ok());
    }

    #[tokio::test]
    async fn who_waits_for_a_client_to_read_is_woken_once_it_has() {
        let session = EngineSessions::default().open([10, 0, 0, 1].into(), engine());
        let waker = Arc::new(Notify::new());
        let is_woken = || futures_util::FutureExt::now_or_never(waker.notified()).is_some();
        session.queue(1_000).unwrap();
        session.wake_when_read(100, &waker);
        assert!(!is_woken());
        session.sent(950);
        assert!(is_woken());
        session.sent(50);
        assert!(!is_woken(), "once");
        session.wake_when_read(100, &waker);
        assert!(is_woken(), "it has read already");
    }

    #[tokio::test]
    async fn what_waits_for_all_clients_together_is_bounded_and_each_has_a_share_beyond() {
        let sessions = EngineSessions::default();
        let engine = engine();
        let open = |last: u8| sessions.open([10, 0, 0, last].into(), engine.clone());
        let packet = 64 << 10;
        let fill = |session: &Arc<EngineSession>| (0..).take_while(|_| session.queue(packet).is_ok()).count() * packet;
        let slow: Vec<_> = (0..60).map(open).collect();
        let waits: usize = slow.iter().map(fill).sum();
        let least = 60 * OUTBOX_SHARE_BYTES;
        assert!((ALL_OUTBOX_BYTES..ALL_OUTBOX_BYTES + 2 * least).contains(&waits), "{waits}");
        let newcomer = open(100);
        assert!((1..=2 * OUTBOX_SHARE_BYTES).contains(&fill(&newcomer)), "it has its share");
        drop(slow);
        newcomer.sent(OUTBOX_BYTES);
        assert!(fill(&open(101)) > OUTBOX_BYTES / 2, "there is room again for who comes later");
        drop(newcomer);
        assert_eq!(sessions.0.queued.load(Ordering::Relaxed), 0, "nothing is counted that is gone");
    }
}
