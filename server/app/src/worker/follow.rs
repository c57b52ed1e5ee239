//! One room, from where its consumers are to the end of its log.

use super::Consumer;
use crate::{app::Stores, telemetry};
use futures_util::future::join_all;
use std::collections::HashMap;
use studyrooms_domain::{
    log::{Entry, LogName},
    store::Stored,
};
use studyrooms_protocol::{
    Seq,
    ids::{RoomId, RoomRef},
};

/// Entries taken in one step, at most.
const STEP: usize = 500;

/// Gives every consumer what it has not taken yet. One that fails holds up no other.
///
/// # Errors
/// What the store says; the places are those of what was taken.
pub(super) async fn room(stores: &Stores, consumers: &[Box<dyn Consumer>], room_id: &RoomId) -> Stored<()> {
    loop {
        let places = stores.following.positions(std::slice::from_ref(room_id)).await?;
        let places: HashMap<String, Seq> = places.into_iter().map(|place| (place.consumer, place.seq)).collect();
        let place = |consumer: &dyn Consumer| places.get(consumer.name()).copied().unwrap_or_default();
        let Some(least) = consumers.iter().map(|consumer| place(&**consumer)).min() else { return Ok(()) };
        let entries = stores.logs.after(room_id, LogName::Room, least, STEP).await?;
        if entries.is_empty() {
            return Ok(());
        }
        let steps = consumers.iter().map(|consumer| step(stores, &**consumer, room_id, &entries, place(&**consumer)));
        let outcomes = join_all(steps).await;
        // The room may have been removed meanwhile, and what was just kept of it with no one to remove it.
        if stores.rooms.lookup(&RoomRef(room_id.0.clone())).await?.is_none() {
            return stores.following.forget_room(room_id).await;
        }
        outcomes.into_iter().collect::<Stored<()>>()?;
        if entries.len() < STEP {
            return Ok(());
        }
    }
}

async fn step(stores: &Stores, consumer: &dyn Consumer, room_id: &RoomId, entries: &[Entry], place: Seq) -> Stored<()> {
    let known = entries.iter().take_while(|entry| entry.seq <= place).count();
    let fresh = &entries[known..];
    let Some(last) = fresh.last() else { return Ok(()) };
    consumer.take(room_id, fresh).await?;
    // Not moved where another worker was quicker: it has taken the same.
    if stores.following.advance(consumer.name(), room_id, place, last.seq).await? {
        telemetry::followed(consumer.name(), fresh.len() as u64);
    }
    Ok(())
}
