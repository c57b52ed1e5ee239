//! The room's task list (SPEC 8).

use crate::{
    Seq,
    ids::{EventId, RoomId, RoomRef, TaskId, UserId},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whether a task is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum TaskStatus {
    /// To be done.
    Open,
    /// Being done.
    Doing,
    /// Done.
    Done,
}

/// One task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct Task {
    /// For ever.
    pub id: TaskId,
    /// What is to be done.
    pub title: String,
    /// How far it is.
    pub status: TaskStatus,
    /// Who does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assignee_id: Option<UserId>,
    /// Lower is higher up.
    pub order: f64,
}

/// Event `task:create`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct CreateTask {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// 1 to 200 characters.
    pub title: String,
    /// A member of the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee_id: Option<UserId>,
    /// The same id again from the same person is the same task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
}

impl From<CreateTask> for NewTask {
    fn from(create: CreateTask) -> Self {
        let CreateTask { room_id: _, title, assignee_id, event_id } = create;
        Self { title, assignee_id, event_id }
    }
}

/// `POST /api/rooms/:id/tasks`: [`CreateTask`] without the room, which the path names.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct NewTask {
    /// 1 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, pattern = r"\S"))]
    pub title: String,
    /// A member of the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee_id: Option<UserId>,
    /// The same id again from the same person is the same task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 64))]
    pub event_id: Option<EventId>,
}

/// What changes of a task; what is absent stays. Also `PATCH /api/rooms/:id/tasks/:taskId`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
#[ts(optional_fields)]
pub struct TaskPatch {
    /// 1 to 200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200, pattern = r"\S"))]
    pub title: Option<String>,
    /// How far it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<TaskStatus>,
    /// A member of the room, or null for no one.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[ts(optional = nullable, as = "Option<UserId>")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<UserId>))]
    pub assignee_id: Option<Option<UserId>>,
    /// Finite; lower is higher up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<f64>,
}

/// A field that is there with null is not a field that is absent.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<UserId>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Event `task:update`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UpdateTask {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// The task.
    pub task_id: TaskId,
    /// What changes.
    pub patch: TaskPatch,
}

/// Event `task:delete`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeleteTask {
    /// The room's id or code.
    pub room_id: RoomRef,
    /// The task.
    pub task_id: TaskId,
}

/// The ack of `task:create` and `task:update`, and the answer to both by HTTP.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskAck {
    /// As it is now.
    pub task: Task,
}

/// Event `task:updated`: a new task, or one that changed.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TaskUpdated {
    /// The room.
    pub room_id: RoomId,
    /// Place in the room log.
    pub seq: Seq,
    /// As it is now.
    pub task: Task,
}

/// Event `task:deleted`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TaskDeleted {
    /// The room.
    pub room_id: RoomId,
    /// Place in the room log.
    pub seq: Seq,
    /// Which.
    pub task_id: TaskId,
}

/// `GET /api/rooms/:id/tasks`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskList {
    /// In order.
    pub tasks: Vec<Task>,
}
