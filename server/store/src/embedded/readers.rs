//! Connections that read, off the async threads and beside the writer.

use super::store_error;
use rusqlite::Connection;
use std::sync::{Arc, Mutex, PoisonError};
use studyrooms_domain::store::{StoreError, Stored};
use tokio::sync::Semaphore;

const CONNECTIONS: u32 = 4;

#[derive(Clone)]
pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn open(connect: impl Fn() -> rusqlite::Result<Connection>) -> rusqlite::Result<Self> {
        let connections = (0..CONNECTIONS)
            .map(|_| {
                let connection = connect()?;
                connection.pragma_update(None, "query_only", "ON")?;
                Ok(connection)
            })
            .collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(Self { idle: Arc::new(Mutex::new(connections)), permits: Arc::new(Semaphore::new(CONNECTIONS as usize)) })
    }

    /// Waits for those who read, and closes the file; nothing is read any more.
    pub(super) async fn close(&self) {
        let all = self.permits.acquire_many(CONNECTIONS).await;
        self.permits.close();
        drop(all);
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for connection in idle {
            if let Err((_, error)) = connection.close() {
                tracing::error!(%error, "a reader of the store did not close cleanly");
            }
        }
    }

    pub(super) async fn read<T, F>(&self, query: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let stopped = || StoreError::Unavailable("the store has stopped".into());
        let permit = self.permits.clone().acquire_owned().await.map_err(|_| stopped())?;
        let idle = self.idle.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let connection = idle.lock().unwrap_or_else(PoisonError::into_inner).pop().ok_or_else(stopped)?;
            let result = query(&connection).map_err(|error| store_error(&error));
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            result
        });
        reading.await.map_err(|_| StoreError::Unavailable("a read was cut short".into()))?
    }
}
