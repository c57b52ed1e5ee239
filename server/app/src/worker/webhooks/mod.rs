//! Webhooks: what is in the room logs is told to the addresses that the operator has set, signed as
//! [Standard Webhooks](https://www.standardwebhooks.com) has it.

mod enqueue;
mod post;
mod send;
mod sign;

pub(super) use enqueue::Enqueue;
pub use post::ClientError;
pub use sign::{Secret, SecretError};

use crate::app::{Stores, System};
use post::Poster;
use sha2::{Digest, Sha256};
use std::{fmt::Write, sync::Arc, time::Duration};
use studyrooms_domain::webhooks::{Filter, Schedule};
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};
use url::Url;

/// Characters of an endpoint's name.
const NAME_CHARACTERS: usize = 12;

/// An address that is told.
#[derive(Clone)]
struct Endpoint {
    name: String,
    url: Url,
    /// Something was noted for it.
    noted: Arc<Notify>,
}

/// The name under which the deliveries to an address are kept: the address itself may hold a secret.
#[must_use]
pub fn endpoint_name(url: &Url) -> String {
    let mut name = String::with_capacity(NAME_CHARACTERS);
    for byte in Sha256::digest(url.as_str()).iter().take(NAME_CHARACTERS / 2) {
        // Writing to a string never fails.
        let _ = write!(name, "{byte:02x}");
    }
    name
}

/// Whom to tell, and what.
pub struct Webhooks {
    endpoints: Vec<Endpoint>,
    filter: Filter,
    schedule: Schedule,
    answer_within: Duration,
    /// None when there is no one to tell.
    poster: Option<Arc<Poster>>,
}

impl Webhooks {
    /// Tells no one.
    #[must_use]
    pub const fn none() -> Self {
        let schedule = Schedule { first: Duration::ZERO };
        let answer_within = Duration::ZERO;
        Self { endpoints: vec![], filter: Filter::all(), schedule, answer_within, poster: None }
    }

    /// Tells each of `urls` of the entries that `filter` takes.
    ///
    /// # Errors
    /// No one can be asked; mostly the machine has no certificates.
    pub fn new(
        urls: Vec<Url>,
        secret: Secret,
        filter: Filter,
        schedule: Schedule,
        answer_within: Duration,
    ) -> Result<Self, ClientError> {
        let endpoint = |url: Url| Endpoint { name: endpoint_name(&url), url, noted: Arc::default() };
        let poster = Some(Arc::new(Poster::new(secret, answer_within)?));
        Ok(Self { endpoints: urls.into_iter().map(endpoint).collect(), filter, schedule, answer_within, poster })
    }

    /// Begins to deliver, each endpoint by a task of its own, until `ended` says so.
    pub(super) fn start(&self, stores: &Stores, system: &System, ended: &watch::Receiver<bool>) -> JoinSet<()> {
        let mut sending = JoinSet::new();
        if let Some(poster) = &self.poster {
            for endpoint in &self.endpoints {
                let sender = send::Sender {
                    stores: stores.clone(),
                    system: system.clone(),
                    endpoint: endpoint.clone(),
                    poster: poster.clone(),
                    schedule: self.schedule,
                    answer_within: self.answer_within,
                };
                sending.spawn(sender.run(ended.clone()));
            }
        }
        sending
    }
}
