//! Parts of the system that can be asked whether they answer.

use crate::store::Stored;
use async_trait::async_trait;

/// A part that can be asked whether it answers.
#[async_trait]
pub trait Reachable: Send + Sync {
    /// Asks it.
    ///
    /// # Errors
    /// It does not answer, or refuses the credentials.
    async fn reach(&self) -> Stored<()>;
}
