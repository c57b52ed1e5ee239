//! Answers to a client's event: by its ack when it asked for one, else a failure comes as `error`.

use serde::Serialize;
use socketioxide::{
    SendError, SocketError, adapter::Adapter, extract::AckSender, handler::FromMessageParts, socket::Socket,
};
use std::{convert::Infallible, sync::Arc};
use studyrooms_domain::Refusal;
use studyrooms_protocol::{
    error::{ErrorEvent, ErrorInfo},
    events::server,
};

use super::engine_session::EngineSession;
use crate::room::{Full, Outgoing, Outlet, Reply};

#[derive(Serialize)]
struct Accepted<T> {
    ok: bool,
    #[serde(flatten)]
    body: T,
}

#[derive(Serialize)]
struct Refused {
    ok: bool,
    error: ErrorInfo,
}

/// Whether the client asked for an ack.
pub(super) struct WantsAck(bool);

impl<A: Adapter> FromMessageParts<A> for WantsAck {
    type Error = Infallible;

    fn from_message_parts(
        _: &Arc<Socket<A>>,
        _: &mut socketioxide_core::Value,
        ack_id: &Option<i64>,
    ) -> Result<Self, Self::Error> {
        Ok(Self(ack_id.is_some()))
    }
}

/// Sends an ack's payload, whatever adapter the socket has.
pub(super) type SendAck = Box<dyn FnOnce(&Outgoing) -> Result<(), Full> + Send>;

/// By the parser of the socket's server.
pub(super) fn send_by<A: Adapter, const MESSAGEPACK: bool>(
    sender: AckSender<A>,
    session: Arc<EngineSession>,
) -> SendAck {
    Box::new(move |outgoing| {
        session.queue(outgoing.encoded_bytes(MESSAGEPACK))?;
        let sent = if MESSAGEPACK { sender.send(outgoing.value()) } else { sender.send(&outgoing.body) };
        match sent {
            Err(SendError::Socket(SocketError::InternalChannelFull)) => Err(session.overflows()),
            Err(error) => {
                tracing::debug!(%error, "an ack found no one");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    })
}

/// Who asks and does not read is closed: no answer is left out without a word.
fn end_when_full(outlet: &dyn Outlet, sent: Result<(), Full>) {
    if sent.is_err() {
        tracing::info!("an answer found a full queue; closed");
        outlet.close();
    }
}

/// Where the answer to one event goes.
pub(super) struct Ack {
    event: String,
    send: Option<SendAck>,
    outlet: Arc<dyn Outlet>,
}

impl Ack {
    pub(super) fn new(event: String, wants: WantsAck, send: SendAck, outlet: Arc<dyn Outlet>) -> Self {
        Self { event, send: wants.0.then_some(send), outlet }
    }

    pub(super) fn accept<T: Serialize>(self, body: T) {
        if let Some(send) = self.send {
            // The encoding of outgoing events serves acks as well.
            let sent = send(&Outgoing::new("ack", &Accepted { ok: true, body }));
            end_when_full(&*self.outlet, sent);
        }
    }

    pub(super) fn refuse(self, refusal: Refusal) {
        tracing::debug!(event = self.event, %refusal, "refused");
        let error = ErrorInfo::from(refusal);
        if let Some(send) = self.send {
            let sent = send(&Outgoing::new("ack", &Refused { ok: false, error }));
            return end_when_full(&*self.outlet, sent);
        }
        let ErrorInfo { code, message, retry_after_ms, .. } = error;
        let event = ErrorEvent { code, message, event: Some(self.event), retry_after_ms };
        let sent = self.outlet.emit(&Outgoing::new(server::ERROR, &event));
        end_when_full(&*self.outlet, sent);
    }

    pub(super) fn settle<T: Serialize>(self, outcome: Result<T, Refusal>) {
        match outcome {
            Ok(body) => self.accept(body),
            Err(refusal) => self.refuse(refusal),
        }
    }

    /// For a live room to answer.
    pub(super) fn into_reply<T: Serialize + Send + 'static>(self) -> Reply<T> {
        Reply::new(move |outcome| self.settle(outcome))
    }
}
