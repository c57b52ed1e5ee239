//! What happened in a room, day by day (of UTC): a fold of its log.
//!
//! A day knows up to which entry it was counted, and takes none twice: it may be counted again from
//! anywhere, in any pieces, and comes out the same.

use crate::{
    Refusal,
    log::{Entry, EntryBody, TaskChange},
    stats::{utc_day, utc_days},
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use studyrooms_protocol::{
    Seq, Timestamp,
    ids::{MessageId, TaskId, UserId},
    summaries::DaySummary,
    tasks::TaskStatus,
};

const MINUTE_MS: u64 = 60_000;

/// A date in its one spelling.
///
/// # Errors
/// `bad_request` that names `field`.
pub fn valid_date(field: &str, text: &str) -> Result<String, Refusal> {
    text.parse::<Date>().map(|date| date.to_string()).map_err(|_| Refusal::field(field, "a date like 2026-03-01"))
}

/// A day of a room, as far as it is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Day {
    /// `YYYY-MM-DD` in UTC.
    pub date: String,
    /// All entries up to here that say something of this day are counted.
    pub counted: Seq,
    /// What they say.
    pub tally: Tally,
}

/// What is counted of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    people: BTreeMap<UserId, Part>,
    done: BTreeSet<TaskId>,
}

/// What a person did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Part {
    messages: u64,
    focus_ms: u64,
    joined: bool,
    changed_tasks: bool,
    files: u64,
}

impl Part {
    const fn is_any(&self) -> bool {
        self.messages > 0 || self.focus_ms > 0 || self.joined || self.changed_tasks || self.files > 0
    }
}

/// The messages that entries deleted, by the place of the entry that was the first to do so.
pub type Deletions = HashMap<Seq, Deleted>;

/// A message that was deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// The message.
    pub message_id: MessageId,
    /// Whose it was.
    pub author: UserId,
    /// When it was said.
    pub said_at: Timestamp,
}

/// The deletions in `entries`, looked up: `began` are the entries of the messages they delete, and
/// `amendments` all that amend those.
#[must_use]
pub fn deletions(began: &[Entry], amendments: &[Entry]) -> Deletions {
    let mut first: HashMap<&MessageId, Seq> = HashMap::new();
    for entry in amendments {
        if let EntryBody::Deleted { message_id } = &entry.body {
            let seq = first.entry(message_id).or_insert(entry.seq);
            *seq = entry.seq.min(*seq);
        }
    }
    let deleted = |entry: &Entry| {
        let EntryBody::Message(message) = &entry.body else { return None };
        let seq = *first.get(&message.id)?;
        let (message_id, author) = (message.id.clone(), entry.user_id.clone());
        Some((seq, Deleted { message_id, author, said_at: entry.timestamp }))
    };
    began.iter().filter_map(deleted).collect()
}

/// What an entry says of a day.
enum Fact<'a> {
    Said(&'a UserId),
    Unsaid(&'a UserId),
    Shared(&'a UserId),
    Worked(&'a UserId, u64),
    Joined(&'a UserId),
    ChangedTasks(&'a UserId),
    Done(&'a TaskId),
    NotDone(&'a TaskId),
}

fn facts<'a>(entry: &'a Entry, deletions: &'a Deletions) -> Vec<(String, Fact<'a>)> {
    let today = |fact| (utc_day(entry.timestamp), fact);
    match &entry.body {
        EntryBody::Message(_) => vec![today(Fact::Said(&entry.user_id))],
        EntryBody::Shared(_) => vec![today(Fact::Shared(&entry.user_id))],
        EntryBody::Deleted { .. } => {
            let deleted = deletions.get(&entry.seq).into_iter();
            let unsaid = |it: &'a Deleted| (utc_day(it.said_at), Fact::Unsaid(&it.author));
            deleted.map(unsaid).collect()
        }
        EntryBody::Focused(stretch) => {
            let people = stretch.people.iter().filter(|focus| focus.from < stretch.to);
            let by_day = |focus: &'a crate::log::Focus| {
                let worked = move |(day, ms)| (day, Fact::Worked(&focus.user_id, ms));
                utc_days(focus.from, stretch.to).map(worked)
            };
            people.flat_map(by_day).collect()
        }
        EntryBody::Task(change) => {
            let done = match change {
                TaskChange::Created { task } if task.status == TaskStatus::Done => Some(Fact::Done(&task.id)),
                TaskChange::Updated { task_id, patch } => match patch.status {
                    Some(TaskStatus::Done) => Some(Fact::Done(task_id)),
                    Some(TaskStatus::Open | TaskStatus::Doing) => Some(Fact::NotDone(task_id)),
                    None => None,
                },
                TaskChange::Created { .. } | TaskChange::Deleted { .. } => None,
            };
            std::iter::once(Fact::ChangedTasks(&entry.user_id)).chain(done).map(today).collect()
        }
        EntryBody::Joined { .. } => vec![today(Fact::Joined(&entry.user_id))],
        EntryBody::Edited { .. }
        | EntryBody::Reacted { .. }
        | EntryBody::Pinned { .. }
        | EntryBody::Unshared { .. }
        | EntryBody::Timer(_)
        | EntryBody::Muted { .. }
        | EntryBody::Kicked { .. }
        | EntryBody::Unbanned { .. }
        | EntryBody::Resigned { .. }
        | EntryBody::GuestsRemoved { .. }
        | EntryBody::CodeRenewed { .. }
        | EntryBody::Role { .. }
        | EntryBody::Settings { .. }
        | EntryBody::Admitted { .. }
        | EntryBody::Saved { .. }
        | EntryBody::Left { .. }
        | EntryBody::Drawn { .. }
        | EntryBody::Compacted {} => vec![],
    }
}

/// The days of which `entries` say something.
#[must_use]
pub fn dates(entries: &[Entry], deletions: &Deletions) -> BTreeSet<String> {
    entries.iter().flat_map(|entry| facts(entry, deletions)).map(|(date, _)| date).collect()
}

impl Day {
    /// Of which nothing is counted yet.
    #[must_use]
    pub fn new(date: String) -> Self {
        Self { date, counted: 0, tally: Tally::default() }
    }

    /// Counts what `entries`, which follow one another in the log, say of this day. Those that are
    /// counted already change nothing.
    pub fn count(&mut self, entries: &[Entry], deletions: &Deletions) {
        for entry in entries.iter().filter(|entry| entry.seq > self.counted) {
            for (_, fact) in facts(entry, deletions).iter().filter(|(date, _)| date == &self.date) {
                self.tally.take(fact);
            }
        }
        let last = entries.last().map_or(0, |entry| entry.seq);
        self.counted = self.counted.max(last);
    }

    /// In numbers.
    #[must_use]
    pub fn summary(&self) -> DaySummary {
        let parts = || self.tally.people.values();
        let count = |is: fn(&Part) -> bool| parts().filter(|part| is(part)).count() as u64;
        DaySummary {
            date: self.date.clone(),
            messages: parts().map(|part| part.messages).sum(),
            files: parts().map(|part| part.files).sum(),
            people: count(Part::is_any),
            joined: count(|part| part.joined),
            focus_minutes: parts().map(|part| part.focus_ms).sum::<u64>() / MINUTE_MS,
            tasks_done: self.tally.done.len() as u64,
        }
    }
}

impl Tally {
    fn part(&mut self, user_id: &UserId) -> &mut Part {
        self.people.entry(user_id.clone()).or_default()
    }

    fn take(&mut self, fact: &Fact<'_>) {
        match fact {
            Fact::Said(author) => self.part(author).messages += 1,
            Fact::Unsaid(author) => {
                let part = self.part(author);
                part.messages = part.messages.saturating_sub(1);
            }
            Fact::Shared(user_id) => self.part(user_id).files += 1,
            Fact::Worked(user_id, ms) => self.part(user_id).focus_ms += ms,
            Fact::Joined(user_id) => self.part(user_id).joined = true,
            Fact::ChangedTasks(user_id) => self.part(user_id).changed_tasks = true,
            Fact::Done(task_id) => {
                self.done.insert((*task_id).clone());
            }
            Fact::NotDone(task_id) => {
                self.done.remove(*task_id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{Focus, FocusStretch, MessageBody};
    use proptest::prelude::*;
    use studyrooms_protocol::{files::FileMeta, tasks::TaskPatch};

    const DAY: Timestamp = 86_400_000;

    fn file(upload_id: &str) -> EntryBody {
        EntryBody::Shared(FileMeta {
            upload_id: upload_id.into(),
            room_id: "r".into(),
            file_url: format!("/api/files/{upload_id}"),
            name: "notes.pdf".into(),
            size: 1,
            mime_type: "application/pdf".into(),
            thumbnail_url: None,
            picture: None,
            user_id: "ann".into(),
            user_name: "Ann".into(),
            timestamp: 1,
        })
    }

    fn message(id: &str) -> EntryBody {
        EntryBody::Message(MessageBody {
            id: id.into(),
            sender_name: "Ann".into(),
            text: "hi".into(),
            attachments: vec![],
            reply_to: None,
            own_event_id: false,
        })
    }

    fn done(task: &str, status: TaskStatus) -> EntryBody {
        let patch = TaskPatch { status: Some(status), ..TaskPatch::default() };
        EntryBody::Task(TaskChange::Updated { task_id: task.into(), patch })
    }

    fn log(said: Vec<(&str, Timestamp, EntryBody)>) -> Vec<Entry> {
        let entry = |(seq, (user, timestamp, body)): (u64, (&str, _, _))| Entry {
            event_id: seq.to_string().into(),
            room_id: "r".into(),
            seq,
            user_id: user.into(),
            timestamp,
            body,
        };
        (1..).zip(said).map(entry).collect()
    }

    fn looked_up(entries: &[Entry]) -> Deletions {
        deletions(entries, entries)
    }

    fn counted(entries: &[Entry], date: &str) -> DaySummary {
        let mut day = Day::new(date.into());
        day.count(entries, &looked_up(entries));
        day.summary()
    }

    #[test]
    fn what_was_said_and_is_not_deleted_counts() {
        let entries = log(vec![
            ("ann", 1, message("m1")),
            ("ben", 2, message("m2")),
            ("eve", 3, file("f1")),
            ("ann", DAY + 1, EntryBody::Deleted { message_id: "m2".into() }),
            ("ann", DAY + 2, EntryBody::Deleted { message_id: "m2".into() }),
            ("ann", DAY + 3, EntryBody::Deleted { message_id: "never said".into() }),
        ]);
        let before = counted(&entries[..3], "1970-01-01");
        assert_eq!((before.messages, before.files, before.people), (2, 1, 3));
        let after = counted(&entries, "1970-01-01");
        assert_eq!((after.messages, after.files, after.people), (1, 1, 2));
        assert_eq!(dates(&entries, &looked_up(&entries)).into_iter().collect::<Vec<_>>(), ["1970-01-01"]);
    }

    #[test]
    fn focus_is_of_the_days_it_was_on_and_tasks_of_the_day_they_were_done() {
        let from = DAY - 10 * MINUTE_MS;
        let people = ["ann", "ben"].map(|who| Focus { user_id: who.into(), from }).into();
        let entries = log(vec![
            ("ann", DAY + 1, EntryBody::Focused(FocusStretch { to: DAY + 15 * MINUTE_MS, people })),
            ("ann", DAY + 2, done("t1", TaskStatus::Done)),
            ("ben", DAY + 3, done("t1", TaskStatus::Done)),
            ("ann", DAY + 4, done("t2", TaskStatus::Done)),
            ("ann", DAY + 5, done("t2", TaskStatus::Open)),
            ("eve", DAY + 6, EntryBody::Joined { socket_id: "s".into(), name: "Eve".into() }),
        ]);
        let (first, second) = (counted(&entries, "1970-01-01"), counted(&entries, "1970-01-02"));
        assert_eq!((first.focus_minutes, first.people, first.tasks_done), (20, 2, 0));
        assert_eq!((second.focus_minutes, second.people, second.tasks_done, second.joined), (30, 3, 1, 1));
    }

    fn bodies() -> impl Strategy<Value = Vec<(&'static str, Timestamp, EntryBody)>> {
        let who = prop::sample::select(vec!["ann", "ben", "eve"]);
        let when = 0..3 * DAY;
        let what = prop_oneof![
            (0..9_u32).prop_map(|n| message(&format!("m{n}"))),
            (0..9_u32).prop_map(|n| file(&format!("f{n}"))),
            (0..9_u32).prop_map(|n| EntryBody::Deleted { message_id: format!("m{n}").into() }),
            (0..4_u32, any::<bool>()).prop_map(|(n, is_done)| {
                done(&format!("t{n}"), if is_done { TaskStatus::Done } else { TaskStatus::Doing })
            }),
            (0..3 * DAY, 1..DAY).prop_map(|(from, ms)| EntryBody::Focused(FocusStretch {
                to: from + ms,
                people: vec![Focus { user_id: "ann".into(), from }],
            })),
            Just(EntryBody::Joined { socket_id: "s".into(), name: "Ann".into() }),
        ];
        prop::collection::vec((who, when, what), 0..40)
    }

    proptest! {
        /// As workers do that are killed at any step, and begin again from a place before it.
        // SPEC 12.2
        #[test]
        fn counted_in_pieces_and_again_it_is_the_same(said in bodies(), steps in prop::collection::vec((0..40_usize, 1..10_usize), 0..20)) {
            let entries = log(said);
            let deletions = looked_up(&entries);
            for date in dates(&entries, &deletions) {
                let mut whole = Day::new(date.clone());
                whole.count(&entries, &deletions);
                let mut pieces = Day::new(date);
                let mut reached = 0;
                for (back, length) in &steps {
                    let begin = reached - (back % (reached + 1));
                    let end = (begin + length).min(entries.len());
                    pieces.count(&entries[begin..end], &deletions);
                    reached = reached.max(end);
                }
                pieces.count(&entries[reached..], &deletions);
                prop_assert_eq!(pieces.tally, whole.tally);
            }
        }

        #[test]
        fn all_days_together_have_what_the_log_has(said in bodies()) {
            let mut entries = log(said);
            // As rooms have it: a message is said once, and deleted after that.
            let mut said = BTreeSet::new();
            entries.retain(|entry| match &entry.body {
                EntryBody::Message(message) => said.insert(message.id.clone()),
                EntryBody::Deleted { message_id } => said.contains(message_id),
                _ => true,
            });
            let deletions = looked_up(&entries);
            let summaries: Vec<DaySummary> = dates(&entries, &deletions).iter().map(|date| counted(&entries, date)).collect();
            let messages: u64 = summaries.iter().map(|day| day.messages).sum();
            prop_assert_eq!(messages as usize, said.len() - deletions.len());
        }
    }
}
