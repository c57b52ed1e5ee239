//! What is done now and then, whatever is in the logs. A new job is one more arm of [`Job::run`] and one
//! more line of [`JOBS`]; several workers may do it at once.

use crate::{
    app::{Stores, System},
    files::sweep_uploads,
};
use std::{sync::Arc, time::Duration};
use studyrooms_domain::{files::Objects, store::Stored};
use tokio::time::{Instant, sleep_until};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

/// A delivery is known for so long after it succeeded. A worker that was held up for less does not note
/// it anew.
const DELIVERED_MS: u64 = 10 * MINUTE_MS;
/// Nothing is tried for longer than a day: what is older was given up, or its endpoint is no longer set.
const KEPT_MS: u64 = 30 * DAY_MS;

#[derive(Clone, Copy, Debug)]
enum Job {
    SweepDeliveries,
    SweepUploads,
    ForgetAddresses,
}

/// Every job, and how often it is done.
const JOBS: &[(Job, Duration)] =
    &[(Job::SweepDeliveries, MINUTE.saturating_mul(5)), (Job::SweepUploads, HOUR), (Job::ForgetAddresses, HOUR)];

impl Job {
    async fn run(self, stores: &Stores, objects: Option<&dyn Objects>, system: &System) -> Stored<()> {
        let now = system.clock.now();
        match self {
            Self::SweepDeliveries => {
                let (delivered, noted) = (now.saturating_sub(DELIVERED_MS), now.saturating_sub(KEPT_MS));
                let swept = stores.deliveries.forget_past(delivered, noted).await?;
                tracing::debug!(swept, "deliveries that are over");
            }
            Self::ForgetAddresses => {
                let swept = stores.bans.sweep_addresses(now).await?;
                tracing::debug!(swept, "addresses that may come in again");
            }
            Self::SweepUploads => {
                if let Some(objects) = objects {
                    let swept = sweep_uploads(stores, objects, now).await?;
                    tracing::debug!(?swept, "uploads");
                }
            }
        }
        Ok(())
    }
}

/// Does every job at once, and then each in its time.
pub(super) async fn run(stores: Stores, objects: Option<Arc<dyn Objects>>, system: System) {
    let mut due: Vec<(Job, Duration, Instant)> =
        JOBS.iter().map(|(job, every)| (*job, *every, Instant::now())).collect();
    loop {
        for (job, every, at) in due.iter_mut().filter(|(_, _, at)| *at <= Instant::now()) {
            if let Err(error) = job.run(&stores, objects.as_deref(), &system).await {
                tracing::warn!(?job, %error, "a job failed; it is done again in its time");
            }
            *at = Instant::now() + *every;
        }
        let next = due.iter().map(|(_, _, at)| *at).min().unwrap_or_else(|| Instant::now() + HOUR);
        sleep_until(next).await;
    }
}
