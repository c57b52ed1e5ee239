//! A room as lines.

use super::{
    TransferError,
    line::{FORMAT, Line, LogEntry},
};
use crate::{
    app::Stores,
    history::{compacted, follow},
    people,
    room::BOARD_PAGE,
};
use futures_util::Stream;
use std::{
    collections::{HashMap, HashSet},
    future::Future,
    io::Write,
};
use studyrooms_domain::{
    auth::User,
    chat::ReadMarker,
    log::{Entry, EntryBody, LogName},
    room_code::normalize_code,
    rooms::Room,
    store::Snapshot,
};
use studyrooms_protocol::{
    Seq,
    board::Element,
    ids::{RoomRef, UserId},
    rooms::Role,
};
use tokio::sync::mpsc;

/// Entries read at a time.
const PAGE: usize = 500;

/// Elements of a board in one line.
const ELEMENTS: usize = 100;

/// Lines that wait for a slow reader, at most.
const WAITING: usize = 64;

/// Where the lines go.
trait Out: Send {
    fn put(&mut self, line: Vec<u8>) -> impl Future<Output = Result<(), TransferError>> + Send;
}

struct Written<W>(W);

impl<W: Write + Send> Out for Written<W> {
    async fn put(&mut self, line: Vec<u8>) -> Result<(), TransferError> {
        Ok(self.0.write_all(&line)?)
    }
}

type Lines = mpsc::Sender<Result<Vec<u8>, TransferError>>;

impl Out for Lines {
    async fn put(&mut self, line: Vec<u8>) -> Result<(), TransferError> {
        let gone = |_| TransferError::Lines(std::io::ErrorKind::BrokenPipe.into());
        self.send(Ok(line)).await.map_err(gone)
    }
}

/// What of people is written.
#[derive(Clone, Copy, PartialEq)]
enum People {
    /// All, so that they can sign in at the other end.
    Whole,
    /// What others in the room see of them.
    Names,
}

struct Exporter<'a, O> {
    stores: &'a Stores,
    room: Room,
    people: People,
    out: &'a mut O,
    /// People written so far.
    written: HashSet<UserId>,
}

/// Writes the room that `reference` names, by id or code.
///
/// # Errors
/// [`TransferError`]. A room that is written to at the same time comes as it was at some moment in
/// between, whole up to the positions of the last line.
pub async fn export<W: Write + Send>(stores: &Stores, reference: &str, out: W) -> Result<(), TransferError> {
    let room = stores.rooms.lookup(&RoomRef(normalize_code(reference))).await?;
    let room = room.ok_or_else(|| TransferError::NoRoom(reference.to_owned()))?;
    all(stores, room, People::Whole, &mut Written(out)).await
}

/// The lines of a room for those who moderate it: of people only their names. Read as fast as they
/// are taken; an error ends them before the last line.
pub(crate) fn lines(stores: Stores, room: Room) -> impl Stream<Item = Result<Vec<u8>, TransferError>> + Send {
    let (mut sender, receiver) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        if let Err(error) = all(&stores, room, People::Names, &mut sender).await {
            tracing::info!(%error, "an export ended early");
            // Who reads may be gone.
            sender.send(Err(error)).await.ok();
        }
    });
    futures_util::stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver)))
}

async fn all<O: Out>(stores: &Stores, room: Room, people: People, out: &mut O) -> Result<(), TransferError> {
    let mut exporter = Exporter { stores, room, people, out, written: HashSet::new() };
    exporter.write(&Line::Header { format: FORMAT }).await?;
    exporter.people().await?;
    let chat_seq = exporter.log(LogName::Room, 0).await?;
    let board_seq = exporter.board().await?;
    exporter.write(&Line::End { chat_seq, board_seq }).await
}

impl<O: Out> Exporter<'_, O> {
    async fn write(&mut self, line: &Line) -> Result<(), TransferError> {
        let mut text = serde_json::to_vec(line).map_err(TransferError::Encode)?;
        text.push(b'\n');
        self.out.put(text).await
    }

    /// The person before the first line that needs them.
    async fn write_user(&mut self, user_id: &UserId) -> Result<(), TransferError> {
        if self.written.insert(user_id.clone())
            && let Some(user) = self.stores.users.lookup(user_id).await?
        {
            let user = match self.people {
                People::Whole => user,
                People::Names => User { email: None, password_hash: None, time_zone: None, avatar: None, ..user },
            };
            self.write(&Line::User(user)).await?;
        }
        Ok(())
    }

    async fn people(&mut self) -> Result<(), TransferError> {
        let mut room = self.room.clone();
        let moderators = self.stores.rooms.moderators(&room.room_id).await?;
        if let Some(owner) = moderators.iter().find(|member| member.role == Role::Owner) {
            room.owner_id = owner.user_id.clone();
        }
        self.write_user(&room.owner_id).await?;
        self.write(&Line::Room(room.clone())).await?;
        self.members().await?;
        self.bans().await?;
        for upload in self.stores.uploads.of_room(&room.room_id).await? {
            self.write_user(&upload.user_id).await?;
            self.write(&Line::Upload(upload)).await?;
        }
        Ok(())
    }

    async fn members(&mut self) -> Result<(), TransferError> {
        let (stores, room_id) = (self.stores, self.room.room_id.clone());
        let mut after = None;
        loop {
            let members = stores.rooms.members(&room_id, after.as_ref(), people::PAGE).await?;
            let Some(last) = members.last() else { return Ok(()) };
            after = Some((last.joined_at, last.user_id.clone()));
            let ids: Vec<UserId> = members.iter().map(|member| member.user_id.clone()).collect();
            let markers = stores.read_markers.of_people(&room_id, &ids).await?;
            let mut markers: HashMap<UserId, ReadMarker> =
                markers.into_iter().map(|marker| (marker.user_id.clone(), marker)).collect();
            for member in members {
                self.write_user(&member.user_id).await?;
                let marker = markers.remove(&member.user_id);
                self.write(&Line::Member(member)).await?;
                if let Some(marker) = marker {
                    self.write(&Line::ReadMarker(marker)).await?;
                }
            }
        }
    }

    async fn bans(&mut self) -> Result<(), TransferError> {
        let (stores, room_id) = (self.stores, self.room.room_id.clone());
        let mut after = None;
        loop {
            let bans = stores.bans.of_room(&room_id, after.as_ref(), people::PAGE).await?;
            let Some(last) = bans.last() else { return Ok(()) };
            after = Some((last.at, last.user_id.clone()));
            for ban in bans {
                self.write_user(&ban.user_id).await?;
                self.write(&Line::Ban(ban)).await?;
            }
        }
    }

    /// Writes the board log, and what it does not lead to any more; gives its newest position.
    async fn board(&mut self) -> Result<Seq, TransferError> {
        let (stores, room_id) = (self.stores, self.room.room_id.clone());
        if stores.logs.compacted(&room_id).await? == 0 {
            return self.log(LogName::Board, 0).await;
        }
        for (seq, _) in stores.snapshots.kept_sizes(&room_id).await? {
            if let Some(kept) = stores.snapshots.kept(&room_id, seq).await? {
                self.elements(kept, true).await?;
            }
        }
        let Some(newest) = stores.snapshots.latest(&room_id).await? else { return Err(compacted(&room_id).into()) };
        let seq = newest.seq;
        self.elements(newest, false).await?;
        // Whatever it drew, the snapshot has it: of the entry there only the place counts.
        for entry in stores.logs.after(&room_id, LogName::Board, seq - 1, 1).await? {
            let entry = Entry { body: EntryBody::Compacted {}, ..entry };
            self.write_user(&entry.user_id).await?;
            self.write(&Line::Entry(LogEntry { log: LogName::Board, entry })).await?;
        }
        self.log(LogName::Board, seq).await
    }

    async fn elements(&mut self, snapshot: Snapshot, kept: bool) -> Result<(), TransferError> {
        let Snapshot { seq, elements, .. } = snapshot;
        let mut parts = elements.chunks(ELEMENTS).peekable();
        if parts.peek().is_none() {
            self.write(&Line::Board { seq, kept, elements: vec![], last: true }).await?;
        }
        while let Some(part) = parts.next() {
            let elements = part.iter().map(|element| Element::clone(element)).collect();
            self.write(&Line::Board { seq, kept, elements, last: parts.peek().is_none() }).await?;
        }
        Ok(())
    }

    /// Writes a log from a place on; gives its newest position.
    async fn log(&mut self, log: LogName, mut seq: Seq) -> Result<Seq, TransferError> {
        let page = if log == LogName::Board { BOARD_PAGE } else { PAGE };
        loop {
            let entries = self.stores.logs.after(&self.room.room_id, log, seq, page).await?;
            if log == LogName::Board && !follow(seq, &entries) {
                return Err(compacted(&self.room.room_id).into());
            }
            let Some(last) = entries.last() else { return Ok(seq) };
            seq = last.seq;
            for entry in entries {
                self.write_user(&entry.user_id).await?;
                self.write(&Line::Entry(LogEntry { log, entry })).await?;
            }
        }
    }
}
