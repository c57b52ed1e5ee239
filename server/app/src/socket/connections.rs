//! Who is connected to this instance, so that all of a person's sockets can be ended.

use crate::room::{Outgoing, Outlet};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use studyrooms_protocol::{
    error::{ErrorCode, ErrorEvent},
    events::server,
    ids::UserId,
};

type Outlets = HashMap<u64, Arc<dyn Outlet>>;

/// The live sockets of each person.
#[derive(Default)]
pub struct Connections(Mutex<HashMap<UserId, Outlets>>);

impl Connections {
    /// A socket of `user_id` has come.
    pub(super) fn add(&self, user_id: UserId, connection: u64, outlet: Arc<dyn Outlet>) {
        self.outlets().entry(user_id).or_default().insert(connection, outlet);
    }

    /// It has gone.
    pub(super) fn remove(&self, user_id: &UserId, connection: u64) {
        let mut people = self.outlets();
        if let Some(outlets) = people.get_mut(user_id) {
            outlets.remove(&connection);
            if outlets.is_empty() {
                people.remove(user_id);
            }
        }
    }

    /// Ends all sockets of `user_id`, who must sign in again.
    pub(crate) fn end_all(&self, user_id: &UserId) {
        let outlets: Vec<_> = self.outlets().get(user_id).into_iter().flat_map(Outlets::values).cloned().collect();
        let error = ErrorEvent {
            code: ErrorCode::Unauthorized,
            message: "signed out everywhere; sign in again".into(),
            event: None,
            retry_after_ms: None,
        };
        let goodbye = Outgoing::new(server::ERROR, &error);
        for outlet in outlets {
            if outlet.emit(&goodbye).is_err() {
                tracing::debug!(user = %user_id, "a full queue; the end was not announced");
            }
            outlet.close();
        }
    }

    fn outlets(&self) -> std::sync::MutexGuard<'_, HashMap<UserId, Outlets>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
