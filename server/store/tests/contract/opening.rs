//! The embedded store where it cannot be opened, or is not as it was left.

use crate::logs::message;
use std::{fs, path::Path};
use studyrooms_domain::{
    log::LogName,
    store::{Logs, StoreError},
};
use studyrooms_store::embedded::{Embedded, OpenError};
use tempfile::TempDir;

const FILE: &str = "studyrooms.db";

/// [`Embedded`] has no `Debug`, so what opens is let go.
fn refused(data_dir: &Path) -> OpenError {
    Embedded::open(data_dir).map(drop).unwrap_err()
}

#[tokio::test]
async fn what_is_closed_is_one_file_with_all_in_it_whoever_still_has_the_store() {
    let directory = TempDir::new().unwrap();
    let store = Embedded::open(directory.path()).unwrap();
    let other = store.clone();
    let under_way = tokio::spawn(async move {
        let drafts = (0..500).map(|n| message("ann", &n.to_string())).collect();
        let stored = other.append(&"r".into(), LogName::Room, drafts).await.is_ok();
        (other, stored)
    });
    tokio::task::yield_now().await;
    store.close().await;
    let (other, stored) = under_way.await.unwrap();
    let names = fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let beside: Vec<_> = names
        .filter(|name| ![FILE, "studyrooms.lock", "studyrooms.initialized"].iter().any(|known| name == known))
        .collect();
    assert!(beside.is_empty(), "{beside:?}");
    for handle in [&store, &other] {
        let refused = handle.append(&"r".into(), LogName::Room, vec![message("ann", "late")]).await.unwrap_err();
        assert!(matches!(refused, StoreError::Unavailable(_)), "{refused}");
        assert!(matches!(handle.last_seq(&"r".into(), LogName::Room).await, Err(StoreError::Unavailable(_))));
    }
    drop((store, other));
    let store = Embedded::open(directory.path()).unwrap();
    assert_eq!(store.last_seq(&"r".into(), LogName::Room).await.unwrap(), if stored { 500 } else { 0 });
}

#[test]
fn a_file_that_is_no_database_is_named_and_kept() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join(FILE);
    fs::write(&path, "my thesis, all of it\n".repeat(500)).unwrap();
    let error = refused(directory.path());
    assert!(matches!(error, OpenError::Unreadable { .. }), "{error}");
    assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    assert!(fs::read_to_string(&path).unwrap().starts_with("my thesis"));
}

// SPEC 11.5
#[tokio::test]
async fn a_damaged_page_is_corrupt_not_unavailable() {
    let directory = TempDir::new().unwrap();
    let store = Embedded::open(directory.path()).unwrap();
    // Enough that the other half of the file holds nothing else.
    for part in 0..10 {
        let drafts = (0..500).map(|n| message("ann", &format!("{part}-{n}"))).collect();
        store.append(&"r".into(), LogName::Room, drafts).await.unwrap();
    }
    store.close().await;
    drop(store);
    let path = directory.path().join(FILE);
    let mut bytes = fs::read(&path).unwrap();
    // All but what is needed to open it: the pages of the schema come first.
    let entries = bytes.len() / 2;
    bytes[entries..].fill(0xA5);
    fs::write(&path, bytes).unwrap();
    let store = Embedded::open(directory.path()).unwrap();
    let outcome = store.after(&"r".into(), LogName::Room, 0, 10_000).await;
    assert!(matches!(outcome, Err(StoreError::Corrupt(_))), "{outcome:?}");
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let error = refused(&file.join("data"));
    assert!(matches!(error, OpenError::Directory { .. }), "{error}");
    assert!(error.to_string().contains("file/data"), "{error}");
}

#[test]
fn one_process_has_it_at_a_time() {
    let directory = TempDir::new().unwrap();
    let first = Embedded::open(directory.path()).unwrap();
    assert!(matches!(refused(directory.path()), OpenError::InUse(_)));
    drop(first);
    assert!(Embedded::open(directory.path()).is_ok());
}

// SPEC 11.5
#[tokio::test]
async fn a_newer_file_is_left_alone() {
    let directory = TempDir::new().unwrap();
    Embedded::open(directory.path()).unwrap().close().await;
    let file = rusqlite::Connection::open(directory.path().join(FILE)).unwrap();
    file.pragma_update(None, "user_version", 99).unwrap();
    drop(file);
    let error = refused(directory.path());
    assert!(matches!(error, OpenError::Newer { found: 99, .. }), "{error}");
}
