//! Appending to a log that other processes append to as well (SPEC 1.2).
//!
//! Processes that know of each other append under a lease (`append_lease.rs`). That only spares clashes; what follows
//! holds without it. A batch is inserted in order as `last + 1 …`. A unique index on the position lets one writer of
//! several win; the others have stored what came before the clash, which leaves no hole, read again
//! where the log ends, and go on with the rest. A unique index on the event keeps what is sent
//! twice from being stored twice.

use super::{
    Mongo, call,
    entry::EntryDocument,
    tails::{Hint, Tail},
};
use crate::messages::blank;
use futures_util::future::join;
use mongodb::bson::{Document, doc};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    future::IntoFuture,
    hash::{BuildHasher, RandomState},
    time::Duration,
};
use studyrooms_domain::{
    log::{Appended, Draft, Entry, LogName},
    store::{Logs, Recheck, StoreError, Stored},
};
use studyrooms_protocol::{
    Seq,
    ids::{EventId, MessageId, RoomId, UserId},
};

/// Entries of others read after a clash; when there are more, only the last is asked for.
const NEWER: usize = 500;
const LONGEST_PAUSE_MS: u64 = 4;

impl Mongo {
    pub(super) async fn append_batch(
        &self,
        room_id: &RoomId,
        log: LogName,
        drafts: Vec<Draft>,
        judge: Option<Judge<'_>>,
    ) -> Stored<Vec<Option<Appended>>> {
        let appending = async {
            let mut held = self.hold(room_id, log).await;
            let answers = self.append_to(&mut held.tail, room_id, log, drafts, judge).await;
            held.let_go();
            answers
        };
        // This bounds the clashes too; each means that someone else's append succeeded.
        call::in_time(appending).await?
    }

    async fn append_to(
        &self,
        tail: &mut Tail,
        room_id: &RoomId,
        log: LogName,
        drafts: Vec<Draft>,
        mut judge: Option<Judge<'_>>,
    ) -> Stored<Vec<Option<Appended>>> {
        let mut batch = Batch::new(room_id, log, drafts);
        let mut in_vain = 0;
        while !batch.waiting.is_empty() {
            let is_hint = matches!(tail.hint(), Hint::Trusted(_));
            let last = self.end(room_id, log, tail).await?;
            if let Some(judge) = &mut judge
                && judge.known != last
            {
                if is_hint && last < judge.known {
                    // Who appends was told of entries of others, which this process has not read.
                    tail.met_others();
                    tail.skipped();
                    tail.read(judge.known);
                } else {
                    self.judge_anew(&mut batch, tail, judge).await?;
                }
                continue;
            }
            batch.number(last);
            // Known before it is stored: whoever comes next settles what is cut short here.
            tail.unsettled.extend(batch.waiting.iter().filter_map(EntryDocument::unsettled).cloned());
            let look = self.look(room_id, log, tail);
            let (outcome, unsettled) = join(self.entries().insert_many(&batch.waiting).into_future(), look).await;
            // Of any other error it is not known how much of the batch is stored, or will be.
            tail.forget();
            tail.seen(unsettled?);
            let stored = match &outcome {
                Ok(_) => batch.waiting.len(),
                Err(error) => call::stored_before_taken(error).ok_or_else(|| call::store_error(error))?,
            };
            batch.stored(stored);
            tail.appended(last + stored as Seq);
            if outcome.is_err() {
                pause(in_vain).await;
                let found = self.learn(&mut batch, tail, last + stored as Seq).await?;
                in_vain = if stored + found > 0 { 0 } else { in_vain + 1 };
            }
        }
        let mut answers = batch.answers();
        if !tail.unsettled.is_empty() {
            let deleted = self.settle(room_id, &tail.unsettled).await?;
            tail.unsettled.clear();
            blank_late(&mut answers, &deleted);
        }
        Ok(answers)
    }

    /// Reads what came after what the drafts were judged by, and has those judged that wait.
    async fn judge_anew(&self, batch: &mut Batch, tail: &mut Tail, judge: &mut Judge<'_>) -> Stored<()> {
        let before = judge.known;
        loop {
            let Some(EntryDocument { log, entry: waiting, .. }) = batch.waiting.first() else { return Ok(()) };
            let (room_id, log) = (waiting.room_id.clone(), *log);
            let missed = self.newer(&room_id, log, judge.known, tail).await?;
            let Some(newest) = missed.last().map(|entry| entry.seq) else { break };
            judge.known = newest;
            judge.recheck.missed(&missed);
            let whole = missed.len() < NEWER;
            batch.found(missed);
            if whole {
                break;
            }
        }
        if judge.known == before {
            // Someone else removed the room, or the log is not what it was.
            tail.forget();
            return Err(StoreError::Unavailable("the log ends before what is known of it".into()));
        }
        tail.read(judge.known);
        batch.judge(judge.recheck);
        Ok(())
    }

    /// Where the log ends, as far as is known without a clash.
    async fn end(&self, room_id: &RoomId, log: LogName, tail: &mut Tail) -> Stored<Seq> {
        let seq = match tail.hint() {
            Hint::Trusted(seq) => return Ok(seq),
            Hint::Look(seq) => match self.newer(room_id, log, seq, tail).await?.last() {
                None => seq,
                Some(newest) => {
                    tail.met_others();
                    if newest.seq < seq + NEWER as Seq { newest.seq } else { self.far_end(room_id, log, tail).await? }
                }
            },
            Hint::None => self.far_end(room_id, log, tail).await?,
        };
        tail.read(seq);
        Ok(seq)
    }

    /// Where the log ends, without having read what came since.
    async fn far_end(&self, room_id: &RoomId, log: LogName, tail: &mut Tail) -> Stored<Seq> {
        tail.skipped();
        self.last_seq(room_id, log).await
    }

    /// Entries that others appended after `seq`.
    async fn newer(&self, room_id: &RoomId, log: LogName, seq: Seq, tail: &mut Tail) -> Stored<Vec<Entry>> {
        let documents = self.documents_after(room_id, log, seq, NEWER).await?;
        tail.unsettled.extend(documents.iter().filter_map(EntryDocument::unsettled).cloned());
        Ok(documents.into_iter().map(|document| document.entry).collect())
    }

    /// Messages that are not settled, when not all entries before the end were seen. It runs beside
    /// the insert, so that it costs no round trip.
    async fn look(&self, room_id: &RoomId, log: LogName, tail: &Tail) -> Stored<BTreeSet<MessageId>> {
        if tail.has_seen_all() { Ok(BTreeSet::new()) } else { self.unsettled(room_id, log).await }
    }

    /// After a clash at `last + 1`: others took that position, or the event was there already.
    /// Gives how many of the batch were found.
    async fn learn(&self, batch: &mut Batch, tail: &mut Tail, last: Seq) -> Stored<usize> {
        let Some(EntryDocument { log, entry: refused, .. }) = batch.waiting.first() else { return Ok(0) };
        let newer = self.newer(&refused.room_id, *log, last, tail).await?;
        let entries = match newer.last() {
            Some(newest) => {
                tail.met_others();
                if newer.len() < NEWER {
                    tail.read(newest.seq);
                } else {
                    tail.forget();
                }
                newer
            }
            None => self.find_entries(batch.events_like(refused), 1, batch.waiting.len()).await?,
        };
        let waiting = batch.waiting.len();
        batch.found(entries);
        Ok(waiting - batch.waiting.len())
    }
}

/// By what drafts were judged, and who judges them again.
pub(super) struct Judge<'a> {
    pub(super) known: Seq,
    pub(super) recheck: &'a mut dyn Recheck,
}

/// Drafts on their way into the log.
struct Batch {
    log: LogName,
    /// The event of each draft, in order; the same may be there twice.
    events: Vec<Event>,
    /// What has no place yet, in order.
    waiting: Vec<EntryDocument>,
    done: HashMap<Event, Appended>,
}

type Event = (UserId, EventId);

impl Batch {
    fn new(room_id: &RoomId, log: LogName, drafts: Vec<Draft>) -> Self {
        let mut seen = HashSet::with_capacity(drafts.len());
        let mut events = Vec::with_capacity(drafts.len());
        let mut waiting = Vec::with_capacity(drafts.len());
        for Draft { event_id, user_id, timestamp, body } in drafts {
            let event = (user_id.clone(), event_id.clone());
            if seen.insert(event.clone()) {
                let entry = Entry { event_id, room_id: room_id.clone(), seq: 0, user_id, timestamp, body };
                waiting.push(EntryDocument::new(log, entry));
            }
            events.push(event);
        }
        Self { log, events, waiting, done: HashMap::new() }
    }

    /// Gives the positions after `last`.
    fn number(&mut self, last: Seq) {
        for (seq, document) in (last + 1..).zip(&mut self.waiting) {
            document.entry.seq = seq;
        }
    }

    /// The first `count` are stored.
    fn stored(&mut self, count: usize) {
        for EntryDocument { entry, .. } in self.waiting.drain(..count) {
            self.done.insert(event(&entry), Appended { entry, fresh: true });
        }
    }

    /// These were there before.
    fn found(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            let same = |waiting: &EntryDocument| {
                waiting.entry.event_id == entry.event_id && waiting.entry.user_id == entry.user_id
            };
            if let Some(place) = self.waiting.iter().position(same) {
                self.waiting.remove(place);
                self.done.insert(event(&entry), Appended { entry, fresh: false });
            }
        }
    }

    /// Takes out what may not be written any more.
    fn judge(&mut self, recheck: &mut dyn Recheck) {
        let log = self.log;
        self.waiting = std::mem::take(&mut self.waiting)
            .into_iter()
            .filter_map(|EntryDocument { entry, .. }| {
                let Entry { event_id, room_id, seq: _, user_id, timestamp, body } = entry;
                let mut draft = Draft { event_id, user_id, timestamp, body };
                recheck.stands(&mut draft).then(|| {
                    let Draft { event_id, user_id, timestamp, body } = draft;
                    EntryDocument::new(log, Entry { event_id, room_id, seq: 0, user_id, timestamp, body })
                })
            })
            .collect();
    }

    /// Finds what waits of the same person by its events.
    fn events_like(&self, refused: &Entry) -> Document {
        let theirs = self.waiting.iter().filter(|document| document.entry.user_id == refused.user_id);
        let events: Vec<&str> = theirs.map(|document| document.entry.event_id.as_str()).collect();
        doc! {
            "roomId": refused.room_id.as_str(),
            "log": self.log.as_str(),
            "userId": refused.user_id.as_str(),
            "eventId": { "$in": events },
        }
    }

    /// Once nothing waits: what became of each draft, none for those that did not stand. Only the first of the
    /// same event is fresh.
    fn answers(mut self) -> Vec<Option<Appended>> {
        let mut answer = |event: &Event| {
            let appended = self.done.get_mut(event)?;
            let answer = appended.clone();
            appended.fresh = false;
            Some(answer)
        };
        self.events.iter().map(&mut answer).collect()
    }
}

/// An edit that came after the deletion is about nothing any more, and has no text either.
fn blank_late(answers: &mut [Option<Appended>], deleted: &[(MessageId, Seq)]) {
    for Appended { entry, .. } in answers.iter_mut().flatten() {
        let about = deleted.iter().find(|(message_id, _)| entry.body.about() == Some(message_id));
        if about.is_some_and(|(_, deleted)| entry.seq > *deleted) {
            blank(&mut entry.body);
        }
    }
}

fn event(entry: &Entry) -> Event {
    (entry.user_id.clone(), entry.event_id.clone())
}

/// Longer with every clash in vain, and never the same for two writers.
async fn pause(in_vain: u32) {
    if in_vain > 0 {
        let longest = LONGEST_PAUSE_MS.min(1 << in_vain.min(16)) * 1000;
        tokio::time::sleep(Duration::from_micros(RandomState::new().hash_one(in_vain) % longest)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use studyrooms_domain::log::EntryBody;

    fn batch(events: &[&str]) -> Batch {
        let draft = |event: &&str| Draft {
            event_id: (*event).into(),
            user_id: "ann".into(),
            timestamp: 1,
            body: EntryBody::Drawn { ops: vec![] },
        };
        Batch::new(&"r".into(), LogName::Board, events.iter().map(draft).collect())
    }

    fn seqs(appended: &[Option<Appended>]) -> Vec<(Seq, bool)> {
        appended.iter().flatten().map(|appended| (appended.entry.seq, appended.fresh)).collect()
    }

    #[test]
    fn after_a_clash_the_rest_is_numbered_anew() {
        let mut batch = batch(&["a", "b", "c"]);
        batch.number(4);
        batch.stored(1);
        batch.number(9);
        batch.stored(2);
        assert_eq!(seqs(&batch.answers()), [(5, true), (10, true), (11, true)]);
    }

    #[test]
    fn what_was_there_keeps_its_place_and_the_rest_closes_up() {
        let mut batch = batch(&["a", "b", "a", "c"]);
        batch.number(4);
        batch.stored(1);
        let mut earlier = batch.waiting[0].entry.clone();
        earlier.seq = 2;
        batch.found(vec![earlier]);
        batch.number(5);
        batch.stored(1);
        assert_eq!(seqs(&batch.answers()), [(5, true), (2, false), (5, false), (6, true)]);
    }
}
