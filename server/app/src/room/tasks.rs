//! The task list of a live room.

use super::{Acting, Reply, live::LiveRoom};
use studyrooms_domain::{
    Refusal,
    access::Action,
    chat,
    log::{Draft, EntryBody, TaskChange},
    system::random_id,
};
use studyrooms_protocol::{
    error::ErrorCode,
    events::Noted,
    ids::{TaskId, UserId},
    tasks::{NewTask, TaskAck, TaskList, UpdateTask},
};

impl LiveRoom {
    pub(super) fn task_list(&self) -> TaskList {
        TaskList { tasks: self.tasks.list().to_vec() }
    }

    pub(super) fn create_task(&mut self, acting: Acting, new: NewTask, reply: Reply<TaskAck>) {
        let assignee = new.assignee_id.clone();
        self.for_member(assignee, "assigneeId", reply, move |live, reply| match live.new_task(&acting, new) {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(draft) => {
                live.append(live.claim(&acting, Action::ChangeTasks), draft, reply, |entry, live| match &entry.body {
                    EntryBody::Task(TaskChange::Created { task: created }) => {
                        let now = live.tasks.get(&created.id).unwrap_or(created);
                        Ok(TaskAck { task: now.clone() })
                    }
                    _ => Err(Refusal::new(ErrorCode::Conflict, "eventId: used for something else")),
                })
            }
        });
    }

    fn new_task(&self, acting: &Acting, mut new: NewTask) -> Result<Draft, Refusal> {
        let event_id = new.event_id.take().map(|id| chat::valid_event_id("eventId", id)).transpose()?;
        let task = self.tasks.new_task(TaskId(random_id(&*self.system.random)), new)?;
        let draft = self.draft(&acting.user_id, EntryBody::Task(TaskChange::Created { task }));
        Ok(Draft { event_id: event_id.unwrap_or(draft.event_id), ..draft })
    }

    pub(super) fn update_task(&mut self, acting: Acting, update: UpdateTask, reply: Reply<TaskAck>) {
        let assignee = update.patch.assignee_id.clone().flatten();
        self.for_member(assignee, "patch.assigneeId", reply, move |live, reply| {
            let UpdateTask { room_id: _, task_id, patch } = update;
            match live.tasks.checked(&task_id, patch) {
                Err(refusal) => reply.send(Err(refusal)),
                Ok(patch) => {
                    let change = TaskChange::Updated { task_id: task_id.clone(), patch };
                    let draft = live.draft(&acting.user_id, EntryBody::Task(change));
                    live.append(live.claim(&acting, Action::ChangeTasks), draft, reply, move |_, live| {
                        let present = live.tasks.present(&task_id)?;
                        Ok(TaskAck { task: present.clone() })
                    });
                }
            }
        });
    }

    pub(super) fn delete_task(&mut self, acting: Acting, task_id: TaskId, reply: Reply<Noted>) {
        match self.tasks.present(&task_id) {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(_) => {
                let body = EntryBody::Task(TaskChange::Deleted { task_id });
                self.append_noted(self.claim(&acting, Action::ChangeTasks), body, reply);
            }
        }
    }

    /// Goes on when `user_id`, if there is one, is a member of the room.
    fn for_member<T: Send + 'static>(
        &mut self,
        user_id: Option<UserId>,
        field: &'static str,
        reply: Reply<T>,
        then: impl FnOnce(&mut Self, Reply<T>) + Send + 'static,
    ) {
        let Some(user_id) = user_id.filter(|user_id| !self.participants.has(user_id)) else {
            return then(self, reply);
        };
        let (rooms, room_id) = (self.stores.rooms.clone(), self.room.room_id.clone());
        let looking = async move { rooms.member(&room_id, &user_id).await };
        self.jobs.begin(looking, move |live, member| match member {
            Ok(Some(_)) => then(live, reply),
            Ok(None) => reply.send(Err(Refusal::field(field, "not a member of this room"))),
            Err(error) => reply.send(Err(error.into())),
        });
    }
}
