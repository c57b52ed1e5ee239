//! The answer to a request, given exactly once: when the one who should give it is gone, it gives
//! itself.

use studyrooms_domain::Refusal;
use studyrooms_protocol::error::ErrorCode;
use tokio::sync::oneshot;

type Answer<T> = Box<dyn FnOnce(Result<T, Refusal>) + Send>;

/// Where the answer to one request goes.
pub struct Reply<T>(Option<Answer<T>>);

impl<T: Send + 'static> Reply<T> {
    /// Calls `answer` with the outcome.
    pub fn new(answer: impl FnOnce(Result<T, Refusal>) + Send + 'static) -> Self {
        Self(Some(Box::new(answer)))
    }

    /// A reply and where it arrives.
    #[must_use]
    pub fn channel() -> (Self, oneshot::Receiver<Result<T, Refusal>>) {
        let (sender, receiver) = oneshot::channel();
        // Who asked may have gone away meanwhile.
        (Self::new(move |outcome| drop(sender.send(outcome))), receiver)
    }
}

impl<T> Reply<T> {
    /// Answers.
    pub fn send(mut self, outcome: Result<T, Refusal>) {
        if let Some(answer) = self.0.take() {
            answer(outcome);
        }
    }
}

impl<T> Drop for Reply<T> {
    fn drop(&mut self) {
        if let Some(answer) = self.0.take() {
            answer(Err(Refusal::new(ErrorCode::Unavailable, "the room is not available; try again")));
        }
    }
}
