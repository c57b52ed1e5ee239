//! One socket's events, handled in the order sent.

use super::{ack::Ack, dispatch::SocketSession};
use crate::{
    app::App,
    auth::Bearer,
    room::{ConnectionId, Outgoing, Outlet},
};
use serde_json::value::RawValue;
use std::{
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use studyrooms_domain::Refusal;
use studyrooms_protocol::{
    error::{ErrorCode, ErrorEvent},
    events::{ClientEvent, server},
    ids::SocketId,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::sleep,
};

/// Events that wait to be handled; what comes beyond is refused.
const WAITING: usize = 512;
/// Bytes of their payloads; what comes beyond is refused. The largest event fits twice.
const WAITING_BYTES: usize = 2 << 20;
/// Bytes that wait for all sockets together. Beyond it a socket has [`SHARE_BYTES`] of its own still.
const ALL_WAITING_BYTES: usize = 64 << 20;
/// Bytes that a socket may always have waiting.
const SHARE_BYTES: usize = 64 << 10;

/// Bytes that wait in all inboxes of the process.
static ALL_WAITING: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// Who is at the other end.
pub(super) struct Caller {
    pub socket_id: SocketId,
    pub connection: ConnectionId,
    pub bearer: Bearer,
    pub outlet: Arc<dyn Outlet>,
}

/// An event that waits.
pub(super) struct Packet {
    pub event: String,
    pub payload: Box<RawValue>,
    pub ack: Ack,
}

/// Bytes of an inbox that are taken, given back when this is dropped.
struct QueuedBytes {
    inbox: Arc<AtomicUsize>,
    all: Arc<AtomicUsize>,
    bytes: usize,
}

impl QueuedBytes {
    /// None where there is no space for so many more.
    fn take(inbox: &Arc<AtomicUsize>, all: &Arc<AtomicUsize>, bytes: usize) -> Option<Self> {
        let of_inbox = inbox.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let of_all = all.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let queued = Self { inbox: inbox.clone(), all: all.clone(), bytes };
        (of_inbox <= WAITING_BYTES && (of_all <= ALL_WAITING_BYTES || of_inbox <= SHARE_BYTES)).then_some(queued)
    }
}

impl Drop for QueuedBytes {
    fn drop(&mut self) {
        self.inbox.fetch_sub(self.bytes, Ordering::Relaxed);
        self.all.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// How a connection ended: true when the client said goodbye.
type Goodbye = bool;

/// The way in. Cheap to clone.
#[derive(Clone)]
pub(super) struct Inbox {
    packets: mpsc::Sender<(Packet, QueuedBytes)>,
    bytes: Arc<AtomicUsize>,
    end: Arc<Mutex<Option<oneshot::Sender<Goodbye>>>>,
}

impl Inbox {
    /// Queues an event; refuses it when too many wait.
    pub(super) fn push(&self, packet: Packet) {
        let too_much = || Refusal::new(ErrorCode::RateLimited, "too many events at once; slow down");
        let Some(queued) = QueuedBytes::take(&self.bytes, &ALL_WAITING, packet.payload.get().len()) else {
            return packet.ack.refuse(too_much());
        };
        match self.packets.try_send((packet, queued)) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full((packet, _))) => packet.ack.refuse(too_much()),
            Err(mpsc::error::TrySendError::Closed((packet, _))) => {
                packet.ack.refuse(Refusal::new(ErrorCode::Unavailable, "the connection is ending"));
            }
        }
    }

    /// The connection ended. What came before is still handled.
    pub(super) fn close(&self, goodbye: Goodbye) {
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(end) = end {
            // The task may have ended by itself, when the token did.
            end.send(goodbye).ok();
        }
    }
}

/// Opens the inbox of a new connection.
pub(super) fn open(app: App, caller: Caller) -> Inbox {
    let (packets, waiting) = mpsc::channel(WAITING);
    let (end, ended) = oneshot::channel();
    let expires_in = Duration::from_millis(caller.bearer.expires_at.saturating_sub(app.system.clock.now()));
    let session = SocketSession::new(app, caller);
    tokio::spawn(run(session, waiting, ended, expires_in));
    Inbox { packets, bytes: Arc::default(), end: Arc::new(Mutex::new(Some(end))) }
}

async fn run(
    mut session: SocketSession,
    mut waiting: mpsc::Receiver<(Packet, QueuedBytes)>,
    mut ended: oneshot::Receiver<Goodbye>,
    expires_in: Duration,
) {
    let mut expiry = std::pin::pin!(sleep(expires_in));
    let goodbye = loop {
        tokio::select! {
            biased;
            packet = waiting.recv() => match packet {
                Some((packet, _queued)) => handle(&mut session, packet).await,
                None => break false,
            },
            goodbye = &mut ended => break goodbye.unwrap_or(false),
            () = &mut expiry => {
                expire(&session);
                break false;
            }
        }
    };
    while let Ok((packet, _queued)) = waiting.try_recv() {
        handle(&mut session, packet).await;
    }
    session.leave_all(goodbye).await;
}

async fn handle(session: &mut SocketSession, packet: Packet) {
    let Packet { event, payload, ack } = packet;
    match ClientEvent::parse(&event, &payload) {
        Ok(event) => session.handle(event, ack).await,
        Err(malformed) => ack.refuse(Refusal::new(ErrorCode::BadRequest, malformed.0)),
    }
}

fn expire(session: &SocketSession) {
    let error = ErrorEvent {
        code: ErrorCode::TokenExpired,
        message: "the access token has expired; connect again with a fresh one".into(),
        event: None,
        retry_after_ms: None,
    };
    let outlet = &session.caller.outlet;
    if outlet.emit(&Outgoing::new(server::ERROR, &error)).is_err() {
        tracing::debug!(socket = %session.caller.socket_id, "a full queue; expiry was not announced");
    }
    outlet.close();
}

#[cfg(test)]
mod tests {
    use super::*;

    type Count = Arc<AtomicUsize>;

    // SPEC 11.2
    #[test]
    fn an_inbox_holds_so_many_bytes_and_has_room_again_when_they_are_handled() {
        let (inbox, all) = (Count::default(), Count::default());
        let first = QueuedBytes::take(&inbox, &all, 1 << 20).unwrap();
        let second = QueuedBytes::take(&inbox, &all, 1 << 20).unwrap();
        assert!(QueuedBytes::take(&inbox, &all, 1).is_none() && QueuedBytes::take(&inbox, &all, 1 << 20).is_none());
        drop(first);
        assert!(QueuedBytes::take(&inbox, &all, 1 << 20).is_some());
        drop(second);
        assert_eq!((inbox.load(Ordering::Relaxed), all.load(Ordering::Relaxed)), (0, 0));
    }

    #[test]
    fn all_inboxes_together_hold_so_many_and_each_has_its_share_beyond() {
        let all = Count::default();
        let inboxes: Vec<Count> = (0..40).map(|_| Count::default()).collect();
        let held: Vec<QueuedBytes> =
            inboxes.iter().filter_map(|inbox| QueuedBytes::take(inbox, &all, WAITING_BYTES)).collect();
        assert_eq!(held.len(), ALL_WAITING_BYTES / WAITING_BYTES);
        let newcomer = Count::default();
        assert!(QueuedBytes::take(&newcomer, &all, SHARE_BYTES + 1).is_none());
        assert!(QueuedBytes::take(&newcomer, &all, SHARE_BYTES).is_some());
    }
}
