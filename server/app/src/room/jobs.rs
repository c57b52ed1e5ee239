//! What a room waits for beside its logs, while it goes on: reading far back, and changes of what
//! is not a log.

use super::live::LiveRoom;
use futures_util::{StreamExt, stream::FuturesUnordered};
use std::{future::Future, pin::Pin, sync::Arc};
use tokio::sync::Mutex;

/// What is done in the room once a job has ended.
pub(super) type Outcome = Box<dyn FnOnce(&mut LiveRoom) + Send>;

type Job = Pin<Box<dyn Future<Output = Outcome> + Send>>;

#[derive(Default)]
pub(super) struct Jobs {
    under_way: FuturesUnordered<Job>,
    /// Held by the one ordered job that works; the lock is given in the order it was asked for.
    order: Arc<Mutex<()>>,
}

impl Jobs {
    /// Begins a job that may end before others that began earlier.
    pub(super) fn begin<T: Send + 'static>(
        &mut self,
        work: impl Future<Output = T> + Send + 'static,
        then: impl FnOnce(&mut LiveRoom, T) + Send + 'static,
    ) {
        self.under_way.push(Box::pin(async move {
            let result = work.await;
            Box::new(move |live: &mut LiveRoom| then(live, result)) as Outcome
        }));
    }

    /// Begins a job that works only after those given here before have.
    pub(super) fn begin_in_order<T: Send + 'static>(
        &mut self,
        work: impl Future<Output = T> + Send + 'static,
        then: impl FnOnce(&mut LiveRoom, T) + Send + 'static,
    ) {
        let order = self.order.clone();
        let in_order = async move {
            let _held = order.lock_owned().await;
            work.await
        };
        self.begin(in_order, then);
    }

    /// The next job that ends; waits for ever when there is none. May be dropped and called again.
    pub(super) async fn finished(&mut self) -> Outcome {
        match self.under_way.next().await {
            Some(outcome) => outcome,
            None => std::future::pending().await,
        }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.under_way.is_empty()
    }
}
