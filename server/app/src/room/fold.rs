//! What the room log comes to beside its messages: read when the room is opened, and stored now and
//! then, so that the next opening reads only what came since.

use super::live::LiveRoom;
use crate::app::Stores;
use studyrooms_domain::{
    log::{Entry, LogName},
    room_fold::RoomFold,
    store::Stored,
};
use studyrooms_protocol::{Seq, ids::RoomId};

/// Entries after which it is stored anew: what an opening reads at most, and then some.
pub(super) const EVERY: usize = 500;
/// Entries read at a time.
const PAGE: usize = 500;

/// Folds `stored`, or nothing, up to `upto` of the room log; what took long to read is stored.
pub(super) async fn load(stores: &Stores, room_id: &RoomId, stored: Option<RoomFold>, upto: Seq) -> Stored<RoomFold> {
    let mut fold = stored.unwrap_or_default();
    let mut read = 0;
    loop {
        let page = stores.logs.page_after(room_id, LogName::Room, RoomFold::KINDS, fold.seq, PAGE).await?;
        for entry in page.iter().take_while(|entry| entry.seq <= upto) {
            fold.apply(entry);
        }
        read += page.len();
        if page.len() < PAGE || page.last().is_some_and(|last| last.seq > upto) {
            break;
        }
    }
    if read >= EVERY {
        store(stores, room_id, fold.clone()).await;
    }
    Ok(fold)
}

async fn store(stores: &Stores, room_id: &RoomId, fold: RoomFold) {
    if let Err(error) = stores.room_folds.put_fold(room_id, fold).await {
        // Nothing is lost: the log holds it all, and the next one comes.
        tracing::warn!(room = %room_id, %error, "the fold of a room log was not stored");
    }
}

impl LiveRoom {
    /// Counts an entry that was shown.
    pub(super) fn count_folded(&mut self, entry: &Entry) {
        self.folded += usize::from(RoomFold::KINDS.contains(&entry.body.kind()));
    }

    /// Stores the fold when enough has come.
    pub(super) fn store_fold(&mut self) {
        if self.folded < EVERY {
            return;
        }
        self.folded = 0;
        let fold = RoomFold {
            seq: self.chat.seq,
            mutes: self.mutes.clone(),
            pinned: self.pins.list().iter().map(|message| message.id.clone()).collect(),
            tasks: self.tasks.clone(),
            files: self.files.clone(),
            timer: self.timer.as_fold(),
        };
        let (stores, room_id) = (self.stores.clone(), self.room.room_id.clone());
        tokio::spawn(async move { store(&stores, &room_id, fold).await });
    }
}
