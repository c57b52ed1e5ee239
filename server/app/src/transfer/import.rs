//! Lines as a room. A file may come from anywhere: it makes the one room that it names, with the one owner
//! among its members, and adds to no other. Every step may be done again: an import that was cut off is
//! completed by running it once more.

use super::{
    TransferError,
    line::{FORMAT, Line, LogEntry},
};
use crate::{app::Stores, people};
use std::{
    collections::{HashMap, HashSet},
    io::BufRead,
    sync::Arc,
};
use studyrooms_domain::{
    auth::User,
    log::{Draft, Entry, EntryBody, LogName, TimerAction},
    room_code::normalize_code,
    rooms::{Ban, Member, Room, RoomKind, patched, valid_title},
    store::Snapshot,
    timer,
};
use studyrooms_protocol::{
    Seq,
    board::Element,
    ids::{RoomId, RoomRef, UserId},
    rooms::{Role, RoomSettingsPatch},
};

/// Entries appended together.
const TOGETHER: usize = 200;
/// How a file is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportOptions {
    /// Whether people of the file are those here with the same address.
    pub match_users_by_email: bool,
    /// Members, bans, read markers and uploads of the room, at most.
    pub most_people: usize,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self { match_users_by_email: false, most_people: 1_000_000 }
    }
}

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

/// Its place and whether it is kept for a version, and what has come of it.
type PartialBoard = ((Seq, bool), Vec<Arc<Element>>);

struct Importer<'a> {
    stores: &'a Stores,
    options: ImportOptions,
    room: Option<Room>,
    /// What belongs to the room, with the numbers of the lines, until the first entry.
    people: Vec<(usize, Line)>,
    is_made: bool,
    /// The room was here before, and whole: it is only compared, and its log may go on with what those inside see
    /// nothing of.
    is_in_use: bool,
    /// People who are someone else here, with the same address.
    known_as: HashMap<UserId, UserId>,
    /// Entries that wait to be appended together, all of one log.
    waiting: Vec<LogEntry>,
    positions: HashMap<LogName, Seq>,
    /// A board that is not whole yet.
    board: Option<PartialBoard>,
    number: usize,
    summary: Summary,
}

/// Reads an export into the store.
///
/// # Errors
/// [`TransferError`] with the number of the line.
pub async fn import(stores: &Stores, lines: impl BufRead, options: ImportOptions) -> Result<Summary, TransferError> {
    let mut importer = Importer {
        stores,
        options,
        room: None,
        people: vec![],
        is_made: false,
        is_in_use: false,
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
            Line::Room(room) => self.room(room)?,
            Line::Entry(entry) => self.entry(entry).await?,
            Line::End { chat_seq, board_seq } => {
                self.end(chat_seq, board_seq).await?;
                return Ok(true);
            }
            Line::Board { seq, kept, elements, last } => self.board((seq, kept), elements, last).await?,
            line => self.belonging(line)?,
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
        match known.filter(|_| self.options.match_users_by_email) {
            Some(known) => {
                self.known_as.insert(user_id, known.user_id);
                Ok(())
            }
            None => Err(self.clash(format!("{email} is someone else here; see --match-users-by-email"))),
        }
    }

    fn room(&mut self, room: Room) -> Result<(), TransferError> {
        if self.room.is_some() {
            return Err(self.misplaced("only one room"));
        }
        if room.code.is_empty() || normalize_code(&room.code) != room.code || room.code == room.room_id.0 {
            return Err(self.misplaced("code: not one of this program"));
        }
        if room.kind == RoomKind::Group && !valid_title(&room.title).is_ok_and(|title| title == room.title) {
            return Err(self.misplaced("title: 1 to 120 characters"));
        }
        let (capacity, slow_mode_sec) = (Some(room.settings.capacity), Some(room.settings.slow_mode_sec));
        let ranges = RoomSettingsPatch { capacity, slow_mode_sec, ..RoomSettingsPatch::default() };
        if patched(room.settings.clone(), ranges).is_err() {
            return Err(self.misplaced("settings: capacity or slowModeSec out of range"));
        }
        self.room = Some(room);
        Ok(())
    }

    /// Keeps what belongs to the room until all of it is known.
    fn belonging(&mut self, mut line: Line) -> Result<(), TransferError> {
        let room_id = match &mut line {
            Line::Member(member) => {
                self.rename(&mut member.user_id);
                &member.room_id
            }
            Line::Ban(ban) => {
                self.rename(&mut ban.user_id);
                self.rename(&mut ban.by);
                &ban.room_id
            }
            Line::ReadMarker(marker) => {
                self.rename(&mut marker.user_id);
                &marker.room_id
            }
            Line::Upload(upload) => {
                self.rename(&mut upload.user_id);
                &upload.room_id
            }
            Line::Header { .. }
            | Line::User(_)
            | Line::Room(_)
            | Line::Entry(_)
            | Line::Board { .. }
            | Line::End { .. } => return Ok(()),
        };
        self.is_of_the_room(room_id)?;
        if self.is_made {
            return Err(self.misplaced("what belongs to the room must come before its entries"));
        }
        if self.people.len() >= self.options.most_people {
            return Err(self.misplaced("too many lines before the first entry"));
        }
        self.people.push((self.number, line));
        Ok(())
    }

    /// A line that names another room would change that one.
    fn is_of_the_room(&self, room_id: &RoomId) -> Result<(), TransferError> {
        if *room_id == self.room_id()? {
            Ok(())
        } else {
            Err(self.misplaced("roomId: another room than the one of this file"))
        }
    }

    /// Makes the room, once all that belongs to it is known.
    async fn make(&mut self) -> Result<(), TransferError> {
        if std::mem::replace(&mut self.is_made, true) {
            return Ok(());
        }
        let Some(mut room) = self.room.clone() else { return Ok(()) };
        let people = std::mem::take(&mut self.people);
        self.check_people(&people).await?;
        // Who is banned is no member; older programs could leave someone both.
        let banned = people.iter().filter_map(|(_, line)| banned_in(line)).collect::<HashSet<_>>();
        let members = people.iter().filter_map(|(_, line)| member_of(line));
        let members: Vec<Member> = members.filter(|member| !banned.contains(&member.user_id)).collect();
        room.owner_id = match (room.kind, self.owner(&people)?) {
            (RoomKind::Group, Some(owner)) => owner,
            (RoomKind::Group, None) => return Err(self.misplaced("the room has no owner among its members")),
            (RoomKind::Direct, None) => self.renamed(room.owner_id),
            (RoomKind::Direct, Some(_)) => return Err(self.misplaced("a direct room has no owner")),
        };
        if let Some(there) = self.stores.rooms.lookup(&RoomRef(room.room_id.0.clone())).await? {
            return self.check_same(&there, &room, &people).await;
        }
        if self.stores.rooms.lookup(&RoomRef(room.code.clone())).await?.is_some() {
            return Err(self.clash(format!("the code {} is another room's here", room.code)));
        }
        // Bans first: nobody comes in before they stand.
        for (_, line) in people {
            match line {
                Line::Ban(ban) => self.stores.bans.add(ban).await?,
                Line::ReadMarker(marker) => {
                    self.stores.read_markers.advance(&marker.room_id, &marker.user_id, marker.seq).await?;
                }
                Line::Upload(upload) => {
                    let there = self.stores.uploads.lookup(&upload.upload_id).await?;
                    if there.is_none() {
                        self.stores.uploads.add(upload).await?;
                    }
                }
                _ => {}
            }
        }
        match (room.kind, members.as_slice()) {
            (RoomKind::Direct, [one, other]) => {
                let added = self.stores.rooms.direct(room.clone(), [one.clone(), other.clone()]).await?;
                if added.room_id != room.room_id {
                    return Err(self.clash("these two have a direct room here already".into()));
                }
            }
            (RoomKind::Direct, _) => return Err(self.misplaced("a direct room has two members")),
            (RoomKind::Group, _) => {
                let owner = members.iter().find(|member| member.role == Role::Owner).cloned();
                let Some(owner) = owner else { return Ok(()) };
                let code = room.code.clone();
                if !self.stores.rooms.add(room, owner).await? {
                    return Err(self.clash(format!("the code {code} is another room's here")));
                }
                for member in members {
                    self.stores.rooms.add_member(member).await?;
                }
            }
        }
        Ok(())
    }

    /// The one owner among the members.
    fn owner(&self, people: &[(usize, Line)]) -> Result<Option<UserId>, TransferError> {
        let mut owner = None;
        for (number, line) in people {
            if let Some(member) = member_of(line).filter(|member| member.role == Role::Owner) {
                if owner.is_some() {
                    return Err(at(*number, "role: a second owner; a room has one"));
                }
                owner = Some(member.user_id);
            }
        }
        Ok(owner)
    }

    /// Nobody is a member twice, or banned too, or unknown.
    async fn check_people(&self, people: &[(usize, Line)]) -> Result<(), TransferError> {
        let banned = people.iter().filter_map(|(_, line)| banned_in(line));
        let (banned, mut seen) = (banned.collect::<HashSet<_>>(), HashSet::new());
        for (number, line) in people {
            match line {
                Line::Member(member) => {
                    if !seen.insert(&member.user_id) {
                        return Err(at(*number, "userId: a member already"));
                    }
                    if member.role == Role::Owner && banned.contains(&member.user_id) {
                        return Err(at(*number, "userId: the owner is banned"));
                    }
                    if self.stores.users.lookup(&member.user_id).await?.is_none() {
                        return Err(at(*number, "userId: the person must come before it"));
                    }
                }
                Line::Upload(upload) => {
                    let there = self.stores.uploads.lookup(&upload.upload_id).await?;
                    if there.is_some_and(|there| there.room_id != upload.room_id) {
                        return Err(at(*number, "uploadId: a file of another room here"));
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// A room that is here already is the one of a file that was cut off, or was imported before: the file must
    /// say the same of it, and adds nobody.
    async fn check_same(&mut self, there: &Room, room: &Room, people: &[(usize, Line)]) -> Result<(), TransferError> {
        let said = |room: &Room| (room.room_id.clone(), room.code.clone(), room.kind, room.created_at);
        if said(there) != said(room) {
            return Err(self.clash(format!("the room {} is here already, and is another one", room.room_id)));
        }
        self.is_in_use = self.stores.rooms.projected(&room.room_id).await?.is_some();
        let members = people::all_members(&*self.stores.rooms, &room.room_id).await?;
        let members: HashMap<&UserId, &Member> = members.iter().map(|member| (&member.user_id, member)).collect();
        let bans = people::all_bans(&*self.stores.bans, &room.room_id).await?;
        let bans: HashMap<&UserId, &Ban> = bans.iter().map(|ban| (&ban.user_id, ban)).collect();
        for (number, line) in people {
            let is_here = match line {
                Line::Member(member) => {
                    members.get(&member.user_id) == Some(&member) || bans.contains_key(&member.user_id)
                }
                Line::Ban(ban) => bans.get(&ban.user_id) == Some(&ban),
                Line::Upload(upload) => self.stores.uploads.lookup(&upload.upload_id).await?.is_some(),
                _ => true,
            };
            if !is_here {
                let clash = format!("the room {} is here already, without this; remove it first", room.room_id);
                return Err(TransferError::Clash { number: *number, clash });
            }
        }
        Ok(())
    }

    /// A part of a board; the last of them stores it.
    async fn board(&mut self, of: (Seq, bool), elements: Vec<Element>, last: bool) -> Result<(), TransferError> {
        self.make().await?;
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
            if self.is_in_use {
                // The room has its own.
            } else if kept {
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
        if self.is_in_use || !self.stores.logs.begin(&room_id, log, entry.clone()).await? {
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
        self.is_of_the_room(&entry.entry.room_id)?;
        self.make().await?;
        self.rename(&mut entry.entry.user_id);
        let last = self.waiting.last().filter(|last| last.log == entry.log).map(|last| last.entry.seq);
        let last = last.or_else(|| self.positions.get(&entry.log).copied()).unwrap_or_default();
        if matches!(entry.entry.body, EntryBody::Compacted {}) && entry.log == LogName::Board && last == 0 {
            return self.begin(entry).await;
        }
        if entry.entry.seq != last + 1 {
            return Err(self.clash(format!("seq: {} was expected, entries come without a gap", last + 1)));
        }
        if let EntryBody::Timer(TimerAction::Start { settings }) = &entry.entry.body
            && !timer::is_in_range(*settings)
        {
            return Err(self.misplaced("settings: lengths of the timer out of range"));
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
        let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(()) };
        let (first, last, count) = (first.seq, last.seq, entries.len());
        // What is there already must be the same, before anything is written behind it.
        let there = self.stores.logs.after(&room_id, log, first - 1, count).await?;
        if there.iter().zip(&entries).any(|(there, entry)| there != entry) {
            return Err(self.clash("the room has other entries here".into()));
        }
        let fresh: Vec<Entry> = entries.into_iter().skip(there.len()).collect();
        if self.is_in_use && fresh.iter().any(|entry| !EntryBody::UNSEEN.contains(&entry.body.kind())) {
            let clash = "the room is in use here; only who came, went and worked is added to it: remove it first";
            return Err(self.clash(clash.into()));
        }
        if !fresh.is_empty() {
            let seqs: Vec<Seq> = fresh.iter().map(|entry| entry.seq).collect();
            let appended = self.stores.logs.append(&room_id, log, fresh.into_iter().map(draft).collect()).await?;
            if appended.iter().map(|appended| appended.entry.seq).ne(seqs) {
                return Err(self.clash("the room has other entries here".into()));
            }
        }
        self.summary.entries += count;
        self.positions.insert(log, last);
        Ok(())
    }

    async fn end(&mut self, chat_seq: Seq, board_seq: Seq) -> Result<(), TransferError> {
        self.make().await?;
        self.append().await?;
        for (log, seq) in [(LogName::Room, chat_seq), (LogName::Board, board_seq)] {
            if self.positions.get(&log).copied().unwrap_or_default() != seq {
                return Err(self.misplaced("entries before it are missing"));
            }
        }
        // The members, bans and settings of the file are what its log led to.
        self.stores.rooms.note_projected(&self.room_id()?, chat_seq).await?;
        Ok(())
    }

    fn room_id(&self) -> Result<RoomId, TransferError> {
        self.room
            .as_ref()
            .map(|room| room.room_id.clone())
            .ok_or_else(|| self.misplaced("the room must come before it"))
    }

    fn rename(&self, user_id: &mut UserId) {
        if let Some(known) = self.known_as.get(user_id) {
            user_id.clone_from(known);
        }
    }

    fn renamed(&self, mut user_id: UserId) -> UserId {
        self.rename(&mut user_id);
        user_id
    }

    const fn misplaced(&self, rule: &'static str) -> TransferError {
        TransferError::Misplaced { number: self.number, rule }
    }

    const fn clash(&self, clash: String) -> TransferError {
        TransferError::Clash { number: self.number, clash }
    }
}

const fn at(number: usize, rule: &'static str) -> TransferError {
    TransferError::Misplaced { number, rule }
}

fn member_of(line: &Line) -> Option<Member> {
    match line {
        Line::Member(member) => Some(member.clone()),
        _ => None,
    }
}

fn banned_in(line: &Line) -> Option<UserId> {
    match line {
        Line::Ban(ban) => Some(ban.user_id.clone()),
        _ => None,
    }
}

fn draft(entry: Entry) -> Draft {
    let Entry { event_id, user_id, timestamp, body, .. } = entry;
    Draft { event_id, user_id, timestamp, body }
}
