//! The task list by HTTP: the same effects as the events (SPEC 8.3).

use super::{
    answer::Answer,
    caller::Caller,
    payload::{PathParams, Payload, RoomPath, TaskPath},
};
use crate::{app::App, membership, room::Request};
use axum::{Json, extract::State, http::StatusCode};
use studyrooms_domain::limits::Limited;
use studyrooms_protocol::{
    ids::{RoomRef, TaskId},
    tasks::{DeleteTask, NewTask, TaskAck, TaskList, TaskPatch, UpdateTask},
};

/// List the tasks.
///
/// In order.
#[utoipa::path(
    get,
    path = "/rooms/{room}/tasks",
    tag = "tasks",
    operation_id = "tasks_list",
    params(RoomPath),
    responses((status = 200, body = TaskList, description = "The tasks"), (status = 429))
)]
pub(super) async fn list(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
) -> Answer<Json<TaskList>> {
    let (room_id, actor) = membership::acting(&app, &bearer, &reference, Limited::Request).await?;
    Ok(Json(app.live_rooms.ask(&room_id, actor, |reply| Request::Tasks((), reply)).await?))
}

/// Add a task.
///
/// As `task:create`.
#[utoipa::path(
    post,
    path = "/rooms/{room}/tasks",
    tag = "tasks",
    operation_id = "tasks_create",
    params(RoomPath), request_body = NewTask,
    responses((status = 201, body = TaskAck, description = "The new task"), (status = 409), (status = 429))
)]
pub(super) async fn create(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams(reference): PathParams<RoomRef>,
    Payload(new): Payload<NewTask>,
) -> Answer<(StatusCode, Json<TaskAck>)> {
    let (room_id, actor) = membership::acting(&app, &bearer, &reference, Limited::Task).await?;
    let ack = app.live_rooms.ask(&room_id, actor, |reply| Request::CreateTask(new, reply)).await?;
    Ok((StatusCode::CREATED, Json(ack)))
}

/// Change a task.
///
/// As `task:update`.
#[utoipa::path(
    patch,
    path = "/rooms/{room}/tasks/{task}",
    tag = "tasks",
    operation_id = "tasks_update",
    params(TaskPath), request_body = TaskPatch,
    responses((status = 200, body = TaskAck, description = "The task as it is now"), (status = 429))
)]
pub(super) async fn update(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams((reference, task_id)): PathParams<(RoomRef, TaskId)>,
    Payload(patch): Payload<TaskPatch>,
) -> Answer<Json<TaskAck>> {
    let (room_id, actor) = membership::acting(&app, &bearer, &reference, Limited::Task).await?;
    let update = UpdateTask { room_id: reference, task_id, patch };
    Ok(Json(app.live_rooms.ask(&room_id, actor, |reply| Request::UpdateTask(update, reply)).await?))
}

/// Remove a task.
///
/// As `task:delete`.
#[utoipa::path(
    delete,
    path = "/rooms/{room}/tasks/{task}",
    tag = "tasks",
    operation_id = "tasks_delete",
    params(TaskPath),
    responses((status = 204, description = "It is gone"), (status = 429))
)]
pub(super) async fn delete(
    State(app): State<App>,
    Caller(bearer): Caller,
    PathParams((reference, task_id)): PathParams<(RoomRef, TaskId)>,
) -> Answer<StatusCode> {
    let (room_id, actor) = membership::acting(&app, &bearer, &reference, Limited::Task).await?;
    let delete = DeleteTask { room_id: reference, task_id };
    app.live_rooms.ask(&room_id, actor, |reply| Request::DeleteTask(delete, reply)).await?;
    Ok(StatusCode::NO_CONTENT)
}
