//! The task list: the fold of the `task` entries of the room log (SPEC 8).

use crate::{Refusal, log::TaskChange, text};
use serde::{Deserialize, Serialize};
use studyrooms_protocol::{
    error::ErrorCode,
    ids::TaskId,
    tasks::{NewTask, Task, TaskPatch, TaskStatus},
};

const TITLE_CHARACTERS: usize = 200;
/// Tasks of one room.
pub const ROOM_TASKS: usize = 500;

/// A room's tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tasks(Vec<Task>);

impl Tasks {
    /// In order.
    #[must_use]
    pub fn list(&self) -> &[Task] {
        &self.0
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: &TaskId) -> Option<&Task> {
        self.0.iter().find(|task| &task.id == id)
    }

    /// Applies a change; gives the task that is new or changed. A change of what is gone does
    /// nothing.
    pub fn apply(&mut self, change: &TaskChange) -> Option<&Task> {
        let id = match change {
            TaskChange::Created { task } => {
                if self.get(&task.id).is_none() {
                    self.0.push(task.clone());
                }
                task.id.clone()
            }
            TaskChange::Updated { task_id, patch } => {
                let task = self.0.iter_mut().find(|task| &task.id == task_id)?;
                lay_over(task, patch);
                task_id.clone()
            }
            TaskChange::Deleted { task_id } => {
                self.0.retain(|task| &task.id != task_id);
                return None;
            }
        };
        self.0.sort_by(|a, b| a.order.total_cmp(&b.order).then_with(|| a.id.cmp(&b.id)));
        self.get(&id)
    }

    /// A task to be added below the others.
    ///
    /// # Errors
    /// `bad_request` or `too_large` that names the field.
    pub fn new_task(&self, id: TaskId, new: NewTask) -> Result<Task, Refusal> {
        if self.0.len() >= ROOM_TASKS {
            return Err(Refusal::too_large("tasks", format_args!("{ROOM_TASKS} in a room")));
        }
        let order = self.0.last().map_or(1.0, |last| last.order + 1.0);
        let assignee_id = new.assignee_id;
        Ok(Task { id, title: valid_title("title", &new.title)?, status: TaskStatus::Open, assignee_id, order })
    }

    /// A change that makes sense.
    ///
    /// # Errors
    /// `not_found` or `bad_request` that names the field.
    pub fn checked(&self, task_id: &TaskId, patch: TaskPatch) -> Result<TaskPatch, Refusal> {
        self.present(task_id)?;
        let TaskPatch { title, status, assignee_id, order } = patch;
        let title = title.map(|title| valid_title("patch.title", &title)).transpose()?;
        if order.is_some_and(|order| !order.is_finite()) {
            return Err(Refusal::field("patch.order", "a finite number"));
        }
        Ok(TaskPatch { title, status, assignee_id, order })
    }

    /// A task that must be there.
    ///
    /// # Errors
    /// `not_found`.
    pub fn present(&self, task_id: &TaskId) -> Result<&Task, Refusal> {
        self.get(task_id).ok_or_else(|| Refusal::new(ErrorCode::NotFound, "taskId: no such task"))
    }
}

fn lay_over(task: &mut Task, patch: &TaskPatch) {
    let TaskPatch { title, status, assignee_id, order } = patch;
    if let Some(title) = title {
        task.title.clone_from(title);
    }
    if let Some(assignee_id) = assignee_id {
        task.assignee_id.clone_from(assignee_id);
    }
    task.status = status.unwrap_or(task.status);
    task.order = order.unwrap_or(task.order);
}

fn valid_title(field: &str, title: &str) -> Result<String, Refusal> {
    text::line(field, title, TITLE_CHARACTERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(tasks: &mut Tasks, id: &str) {
        let new = NewTask { title: id.to_uppercase(), assignee_id: None, event_id: None };
        let task = tasks.new_task(id.into(), new).unwrap();
        tasks.apply(&TaskChange::Created { task });
    }

    fn order(tasks: &Tasks) -> Vec<&str> {
        tasks.list().iter().map(|task| task.id.as_str()).collect()
    }

    fn update(tasks: &mut Tasks, id: &str, patch: TaskPatch) -> Option<Task> {
        tasks.apply(&TaskChange::Updated { task_id: id.into(), patch }).cloned()
    }

    #[test]
    fn a_new_task_goes_below_the_others_and_can_be_moved_up() {
        let mut tasks = Tasks::default();
        for id in ["a", "b", "c"] {
            add(&mut tasks, id);
        }
        assert_eq!(order(&tasks), ["a", "b", "c"]);
        update(&mut tasks, "c", TaskPatch { order: Some(0.5), ..TaskPatch::default() });
        assert_eq!(order(&tasks), ["c", "a", "b"]);
    }

    #[test]
    fn a_patch_changes_what_it_names_and_null_takes_the_assignee_away() {
        let mut tasks = Tasks::default();
        add(&mut tasks, "a");
        let given: TaskPatch = serde_json::from_str(r#"{"assigneeId":"ann"}"#).unwrap();
        assert_eq!(update(&mut tasks, "a", given).unwrap().assignee_id, Some("ann".into()));
        let done: TaskPatch = serde_json::from_str(r#"{"status":"done"}"#).unwrap();
        let task = update(&mut tasks, "a", done).unwrap();
        assert_eq!((task.status, task.assignee_id), (TaskStatus::Done, Some("ann".into())));
        let none: TaskPatch = serde_json::from_str(r#"{"assigneeId":null}"#).unwrap();
        assert_eq!(update(&mut tasks, "a", none).unwrap().assignee_id, None);
    }

    #[test]
    fn changes_of_what_is_gone_do_nothing() {
        let mut tasks = Tasks::default();
        add(&mut tasks, "a");
        tasks.apply(&TaskChange::Deleted { task_id: "a".into() });
        assert!(update(&mut tasks, "a", TaskPatch::default()).is_none());
        assert_eq!(tasks.checked(&"a".into(), TaskPatch::default()).unwrap_err().code, ErrorCode::NotFound);
    }

    #[test]
    fn titles_orders_and_lists_are_bounded() {
        let mut tasks = Tasks::default();
        let new = |title: &str| NewTask { title: title.into(), assignee_id: None, event_id: None };
        assert_eq!(tasks.new_task("a".into(), new(" ")).unwrap_err().message, "title: 1 to 200 characters");
        for n in 0..ROOM_TASKS {
            add(&mut tasks, &n.to_string());
        }
        assert_eq!(tasks.new_task("b".into(), new("one more")).unwrap_err().code, ErrorCode::TooLarge);
        let order = TaskPatch { order: Some(f64::NAN), ..TaskPatch::default() };
        assert_eq!(tasks.checked(&"1".into(), order).unwrap_err().message, "patch.order: a finite number");
    }
}
