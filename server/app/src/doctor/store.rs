//! Where users, rooms and logs are kept: it must open, answer, and take what is written.

use super::Finding;
use crate::{config::Settings, wiring};
use studyrooms_domain::log::LogName;

pub(super) async fn check(settings: &Settings) -> Finding {
    let (part, remedy) = match &settings.store.mongodb_uri {
        Some(_) => (
            "MONGODB_URI",
            "See that MongoDB runs, that the address and password are right, and that the user may write.",
        ),
        None => ("DATA_DIR", "See that the directory is there, is this user's and has room."),
    };
    let open = match Box::pin(wiring::open(&settings.store)).await {
        Ok(open) => open,
        // One that serves it would not, if it were not well.
        Err(error) if error.is_in_use() => {
            return Finding::advice(part, "a server has it open; stop that to have it looked at");
        }
        Err(error) => return Finding::wrong(part, error.to_string(), remedy),
    };
    // Nothing ended before 1970: it is written, and nothing is changed.
    let wrote = open.stores.refresh_tokens.sweep(0).await;
    let read = open.stores.logs.last_seq(&"doctor".into(), LogName::Room).await;
    open.close().await;
    match wrote.and(read) {
        Ok(_) => Finding::well(part, "it opens, can be read and written"),
        Err(error) => Finding::wrong(part, error.to_string(), remedy),
    }
}
