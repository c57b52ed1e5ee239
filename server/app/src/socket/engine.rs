//! The library's two ways in, whatever adapter and parser it has: requests, and connections that became websockets.

use super::frames::Frames;
use axum::{body::Body, response::Response};
use futures_util::future::BoxFuture;
use http::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use socketioxide::{adapter::Adapter, service::SocketIoService};
use std::convert::Infallible;
use tower_service::Service;

/// A websocket's bytes, looked at on their way.
pub(super) type WebSocket = Frames<TokioIo<hyper::upgrade::Upgraded>>;

type Answer = BoxFuture<'static, Response>;

/// One Socket.IO server.
pub(super) struct Engine {
    path: &'static str,
    answer: Box<dyn Fn(Request<Body>) -> Answer + Send + Sync>,
    carry: Box<dyn Fn(WebSocket, Request<()>) + Send + Sync>,
}

/// A packet of engine.io that closes its session.
const CLOSE: &str = "1";

impl Engine {
    pub(super) fn new<A: Adapter>(path: &'static str, service: SocketIoService<NoOther, A>) -> Self {
        let carrying = service.clone();
        Self {
            path,
            answer: Box::new(move |request| {
                let answer = Service::<Request<Body>>::call(&mut service.clone(), request);
                Box::pin(async move {
                    let Ok(response) = answer.await;
                    response.map(Body::new)
                })
            }),
            carry: Box::new(move |websocket, request| {
                let outcome = Service::<(WebSocket, Request<()>)>::call(&mut carrying.clone(), (websocket, request));
                if let Err(error) = outcome.into_inner() {
                    tracing::debug!(%error, "a websocket was not taken");
                }
            }),
        }
    }

    /// Where it is.
    pub(super) const fn path(&self) -> &'static str {
        self.path
    }

    /// Answers what is asked by HTTP.
    pub(super) fn answer(&self, request: Request<Body>) -> Answer {
        (self.answer)(request)
    }

    /// Takes a connection that was upgraded by `request`.
    pub(super) fn carry(&self, websocket: WebSocket, request: Request<()>) {
        (self.carry)(websocket, request);
    }

    /// Ends a session that polls.
    pub(super) fn close(&self, sid: &str) {
        let uri = format!("{}/?EIO=4&transport=polling&sid={sid}", self.path);
        match Request::builder().method(Method::POST).uri(uri).body(Body::from(CLOSE)) {
            Ok(request) => drop(tokio::spawn(self.answer(request))),
            Err(error) => tracing::error!(%error, "a session could not be closed"),
        }
    }
}

/// What the library passes on, which is nothing: only its own paths lead to it.
#[derive(Clone)]
pub(super) struct NoOther;

impl Service<Request<Body>> for NoOther {
    type Response = Response;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_FOUND;
        std::future::ready(Ok(response))
    }
}
