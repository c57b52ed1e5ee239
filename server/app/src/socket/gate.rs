//! HTTP requests to the library and its answers: who may open a session, how large what they send may be, and how
//! much of what they are sent they have read.

use super::{
    engine::Engine,
    engine_session::{EngineSession, EngineSessions, FREE_BYTES},
    frames::Frames,
    nesting::cut_posted_nesting,
};
use crate::{
    app::App,
    http::{ClientAddress, Failure},
    net::{Connection, network_of},
};
use axum::{
    Router,
    body::{Body, HttpBody, to_bytes},
    extract::Request,
    response::{IntoResponse, Response},
    routing::any,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::StreamExt;
use http::{
    HeaderValue, Method, StatusCode, Uri,
    header::{CONNECTION, HOST, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, UPGRADE},
};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use sha1::{Digest, Sha1};
use std::{net::IpAddr, sync::Arc, time::Duration};
use studyrooms_domain::{Refusal, rules::FRAME_BYTES};
use studyrooms_protocol::error::ErrorCode;
use tokio::time::{Instant, sleep, timeout_at};

/// How long what is posted may take to come whole.
const WHOLE_WITHIN: Duration = Duration::from_secs(30);
/// Bytes that are read of what is too large, so that its sender comes to read the answer.
const PASSED_OVER: usize = 16 << 20;
/// When there was no place for more of what is posted, it is tried again after so long.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(20);
/// Bytes of the answer to a handshake, at most.
const HANDSHAKE_BYTES: usize = 4096;
/// RFC 6455, section 1.3.
const ACCEPT: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Before one Socket.IO server.
pub(super) struct Gate {
    app: App,
    engine: Arc<Engine>,
    sessions: EngineSessions,
    /// Whether messages are MessagePack.
    packed: bool,
}

/// What a request asks of the library, by the query of its address.
struct EngineQuery<'a> {
    transport: Option<&'a str>,
    sid: Option<&'a str>,
    is_current: bool,
}

impl<'a> EngineQuery<'a> {
    fn of(uri: &'a Uri) -> Self {
        let query = uri.query().unwrap_or_default();
        let value = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        Self { transport: value("transport"), sid: value("sid"), is_current: value("EIO") == Some("4") }
    }
}

impl Gate {
    pub(super) fn new(app: App, engine: Arc<Engine>, sessions: EngineSessions, packed: bool) -> Self {
        Self { app, engine, sessions, packed }
    }

    /// The router with this server's paths.
    pub(super) fn before(self, router: Router) -> Router {
        let path = self.engine.path();
        let gate = Arc::new(self);
        let answer = any(move |request: Request| async move { gate.answer(request).await });
        router
            .route(path, answer.clone())
            .route(&format!("{path}/"), answer.clone())
            .route(&format!("{path}/{{*rest}}"), answer)
    }

    async fn answer(&self, request: Request) -> Response {
        let uri = request.uri().clone();
        let query = EngineQuery::of(&uri);
        match (request.method(), query.transport, query.sid) {
            (&Method::GET, Some("websocket"), sid) if query.is_current => self.upgrade(request, sid).await,
            (&Method::GET, Some("polling"), None) if query.is_current => self.open(request).await,
            (&Method::GET, Some("polling"), Some(sid)) => self.poll(request, sid).await,
            (&Method::POST, Some("polling"), Some(sid)) => self.post(request, sid).await,
            // The library says what is wrong with it.
            _ => self.engine.answer(request).await,
        }
    }

    fn network(&self, request: &Request) -> Option<IpAddr> {
        self.address(request).map(|it| network_of(it.ip()))
    }

    fn address(&self, request: &Request) -> Option<ClientAddress> {
        ClientAddress::of_request(request.headers(), request.extensions(), &self.app)
    }

    /// Opens a session that polls.
    async fn open(&self, request: Request) -> Response {
        let Some(network) = self.network(&request) else { return unknown_address() };
        let session = self.sessions.open(network, self.engine.clone());
        let kept = without_buffers(&request, self.address(&request), session.clone());
        let response = self.engine.answer(kept.map(|()| Body::empty())).await;
        let (head, body) = response.into_parts();
        let Ok(bytes) = to_bytes(body, HANDSHAKE_BYTES).await else { return unknown_address() };
        if let Some(sid) = sid_of(&bytes) {
            session.polls_as(&sid);
        }
        Response::from_parts(head, Body::from(bytes))
    }

    /// Waits for what is sent to a session.
    async fn poll(&self, request: Request, sid: &str) -> Response {
        let session = self.sessions.get(sid, &self.engine);
        if let (Some(session), Some(connection)) = (&session, request.extensions().get::<Arc<Connection>>()) {
            connection.serves_socket();
            if session.is_joined() {
                connection.set_known(true);
            }
        }
        let response = self.engine.answer(request).await;
        if let Some(session) = session {
            let bytes = response.body().size_hint().lower();
            session.sent(usize::try_from(bytes).unwrap_or(usize::MAX));
        }
        response
    }

    /// Takes what a client sends by polling.
    async fn post(&self, request: Request, sid: &str) -> Response {
        // The library tells that it does not know the session.
        let Some(session) = self.sessions.get(sid, &self.engine) else { return self.engine.answer(request).await };
        if let Some(connection) = request.extensions().get::<Arc<Connection>>().filter(|_| session.is_joined()) {
            connection.set_known(true);
        }
        let (head, body) = request.into_parts();
        match whole(body, &session).await {
            Ok(bytes) => {
                let bytes = if self.packed { cut_posted_nesting(bytes) } else { bytes };
                self.engine.answer(Request::from_parts(head, Body::from(bytes))).await
            }
            Err(refusal) => Failure(refusal).into_response(),
        }
    }

    /// Makes a websocket of the connection: for a new session, or for one that polled.
    async fn upgrade(&self, mut request: Request, sid: Option<&str>) -> Response {
        let Some(key) = request.headers().get(SEC_WEBSOCKET_KEY).cloned() else {
            return self.engine.answer(request).await;
        };
        let Some(connection) = request.extensions().get::<Arc<Connection>>().cloned() else {
            return unknown_address();
        };
        let session = match sid {
            Some(sid) => match self.sessions.get(sid, &self.engine) {
                Some(session) => session,
                None => return self.engine.answer(request).await,
            },
            None => match self.network(&request) {
                Some(network) => self.sessions.open(network, self.engine.clone()),
                None => return unknown_address(),
            },
        };
        let upgrading = hyper::upgrade::on(&mut request);
        let kept = without_buffers(&request, self.address(&request), session.clone());
        let (engine, packed) = (self.engine.clone(), self.packed);
        tokio::spawn(async move {
            match upgrading.await {
                Ok(upgraded) => {
                    session.is_carried_by(connection.clone());
                    engine.carry(Frames::new(TokioIo::new(upgraded), session, connection, packed), kept);
                }
                Err(error) => tracing::debug!(%error, "a websocket did not come to be"),
            }
        });
        switching(&key)
    }
}

/// The request with no more than what is asked of it later: the library keeps it as long as the session lives, and
/// with it would keep the buffer it was read into.
fn without_buffers(
    request: &Request,
    address: Option<ClientAddress>,
    session: Arc<EngineSession>,
) -> http::Request<()> {
    let mut kept = http::Request::new(());
    if let Ok(uri) = request.uri().to_string().parse() {
        *kept.uri_mut() = uri;
    }
    let host = request.headers().get(HOST).and_then(|host| HeaderValue::from_bytes(host.as_bytes()).ok());
    if let Some(host) = host {
        kept.headers_mut().insert(HOST, host);
    }
    kept.extensions_mut().insert(session);
    if let Some(address) = address {
        kept.extensions_mut().insert(address);
    }
    kept
}

/// All of a body.
///
/// # Errors
/// `too_large`, `unavailable` when it does not come.
async fn whole(body: Body, session: &EngineSession) -> Result<Vec<u8>, Refusal> {
    let too_large = || Refusal::too_large("frame", format_args!("{} KiB", FRAME_BYTES >> 10));
    let late = |_| Refusal::new(ErrorCode::Unavailable, "the body did not come in time");
    let deadline = Instant::now() + WHOLE_WITHIN;
    let mut partial = Partial { session, taken: 0 };
    let (mut bytes, mut passed_over) = (vec![], 0);
    let mut parts = body.into_data_stream();
    while let Some(part) = timeout_at(deadline, parts.next()).await.map_err(late)? {
        let part = part.map_err(|error| Refusal::field("body", error))?;
        if passed_over > 0 || bytes.len() + part.len() > FRAME_BYTES {
            bytes = vec![];
            passed_over += part.len();
            if passed_over > PASSED_OVER || !session.is_joined() {
                break;
            }
            continue;
        }
        timeout_at(deadline, partial.grow(bytes.len() + part.len())).await.map_err(late)?;
        bytes.extend_from_slice(&part);
    }
    if passed_over > 0 { Err(too_large()) } else { Ok(bytes) }
}

/// Places for a body, given back when it is whole or broke off.
struct Partial<'a> {
    session: &'a EngineSession,
    taken: usize,
}

impl Partial<'_> {
    async fn grow(&mut self, bytes: usize) {
        while bytes > FREE_BYTES + self.taken {
            let more = bytes - FREE_BYTES - self.taken;
            if self.session.take_partial(more) {
                self.taken += more;
            } else {
                sleep(TRY_AGAIN_AFTER).await;
            }
        }
    }
}

impl Drop for Partial<'_> {
    fn drop(&mut self) {
        self.session.give_partial(self.taken);
    }
}

/// The id in the answer to a handshake: a packet of engine.io, `0{"sid":…}`.
fn sid_of(answer: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Handshake {
        sid: String,
    }
    serde_json::from_slice::<Handshake>(answer.get(1..)?).ok().map(|handshake| handshake.sid)
}

fn switching(key: &HeaderValue) -> Response {
    let accept = STANDARD.encode(Sha1::new().chain_update(key.as_bytes()).chain_update(ACCEPT).finalize());
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let headers = response.headers_mut();
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    if let Ok(accept) = HeaderValue::from_str(&accept) {
        headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    }
    response
}

fn unknown_address() -> Response {
    Failure(Refusal::new(ErrorCode::Internal, "the client's address is not known")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_in_the_query() {
        let uri: Uri = "/socket.io/?EIO=4&transport=polling&t=x&sid=abc".parse().unwrap();
        let query = EngineQuery::of(&uri);
        assert_eq!((query.transport, query.sid, query.is_current), (Some("polling"), Some("abc"), true));
        let other: Uri = "/socket.io/?EIO=3&notsid=1".parse().unwrap();
        let query = EngineQuery::of(&other);
        assert_eq!((query.transport, query.sid, query.is_current), (None, None, false));
    }

    #[test]
    fn the_id_is_in_the_answer_to_the_handshake() {
        assert_eq!(sid_of(br#"0{"sid":"abc","upgrades":[]}"#).as_deref(), Some("abc"));
        assert_eq!(sid_of(br#"{"code":"5"}"#), None);
    }

    #[test]
    fn a_websocket_is_accepted_as_the_rfc_says() {
        let response = switching(&HeaderValue::from_static("dGhlIHNhbXBsZSBub25jZQ=="));
        assert_eq!(response.headers()[SEC_WEBSOCKET_ACCEPT], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
