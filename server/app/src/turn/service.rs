//! Reads packets, refuses what the crate would let pass, and hands the rest to it.

use super::{
    credentials::{Credentials, person},
    peers::Peers,
    relays::Relays,
};
use futures_util::FutureExt;
use std::{
    collections::HashMap,
    net::SocketAddr,
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use stun::{
    attributes::{ATTR_EVEN_PORT, ATTR_MESSAGE_INTEGRITY, ATTR_REALM, ATTR_USERNAME},
    error_code::{CODE_ALLOC_QUOTA_REACHED, CODE_FORBIDDEN, CODE_UNAUTHORIZED, ErrorCode, ErrorCodeAttribute},
    fingerprint::FINGERPRINT,
    integrity::MessageIntegrity,
    message::{
        CLASS_ERROR_RESPONSE, CLASS_REQUEST, Getter, METHOD_ALLOCATE, METHOD_CHANNEL_BIND, METHOD_CREATE_PERMISSION,
        Message, MessageType,
    },
    textattrs::TextAttribute,
};
use tokio::{
    net::UdpSocket,
    sync::{Mutex, oneshot},
    time::{Instant, sleep},
};
use turn::{
    allocation::{
        allocation_manager::{Manager, ManagerConfig},
        five_tuple::FiveTuple,
    },
    auth::AuthHandler,
    proto::{PROTO_UDP, chandata::ChannelData, peeraddr::PeerAddress},
    server::request::Request,
};

/// Tokens against replays that are kept. Anyone can have one, and the crate forgets none by itself; who
/// lost theirs is told to take another.
const NONCES: usize = 50_000;
/// Allocations of one person, in all their tabs, however many ports there are.
const MOST_EACH: usize = 24;
/// Allocations that a person may have although few ports are left: with fewer no call of three works.
const LEAST_EACH: usize = 2;
/// Of the ports that others have left a person may take one in so many.
const SHARE: usize = 4;
/// Larger than any packet of a call.
const LARGEST_PACKET: usize = 2048;
/// How long a channel lasts unless it is renewed (RFC 8656).
const CHANNEL_LASTS: Duration = Duration::from_secs(600);
const REALM: &str = "studyrooms";

pub(super) struct Service {
    socket: Arc<UdpSocket>,
    local: SocketAddr,
    allocations: Arc<Manager>,
    peers: Arc<Peers>,
    /// See [`Relays`]. Requests are handled one after the other.
    even_only: Arc<AtomicBool>,
    nonces: Arc<Mutex<HashMap<String, Instant>>>,
    newcomers: Arc<Credentials>,
    known: Arc<Credentials>,
}

impl Service {
    pub(super) fn new(
        socket: UdpSocket,
        relays: Relays,
        peers: Arc<Peers>,
        newcomers: Arc<Credentials>,
        known: Arc<Credentials>,
    ) -> Self {
        let local = socket.local_addr().unwrap_or_else(|_| SocketAddr::from(([0, 0, 0, 0], 0)));
        let even_only = relays.even_only.clone();
        let config = ManagerConfig { relay_addr_generator: Box::new(relays), alloc_close_notify: None };
        let allocations = Arc::new(Manager::new(config));
        Self {
            socket: Arc::new(socket),
            local,
            allocations,
            peers,
            even_only,
            nonces: Arc::default(),
            newcomers,
            known,
        }
    }

    /// Until it is told to stop, or nobody is left who could.
    pub(super) async fn run(self, stopped: oneshot::Receiver<()>) {
        let mut stopped = std::pin::pin!(stopped);
        let mut buffer = [0; LARGEST_PACKET];
        loop {
            let received = tokio::select! {
                received = self.socket.recv_from(&mut buffer) => received,
                _ = &mut stopped => break,
            };
            match received {
                Ok((size, from)) => self.take(&buffer[..size], from).await,
                Err(error) => {
                    tracing::warn!(%error, "packets for the relay cannot be read");
                    sleep(Duration::from_secs(1)).await;
                }
            }
        }
        if let Err(error) = self.allocations.close().await {
            tracing::debug!(%error, "an allocation had ended already");
        }
    }

    async fn take(&self, packet: &[u8], from: SocketAddr) {
        let mut credentials = &self.known;
        self.even_only.store(false, Ordering::Relaxed);
        if !ChannelData::is_channel_data(packet) {
            let mut message = Message { raw: packet.to_vec(), ..Message::default() };
            if message.decode().is_err() {
                return;
            }
            if let Some(code) = self.refusal(&message, from).await {
                return self.refuse(&message, from, code).await;
            }
            credentials = self.credentials(&message);
            self.even_only.store(message.contains(ATTR_EVEN_PORT), Ordering::Relaxed);
        }
        let mut request = Request {
            conn: self.socket.clone(),
            src_addr: from,
            buff: packet.to_vec(),
            allocation_manager: self.allocations.clone(),
            nonces: self.nonces.clone(),
            auth_handler: credentials.clone(),
            realm: REALM.to_owned(),
            channel_bind_timeout: CHANNEL_LASTS,
        };
        // Whatever a stranger sends, the calls of the others go on.
        match AssertUnwindSafe(request.handle_request()).catch_unwind().await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(%error, %from, "a packet for the relay was refused"),
            Err(_) => tracing::error!(%from, "a packet for the relay could not be handled"),
        }
        let mut nonces = self.nonces.lock().await;
        if nonces.len() > NONCES {
            nonces.clear();
        }
    }

    /// Why a request is refused before it is checked any further.
    async fn refusal(&self, message: &Message, from: SocketAddr) -> Option<ErrorCode> {
        if message.typ.class != CLASS_REQUEST || !message.contains(ATTR_MESSAGE_INTEGRITY) {
            return None;
        }
        let method = message.typ.method;
        if !self.is_known(message, from) {
            return Some(CODE_UNAUTHORIZED);
        }
        if method == METHOD_ALLOCATE {
            return self.has_enough(message, from).await.then_some(CODE_ALLOC_QUOTA_REACHED);
        }
        if method == METHOD_CREATE_PERMISSION || method == METHOD_CHANNEL_BIND {
            let mut peer = PeerAddress::default();
            peer.get_from(message).ok()?;
            return self.is_out_of_reach(&peer, method == METHOD_CHANNEL_BIND).then_some(CODE_FORBIDDEN);
        }
        None
    }

    /// Whether the credentials are right. The crate would call others a bad request, which browsers show
    /// as a fault and not as what it is. What lacks a part is left to it.
    fn is_known(&self, message: &Message, from: SocketAddr) -> bool {
        let text = |attribute| TextAttribute::get_from_as(message, attribute).map(|text| text.text);
        let (Ok(username), Ok(realm)) = (text(ATTR_USERNAME), text(ATTR_REALM)) else { return true };
        let key = self.credentials(message).auth_handle(&username, &realm, from);
        key.is_ok_and(|key| MessageIntegrity(key).check(&mut message.clone()).is_ok())
    }

    fn credentials(&self, message: &Message) -> &Arc<Credentials> {
        if message.typ.method == METHOD_ALLOCATE { &self.newcomers } else { &self.known }
    }

    /// A permission is for all ports of an address; which of them is reached the relay looks at itself.
    fn is_out_of_reach(&self, peer: &PeerAddress, at_port: bool) -> bool {
        let port = if at_port { peer.port } else { *self.peers.ports.start() };
        !self.peers.reach(SocketAddr::new(peer.ip, port))
    }

    async fn has_enough(&self, message: &Message, from: SocketAddr) -> bool {
        let Ok(username) = TextAttribute::get_from_as(message, ATTR_USERNAME) else { return false };
        let all = self.allocations.get_allocations_info(None).await;
        let this = FiveTuple { protocol: PROTO_UDP, src_addr: from, dst_addr: self.local };
        // Asked again, as when the answer was lost, it is the same one.
        let theirs = all.values().filter(|one| person(&one.username) == person(&username.text)).count();
        let left = self.peers.ports.len().saturating_sub(all.len() - theirs);
        theirs >= share(left) && !all.contains_key(&this)
    }

    async fn refuse(&self, message: &Message, from: SocketAddr, code: ErrorCode) {
        let mut answer = Message::new();
        let built = answer.build(&[
            Box::new(message.transaction_id),
            Box::new(MessageType::new(message.typ.method, CLASS_ERROR_RESPONSE)),
            Box::new(ErrorCodeAttribute { code, reason: vec![] }),
            Box::new(FINGERPRINT),
        ]);
        let sent = match built {
            Ok(()) => self.socket.send_to(&answer.raw, from).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = sent {
            tracing::debug!(error, %from, "a refusal was not sent");
        }
    }
}

/// How many allocations one person may have where others have left so many ports.
fn share(left: usize) -> usize {
    (left / SHARE).clamp(LEAST_EACH, MOST_EACH)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// People who take all they may, one after the other, until no port is left.
    fn takers(ports: usize) -> usize {
        let left = std::iter::successors(Some(ports), |left| Some(left.saturating_sub(share(*left))));
        left.take_while(|left| *left > 0).count()
    }

    #[test]
    fn a_few_people_do_not_take_all_ports() {
        assert_eq!([share(201), share(40), share(16), share(3)], [24, 10, 4, 2]);
        assert_eq!([takers(8), takers(16), takers(201)], [4, 7, 18]);
    }
}
