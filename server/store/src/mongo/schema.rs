//! The indexes, by steps: the document `schema` of collection `meta` says how many of them the
//! database has seen.
//!
//! An index is never changed under its name: a step makes the new one under a new name, and drops
//! the old one after that, so that a promise it keeps holds throughout.

use super::{
    ConnectError, backfill,
    call::{call, unless_taken},
};
use futures_util::future::{BoxFuture, Either, select};
use mongodb::{
    Collection, Database, IndexModel,
    bson::{Document, doc, oid::ObjectId},
    options::IndexOptions,
};
use std::{
    future::Future,
    pin::pin,
    time::{Duration, SystemTime},
};
use studyrooms_domain::store::{StoreError, Stored};

/// A step that one instance has begun is left to it for so long.
const GUARD_MS: i64 = 60_000;
/// Well before that it is renewed.
const RENEWED: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(100);

/// An index: its collection, name, fields with their direction, and kind.
struct Index(&'static str, &'static str, &'static [(&'static str, i32)], Kind);

#[derive(PartialEq)]
enum Kind {
    Plain,
    Unique,
    /// Unique among the documents that have the field.
    UniqueSparse,
    /// Of the few documents that have the field.
    Sparse,
    /// Of the documents that have this one of the fields.
    Having(&'static str),
}

type Change = fn(Database) -> BoxFuture<'static, Stored<()>>;

/// One version. Steps are never changed once released, only added; each may be done twice.
struct Step {
    makes: &'static [Index],
    /// Collections and names of indexes that earlier steps made.
    drops: &'static [(&'static str, &'static str)],
    /// What is done to the documents there are, once the indexes are made.
    then: Option<Change>,
}

const FIRST: Step = Step {
    makes: &[
        Index("users", "users_by_email", &[("email", 1)], Kind::UniqueSparse),
        Index("refreshTokens", "refreshTokens_by_family", &[("family", 1)], Kind::Plain),
        Index("refreshTokens", "refreshTokens_by_expiry", &[("expiresAt", 1)], Kind::Plain),
        Index("rooms", "rooms_by_code", &[("code", 1)], Kind::Unique),
        Index("rooms", "rooms_removing", &[("removing", 1)], Kind::Sparse),
        Index("members", "members_once", &[("roomId", 1), ("userId", 1)], Kind::Unique),
        Index("members", "members_by_user", &[("userId", 1), ("joinedAt", -1)], Kind::Plain),
        Index("bans", "bans_once", &[("roomId", 1), ("userId", 1)], Kind::Unique),
        Index("readMarkers", "readMarkers_once", &[("userId", 1), ("roomId", 1)], Kind::Unique),
        Index("readMarkers", "readMarkers_by_room", &[("roomId", 1)], Kind::Plain),
        Index("uploads", "uploads_by_room", &[("roomId", 1), ("createdAt", 1)], Kind::Plain),
        Index("uploads", "uploads_waiting", &[("announcedAt", 1), ("createdAt", 1)], Kind::Plain),
        Index("snapshotParts", "snapshotParts_in_order", &[("roomId", 1), ("version", 1), ("part", 1)], Kind::Unique),
        Index("entries", "entries_in_order", &[("roomId", 1), ("log", 1), ("seq", 1)], Kind::Unique),
        Index("entries", "entries_once", &[("roomId", 1), ("log", 1), ("userId", 1), ("eventId", 1)], Kind::Unique),
        Index("entries", "entries_by_type", &[("roomId", 1), ("log", 1), ("type", 1), ("seq", 1)], Kind::Plain),
    ],
    drops: &[],
    then: None,
};

const MESSAGES: Step = Step {
    makes: &[
        Index("identities", "identities_once", &[("issuer", 1), ("subject", 1)], Kind::Unique),
        Index("refreshTokens", "refreshTokens_by_user", &[("userId", 1)], Kind::Plain),
        Index("rooms", "rooms_by_pair", &[("pair", 1)], Kind::UniqueSparse),
        Index("entries", "entries_by_message", &[("messageId", 1)], Kind::Sparse),
        Index("entries", "entries_by_token", &[("roomId", 1), ("tokens", 1), ("seq", 1)], Kind::Having("tokens")),
        Index("entries", "entries_unsettled", &[("unsettled", 1)], Kind::Sparse),
    ],
    drops: &[],
    then: Some(backfill::messages),
};

const WORKER: Step = Step {
    makes: &[
        Index("followed", "followed_once", &[("roomId", 1), ("consumer", 1)], Kind::Unique),
        Index("deliveries", "deliveries_due", &[("endpoint", 1), ("state", 1), ("dueAt", 1)], Kind::Plain),
        Index("deliveries", "deliveries_by_state", &[("state", 1), ("dueAt", 1)], Kind::Plain),
        Index("deliveries", "deliveries_by_age", &[("since", 1)], Kind::Plain),
        Index("deliveries", "deliveries_by_room", &[("roomId", 1)], Kind::Plain),
        Index("days", "days_once", &[("roomId", 1), ("date", 1)], Kind::Unique),
        Index("worked", "worked_once", &[("userId", 1), ("roomId", 1), ("seq", 1)], Kind::Unique),
        Index("worked", "worked_by_room", &[("roomId", 1)], Kind::Plain),
    ],
    drops: &[],
    then: None,
};

const FILES: Step = Step {
    makes: &[
        Index("uploads", "uploads_by_user", &[("userId", 1)], Kind::Plain),
        Index("uploads", "uploads_doomed", &[("doomed", 1), ("createdAt", 1)], Kind::Having("doomed")),
    ],
    drops: &[],
    then: None,
};

const TOKEN_FAMILIES: Step = Step {
    makes: &[
        Index("tokenFamilies", "tokenFamilies_by_user", &[("userId", 1), ("expiresAt", 1)], Kind::Plain),
        Index("tokenFamilies", "tokenFamilies_by_expiry", &[("expiresAt", 1)], Kind::Plain),
    ],
    drops: &[],
    then: None,
};

/// One owner a group, whom its document names; and nobody new from some addresses for a while.
const OWNERS: Step = Step {
    makes: &[
        Index("addressBans", "addressBans_once", &[("roomId", 1), ("address", 1)], Kind::Unique),
        Index("addressBans", "addressBans_by_end", &[("until", 1)], Kind::Plain),
    ],
    drops: &[],
    then: Some(backfill::owners),
};

const KEYS: Step =
    Step { makes: &[Index("uploads", "uploads_by_key", &[("key", 1)], Kind::Plain)], drops: &[], then: None };

/// Amendments that count no more are found apart. What there is of them the start that follows settles.
const PAST: Step = Step {
    makes: &[Index("entries", "entries_past", &[("pastOf", 1)], Kind::Sparse)],
    drops: &[],
    then: Some(backfill::amendments),
};

/// From here on points may be stored as texts, and board logs compacted.
const BOARDS: Step = Step {
    makes: &[
        Index("entries", "entries_by_version", &[("roomId", 1), ("versionId", 1)], Kind::Having("versionId")),
        Index("keptSnapshots", "keptSnapshots_once", &[("roomId", 1), ("seq", 1)], Kind::Unique),
        Index("keptParts", "keptParts_in_order", &[("roomId", 1), ("version", 1), ("part", 1)], Kind::Unique),
    ],
    drops: &[],
    then: Some(backfill::versions),
};

/// People of a room, read markers and work are read in pages, and moderators without the members between them.
const PAGES: Step = Step {
    makes: &[
        Index("members", "members_in_order", &[("roomId", 1), ("joinedAt", 1), ("userId", 1)], Kind::Plain),
        Index("members", "members_by_role", &[("roomId", 1), ("role", 1)], Kind::Plain),
        Index("bans", "bans_in_order", &[("roomId", 1), ("at", -1), ("userId", 1)], Kind::Plain),
        Index("readMarkers", "readMarkers_furthest", &[("roomId", 1), ("seq", -1), ("userId", 1)], Kind::Plain),
        Index("worked", "worked_in_order", &[("userId", 1), ("from", 1), ("roomId", 1), ("seq", 1)], Kind::Plain),
    ],
    drops: &[("readMarkers", "readMarkers_by_room")],
    then: None,
};

const STEPS: &[Step] = &[FIRST, MESSAGES, WORKER, FILES, TOKEN_FAMILIES, OWNERS, KEYS, PAST, BOARDS, PAGES];

/// Takes the steps that are missing, in order, one instance at a time; then makes anew what someone
/// dropped by hand.
///
/// # Errors
/// `Schema` with what the server says, `Newer`.
pub(super) async fn prepare(database: &Database) -> Result<(), ConnectError> {
    let failed = |error| failed(database, &error);
    let found = migrate(database, STEPS).await.map_err(failed)?;
    if found > STEPS.len() {
        let (found, known) = (clamped(found), clamped(STEPS.len()));
        return Err(ConnectError::Newer { database: database.name().into(), found, known });
    }
    let dropped: Vec<_> = STEPS.iter().flat_map(|step| step.drops).collect();
    let current = STEPS.iter().flat_map(|step| step.makes).filter(|index| !dropped.contains(&&(index.0, index.1)));
    make(database, current).await.map_err(failed)
}

pub(super) fn failed(database: &Database, error: &StoreError) -> ConnectError {
    ConnectError::Schema { database: database.name().into(), reason: error.to_string() }
}

fn clamped(steps: usize) -> u32 {
    u32::try_from(steps).unwrap_or(u32::MAX)
}

/// Takes the steps that are missing, and gives the version the database has then.
async fn migrate(database: &Database, steps: &[Step]) -> Stored<usize> {
    let meta = database.collection::<Document>("meta");
    unless_taken(meta.insert_one(doc! { "_id": "schema", "version": 0_i64 })).await?;
    loop {
        let state = call(meta.find_one(doc! { "_id": "schema" })).await?.unwrap_or_default();
        let version = state.get_i64("version").ok().and_then(|version| usize::try_from(version).ok());
        let version = version.ok_or_else(|| StoreError::Corrupt("meta: schema has no version".into()))?;
        let Some(step) = steps.get(version) else { return Ok(version) };
        let Some(guard) = guard(&meta, version).await? else {
            // Another instance is at it.
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        holding(&meta, guard, take(database, step)).await?;
        let done = doc! { "$set": { "version": version as i64 + 1 }, "$unset": { "guard": "" } };
        call(meta.update_one(doc! { "_id": "schema", "guard.by": guard }, done)).await?;
    }
}

/// Keeps the others from the step after `version`; none when one of them has it.
async fn guard(meta: &Collection<Document>, version: usize) -> Stored<Option<ObjectId>> {
    let (by, now) = (ObjectId::new(), now_ms());
    let free = doc! {
        "_id": "schema",
        "version": version as i64,
        "$or": [{ "guard": null }, { "guard.until": { "$lt": now } }],
    };
    let taken = doc! { "$set": { "guard": { "by": by, "until": now + GUARD_MS } } };
    Ok((call(meta.update_one(free, taken)).await?.modified_count == 1).then_some(by))
}

/// Does what may take long, and keeps the guard meanwhile.
async fn holding(meta: &Collection<Document>, guard: ObjectId, work: impl Future<Output = Stored<()>>) -> Stored<()> {
    let renewing = async {
        loop {
            tokio::time::sleep(RENEWED).await;
            let until = doc! { "$set": { "guard.until": now_ms() + GUARD_MS } };
            if let Err(error) = call(meta.update_one(doc! { "_id": "schema", "guard.by": guard }, until)).await {
                return error;
            }
        }
    };
    match select(pin!(work), pin!(renewing)).await {
        Either::Left((done, _)) => done,
        Either::Right((error, _)) => Err(error),
    }
}

async fn take(database: &Database, step: &Step) -> Stored<()> {
    make(database, step.makes).await?;
    for (collection, name) in step.drops {
        let collection = database.collection::<Document>(collection);
        if call(collection.list_index_names()).await?.iter().any(|found| found == name) {
            call(collection.drop_index(*name)).await?;
        }
    }
    match step.then {
        Some(then) => then(database.clone()).await,
        None => Ok(()),
    }
}

/// Makes indexes where they are missing: one command a collection. The time to build one over much
/// data is not limited.
async fn make(database: &Database, indexes: impl IntoIterator<Item = &Index>) -> Stored<()> {
    let mut collections: Vec<(&str, Vec<IndexModel>)> = Vec::new();
    for Index(collection, name, fields, kind) in indexes {
        let keys: Document =
            fields.iter().map(|(field, direction)| ((*field).to_owned(), (*direction).into())).collect();
        let options = IndexOptions::builder()
            .name((*name).to_owned())
            .unique(matches!(kind, Kind::Unique | Kind::UniqueSparse).then_some(true))
            .sparse(matches!(kind, Kind::Sparse | Kind::UniqueSparse).then_some(true))
            .partial_filter_expression(match kind {
                Kind::Having(field) => Some(doc! { *field: { "$exists": true } }),
                _ => None,
            });
        let model = IndexModel::builder().keys(keys).options(options.build()).build();
        match collections.iter_mut().find(|(found, _)| found == collection) {
            Some((_, models)) => models.push(model),
            None => collections.push((collection, vec![model])),
        }
    }
    for (collection, models) in collections {
        let making = database.collection::<Document>(collection).create_indexes(models).await;
        making.map_err(|error| super::call::store_error(&error))?;
    }
    Ok(())
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mongodb::Client;

    const OLD: Step =
        Step { makes: &[Index("things", "things_by_a", &[("a", 1)], Kind::Plain)], drops: &[], then: None };
    const NEW: Step = Step {
        makes: &[Index("things", "things_by_a_and_b", &[("a", 1), ("b", -1)], Kind::Unique)],
        drops: &[("things", "things_by_a"), ("things", "things_never_made")],
        then: None,
    };

    // SPEC 11.5
    #[tokio::test]
    async fn a_second_step_makes_the_new_index_and_drops_the_old_one() {
        let Ok(uri) = std::env::var("TEST_MONGODB_URI") else {
            panic!("TEST_MONGODB_URI is not set: run scripts/test, or scripts/service-mongodb");
        };
        let database =
            Client::with_uri_str(uri).await.unwrap().database(&format!("studyrooms_test_{}", ObjectId::new()));
        let names = async || database.collection::<Document>("things").list_index_names().await.unwrap();
        assert_eq!(migrate(&database, &[OLD]).await, Ok(1));
        assert_eq!(names().await, ["_id_", "things_by_a"]);
        assert_eq!(migrate(&database, &[OLD, NEW]).await, Ok(2));
        assert_eq!(names().await, ["_id_", "things_by_a_and_b"]);
        assert_eq!(migrate(&database, &[OLD, NEW]).await, Ok(2));
        assert_eq!(migrate(&database, &[OLD]).await, Ok(2), "a newer database is told by its version");
        database.drop().await.unwrap();
    }
}
