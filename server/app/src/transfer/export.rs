//! A room as lines.

use super::{
    TransferError,
    line::{FORMAT, Line, LogEntry},
};
use crate::app::Stores;
use std::{collections::HashSet, io::Write};
use studyrooms_domain::{log::LogName, outside::normalize_code, rooms::Room};
use studyrooms_protocol::{
    Seq,
    ids::{RoomRef, UserId},
};

/// Entries read at a time.
const PAGE: usize = 500;

struct Exporter<'a, W> {
    stores: &'a Stores,
    room: Room,
    out: &'a mut W,
    /// People written so far.
    written: HashSet<UserId>,
}

/// Writes the room that `reference` names, by id or code.
///
/// # Errors
/// [`TransferError`]. A room that is written to at the same time comes as it was at some moment in
/// between, whole up to the positions of the last line.
pub async fn export<W: Write>(stores: &Stores, reference: &str, out: &mut W) -> Result<(), TransferError> {
    let room = stores.rooms.lookup(&RoomRef(normalize_code(reference))).await?;
    let room = room.ok_or_else(|| TransferError::NoRoom(reference.to_owned()))?;
    let mut exporter = Exporter { stores, room, out, written: HashSet::new() };
    exporter.write(&Line::Header { format: FORMAT })?;
    exporter.people().await?;
    let chat_seq = exporter.log(LogName::Room).await?;
    let board_seq = exporter.log(LogName::Board).await?;
    exporter.write(&Line::End { chat_seq, board_seq })
}

impl<W: Write> Exporter<'_, W> {
    fn write(&mut self, line: &Line) -> Result<(), TransferError> {
        serde_json::to_writer(&mut *self.out, line).map_err(TransferError::Encode)?;
        Ok(self.out.write_all(b"\n")?)
    }

    /// The person before the first line that needs them.
    async fn write_user(&mut self, user_id: &UserId) -> Result<(), TransferError> {
        if self.written.insert(user_id.clone())
            && let Some(user) = self.stores.users.lookup(user_id).await?
        {
            self.write(&Line::User(user))?;
        }
        Ok(())
    }

    async fn people(&mut self) -> Result<(), TransferError> {
        let room = self.room.clone();
        let members = self.stores.rooms.members(&room.room_id).await?;
        self.write_user(&room.owner_id).await?;
        self.write(&Line::Room(room.clone()))?;
        for member in members {
            self.write_user(&member.user_id).await?;
            let markers = self.stores.read_markers.of_user(&member.user_id).await?;
            self.write(&Line::Member(member))?;
            for marker in markers.into_iter().filter(|marker| marker.room_id == room.room_id) {
                self.write(&Line::ReadMarker(marker))?;
            }
        }
        for ban in self.stores.bans.of_room(&room.room_id).await? {
            self.write_user(&ban.user_id).await?;
            self.write(&Line::Ban(ban))?;
        }
        for upload in self.stores.uploads.of_room(&room.room_id).await? {
            self.write_user(&upload.user_id).await?;
            self.write(&Line::Upload(upload))?;
        }
        Ok(())
    }

    /// Writes a log; gives its newest position.
    async fn log(&mut self, log: LogName) -> Result<Seq, TransferError> {
        let mut seq = 0;
        loop {
            let entries = self.stores.logs.after(&self.room.room_id, log, seq, PAGE).await?;
            let Some(last) = entries.last() else { return Ok(seq) };
            seq = last.seq;
            for entry in entries {
                self.write_user(&entry.user_id).await?;
                self.write(&Line::Entry(LogEntry { log, entry }))?;
            }
        }
    }
}
