//! The study timer by HTTP: the same effects as the events (SPEC 8.3).

use super::{
    answer::Answer,
    caller::Caller,
    payload::{MaybePayload, PathParams, RoomPath},
};
use crate::{
    app::App,
    auth::Bearer,
    membership,
    room::{Request, TimerRequest},
};
use axum::{Json, extract::State};
use studyrooms_domain::limits::Limited;
use studyrooms_protocol::{
    ids::RoomRef,
    timer::{TimerAck, TimerLengths},
};

async fn run(app: &App, bearer: &Bearer, reference: &RoomRef, request: TimerRequest) -> Answer<Json<TimerAck>> {
    let (room_id, actor) = membership::acting(app, bearer, reference, Limited::Timer).await?;
    Ok(Json(app.live_rooms.ask(&room_id, actor, |reply| Request::Timer(request, reply)).await?))
}

/// Start the timer.
///
/// With lengths, or without a body for the usual ones.
#[utoipa::path(
    post,
    path = "/rooms/{room}/pomodoro/start",
    tag = "timer",
    operation_id = "timer_start",
    params(RoomPath), request_body = Option<TimerLengths>,
    responses((status = 200, body = TimerAck, description = "The timer as it is now"), (status = 409), (status = 429))
)]
pub(super) async fn start(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
    MaybePayload(lengths): MaybePayload<TimerLengths>,
) -> Answer<Json<TimerAck>> {
    run(&app, &bearer, &reference, TimerRequest::Start(lengths)).await
}

/// Pause the timer.
///
/// What is left is kept.
#[utoipa::path(
    post,
    path = "/rooms/{room}/pomodoro/pause",
    tag = "timer",
    operation_id = "timer_pause",
    params(RoomPath),
    responses((status = 200, body = TimerAck, description = "The timer as it is now"), (status = 409), (status = 429))
)]
pub(super) async fn pause(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
) -> Answer<Json<TimerAck>> {
    run(&app, &bearer, &reference, TimerRequest::Pause).await
}

/// Go on after a pause.
///
/// With what was left.
#[utoipa::path(
    post,
    path = "/rooms/{room}/pomodoro/resume",
    tag = "timer",
    operation_id = "timer_resume",
    params(RoomPath),
    responses((status = 200, body = TimerAck, description = "The timer as it is now"), (status = 409), (status = 429))
)]
pub(super) async fn resume(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
) -> Answer<Json<TimerAck>> {
    run(&app, &bearer, &reference, TimerRequest::Resume).await
}

/// Go on to the next phase.
///
/// Whatever is left of this one.
#[utoipa::path(
    post,
    path = "/rooms/{room}/pomodoro/skip",
    tag = "timer",
    operation_id = "timer_skip",
    params(RoomPath),
    responses((status = 200, body = TimerAck, description = "The timer as it is now"), (status = 409), (status = 429))
)]
pub(super) async fn skip(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
) -> Answer<Json<TimerAck>> {
    run(&app, &bearer, &reference, TimerRequest::Skip).await
}

/// Stop the timer.
///
/// It is idle then.
#[utoipa::path(
    post,
    path = "/rooms/{room}/pomodoro/stop",
    tag = "timer",
    operation_id = "timer_stop",
    params(RoomPath),
    responses((status = 200, body = TimerAck, description = "The timer as it is now"), (status = 409), (status = 429))
)]
pub(super) async fn stop(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
) -> Answer<Json<TimerAck>> {
    run(&app, &bearer, &reference, TimerRequest::Stop).await
}
