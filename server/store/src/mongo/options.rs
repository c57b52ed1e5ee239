//! From the connection string to the driver's options.

use super::{ConnectError, call::describe};
use mongodb::options::{
    Acknowledgment, ClientOptions, ConnectionString, ReadPreference, SelectionCriteria, WriteConcern,
};
use std::time::Duration;

const SELECTION: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(5);
const ACKNOWLEDGED: Duration = Duration::from_secs(8);
const IDLE: Duration = Duration::from_secs(300);
const CONNECTIONS: u32 = 50;

/// The driver's options for `uri`. Pool and timeouts of the string hold; where to read and how
/// surely to write does not, for the store's promises hang on it.
///
/// # Errors
/// `BadUri`, and `Unreachable` when the name in `mongodb+srv` is not found.
pub(super) async fn parse(uri: &str) -> Result<ClientOptions, ConnectError> {
    let secret = check(uri)?;
    ConnectionString::parse(uri).map_err(|error| bad(secret, describe(&error)))?;
    let mut options = ClientOptions::parse(uri).await.map_err(|error| ConnectError::Unreachable(describe(&error)))?;
    options.app_name.get_or_insert_with(|| "studyrooms".into());
    options.server_selection_timeout.get_or_insert(SELECTION);
    options.connect_timeout.get_or_insert(CONNECT);
    options.max_pool_size.get_or_insert(CONNECTIONS);
    options.max_idle_time.get_or_insert(IDLE);
    options.retry_writes.get_or_insert(true);
    options.retry_reads.get_or_insert(true);
    let durable = WriteConcern::builder().w(Acknowledgment::Majority).journal(true).w_timeout(ACKNOWLEDGED).build();
    options.write_concern = Some(durable);
    options.selection_criteria = Some(SelectionCriteria::ReadPreference(ReadPreference::Primary));
    Ok(options)
}

/// Whether `uri` may hold a password. A password that is not percent-encoded is refused: the
/// driver would take parts of it for the host, and its errors would show them.
fn check(uri: &str) -> Result<bool, ConnectError> {
    let Some((_, rest)) = uri.split_once("://") else {
        return Err(ConnectError::BadUri("it must begin with mongodb:// or mongodb+srv://".into()));
    };
    let Some((user, _)) = rest.rsplit_once('@') else { return Ok(false) };
    // An @ in the options is none of a password.
    if user.split_once('?').is_some_and(|(hosts, _)| !hosts.contains('@') && hosts.contains('/')) {
        return Ok(true);
    }
    if user.contains(['/', '?', '#', '[', ']', '@', ' ']) || user.matches(':').count() > 1 {
        let hint = "characters like @ : / ? # in user name or password must be percent-encoded";
        return Err(ConnectError::BadUri(hint.into()));
    }
    Ok(true)
}

fn bad(secret: bool, message: String) -> ConnectError {
    ConnectError::BadUri(if secret { "see the MongoDB manual for its form".into() } else { message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_is_not_encoded_is_refused_and_never_shown() {
        for uri in ["mongodb://u:12/s3cret@h", "mongodb://u:s3@cret@h/db", "mongodb://u:1:s3cret@h", "u:s3cret@h"] {
            let error = check(uri).unwrap_err().to_string();
            assert!(!error.contains("s3"), "{error}");
        }
    }

    #[test]
    fn credentials_are_told_from_options() {
        assert!(check("mongodb://u:p%40@h:1,i:2/db?tls=true").unwrap());
        assert!(check("mongodb+srv://u:p@h").unwrap());
        assert!(check("mongodb://h:1/?appName=a@b").is_ok());
        assert!(!check("mongodb://h").unwrap());
    }
}
