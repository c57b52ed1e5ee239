//! Permits to hash: a fixed number at once, each with a memory block that is used again and again.

use super::fair_queue::{Bounds, FairQueue, Full, Origin, Ticket};
use argon2::Block;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::available_parallelism,
    time::Duration,
};
use studyrooms_domain::Refusal;
use studyrooms_protocol::error::ErrorCode;
use tokio::{sync::oneshot, time::timeout};

/// Who may wait. Some schools that come at once, each behind one address; of one account all devices of its person.
const BOUNDS: Bounds = Bounds { account: 16, address: 256, all: 1024 };
/// No one waits longer than this.
const PERMIT_WITHIN: Duration = Duration::from_secs(10);
/// When to try again who has too many requests waiting.
const AGAIN_MS: u64 = 1_000;

/// The working memory of one hash, 19 MiB: as long as the program lives, so that the allocator has nothing
/// to keep in pieces. None until it is first used.
pub(super) type Blocks = Vec<Block>;

/// Gives permits.
#[derive(Clone)]
pub(super) struct Hashers(Arc<Mutex<State>>);

struct State {
    /// Of hashers that have nothing to do; the last one that was used is used first.
    idle: Vec<Blocks>,
    waiting: FairQueue<oneshot::Sender<Blocks>>,
}

impl Hashers {
    /// A hash takes tens of milliseconds of a core: half of the cores, so that a flood leaves the rest to the rooms.
    pub(super) fn of_this_machine() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self::new((cores / 2).clamp(1, 8))
    }

    pub(super) fn new(count: usize) -> Self {
        let idle = std::iter::repeat_with(Blocks::new).take(count).collect();
        Self(Arc::new(Mutex::new(State { idle, waiting: FairQueue::new(BOUNDS) })))
    }

    /// Waits for a permit.
    ///
    /// # Errors
    /// `rate_limited` when too many of this account or address wait, `unavailable` when too many wait in all,
    /// or for too long.
    pub(super) async fn permit(&self, origin: Origin<'_>) -> Result<Permit, Refusal> {
        let mut waiter = {
            let mut state = self.state();
            if let Some(blocks) = state.idle.pop() {
                return Ok(self.begin(blocks));
            }
            let (give, given) = oneshot::channel();
            let ticket = state.waiting.push(origin, give).map_err(refused)?;
            Waiter { hashers: self.clone(), ticket, given }
        };
        match timeout(PERMIT_WITHIN, &mut waiter.given).await {
            Ok(Ok(blocks)) => Ok(self.begin(blocks)),
            // It gave way to someone who has fewer waiting.
            Ok(Err(_)) => Err(refused(Full::Own)),
            Err(_) => Err(refused(Full::All)),
        }
    }

    fn begin(&self, blocks: Blocks) -> Permit {
        Permit { hashers: self.clone(), blocks }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// To the next who waits, or to none.
    fn hand_on(&self, mut blocks: Blocks) {
        let mut state = self.state();
        while let Some(next) = state.waiting.pop() {
            match next.send(blocks) {
                Ok(()) => return,
                Err(unsent) => blocks = unsent,
            }
        }
        state.idle.push(blocks);
    }
}

/// The right to hash now. It is over when this is dropped.
pub(super) struct Permit {
    hashers: Hashers,
    pub(super) blocks: Blocks,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.hashers.hand_on(std::mem::take(&mut self.blocks));
    }
}

/// A place in the queue, given up when whoever asked goes away.
struct Waiter {
    hashers: Hashers,
    ticket: Ticket,
    given: oneshot::Receiver<Blocks>,
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.given.close();
        match self.given.try_recv() {
            Ok(blocks) => self.hashers.hand_on(blocks),
            Err(_) => self.hashers.state().waiting.remove(self.ticket),
        }
    }
}

fn refused(full: Full) -> Refusal {
    match full {
        Full::Own => Refusal::rate_limited("sign-ins at this moment", AGAIN_MS),
        Full::All => Refusal::new(ErrorCode::Unavailable, "too many people sign in at this moment; try again"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Poll;

    const ANN: Origin<'_> = Origin { address: "a", account: "ann", is_known: false };

    #[tokio::test(start_paused = true)]
    async fn a_flood_of_one_account_is_turned_away_and_another_gets_the_next_permit() {
        let hashers = Hashers::new(1);
        let held = hashers.permit(ANN).await.unwrap();
        let mut flood: Vec<_> = (0..400).map(|_| Box::pin(hashers.permit(ANN))).collect();
        let mut refused = 0;
        for sign_in in &mut flood {
            match futures_util::poll!(sign_in) {
                Poll::Ready(answer) => {
                    assert_eq!(answer.err().unwrap().code, ErrorCode::RateLimited);
                    refused += 1;
                }
                Poll::Pending => {}
            }
        }
        assert_eq!(refused, flood.len() - BOUNDS.account);
        let mut bob = Box::pin(hashers.permit(Origin { account: "bob", ..ANN }));
        assert!(futures_util::poll!(&mut bob).is_pending());
        drop(held);
        // One of the flood came before him.
        assert!(futures_util::poll!(&mut bob).is_pending());
        drop(flood.swap_remove(0).await.unwrap());
        assert!(bob.await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_without_end() {
        let hashers = Hashers::new(1);
        let held = hashers.permit(ANN).await.unwrap();
        assert_eq!(hashers.permit(ANN).await.err().unwrap().code, ErrorCode::Unavailable);
        drop(held);
        assert!(hashers.permit(ANN).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn who_goes_away_takes_no_permit_along() {
        let hashers = Hashers::new(1);
        for _ in 0..100 {
            let held = hashers.permit(ANN).await.unwrap();
            let mut waits = Box::pin(hashers.permit(ANN));
            assert!(futures_util::poll!(&mut waits).is_pending());
            let mut goes = Box::pin(hashers.permit(ANN));
            assert!(futures_util::poll!(&mut goes).is_pending());
            drop(held);
            // The first has been given its permit, and does not come to take it.
            drop(waits);
            assert!(goes.await.is_ok());
        }
        assert_eq!(hashers.state().idle.len(), 1);
    }
}
