//! When the board is stored as it is, so that a start need not read its whole log, and the log can be compacted.

use super::live::Due;
use crate::{app::Stores, history, room::live::LiveRoom};
use std::collections::HashSet;
use studyrooms_domain::{
    Refusal,
    board::{Board, KeptVersions, VERSIONS},
    store::{Snapshot, Stored},
};
use studyrooms_protocol::{Seq, Timestamp, ids::RoomId, rooms::Role};

/// Places of the log younger than this are known in any case: another instance may still count on from there.
const KNOWN_FOR_MS: u64 = 10 * 60 * 1000;
/// Versions looked at before compacting: rooms of earlier programs may have more than can be saved now.
const ALL_VERSIONS: usize = 100_000;

impl LiveRoom {
    /// Stores a snapshot when enough has changed; `at_end` takes any change for enough, and waits.
    pub(in crate::room) async fn store_snapshot(&mut self, at_end: bool) {
        let Some(due) = self.board.due_snapshot(at_end) else { return };
        let storing = storing(self.stores.clone(), self.room.room_id.clone(), due, self.system.clock.now());
        if at_end {
            storing.await;
        } else {
            self.jobs.begin(storing, |live, is_compacted| live.board.stored(is_compacted));
        }
    }

    /// Stores the board as it is now for a version that someone of this role saves.
    pub(super) fn keeping_version(&self, role: Role) -> impl Future<Output = Result<(), Refusal>> + Send + 'static {
        let (stores, now) = (self.stores.clone(), self.system.clock.now());
        let board = self.board.now();
        let bytes = self.board.board.size().bytes as u64;
        async move {
            let kept = stores.snapshots.kept_sizes(&board.room_id).await?;
            let count = stores.logs.versions(&board.room_id, None, VERSIONS).await?.len();
            let is_kept = kept.iter().any(|(seq, _)| *seq == board.seq);
            let of_all = KeptVersions { count, bytes: kept.iter().map(|(_, bytes)| bytes).sum() };
            of_all.fits(if is_kept { 0 } else { bytes }, role)?;
            if !is_kept && board.seq > 0 {
                let snapshot = Snapshot { seq: board.seq, elements: board.elements, log_bytes: None };
                stores.snapshots.keep(&board.room_id, snapshot, now).await?;
            }
            Ok(())
        }
    }

    /// Takes the board from the store anew: the log does not lead there from what is here. All sockets are brought it.
    pub(in crate::room) async fn reload_board(&mut self) {
        let room_id = self.room.room_id.clone();
        match super::LiveBoard::load(&self.stores.logs, &self.stores.snapshots, &room_id).await {
            Ok(loaded) => {
                self.board.replace(loaded);
                let here: Vec<_> = self.participants.here().map(|(one, _)| one.socket_id.clone()).collect();
                here.iter().for_each(|socket_id| self.board.begin_feed(socket_id, None));
            }
            Err(error) => self.fell_behind(&error),
        }
    }
}

/// Stores a snapshot, and compacts the log behind it where that is due; true when that was done.
async fn storing(stores: Stores, room_id: RoomId, due: Due, now: Timestamp) -> bool {
    let Due { snapshot, compact_upto } = due;
    if let Err(error) = stores.snapshots.put(&room_id, snapshot, now).await {
        // Nothing is lost: the log holds it all, and the next one comes.
        tracing::warn!(room = %room_id, %error, "a board snapshot was not stored");
        return false;
    }
    let Some(upto) = compact_upto else { return false };
    let compacted = compact(&stores, &room_id, upto, now).await;
    if let Err(error) = &compacted {
        // What is cut short is done the next time.
        tracing::warn!(room = %room_id, %error, "a board log was not compacted");
    }
    compacted.is_ok()
}

/// Compacts a board log up to a place that a stored snapshot has.
async fn compact(stores: &Stores, room_id: &RoomId, upto: Seq, now: Timestamp) -> Stored<()> {
    keep_older_versions(stores, room_id, upto, now).await?;
    stores.logs.compact_board(room_id, upto, now.saturating_sub(KNOWN_FOR_MS)).await
}

/// Stores the boards of versions that earlier programs saved as nothing but a place of the log.
async fn keep_older_versions(stores: &Stores, room_id: &RoomId, upto: Seq, now: Timestamp) -> Stored<()> {
    let kept = stores.snapshots.kept_sizes(room_id).await?;
    let kept: HashSet<Seq> = kept.into_iter().map(|(seq, _)| seq).collect();
    let versions = stores.logs.versions(room_id, None, ALL_VERSIONS).await?;
    let places = versions.into_iter().map(|version| version.board_seq);
    let mut missing: Vec<Seq> = places.filter(|seq| (1..=upto).contains(seq) && !kept.contains(seq)).collect();
    missing.sort_unstable();
    missing.dedup();
    let (mut at, mut board) = (0, Board::default());
    for seq in missing {
        history::go_on(&stores.logs, room_id, (&mut at, &mut board), seq).await?;
        let snapshot = Snapshot { seq, elements: board.elements(), log_bytes: None };
        stores.snapshots.keep(room_id, snapshot, now).await?;
    }
    Ok(())
}
