//! Lines as a room. Every step may be done again: an import that was cut off is completed by
//! running it once more.

use super::{
    TransferError,
    line::{FORMAT, Line, LogEntry},
};
use crate::app::Stores;
use std::{collections::HashMap, io::BufRead, sync::Arc};
use studyrooms_domain::{
    auth::User,
    log::{Draft, Entry, EntryBody, LogName},
    rooms::{Member, Room, RoomKind},
    store::Snapshot,
};
use studyrooms_protocol::{
    Seq,
    board::Element,
    ids::{RoomId, RoomRef, UserId},
    rooms::Role,
};

/// Entries appended together.
const TOGETHER: usize = 200;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// People added; others were there already.
    pub users: usize,
    /// Entries of both logs.
    pub entries: usize,
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "imported {} entries and {} new people", self.entries, self.users)
    }
}

struct Importer<'a> {
    stores: &'a Stores,
    match_users_by_email: bool,
    room_id: Option<RoomId>,
    /// A direct room that waits for its two people.
    direct: Option<Room>,
    first_of_two: Option<Member>,
    /// People who are someone else here, with the same address.
    known_as: HashMap<UserId, UserId>,
    /// Entries that wait to be appended together, all of one log.
    waiting: Vec<LogEntry>,
    positions: HashMap<LogName, Seq>,
    /// A board that is not whole yet: its place, whether it is kept for a version, and what has come.
    board: Option<((Seq, bool), Vec<Arc<Element>>)>,
    number: usize,
    summary: Summary,
}

/// Reads an export into the store.
///
/// # Errors
/// [`TransferError`] with the number of the line.
pub async fn import(
    stores: &Stores,
    lines: impl BufRead,
    match_users_by_email: bool,
) -> Result<Summary, TransferError> {
    let mut importer = Importer {
        stores,
        match_users_by_email,
        room_id: None,
        direct: None,
        first_of_two: None,
        known_as: HashMap::new(),
        waiting: Vec::with_capacity(TOGETHER),
        positions: HashMap::new(),
        board: None,
        number: 0,
        summary: Summary::default(),
    };
    for line in lines.lines() {
        importer.number += 1;
        let number = importer.number;
        let line = serde_json::from_str(&line?).map_err(|error| TransferError::Malformed { number, error })?;
        if importer.take(line).await? {
            return Ok(importer.summary);
        }
    }
    importer.append().await?;
    Err(TransferError::CutOff)
}

impl Importer<'_> {
    /// Takes the next line; true when it was the last.
    async fn take(&mut self, line: Line) -> Result<bool, TransferError> {
        let first = self.number == 1;
        match line {
            Line::Header { format: FORMAT } if first => {}
            _ if first => return Err(self.misplaced("not the header of an export that this program knows")),
            Line::Header { .. } => return Err(self.misplaced("only one header")),
            Line::User(user) => self.user(user).await?,
            Line::Room(room) => self.room(room).await?,
            Line::Entry(entry) => self.entry(entry).await?,
            Line::End { chat_seq, board_seq } => {
                self.end(chat_seq, board_seq).await?;
                return Ok(true);
            }
            Line::Board { seq, kept, elements, last } => self.board((seq, kept), elements, last).await?,
            line => {
                self.room_id()?;
                self.belonging(line).await?;
            }
        }
        Ok(false)
    }

    async fn user(&mut self, user: User) -> Result<(), TransferError> {
        if self.stores.users.lookup(&user.user_id).await?.is_some() {
            return Ok(());
        }
        let user_id = user.user_id.clone();
        let email = user.email.clone().unwrap_or_default();
        if self.stores.users.add(user).await? {
            self.summary.users += 1;
            return Ok(());
        }
        let known = self.stores.users.lookup_by_email(&email).await?;
        match known.filter(|_| self.match_users_by_email) {
            Some(known) => {
                self.known_as.insert(user_id, known.user_id);
                Ok(())
            }
            None => Err(self.clash(format!("{email} is someone else here; see --match-users-by-email"))),
        }
    }

    async fn room(&mut self, mut room: Room) -> Result<(), TransferError> {
        if self.room_id.is_some() {
            return Err(self.misplaced("only one room"));
        }
        self.rename(&mut room.owner_id);
        let room_id = room.room_id.clone();
        let there = self.stores.rooms.lookup(&RoomRef(room_id.0.clone())).await?.is_some();
        if !there && room.kind == RoomKind::Direct {
            // It is added with both its people, who come next: two people have one such room.
            self.direct = Some(room);
        } else if !there {
            let (code, user_id, joined_at) = (room.code.clone(), room.owner_id.clone(), room.created_at);
            let owner = Member { room_id: room_id.clone(), user_id, role: Role::Owner, joined_at };
            if !self.stores.rooms.add(room, owner).await? {
                return Err(self.clash(format!("the code {code} is another room's here")));
            }
        }
        self.room_id = Some(room_id);
        Ok(())
    }

    /// A member; of a direct room that is not there yet, both together.
    async fn member(&mut self, mut member: Member) -> Result<(), TransferError> {
        self.rename(&mut member.user_id);
        let Some(room) = &self.direct else {
            // Who is banned as well is no member.
            self.stores.rooms.add_member(member).await?;
            return Ok(());
        };
        let Some(first) = self.first_of_two.take() else {
            self.first_of_two = Some(member);
            return Ok(());
        };
        let added = self.stores.rooms.direct(room.clone(), [first, member]).await?;
        if added.room_id != room.room_id {
            return Err(self.clash("these two have a direct room here already".into()));
        }
        self.direct = None;
        Ok(())
    }

    async fn belonging(&mut self, line: Line) -> Result<(), TransferError> {
        match line {
            Line::Member(member) => self.member(member).await?,
            Line::Ban(mut ban) => {
                self.rename(&mut ban.user_id);
                self.rename(&mut ban.by);
                self.stores.bans.add(ban).await?;
            }
            Line::ReadMarker(mut marker) => {
                self.rename(&mut marker.user_id);
                self.stores.read_markers.advance(&marker.room_id, &marker.user_id, marker.seq).await?;
            }
            Line::Upload(mut upload) => {
                self.rename(&mut upload.user_id);
                if self.stores.uploads.lookup(&upload.upload_id).await?.is_none() {
                    self.stores.uploads.add(upload).await?;
                }
            }
            Line::Header { .. }
            | Line::User(_)
            | Line::Room(_)
            | Line::Entry(_)
            | Line::Board { .. }
            | Line::End { .. } => {}
        }
        Ok(())
    }

    /// A part of a board; the last of them stores it.
    async fn board(&mut self, of: (Seq, bool), elements: Vec<Element>, last: bool) -> Result<(), TransferError> {
        let room_id = self.room_id()?;
        if self.board.as_ref().is_some_and(|(begun, _)| *begun != of) {
            return Err(self.misplaced("the board before it is not whole"));
        }
        let (_, all) = self.board.get_or_insert_with(|| (of, vec![]));
        all.extend(elements.into_iter().map(Arc::new));
        if last && let Some(((seq, kept), mut elements)) = self.board.take() {
            for element in &mut elements {
                if let Some(by) = element.by.as_ref().and_then(|by| self.known_as.get(by)) {
                    Arc::make_mut(element).by = Some(by.clone());
                }
            }
            let snapshot = Snapshot { seq, elements, log_bytes: Some(0) };
            let snapshots = &self.stores.snapshots;
            if kept {
                snapshots.keep(&room_id, snapshot, 0).await?
            } else {
                snapshots.put(&room_id, snapshot, 0).await?
            }
        }
        Ok(())
    }

    /// The entry with which a compacted log goes on.
    async fn begin(&mut self, LogEntry { log, entry }: LogEntry) -> Result<(), TransferError> {
        self.append().await?;
        let room_id = self.room_id()?;
        let seq = entry.seq;
        if !self.stores.logs.begin(&room_id, log, entry.clone()).await? {
            let there = self.stores.logs.by_event(&room_id, log, &entry.user_id, &entry.event_id).await?;
            if there.is_none_or(|there| there.seq != seq) {
                return Err(self.clash("the room has other entries here".into()));
            }
        }
        self.positions.insert(log, seq);
        self.summary.entries += 1;
        Ok(())
    }

    async fn entry(&mut self, mut entry: LogEntry) -> Result<(), TransferError> {
        self.room_id()?;
        self.rename(&mut entry.entry.user_id);
        if matches!(entry.entry.body, EntryBody::Compacted {}) {
            return self.begin(entry).await;
        }
        let other_log = self.waiting.first().is_some_and(|first| first.log != entry.log);
        if other_log || self.waiting.len() >= TOGETHER {
            self.append().await?;
        }
        self.waiting.push(entry);
        Ok(())
    }

    /// Appends what waits. The log must give each entry the place it had.
    async fn append(&mut self) -> Result<(), TransferError> {
        let Some(log) = self.waiting.first().map(|first| first.log) else { return Ok(()) };
        let room_id = self.room_id()?;
        let entries: Vec<Entry> = self.waiting.drain(..).map(|waiting| waiting.entry).collect();
        let seqs: Vec<Seq> = entries.iter().map(|entry| entry.seq).collect();
        let appended = self.stores.logs.append(&room_id, log, entries.into_iter().map(draft).collect()).await?;
        if appended.iter().map(|appended| appended.entry.seq).ne(seqs.iter().copied()) {
            return Err(self.clash("the room has other entries here".into()));
        }
        self.summary.entries += seqs.len();
        if let Some(last) = seqs.last() {
            self.positions.insert(log, *last);
        }
        Ok(())
    }

    async fn end(&mut self, chat_seq: Seq, board_seq: Seq) -> Result<(), TransferError> {
        self.append().await?;
        for (log, seq) in [(LogName::Room, chat_seq), (LogName::Board, board_seq)] {
            if self.positions.get(&log).copied().unwrap_or_default() != seq {
                return Err(self.misplaced("entries before it are missing"));
            }
        }
        Ok(())
    }

    fn room_id(&self) -> Result<RoomId, TransferError> {
        self.room_id.clone().ok_or_else(|| self.misplaced("the room must come before it"))
    }

    fn rename(&self, user_id: &mut UserId) {
        if let Some(known) = self.known_as.get(user_id) {
            user_id.clone_from(known);
        }
    }

    const fn misplaced(&self, rule: &'static str) -> TransferError {
        TransferError::Misplaced { number: self.number, rule }
    }

    const fn clash(&self, clash: String) -> TransferError {
        TransferError::Clash { number: self.number, clash }
    }
}

fn draft(entry: Entry) -> Draft {
    let Entry { event_id, user_id, timestamp, body, .. } = entry;
    Draft { event_id, user_id, timestamp, body }
}
