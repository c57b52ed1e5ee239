//! What a live room knows of its board: the fold, the newest updates, who is behind, and when to store a snapshot.

use super::{
    feed::Feed,
    picture::{BoardAt, Picture},
    tail::{self, Tail},
};
use crate::{history, room::Outgoing};
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};
use studyrooms_domain::{
    board::{Board, LOG_BYTES, Size},
    limits::{Bucket, DRAWN_BYTES},
    log::{Entry, EntryBody, LogName},
    store::{Logs, Snapshot, Snapshots, Stored},
};
use studyrooms_protocol::{
    Seq, Timestamp,
    board::BoardUpdate,
    events::server,
    ids::{RoomId, SocketId, UserId},
};
use tokio::{sync::Notify, time::Instant};

/// Entries after which a snapshot is stored.
const SNAPSHOT_EVERY: u64 = 300;
/// Of a large board not until so many entries, or entries of a quarter of its bytes: a start reads at most those.
const SNAPSHOT_ANYWAY: u64 = 3_000;
const SNAPSHOT_PART: usize = 4;
/// Entries of the board log read at a time: each may have 256 KiB.
pub(crate) const PAGE: usize = 100;
/// Bytes drawn that wait to be stored, at most.
pub(super) const WAITING_BYTES: usize = 8 << 20;
/// Updates kept encoded while someone is behind.
const ENCODED: usize = 16;
/// People whose buckets are remembered before those that are full are forgotten.
const BUCKETS: usize = 64;

pub(in crate::room) struct LiveBoard {
    room_id: RoomId,
    /// Position of the board log that has been delivered.
    pub seq: Seq,
    pub board: Board,
    tail: Tail,
    /// Position of the newest snapshot stored or about to be.
    snapshot_seq: Seq,
    /// Bytes of the entries after it.
    since_snapshot: usize,
    /// Bytes of all entries that are not compacted.
    log_bytes: u64,
    /// Beyond so many of them the log is compacted.
    compact_above: u64,
    /// A snapshot is being stored; so many bytes of the log are compacted then, if any.
    storing: Option<Option<u64>>,
    /// The board at one position, for those who come anew.
    picture: Option<Arc<Mutex<Picture>>>,
    /// Sockets that are behind.
    pub feeds: HashMap<SocketId, Feed>,
    /// When they are looked at again.
    pub feed_at: Instant,
    /// When they were given something last.
    pub fed_at: Instant,
    /// Told when one of them has read enough to be given more.
    pub has_read: Arc<Notify>,
    /// How often a socket was given something.
    fed: u64,
    /// Updates encoded last, for all who are behind.
    encoded: VecDeque<(Seq, Arc<Outgoing>)>,
    /// What is let in and not yet stored.
    waiting: Arc<Mutex<Size>>,
    /// How much people drew.
    drawn_by: HashMap<UserId, Bucket>,
}

/// A snapshot to store.
pub(super) struct Due {
    pub snapshot: Snapshot,
    /// Up to where the log is to be compacted then.
    pub compact_upto: Option<Seq>,
}

/// Bytes of an entry whose bytes nobody counted, at a guess.
const UNCOUNTED: u64 = 8 << 10;
/// Readings of a log that is compacted meanwhile, at most.
const TRIES: usize = 3;

/// Something that waits to be stored; it no longer does when this is dropped.
pub(super) struct Waiting {
    of: Arc<Mutex<Size>>,
    size: Size,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        *self.of.lock().unwrap_or_else(PoisonError::into_inner) -= self.size;
    }
}

impl LiveBoard {
    pub(in crate::room) async fn load(
        logs: &Arc<dyn Logs>,
        snapshots: &Arc<dyn Snapshots>,
        room_id: &RoomId,
    ) -> Stored<Self> {
        for _ in 0..TRIES {
            // With several instances the log may be compacted between the two.
            if let Some(live) = Self::try_load(logs, snapshots, room_id).await? {
                return Ok(live);
            }
        }
        Err(history::compacted(room_id))
    }

    /// None when the log does not follow the snapshot any more.
    async fn try_load(logs: &Arc<dyn Logs>, snapshots: &Arc<dyn Snapshots>, room_id: &RoomId) -> Stored<Option<Self>> {
        let snapshot = snapshots.latest(room_id).await?;
        let Snapshot { seq, elements, log_bytes } =
            snapshot.unwrap_or_else(|| Snapshot { seq: 0, elements: vec![], log_bytes: Some(0) });
        let mut live = Self::at(room_id.clone(), seq, Board::new(elements));
        live.log_bytes = log_bytes.unwrap_or(seq.saturating_mul(UNCOUNTED));
        loop {
            let entries = logs.after(room_id, LogName::Board, live.seq, PAGE).await?;
            if !history::follow(live.seq, &entries) {
                return Ok(None);
            }
            for entry in &entries {
                live.apply(entry);
            }
            if entries.len() < PAGE {
                return Ok(Some(live));
            }
        }
    }

    /// Goes on from what was loaded; who draws, and what waits, is as it was.
    pub(super) fn replace(&mut self, loaded: Self) {
        let Self { seq, board, tail, snapshot_seq, since_snapshot, log_bytes, .. } = loaded;
        (self.seq, self.board, self.tail) = (seq, board, tail);
        (self.snapshot_seq, self.since_snapshot, self.log_bytes) = (snapshot_seq, since_snapshot, log_bytes);
    }

    fn at(room_id: RoomId, seq: Seq, board: Board) -> Self {
        Self {
            room_id,
            seq,
            board,
            tail: Tail::default(),
            snapshot_seq: seq,
            since_snapshot: 0,
            log_bytes: 0,
            compact_above: LOG_BYTES,
            storing: None,
            picture: None,
            feeds: HashMap::new(),
            feed_at: Instant::now(),
            fed_at: Instant::now(),
            has_read: Arc::default(),
            fed: 0,
            encoded: VecDeque::new(),
            waiting: Arc::default(),
            drawn_by: HashMap::new(),
        }
    }

    /// Takes the next entry of the log; gives whether there is an update to tell.
    pub(in crate::room) fn apply(&mut self, entry: &Entry) -> bool {
        self.seq = entry.seq;
        let EntryBody::Drawn { ops } = &entry.body else { return false };
        self.board.apply(&entry.user_id, ops);
        let update = BoardUpdate {
            room_id: entry.room_id.clone(),
            seq: entry.seq,
            ops: ops.clone(),
            by: entry.user_id.clone(),
            op_id: entry.event_id.clone(),
        };
        let bytes = tail::bytes_of(&update);
        self.since_snapshot += bytes;
        self.log_bytes += bytes as u64;
        self.tail.push(update);
        true
    }

    /// The board as it is now.
    pub(in crate::room) fn now(&self) -> BoardAt {
        BoardAt { room_id: self.room_id.clone(), seq: self.seq, elements: self.board.elements() }
    }

    /// What was drawn after `known`; none when the client is too far behind, or ahead.
    pub(in crate::room) fn updates_after(&self, known: Seq) -> Option<Vec<BoardUpdate>> {
        self.follows(known).then(|| self.tail.after(known).cloned().collect())
    }

    /// Whether all that was drawn after `known` is still in memory.
    fn follows(&self, known: Seq) -> bool {
        (self.begins_after()..=self.seq).contains(&known)
    }

    /// The position after which all updates are in memory.
    pub(super) fn begins_after(&self) -> Seq {
        self.tail.begins_after(self.seq)
    }

    /// All that was drawn after `known`, which must not lie before [`Self::begins_after`].
    pub(super) fn updates_from(&self, known: Seq) -> impl Iterator<Item = &BoardUpdate> {
        self.tail.after(known)
    }

    pub(super) fn begin_feed(&mut self, socket_id: &SocketId, known: Option<Seq>) {
        let known = known.filter(|known| self.follows(*known));
        let mut feed = Feed::new(self, known);
        if let Some(before) = self.feeds.remove(socket_id) {
            feed.take_over(before);
        }
        self.feeds.insert(socket_id.clone(), feed);
    }

    /// The board as it is now, in parts; made once for all who come at this position.
    pub(super) fn picture(&mut self) -> Arc<Mutex<Picture>> {
        let seq_of = |picture: &Arc<Mutex<Picture>>| picture.lock().unwrap_or_else(PoisonError::into_inner).seq();
        match &self.picture {
            Some(picture) if seq_of(picture) == self.seq => picture.clone(),
            _ => {
                let picture = Arc::new(Mutex::new(Picture::new(self.now())));
                self.picture = Some(picture.clone());
                picture
            }
        }
    }

    /// The update at a position that is in memory; made once for all who are behind.
    pub(in crate::room) fn encoded(&mut self, seq: Seq) -> Option<Arc<Outgoing>> {
        if let Some((_, outgoing)) = self.encoded.iter().find(|(of, _)| *of == seq) {
            return Some(outgoing.clone());
        }
        let update = self.tail.after(seq - 1).next().filter(|update| update.seq == seq)?;
        let outgoing = Outgoing::new(server::WHITEBOARD_UPDATE, update);
        if !self.feeds.is_empty() {
            if self.encoded.len() >= ENCODED {
                self.encoded.pop_front();
            }
            self.encoded.push_back((seq, outgoing.clone()));
        }
        Some(outgoing)
    }

    /// A socket that is behind is given something: gives how often that has been.
    pub(super) const fn count_fed(&mut self) -> u64 {
        self.fed += 1;
        self.fed
    }

    /// Nobody is behind any more.
    pub(super) fn forget_encoded(&mut self) {
        if self.feeds.is_empty() {
            self.picture = None;
            self.encoded.clear();
        }
    }

    /// What is let in and not yet stored.
    pub(super) fn waiting(&self) -> Size {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn wait(&self, size: Size) -> Waiting {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) += size;
        Waiting { of: self.waiting.clone(), size }
    }

    /// Takes what someone draws from their bucket.
    ///
    /// # Errors
    /// The milliseconds to wait when it is empty.
    pub(super) fn take_bytes(&mut self, user_id: &UserId, bytes: usize, now: Timestamp) -> Result<(), u64> {
        if self.drawn_by.len() >= BUCKETS {
            self.drawn_by.retain(|_, bucket| !bucket.is_full(DRAWN_BYTES, now));
        }
        let bucket = self.drawn_by.entry(user_id.clone()).or_insert_with(|| Bucket::full(DRAWN_BYTES, now));
        bucket.take_many(DRAWN_BYTES, now, bytes)
    }

    /// The snapshot to store, when enough has changed since the last one, or the log is to be compacted; `at_end`
    /// takes any change for enough. One at a time.
    pub(super) fn due_snapshot(&mut self, at_end: bool) -> Option<Due> {
        let changes = self.seq - self.snapshot_seq;
        let much = changes >= SNAPSHOT_ANYWAY || self.since_snapshot >= self.board.size().bytes / SNAPSHOT_PART;
        // All that goes is what the tail does not have: who was away shortly needs no snapshot.
        let gone = self.log_bytes.saturating_sub(self.tail.bytes() as u64);
        let is_long = self.log_bytes > self.compact_above && gone > 0;
        let is_due = changes > 0 && (at_end || is_long || (changes >= SNAPSHOT_EVERY && much));
        if !is_due || self.storing.is_some() {
            return None;
        }
        self.snapshot_seq = self.seq;
        self.since_snapshot = 0;
        self.storing = Some(is_long.then_some(gone));
        let snapshot = Snapshot { seq: self.seq, elements: self.board.elements(), log_bytes: Some(self.log_bytes) };
        Some(Due { snapshot, compact_upto: is_long.then(|| self.begins_after()) })
    }

    /// What was due is stored, or was not. What could not be compacted is tried again when much has come anew.
    pub(super) fn stored(&mut self, is_compacted: bool) {
        match self.storing.take().flatten() {
            Some(gone) if is_compacted => {
                self.log_bytes = self.log_bytes.saturating_sub(gone);
                self.compact_above = LOG_BYTES;
            }
            Some(_) => self.compact_above = self.log_bytes + LOG_BYTES / 2,
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::Outgoing;
    use studyrooms_protocol::{
        board::{BoardOp, Point},
        events::server,
        ids::ElementId,
        points::Points,
    };

    fn drawn(entries: u64, points: usize) -> LiveBoard {
        let mut live = LiveBoard::at("r".into(), 0, Board::default());
        for seq in 1..=entries {
            let points = vec![Point { x: 1.0, y: 1.0, pressure: None }; points].into();
            let id = Some(ElementId(seq.to_string()));
            let ops = vec![BoardOp::Stroke { id, points, color: "#000".into(), width: 1.0 }];
            let event_id = seq.to_string().into();
            let body = EntryBody::Drawn { ops };
            live.apply(&Entry { event_id, room_id: "r".into(), seq, user_id: "ann".into(), timestamp: 0, body });
        }
        live
    }

    /// Names of what a socket gets that is behind.
    fn fed(mut live: LiveBoard, known: Option<Seq>) -> Vec<&'static str> {
        live.begin_feed(&"s".into(), known);
        let mut feed = live.feeds.remove(&"s".into()).unwrap();
        std::iter::from_fn(|| feed.next(&mut live)).map(|outgoing: Arc<Outgoing>| outgoing.event).collect()
    }

    #[test]
    fn who_was_away_shortly_gets_only_the_updates_since() {
        assert_eq!(fed(drawn(600, 1), Some(597)), [server::WHITEBOARD_UPDATE; 3]);
        assert!(fed(drawn(600, 1), Some(600)).is_empty());
    }

    #[test]
    fn who_was_away_long_or_knows_another_history_gets_all() {
        for known in [0, 99, 6_001] {
            assert_eq!(fed(drawn(6_000, 1), Some(known)).first(), Some(&server::WHITEBOARD_SNAPSHOT), "{known}");
        }
        assert_eq!(fed(drawn(0, 0), None), [server::WHITEBOARD_SNAPSHOT], "a blank board is a board");
    }

    // SPEC 2.1
    #[test]
    fn what_is_drawn_while_the_picture_goes_out_follows_it_once() {
        let mut live = drawn(40, 9_900);
        live.begin_feed(&"s".into(), None);
        let mut feed = live.feeds.remove(&"s".into()).unwrap();
        let first = feed.next(&mut live).unwrap();
        assert!(first.body.get().contains("\"seq\":40,"));
        let body = EntryBody::Drawn { ops: vec![BoardOp::Clear] };
        let entry =
            Entry { event_id: "e".into(), room_id: "r".into(), seq: 41, user_id: "b".into(), timestamp: 0, body };
        live.apply(&entry);
        let rest: Vec<Arc<Outgoing>> = std::iter::from_fn(|| feed.next(&mut live)).collect();
        let (last, parts) = rest.split_last().unwrap();
        assert!(
            parts
                .iter()
                .all(|part| part.event == server::WHITEBOARD_SNAPSHOT && part.body.get().contains("\"seq\":40,"))
        );
        assert!(last.event == server::WHITEBOARD_UPDATE && last.body.get().contains("\"seq\":41,"));
    }

    #[test]
    fn a_snapshot_is_due_after_many_changes_and_at_the_end_after_any() {
        let mut live = drawn(SNAPSHOT_EVERY - 1, 1);
        assert!(live.due_snapshot(false).is_none());
        assert_eq!(live.due_snapshot(true).unwrap().snapshot.seq, SNAPSHOT_EVERY - 1);
        live.stored(true);
        assert!(live.due_snapshot(true).is_none());
    }

    #[test]
    fn a_large_board_is_not_stored_again_for_a_few_small_changes() {
        let mut live = drawn(2_000, 500);
        live.due_snapshot(true);
        live.stored(true);
        for seq in 2_001..=2_001 + SNAPSHOT_EVERY {
            let body = EntryBody::Drawn { ops: vec![BoardOp::Erase { ids: vec!["none".into()] }] };
            let event_id = seq.to_string().into();
            live.apply(&Entry { event_id, room_id: "r".into(), seq, user_id: "ann".into(), timestamp: 0, body });
        }
        assert!(live.due_snapshot(false).is_none());
    }

    #[test]
    fn a_long_log_is_compacted_up_to_what_a_short_absence_needs() {
        let mut live = drawn(0, 0);
        let points: Points = (0..2_000u32).map(|n| Point { x: f64::from(n).sqrt(), y: 1.0, pressure: None }).collect();
        let mut compacted = 0;
        for seq in 1..=1_000 {
            let ops = vec![BoardOp::Stroke {
                id: Some("s".into()),
                points: points.clone(),
                color: "#000".into(),
                width: 1.0,
            }];
            let (event_id, body) = (seq.to_string().into(), EntryBody::Drawn { ops });
            live.apply(&Entry { event_id, room_id: "r".into(), seq, user_id: "ann".into(), timestamp: 0, body });
            assert!(live.log_bytes < LOG_BYTES + 100_000, "{}", live.log_bytes);
            if let Some(due) = live.due_snapshot(false) {
                assert!(live.due_snapshot(true).is_none(), "one at a time");
                assert!(due.compact_upto.is_none_or(|upto| upto <= due.snapshot.seq && upto > compacted));
                compacted = due.compact_upto.unwrap_or(compacted);
                live.stored(true);
            }
        }
        assert!(compacted > 700, "{compacted}");
        assert!(live.log_bytes >= live.tail.bytes() as u64);
    }

    #[test]
    fn how_much_one_draws_is_bounded_in_bytes() {
        let mut live = drawn(0, 0);
        let mut taken = 0;
        while live.take_bytes(&"ann".into(), 80_000, 1).is_ok() {
            taken += 80_000;
        }
        assert!((4_000_000..4_400_000).contains(&taken), "{taken}");
        assert!(live.take_bytes(&"ben".into(), 80_000, 1).is_ok());
        assert!(live.take_bytes(&"ann".into(), 80_000, 2_001).is_ok(), "as much as flowed in");
    }
}
