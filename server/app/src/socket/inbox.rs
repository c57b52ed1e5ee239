//! One socket's events, handled in the order sent.

use super::{ack::Ack, dispatch::Door};
use crate::{
    app::App,
    auth::Bearer,
    room::{ConnectionId, Outgoing, Outlet},
};
use serde_json::value::RawValue;
use std::{
    sync::{Arc, Mutex, PoisonError},
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

/// How a connection ended: true when the client said goodbye.
type Goodbye = bool;

/// The way in. Cheap to clone.
#[derive(Clone)]
pub(super) struct Inbox {
    packets: mpsc::Sender<Packet>,
    end: Arc<Mutex<Option<oneshot::Sender<Goodbye>>>>,
}

impl Inbox {
    /// Queues an event; refuses it when too many wait.
    pub(super) fn push(&self, packet: Packet) {
        match self.packets.try_send(packet) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(packet)) => {
                packet.ack.refuse(Refusal::new(ErrorCode::RateLimited, "too many events at once; slow down"));
            }
            Err(mpsc::error::TrySendError::Closed(packet)) => {
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
    let expires_in = Duration::from_millis(caller.bearer.expires_at.saturating_sub(app.outside.clock.now()));
    let door = Door::new(app, caller);
    tokio::spawn(run(door, waiting, ended, expires_in));
    Inbox { packets, end: Arc::new(Mutex::new(Some(end))) }
}

async fn run(
    mut door: Door,
    mut waiting: mpsc::Receiver<Packet>,
    mut ended: oneshot::Receiver<Goodbye>,
    expires_in: Duration,
) {
    let mut expiry = std::pin::pin!(sleep(expires_in));
    let goodbye = loop {
        tokio::select! {
            biased;
            packet = waiting.recv() => match packet {
                Some(packet) => handle(&mut door, packet).await,
                None => break false,
            },
            goodbye = &mut ended => break goodbye.unwrap_or(false),
            () = &mut expiry => {
                expire(&door);
                break false;
            }
        }
    };
    while let Ok(packet) = waiting.try_recv() {
        handle(&mut door, packet).await;
    }
    door.leave_all(goodbye).await;
}

async fn handle(door: &mut Door, packet: Packet) {
    let Packet { event, payload, ack } = packet;
    match ClientEvent::parse(&event, &payload) {
        Ok(event) => door.handle(event, ack).await,
        Err(malformed) => ack.refuse(Refusal::new(ErrorCode::BadRequest, malformed.0)),
    }
}

fn expire(door: &Door) {
    let error = ErrorEvent {
        code: ErrorCode::TokenExpired,
        message: "the access token has expired; connect again with a fresh one".into(),
        event: None,
        retry_after_ms: None,
    };
    let outlet = &door.caller.outlet;
    if outlet.emit(&Outgoing::new(server::ERROR, &error)).is_err() {
        tracing::debug!(socket = %door.caller.socket_id, "a full queue; expiry was not announced");
    }
    outlet.close();
}
