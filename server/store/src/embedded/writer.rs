//! The one thread that writes. Changes that arrive while a commit is under way go together into
//! the next one: a busy server costs one sync per round, not one per change.

use super::store_error;
use rusqlite::Connection;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};
use studyrooms_domain::store::{StoreError, Stored};
use tokio::sync::{mpsc, oneshot};

/// Changes that wait, at most; who comes later waits to be let in.
const WAITING: usize = 1024;
/// Changes in one commit, at most, so that the first in line is not kept too long.
const TOGETHER: usize = 256;

/// Runs inside the commit, or learns why there is none; what it gives back runs afterwards, and
/// answers.
type Change = Box<dyn FnOnce(Result<&Connection, &StoreError>) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Result<(), &StoreError>) + Send>;

enum Work {
    Change(Change),
    /// After what came before; answered when the file is closed.
    Close(oneshot::Sender<()>),
}

#[derive(Clone)]
pub(super) struct Writer {
    work: mpsc::Sender<Work>,
    failed_at: FailedAt,
}

/// When a commit failed last.
type FailedAt = Arc<Mutex<Option<Instant>>>;

impl Writer {
    pub(super) fn start(connection: Connection) -> std::io::Result<Self> {
        let (work, waiting) = mpsc::channel(WAITING);
        let failed_at = FailedAt::default();
        let noted = failed_at.clone();
        std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || write_all(connection, waiting, &noted))?;
        Ok(Self { work, failed_at })
    }

    /// When a commit failed last, if ever.
    pub(super) fn failed_at(&self) -> Option<Instant> {
        *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what waits, and closes the file; nothing is written any more.
    pub(super) async fn close(&self) {
        let (closed, is_closed) = oneshot::channel();
        // Where nobody takes it, or answers, the file is closed already.
        if self.work.send(Work::Close(closed)).await.is_ok() {
            let _ = is_closed.await;
        }
    }

    /// Carries out `change`, durably, all of it or nothing.
    pub(super) async fn write<T, F>(&self, change: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel::<Stored<T>>();
        let change: Change = Box::new(move |connection| {
            let outcome = connection.map_err(Clone::clone).and_then(|connection| in_savepoint(connection, change));
            Box::new(move |committed| {
                let outcome = committed.map_err(Clone::clone).and(outcome);
                // Whoever asked may have gone away; the change stands all the same.
                drop(answer.send(outcome));
            })
        });
        let stopped = || StoreError::Unavailable("the store has stopped".into());
        self.work.send(Work::Change(change)).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }
}

fn in_savepoint<T>(
    connection: &Connection,
    change: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> Result<T, StoreError> {
    let run = || {
        connection.execute_batch("SAVEPOINT change")?;
        let outcome = change(connection);
        let end = if outcome.is_ok() { "RELEASE change" } else { "ROLLBACK TO change; RELEASE change" };
        connection.execute_batch(end)?;
        outcome
    };
    run().map_err(|error| store_error(&error))
}

fn write_all(connection: Connection, mut waiting: mpsc::Receiver<Work>, failed_at: &FailedAt) {
    let mut batch = Vec::with_capacity(TOGETHER);
    let mut closing = None;
    while closing.is_none()
        && let Some(first) = waiting.blocking_recv()
    {
        closing = fill(&mut batch, first, &mut waiting);
        if !batch.is_empty() && !write_batch(&connection, &mut batch) {
            *failed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    }
    if let Err((_, error)) = connection.close() {
        tracing::error!(%error, "the store did not close cleanly");
    }
    if let Some(closed) = closing {
        // Whoever asked may have gone away.
        let _ = closed.send(());
    }
}

/// Takes what goes into one commit; what asks to close ends it.
fn fill(batch: &mut Vec<Change>, first: Work, waiting: &mut mpsc::Receiver<Work>) -> Option<oneshot::Sender<()>> {
    let mut next = Some(first);
    while let Some(work) = next {
        match work {
            Work::Change(change) => batch.push(change),
            Work::Close(closed) => return Some(closed),
        }
        next = if batch.len() < TOGETHER { waiting.try_recv().ok() } else { None };
    }
    None
}

/// Whether it was committed.
fn write_batch(connection: &Connection, batch: &mut Vec<Change>) -> bool {
    let begun = connection.execute_batch("BEGIN IMMEDIATE").map_err(|error| store_error(&error));
    let inside = begun.as_ref().map(|()| connection);
    let answers: Vec<Answer> = batch.drain(..).map(|change| change(inside)).collect();
    let committed = match &begun {
        Ok(()) => connection.execute_batch("COMMIT").map_err(|error| store_error(&error)),
        Err(error) => Err(error.clone()),
    };
    if let Err(error) = &committed {
        tracing::error!(%error, changes = answers.len(), "a commit failed; nothing of it is stored");
        roll_back(connection);
    }
    for answer in answers {
        answer(committed.as_ref().copied());
    }
    committed.is_ok()
}

fn roll_back(connection: &Connection) {
    if !connection.is_autocommit()
        && let Err(error) = connection.execute_batch("ROLLBACK")
    {
        tracing::error!(%error, "nor could it be rolled back");
    }
}
