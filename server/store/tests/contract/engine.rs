//! The engines under test, each fresh and empty.

use std::sync::Arc;
use studyrooms_domain::store::{Logs, RefreshTokens, Rooms, Snapshots, Users};
use studyrooms_store::embedded::Embedded;
use tempfile::TempDir;

pub trait Store: Users + RefreshTokens + Rooms + Logs + Snapshots {}
impl<S: Users + RefreshTokens + Rooms + Logs + Snapshots> Store for S {}

/// A store, and what must live as long as it does.
pub struct Engine {
    pub store: Arc<dyn Store>,
    directory: TempDir,
}

impl Engine {
    pub fn embedded() -> Self {
        let directory = TempDir::new().unwrap();
        let store = Arc::new(Embedded::open(directory.path()).unwrap());
        Self { store, directory }
    }

    /// The same data after a clean stop and a new start.
    pub fn reopened(self) -> Self {
        let Self { store, directory } = self;
        drop(store);
        let store = Arc::new(Embedded::open(directory.path()).unwrap());
        Self { store, directory }
    }
}

/// Makes a test of each case for each engine.
macro_rules! on_every_engine {
    ($($case:ident),* $(,)?) => {
        mod embedded {
            $(#[tokio::test]
            async fn $case() {
                super::$case(crate::engine::Engine::embedded()).await;
            })*
        }
    };
}
pub(crate) use on_every_engine;
