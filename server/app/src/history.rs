//! Reading what has been said and drawn, as it is now.

use std::{collections::HashMap, sync::Arc};
use studyrooms_domain::{
    board::Board,
    chat,
    log::{Entry, EntryBody, LogName},
    store::{Logs, Snapshots, Stored},
};
use studyrooms_protocol::{
    Seq,
    board::BoardVersion,
    chat::Message,
    ids::{MessageId, RoomId, VersionId},
};

/// Entries read at a time.
const PAGE: usize = 500;

/// The messages that `entries` began, with all that was done to them since.
pub(crate) async fn amended(logs: &Arc<dyn Logs>, room_id: &RoomId, entries: &[Entry]) -> Stored<Vec<Message>> {
    let mut messages: Vec<Message> = entries.iter().filter_map(chat::message).collect();
    let ids: Vec<MessageId> = messages.iter().map(|message| message.id.clone()).collect();
    let places: HashMap<MessageId, usize> = ids.iter().cloned().zip(0..).collect();
    for amendment in logs.amendments(room_id, &ids).await? {
        if let Some(place) = amendment.body.about().and_then(|id| places.get(id)) {
            chat::amend(&mut messages[*place], &amendment);
        }
    }
    Ok(messages)
}

/// Messages by their ids, in the order of the log; those there are none of are left out.
pub(crate) async fn messages(logs: &Arc<dyn Logs>, room_id: &RoomId, ids: &[MessageId]) -> Stored<Vec<Message>> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    amended(logs, room_id, &logs.messages(room_id, ids).await?).await
}

/// All entries of these types up to `upto`, oldest first.
pub(crate) async fn all_of(logs: &Arc<dyn Logs>, room_id: &RoomId, kinds: &[&str], upto: Seq) -> Stored<Vec<Entry>> {
    let mut all: Vec<Entry> = vec![];
    loop {
        let after = all.last().map_or(0, |entry| entry.seq);
        let page = logs.page_after(room_id, LogName::Room, kinds, after, PAGE).await?;
        let whole = page.len() < PAGE;
        let known = page.iter().take_while(|entry| entry.seq <= upto).count();
        let beyond = known < page.len();
        all.extend(page.into_iter().take(known));
        if whole || beyond {
            return Ok(all);
        }
    }
}

/// The newest entries of these types, `limit` at most, oldest first.
pub(crate) async fn newest_of(
    logs: &Arc<dyn Logs>,
    room_id: &RoomId,
    kinds: &[&str],
    limit: usize,
) -> Stored<Vec<Entry>> {
    let (mut pages, mut read, mut before) = (vec![], 0, None);
    while read < limit {
        let page = logs.page_before(room_id, LogName::Room, kinds, before, PAGE.min(limit - read)).await?;
        let Some(first) = page.first() else { break };
        before = Some(first.seq);
        read += page.len();
        pages.push(page);
    }
    Ok(pages.into_iter().rev().flatten().collect())
}

/// The version that an entry saved.
pub(crate) fn version(entry: &Entry) -> Option<BoardVersion> {
    let EntryBody::Saved { version_id, board_seq, title, data_url } = &entry.body else { return None };
    Some(BoardVersion {
        version_id: version_id.clone(),
        board_seq: *board_seq,
        title: title.clone(),
        by: entry.user_id.clone(),
        timestamp: entry.timestamp,
        data_url: data_url.clone(),
    })
}

/// A saved version of the room's board.
pub(crate) async fn find_version(
    logs: &Arc<dyn Logs>,
    room_id: &RoomId,
    id: &VersionId,
) -> Stored<Option<BoardVersion>> {
    let saved = all_of(logs, room_id, &[EntryBody::SAVED], Seq::MAX).await?;
    Ok(saved.iter().filter_map(version).find(|version| &version.version_id == id))
}

/// The board as it was at a place of its log.
pub(crate) async fn board_at(
    logs: &Arc<dyn Logs>,
    snapshots: &Arc<dyn Snapshots>,
    room_id: &RoomId,
    seq: Seq,
) -> Stored<Board> {
    let near = snapshots.latest(room_id).await?.filter(|snapshot| snapshot.seq <= seq);
    let (mut at, mut board) =
        near.map_or_else(|| (0, Board::default()), |snapshot| (snapshot.seq, Board::new(snapshot.elements)));
    while at < seq {
        let entries = logs.after(room_id, LogName::Board, at, PAGE).await?;
        let Some(last) = entries.last() else { break };
        at = last.seq;
        for entry in entries.iter().take_while(|entry| entry.seq <= seq) {
            if let EntryBody::Drawn { ops } = &entry.body {
                board.apply(&entry.user_id, ops);
            }
        }
    }
    Ok(board)
}
