//! Every call to the server: its time limit, and what its errors mean to the domain.

use mongodb::error::{Error, ErrorKind, WriteFailure};
use std::{
    future::{Future, IntoFuture},
    time::Duration,
};
use studyrooms_domain::store::{StoreError, Stored};

/// The driver waits without end for a server that took the command and says nothing more.
pub(super) const LIMIT: Duration = Duration::from_secs(10);

/// Code of a write refused by a unique index.
const DUPLICATE_KEY: i32 = 11000;

/// Carries out one or more operations, in time.
pub(super) async fn call<T, A>(action: A) -> Stored<T>
where
    A: IntoFuture<Output = mongodb::error::Result<T>>,
{
    in_time(action).await?.map_err(|error| store_error(&error))
}

/// An insert; false when a unique index refused it.
pub(super) async fn unless_taken<T, A>(action: A) -> Stored<bool>
where
    A: IntoFuture<Output = mongodb::error::Result<T>>,
{
    match in_time(action).await? {
        Ok(_) => Ok(true),
        Err(error) if is_taken(&error) => Ok(false),
        Err(error) => Err(store_error(&error)),
    }
}

/// Carries out an operation, in time, and leaves its error to the caller.
pub(super) async fn in_time<F: IntoFuture>(action: F) -> Stored<<F::IntoFuture as Future>::Output> {
    let late = |_| StoreError::Unavailable(format!("no answer within {} s", LIMIT.as_secs()));
    tokio::time::timeout(LIMIT, action).await.map_err(late)
}

/// A unique index refused the write.
fn is_taken(error: &Error) -> bool {
    match &*error.kind {
        ErrorKind::Write(WriteFailure::WriteError(write)) => write.code == DUPLICATE_KEY,
        ErrorKind::Command(command) => command.code == DUPLICATE_KEY,
        _ => false,
    }
}

/// How many documents of an ordered insert were stored before a unique index refused one. None for
/// every other error, and when those before are not acknowledged.
pub(super) fn stored_before_taken(error: &Error) -> Option<usize> {
    let ErrorKind::InsertMany(failure) = &*error.kind else { return None };
    let first = failure.write_errors.as_ref()?.first()?;
    (first.code == DUPLICATE_KEY && failure.write_concern_error.is_none()).then_some(first.index)
}

/// What the driver says, as the domain understands it.
pub(super) fn store_error(error: &Error) -> StoreError {
    match &*error.kind {
        ErrorKind::Bson(_)
        | ErrorKind::BsonDeserialization(_)
        | ErrorKind::BsonSerialization(_)
        | ErrorKind::InvalidResponse { .. } => StoreError::Corrupt(describe(error)),
        _ => StoreError::Unavailable(describe(error)),
    }
}

/// The error without what was being written: the server's text may repeat it.
pub(super) fn describe(error: &Error) -> String {
    let code = |code: i32, name: Option<&str>| match name {
        Some(name) if !name.is_empty() => format!("the server refused a write: code {code}, {name}"),
        _ => format!("the server refused a write: code {code}"),
    };
    match &*error.kind {
        ErrorKind::Write(WriteFailure::WriteError(write)) => code(write.code, write.code_name.as_deref()),
        ErrorKind::Write(WriteFailure::WriteConcernError(concern)) => code(concern.code, Some(&concern.code_name)),
        ErrorKind::InsertMany(failure) => {
            let write = failure.write_errors.iter().flatten().next();
            let concern = failure.write_concern_error.as_ref();
            match (write, concern) {
                (Some(write), _) => code(write.code, write.code_name.as_deref()),
                (None, Some(concern)) => code(concern.code, Some(&concern.code_name)),
                (None, None) => "the server refused a write".into(),
            }
        }
        ErrorKind::ServerSelection { message, .. } => no_server(message),
        kind => kind.to_string(),
    }
}

/// The driver tells all it knows of each server, in its own notation; what a person needs is the
/// address and the reason.
fn no_server(message: &str) -> String {
    let between = |start: &str, end: &str| Some(message.split_once(start)?.1.split_once(end)?.0);
    match (between("Address: ", ","), between("Error: Kind: ", ", labels")) {
        (Some(address), Some(reason)) => format!("no answer from {address}: {reason}"),
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_server_that_is_away_the_address_and_the_reason_are_told() {
        let topology = "Server selection timeout: No available servers. Topology: { Type: Unknown, Servers: [ { \
            Address: h:1, Type: Unknown, Error: Kind: I/O error: refused (os error 111), labels: {\"a\"} } ] }";
        assert_eq!(no_server(topology), "no answer from h:1: I/O error: refused (os error 111)");
        assert_eq!(no_server("anything else"), "anything else");
    }
}
