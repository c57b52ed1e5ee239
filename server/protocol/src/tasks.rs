//! The room's task list (DESIGN 10).

use crate::ids::{TaskId, UserId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whether a task is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
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
