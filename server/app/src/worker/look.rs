//! Notifications may be lost, so all logs are looked at: at the start, when something was missed, and every
//! minute.

use super::{RETRY, Worker, room_queue::RoomQueue};
use futures_util::{StreamExt, TryStreamExt, stream};
use std::{collections::HashMap, sync::Arc, time::Duration};
use studyrooms_domain::{log::LogName, store::Stored};
use studyrooms_protocol::{Seq, ids::RoomId};
use tokio::time::sleep;

const EVERY: Duration = Duration::from_secs(60);
/// Rooms asked for at a time.
const PAGE: usize = 200;
/// Logs asked at the same time.
const AT_ONCE: usize = 8;

pub(super) async fn keep_looking(worker: Arc<Worker>, queue: Arc<RoomQueue>) {
    loop {
        let rest = match look(&worker, &queue).await {
            Ok(()) => EVERY,
            Err(error) => {
                tracing::warn!(%error, "the logs could not be looked at; again shortly");
                RETRY
            }
        };
        tokio::select! {
            () = sleep(rest) => {}
            () = queue.any_missed() => {}
        }
    }
}

/// Queues every room whose log is further than someone has followed it.
async fn look(worker: &Worker, queue: &RoomQueue) -> Stored<()> {
    let stores = &worker.stores;
    let consumers: Vec<&str> = worker.consumers().iter().map(|consumer| consumer.name()).collect();
    let mut last: Option<RoomId> = None;
    loop {
        let page = stores.rooms.page(last.as_ref(), PAGE).await?;
        let Some(end) = page.last() else { return Ok(()) };
        last = Some(end.clone());
        let mut places: HashMap<RoomId, HashMap<String, Seq>> = HashMap::new();
        for place in stores.following.positions(&page).await? {
            places.entry(place.room_id).or_default().insert(place.consumer, place.seq);
        }
        let least = |room_id: &RoomId| {
            let of_room = places.get(room_id);
            let place = |name: &&str| of_room.and_then(|places| places.get(*name)).copied().unwrap_or_default();
            consumers.iter().map(place).min().unwrap_or_default()
        };
        let ask = |room_id: RoomId| async move {
            let end = stores.logs.last_seq(&room_id, LogName::Room).await?;
            Ok((room_id, end))
        };
        let ends = stream::iter(page.clone()).map(ask).buffer_unordered(AT_ONCE);
        let ends: Vec<(RoomId, Seq)> = ends.try_collect().await?;
        for (room_id, end) in ends {
            if end > least(&room_id) {
                queue.add(room_id).await;
            }
        }
    }
}
