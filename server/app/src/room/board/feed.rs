//! Bringing a board to a socket that is behind, as fast as its client reads: the parts of a picture first, then what
//! was drawn since, strictly in order, until there is nothing more. From then on it hears with the others.

use super::picture::Picture;
use crate::room::{Outgoing, board::LiveBoard, live::LiveRoom};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use studyrooms_protocol::{Seq, ids::SocketId};
use tokio::time::Instant;

/// More is queued for a socket when less than this waits there, in bytes.
const QUEUED: usize = 64 << 10;
/// Bytes encoded and queued for one socket before it is another's turn: those who come at the same time go on
/// together, so that a part is encoded once for all of them.
const AT_ONCE: usize = 64 << 10;
/// Bytes queued for all sockets before it is time for what else there is to do in the room.
const TOGETHER: usize = 512 << 10;
/// A socket for which more waits than this, in bytes, is fed from then on: whoever reads is not closed because others
/// draw faster than it reads.
const BEHIND: usize = 256 << 10;
/// How soon it is looked again whether a socket has read, where nothing tells.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Sockets that have read are given more after this at the soonest: many small reads are answered together.
const PAUSE: Duration = Duration::from_millis(2);

/// An answer that must not overtake what its entry follows.
type Held = Box<dyn FnOnce() + Send>;

/// How far one socket is.
pub(in crate::room) struct Feed {
    /// What has been sent; while a picture is sent, where that one was taken.
    seq: Seq,
    /// The picture, and the number of its next part.
    picture: Option<(Arc<Mutex<Picture>>, usize)>,
    held: Mutex<Vec<(Seq, Held)>>,
    /// When it was last given something, counted in sockets that were.
    fed_at: u64,
}

impl Feed {
    /// Of a socket that has all up to `known`, or nothing.
    pub(super) fn new(board: &mut LiveBoard, known: Option<Seq>) -> Self {
        let picture = if known.is_some() { None } else { Some((board.picture(), 0)) };
        Self { seq: known.unwrap_or(board.seq), picture, held: Mutex::default(), fed_at: 0 }
    }

    /// Takes over the answers that another one of the same socket has kept.
    pub(super) fn take_over(&mut self, before: Self) {
        self.held = before.held;
    }

    /// The socket has been told everything in another way.
    fn finish(mut self) {
        self.picture = None;
        self.seq = Seq::MAX;
        self.release();
    }

    /// Keeps an answer until the entry at `seq` has been sent.
    fn hold(&self, seq: Seq, held: Held) {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).push((seq, held));
    }

    /// The next to be sent; none when all has been.
    pub(super) fn next(&mut self, board: &mut LiveBoard) -> Option<Arc<Outgoing>> {
        if self.picture.is_none() && board.begins_after() > self.seq {
            // So slow that what it needs next is gone: it begins anew.
            self.picture = Some((board.picture(), 0));
        }
        if let Some((picture, number)) = &mut self.picture {
            let mut picture_now = picture.lock().unwrap_or_else(PoisonError::into_inner);
            let outgoing = picture_now.part(*number);
            *number += 1;
            self.seq = picture_now.seq();
            let is_last = *number == picture_now.parts();
            drop(picture_now);
            if is_last {
                self.picture = None;
            }
            return Some(outgoing);
        }
        let own = self.held.get_mut().unwrap_or_else(PoisonError::into_inner);
        loop {
            self.seq = board.updates_from(self.seq).next()?.seq;
            // Its own is answered, and not told.
            if own.iter().all(|(seq, _)| *seq != self.seq) {
                return board.encoded(self.seq);
            }
        }
    }

    /// Answers that may go now.
    fn release(&mut self) {
        let sent = if self.picture.is_some() { 0 } else { self.seq };
        let held = self.held.get_mut().unwrap_or_else(PoisonError::into_inner);
        let (now, later) = std::mem::take(held).into_iter().partition(|(seq, _)| *seq <= sent);
        *held = later;
        let now: Vec<(Seq, Held)> = now;
        now.into_iter().for_each(|(_, held)| held());
    }
}

/// What became of a feed.
enum Fed {
    /// There is nothing more, or no one.
    Done,
    /// Its client has to read first.
    Unread(Feed),
    /// It goes on when it is its turn again.
    More(Feed),
}

impl LiveBoard {
    /// Waits until a socket that is behind has read; for ever where none is.
    pub(in crate::room) async fn is_read(&self) {
        if self.feeds.is_empty() {
            return std::future::pending().await;
        }
        tokio::time::sleep_until(self.fed_at + PAUSE).await;
        self.has_read.notified().await;
    }
}

impl LiveRoom {
    /// Begins to bring the board to a socket that has it up to `known`, or not at all.
    pub(in crate::room) fn feed_board(&mut self, socket_id: &SocketId, known: Option<Seq>) {
        self.board.begin_feed(socket_id, known);
        self.feed_boards();
    }

    /// A socket has been told all that is on the board.
    pub(in crate::room) fn end_feed(&mut self, socket_id: &SocketId) {
        if let Some(feed) = self.board.feeds.remove(socket_id) {
            feed.finish();
        }
    }

    /// Queues what the sockets that are behind take by now.
    pub(in crate::room) fn feed_boards(&mut self) {
        if self.board.feeds.is_empty() {
            return self.board.forget_encoded();
        }
        let mut order: Vec<(u64, SocketId)> =
            self.board.feeds.iter().map(|(socket_id, feed)| (feed.fed_at, socket_id.clone())).collect();
        order.sort_unstable();
        let (mut left, mut may_go_on) = (TOGETHER, false);
        for (_, socket_id) in order {
            if left == 0 {
                may_go_on = true;
                break;
            }
            let Some(feed) = self.board.feeds.remove(&socket_id) else { continue };
            match self.feed(&socket_id, feed, &mut left) {
                Fed::Done => {}
                Fed::Unread(feed) => drop(self.board.feeds.insert(socket_id, feed)),
                Fed::More(feed) => {
                    may_go_on = true;
                    self.board.feeds.insert(socket_id, feed);
                }
            }
        }
        self.board.fed_at = Instant::now();
        self.board.feed_at = self.board.fed_at + if may_go_on { Duration::ZERO } else { LOOK_EVERY };
        self.board.forget_encoded();
    }

    /// Queues what one socket takes now, and takes its bytes from what is `left` for all.
    fn feed(&mut self, socket_id: &SocketId, mut feed: Feed, left: &mut usize) -> Fed {
        let Some(present) = self.participants.get_mut(socket_id) else { return Fed::Done };
        let mut bytes = 0;
        while let Some(queued) = present.queued_bytes() {
            if queued >= QUEUED {
                // Nothing more is queued for it, by which it would be found out.
                present.close_if_still();
                present.wake_when_read(QUEUED, &self.board.has_read);
                return Fed::Unread(feed);
            }
            if bytes >= AT_ONCE {
                return Fed::More(feed);
            }
            let next = feed.next(&mut self.board);
            if let Some(outgoing) = &next {
                let of_this = outgoing.body.get().len();
                bytes += of_this;
                *left = left.saturating_sub(of_this);
                feed.fed_at = self.board.count_fed();
                present.tell(outgoing);
            }
            feed.release();
            if next.is_none() {
                return Fed::Done;
            }
        }
        // It has no connection any more.
        Fed::Done
    }

    /// Begins to feed those who are told an update at `seq` but have much to read already.
    pub(in crate::room) fn feed_those_behind(&mut self, seq: Seq, from: Option<&SocketId>) {
        let is_behind = |socket_id: &SocketId, queued: usize| {
            queued >= BEHIND && Some(socket_id) != from && !self.board.feeds.contains_key(socket_id)
        };
        let here = self.participants.here().filter(|(_, here)| here.lost_since.is_none());
        let behind: Vec<SocketId> = here
            .filter(|(participant, here)| is_behind(&participant.socket_id, here.outlet.queued_bytes()))
            .map(|(participant, _)| participant.socket_id.clone())
            .collect();
        behind.iter().for_each(|socket_id| self.board.begin_feed(socket_id, Some(seq - 1)));
    }

    /// When to go on bringing the board to those who are behind.
    pub(in crate::room) fn feed_deadline(&self) -> Option<Instant> {
        (!self.board.feeds.is_empty()).then_some(self.board.feed_at)
    }

    /// Answers a socket that drew, after all that it has not been told yet of what came before.
    pub(in crate::room) fn answer_in_order(
        &self,
        socket_id: Option<&SocketId>,
        seq: Seq,
        answer: impl FnOnce() + Send + 'static,
    ) {
        match socket_id.and_then(|socket_id| self.board.feeds.get(socket_id)) {
            Some(feed) => feed.hold(seq, Box::new(answer)),
            None => answer(),
        }
    }
}
