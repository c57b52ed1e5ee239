//! The table of open connections. When it is full the stranger goes that has been idle longest, of the address that
//! has the most of them: so whoever opens many connections pays for it with their own.

use super::descriptors;
use crate::telemetry;
use std::{
    cmp::Reverse,
    collections::HashMap,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

/// Connections at once, where nothing else is set and the descriptors suffice.
const IN_ALL: usize = 32_768;
/// From one address: a school of 200 people behind one, with two tabs each and some requests in each tab.
const OF_ADDRESS: usize = 2_048;
/// A stranger that was active this lately goes last.
const IDLE_AFTER: Duration = Duration::from_secs(1);
/// One part in so many goes at once when the table is full, so that it is not searched for every newcomer.
const EVICT_PART: usize = 64;
/// A download or an answer may stand still for this long.
const STILL_FOR: Duration = Duration::from_secs(30);
/// What a socket is sent may stand still for this long.
const SOCKET_STILL_FOR: Duration = Duration::from_secs(8);

/// How many connections there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// In all.
    pub in_all: usize,
    /// From one address; networks of 64 bits count as one address of IPv6.
    pub of_address: usize,
}

impl Capacity {
    /// As set, or what fits into so many descriptors.
    #[must_use]
    pub fn new(descriptors: u64, in_all: Option<usize>, of_address: Option<usize>) -> Self {
        let fitting = descriptors::for_connections(descriptors);
        let in_all = in_all.unwrap_or(IN_ALL).min(fitting).max(1);
        Self { in_all, of_address: of_address.unwrap_or(OF_ADDRESS).min(in_all).max(1) }
    }
}

/// The address whose connections are counted together: whoever has one of IPv6 has all of its network.
pub(crate) fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address @ IpAddr::V4(_) => address,
    }
}

/// An open connection.
pub(crate) struct Connection {
    id: u64,
    address: IpAddr,
    /// Whether it is a balancer's, which brings many people.
    is_proxy: bool,
    table: Arc<Table>,
    /// Milliseconds since the table was made, when a byte last went through.
    active_at: AtomicU64,
    requests: AtomicUsize,
    /// Whether someone has shown who they are on it.
    is_known: AtomicBool,
    /// Whether it carries a socket, which nobody but its owner ends.
    is_socket: AtomicBool,
    /// Whether it carries what a socket is sent.
    serves_socket: AtomicBool,
    end: CancellationToken,
}

/// All connections. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Connections(Arc<Table>);

struct Table {
    capacity: Capacity,
    since: Instant,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    next_id: u64,
    by_id: HashMap<u64, Arc<Connection>>,
    by_address: HashMap<IpAddr, usize>,
}

/// A slot in the table, given back when it is dropped.
pub(crate) struct ConnectionSlot(Arc<Connection>);

impl Connections {
    pub(crate) fn new(capacity: Capacity) -> Self {
        Self(Arc::new(Table { capacity, since: Instant::now(), open: Mutex::default() }))
    }

    /// A slot for a new connection; none when everyone who is there has a better right to theirs.
    pub(crate) fn admit(&self, peer: SocketAddr, is_proxy: bool) -> Option<ConnectionSlot> {
        let address = network_of(peer.ip());
        let mut open = self.0.lock();
        let of_address = open.by_address.get(&address).copied().unwrap_or_default();
        if !is_proxy && of_address >= self.0.capacity.of_address && !self.0.evict(&mut open, Some(address)) {
            return None;
        }
        if open.by_id.len() >= self.0.capacity.in_all && !self.0.evict(&mut open, None) {
            return None;
        }
        let id = open.next_id;
        open.next_id += 1;
        let connection = Arc::new(Connection {
            id,
            address,
            is_proxy,
            table: self.0.clone(),
            active_at: AtomicU64::new(self.0.now()),
            requests: AtomicUsize::new(0),
            is_known: AtomicBool::new(false),
            is_socket: AtomicBool::new(false),
            serves_socket: AtomicBool::new(false),
            end: CancellationToken::new(),
        });
        open.by_id.insert(id, connection.clone());
        *open.by_address.entry(address).or_default() += 1;
        telemetry::connections(open.by_id.len());
        Some(ConnectionSlot(connection))
    }

    /// Ends idle strangers, for a descriptor was not to be had. Tells whether there were any.
    pub(crate) fn make_room(&self) -> bool {
        let mut open = self.0.lock();
        self.0.evict(&mut open, None)
    }
}

impl Table {
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Ends some of those who may be ended, of one address or of all. False when there is none.
    fn evict(&self, open: &mut Open, of: Option<IpAddr>) -> bool {
        let now = self.now();
        let mut candidates: Vec<_> = open
            .by_id
            .values()
            .filter(|one| of.is_none_or(|address| one.address == address))
            .filter_map(|one| {
                let idle = now.saturating_sub(one.active_at.load(Ordering::Relaxed));
                let rank = one.rank(idle)?;
                let of_address = open.by_address.get(&one.address).copied().unwrap_or_default();
                Some((rank, Reverse(of_address), Reverse(idle), one.id))
            })
            .collect();
        let some = 1 + candidates.len() / EVICT_PART;
        if some < candidates.len() {
            candidates.select_nth_unstable(some - 1);
            candidates.truncate(some);
        }
        let evicted = candidates.len();
        for (.., id) in candidates {
            if let Some(connection) = open.by_id.get(&id).cloned() {
                open.remove(&connection);
                connection.end();
            }
        }
        telemetry::connections_evicted(evicted);
        evicted > 0
    }
}

impl Open {
    fn remove(&mut self, connection: &Connection) {
        if self.by_id.remove(&connection.id).is_none() {
            return;
        }
        if let Some(count) = self.by_address.get_mut(&connection.address) {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&connection.address);
            }
        }
    }
}

impl Connection {
    /// Who goes first: strangers that are idle, those that are not, then what known people left open. None for who
    /// does not go.
    fn rank(&self, idle_ms: u64) -> Option<u8> {
        let is_busy = self.requests.load(Ordering::Relaxed) > 0;
        let is_idle = !is_busy && u128::from(idle_ms) >= IDLE_AFTER.as_millis();
        let is_known = self.is_proxy || self.is_known.load(Ordering::Relaxed);
        match (is_known, is_idle) {
            (false, true) => Some(0),
            (false, false) => Some(1),
            (true, true) if !self.is_socket.load(Ordering::Relaxed) => Some(2),
            (true, _) => None,
        }
    }

    /// Ends it, whatever it is at.
    pub(crate) fn end(&self) {
        self.end.cancel();
    }

    pub(super) fn ended(&self) -> &CancellationToken {
        &self.end
    }

    /// Someone has shown on it who they are.
    pub(crate) fn set_known(&self, is_known: bool) {
        self.is_known.store(is_known, Ordering::Relaxed);
    }

    /// It carries a socket from now on.
    pub(crate) fn carries_socket(&self) {
        self.is_socket.store(true, Ordering::Relaxed);
        self.serves_socket();
    }

    /// It carries what a socket is sent.
    pub(crate) fn serves_socket(&self) {
        self.serves_socket.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_socket(&self) -> bool {
        self.is_socket.load(Ordering::Relaxed)
    }

    pub(super) fn touch(&self) {
        self.active_at.store(self.table.now(), Ordering::Relaxed);
    }

    /// How long what is written to it may stand still.
    pub(super) fn may_stand_still_for(&self) -> Duration {
        if self.serves_socket.load(Ordering::Relaxed) { SOCKET_STILL_FOR } else { STILL_FOR }
    }

    /// The peer took nothing for as long as it may, and goes.
    pub(super) fn stood_still(&self) {
        if self.end.is_cancelled() {
            return;
        }
        if self.serves_socket.load(Ordering::Relaxed) {
            telemetry::slow_socket_closed();
        }
        tracing::info!(address = %self.address, "a connection stood still; closed");
        self.end();
    }

    /// A request is carried out, until this is dropped.
    pub(super) fn request(self: &Arc<Self>) -> UnderWay {
        self.requests.fetch_add(1, Ordering::Relaxed);
        UnderWay(self.clone())
    }
}

/// A request that is carried out.
pub(super) struct UnderWay(Arc<Connection>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.requests.fetch_sub(1, Ordering::Relaxed);
        self.0.touch();
    }
}

impl ConnectionSlot {
    pub(crate) const fn connection(&self) -> &Arc<Connection> {
        &self.0
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let table = &self.0.table;
        let mut open = table.lock();
        open.remove(&self.0);
        telemetry::connections(open.by_id.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(in_all: usize, of_address: usize) -> Connections {
        Connections::new(Capacity { in_all, of_address })
    }

    fn come(table: &Connections, address: &str) -> Option<ConnectionSlot> {
        table.admit(SocketAddr::new(address.parse().unwrap(), 1), false)
    }

    fn is_ended(slot: &ConnectionSlot) -> bool {
        slot.0.end.is_cancelled()
    }

    /// As if nothing had gone through for so long.
    fn idle(table: &mut Connections, by: Duration) {
        let inner = Arc::get_mut(&mut table.0);
        assert!(inner.is_none(), "slots hold the table");
        for one in table.0.lock().by_id.values() {
            let at = one.active_at.load(Ordering::Relaxed);
            one.active_at.store(at.saturating_sub(u64::try_from(by.as_millis()).unwrap()), Ordering::Relaxed);
        }
    }

    #[test]
    fn the_capacity_fits_into_the_descriptors() {
        assert_eq!(Capacity::new(4096, None, None), Capacity { in_all: 3328, of_address: 2048 });
        assert_eq!(Capacity::new(1024, None, None), Capacity { in_all: 640, of_address: 640 });
        assert_eq!(Capacity::new(1 << 20, None, None), Capacity { in_all: 32_768, of_address: 2048 });
        assert_eq!(Capacity::new(4096, Some(10_000), Some(10)), Capacity { in_all: 3328, of_address: 10 });
    }

    // SPEC 11.3
    #[test]
    fn the_stranger_goes_of_the_address_that_has_the_most() {
        let table = table(4, 4);
        let one = come(&table, "10.0.0.1").unwrap();
        let many: Vec<_> = (0..3).map(|_| come(&table, "10.0.0.2").unwrap()).collect();
        let newcomer = come(&table, "10.0.0.3").unwrap();
        assert!(!is_ended(&one) && !is_ended(&newcomer));
        assert_eq!(many.iter().filter(|slot| is_ended(slot)).count(), 1);
    }

    #[test]
    fn who_is_known_stays_and_a_socket_of_theirs_is_never_ended() {
        let table = table(3, 3);
        let socket = come(&table, "10.0.0.1").unwrap();
        socket.0.set_known(true);
        socket.0.carries_socket();
        let busy = come(&table, "10.0.0.1").unwrap();
        busy.0.set_known(true);
        let _request = busy.0.request();
        let stranger = come(&table, "10.0.0.1").unwrap();
        let next = come(&table, "10.0.0.2").unwrap();
        assert!(is_ended(&stranger) && !is_ended(&socket) && !is_ended(&busy));
        next.0.set_known(true);
        let _also_busy = next.0.request();
        assert!(come(&table, "10.0.0.3").is_none(), "nobody has to go for a stranger");
        drop(next);
        assert!(come(&table, "10.0.0.3").is_some());
    }

    #[test]
    fn what_known_people_left_open_goes_after_every_stranger() {
        let mut table = table(2, 2);
        let left_open = come(&table, "10.0.0.1").unwrap();
        left_open.0.set_known(true);
        let stranger = come(&table, "10.0.0.2").unwrap();
        idle(&mut table, Duration::from_secs(60));
        table.0.lock().by_id.values().for_each(|one| one.active_at.store(0, Ordering::Relaxed));
        std::thread::sleep(IDLE_AFTER);
        let third = come(&table, "10.0.0.3").unwrap();
        assert!(is_ended(&stranger) && !is_ended(&left_open));
        third.0.set_known(true);
        let _busy = third.0.request();
        let _fourth = come(&table, "10.0.0.4").unwrap();
        assert!(is_ended(&left_open));
    }

    #[test]
    fn an_address_has_its_share_and_a_balancer_has_all() {
        let table = table(100, 2);
        let first = come(&table, "2001:db8::1").unwrap();
        let second = come(&table, "2001:db8::2").unwrap();
        let third = come(&table, "2001:db8::3").unwrap();
        assert!(is_ended(&first) ^ is_ended(&second), "the network of 64 bits is one");
        [&first, &second, &third].iter().for_each(|slot| slot.0.set_known(true));
        let _busy: Vec<_> = [&first, &second, &third].map(|slot| slot.0.request()).into();
        assert!(come(&table, "2001:db8::4").is_none());
        assert!(come(&table, "2001:db8:0:1::4").is_some());
        let proxied = || table.admit(SocketAddr::new("10.0.0.1".parse().unwrap(), 1), true);
        let of_balancer: Vec<_> = (0..10).map(|_| proxied().unwrap()).collect();
        assert!(of_balancer.iter().all(|slot| !is_ended(slot)));
    }
}
