//! Reading what has been said and drawn, as it is now.

use crate::room::BOARD_PAGE;
use std::{collections::HashMap, sync::Arc};
use studyrooms_domain::{
    board::Board,
    chat,
    log::{Entry, EntryBody, LogName},
    store::{Logs, Snapshots, StoreError, Stored},
};
use studyrooms_protocol::{
    Seq,
    board::BoardVersion,
    chat::Message,
    ids::{MessageId, RoomId},
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
        has_picture: data_url.is_some(),
    })
}

/// The board as it was at a place of its log: that of a saved version, or one that the log still leads to.
///
/// # Errors
/// `Corrupt` for a place that the log does not lead to any more.
pub(crate) async fn board_at(
    logs: &Arc<dyn Logs>,
    snapshots: &Arc<dyn Snapshots>,
    room_id: &RoomId,
    seq: Seq,
) -> Stored<Board> {
    if let Some(kept) = snapshots.kept(room_id, seq).await? {
        return Ok(Board::new(kept.elements));
    }
    let near = snapshots.latest(room_id).await?.filter(|snapshot| snapshot.seq <= seq);
    let (mut at, mut board) =
        near.map_or_else(|| (0, Board::default()), |snapshot| (snapshot.seq, Board::new(snapshot.elements)));
    go_on(logs, room_id, (&mut at, &mut board), seq).await?;
    Ok(board)
}

/// Folds a board on from where it is, up to a place of its log or to the end of it.
///
/// # Errors
/// `Corrupt` when the log does not lead there: it was compacted.
pub(crate) async fn go_on(
    logs: &Arc<dyn Logs>,
    room_id: &RoomId,
    (at, board): (&mut Seq, &mut Board),
    seq: Seq,
) -> Stored<()> {
    while *at < seq {
        let entries = logs.after(room_id, LogName::Board, *at, BOARD_PAGE).await?;
        if entries.is_empty() {
            return Ok(());
        }
        if !follow(*at, &entries) {
            return Err(compacted(room_id));
        }
        for entry in entries.iter().take_while(|entry| entry.seq <= seq) {
            *at = entry.seq;
            if let EntryBody::Drawn { ops } = &entry.body {
                board.apply(&entry.user_id, ops);
            }
        }
    }
    Ok(())
}

/// Whether entries of a board log say all that was drawn after `seq` up to the last of them.
pub(crate) fn follow(seq: Seq, entries: &[Entry]) -> bool {
    let is_next = entries.first().is_none_or(|first| first.seq == seq + 1);
    is_next && !entries.iter().any(|entry| matches!(entry.body, EntryBody::Compacted {}))
}

/// What was to be read of a board log is only part of a snapshot by now.
pub(crate) fn compacted(room_id: &RoomId) -> StoreError {
    StoreError::Corrupt(format!("the board log of room {room_id} does not lead there: it was compacted"))
}
