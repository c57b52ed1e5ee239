//! Drawing, saving and bringing back.

use super::live::{WAITING_BYTES, Waiting};
use crate::{
    history,
    room::{
        Acting, Reply,
        append::{OnStored, Origin},
        live::LiveRoom,
    },
};
use studyrooms_domain::{
    Refusal,
    access::Action,
    board::{self, Board, Size},
    chat,
    log::{Draft, Entry, EntryBody},
    store::Stored,
    system::random_id,
};
use studyrooms_protocol::{
    board::{BoardSaved, Draw, DrawAck, RestoreBoard, SaveBoard},
    error::ErrorCode,
    ids::{EventId, VersionId},
};

impl LiveRoom {
    pub(in crate::room) fn draw(&mut self, acting: Acting, draw: Draw, reply: Reply<DrawAck>) {
        match self.drawn(&acting, draw) {
            Err(refusal) => reply.send(Err(refusal)),
            Ok((draft, waiting)) => {
                let socket_id = acting.socket_id.clone();
                let on_stored: OnStored = Box::new(move |stored, live| {
                    drop(waiting);
                    match stored {
                        Ok(&Entry { seq, .. }) => {
                            live.answer_in_order(socket_id.as_ref(), seq, move || reply.send(Ok(DrawAck { seq })));
                        }
                        Err(refusal) => reply.send(Err(refusal)),
                    }
                });
                let claim = self.claim(&acting, Action::Draw);
                self.append_drawn(draft, claim, Origin { is_asked: true, socket_id: acting.socket_id, on_stored });
            }
        }
    }

    fn drawn(&mut self, acting: &Acting, draw: Draw) -> Result<(Draft, Waiting), Refusal> {
        let random = &*self.system.random;
        let waiting = self.board.waiting();
        let ops = board::admit(draw.ops, &self.board.board, waiting, &self.files, random)?;
        let (bytes, most) = (board::weight(&ops), Size::most(&ops));
        if waiting.bytes > WAITING_BYTES {
            return Err(Refusal::new(ErrorCode::Unavailable, "the room is too busy; try again"));
        }
        let now = self.system.clock.now();
        let too_fast = |wait_ms| Refusal::rate_limited("points drawn", wait_ms);
        self.board.take_bytes(&acting.user_id, bytes, now).map_err(too_fast)?;
        let event_id =
            draw.op_id.map_or_else(|| Ok(EventId(random_id(random))), |id| chat::valid_event_id("opId", id))?;
        let draft = Draft { event_id, user_id: acting.user_id.clone(), timestamp: now, body: EntryBody::Drawn { ops } };
        Ok((draft, self.board.wait(most)))
    }

    /// A version is a place of the board log with a name. Its board is stored first, so that the log may be
    /// compacted behind it.
    pub(in crate::room) fn save(&mut self, acting: Acting, save: SaveBoard, reply: Reply<BoardSaved>) {
        let saved = board::valid_version_title(save.title)
            .and_then(|title| board::valid_picture(save.data_url).map(|data_url| (title, data_url)));
        match saved {
            Err(refusal) => reply.send(Err(refusal)),
            Ok((title, data_url)) => {
                let (board_seq, keeping) = (self.board.seq, self.keeping_version(acting.role));
                self.jobs.begin(keeping, move |live, kept| {
                    match kept.and_then(|()| live.refused().map_or(Ok(()), Err)) {
                        Err(refusal) => reply.send(Err(refusal)),
                        Ok(()) => {
                            let version_id = VersionId(random_id(&*live.system.random));
                            let body = EntryBody::Saved { version_id, board_seq, title, data_url };
                            let draft = live.draft(&acting.user_id, body);
                            live.append(live.claim(&acting, Action::Draw), draft, reply, |entry, _| {
                                let lost =
                                    || Refusal::new(ErrorCode::Internal, "the version was stored as something else");
                                history::version(entry).map(|version| BoardSaved { version }).ok_or_else(lost)
                            });
                        }
                    }
                });
            }
        }
    }

    /// Reads the version while the room goes on; what it takes to get there is judged by what the
    /// board looks like then.
    pub(in crate::room) fn restore(&mut self, acting: Acting, restore: RestoreBoard, reply: Reply<DrawAck>) {
        let (logs, snapshots) = (self.stores.logs.clone(), self.stores.snapshots.clone());
        let room_id = self.room.room_id.clone();
        let reading = async move {
            let Some(version) = logs.version(&room_id, &restore.version_id).await? else {
                return Ok(None);
            };
            history::board_at(&logs, &snapshots, &room_id, version.board_seq).await.map(Some)
        };
        self.jobs.begin(reading, move |live, version: Stored<Option<Board>>| match version {
            Ok(Some(version)) => live.bring_back(&acting, &version, reply),
            Ok(None) => reply.send(Err(Refusal::new(ErrorCode::NotFound, "versionId: no such version"))),
            Err(error) => reply.send(Err(error.into())),
        });
    }

    fn bring_back(&mut self, acting: &Acting, version: &Board, reply: Reply<DrawAck>) {
        let mut batches = board::restoring(&self.board.board, version);
        let Some(last) = batches.pop() else {
            return reply.send(Ok(DrawAck { seq: self.board.seq }));
        };
        for ops in batches {
            let room_id = self.room.room_id.clone();
            let on_stored: OnStored = Box::new(move |stored, _| {
                if let Err(refusal) = stored {
                    tracing::warn!(room = %room_id, %refusal, "a part of a version was not brought back");
                }
            });
            let draft = self.draft(&acting.user_id, EntryBody::Drawn { ops });
            let claim = self.claim(acting, Action::Restore);
            self.append_drawn(draft, claim, Origin { is_asked: true, socket_id: None, on_stored });
        }
        let on_stored: OnStored = Box::new(move |stored, _| reply.send(stored.map(|entry| DrawAck { seq: entry.seq })));
        let draft = self.draft(&acting.user_id, EntryBody::Drawn { ops: last });
        let claim = self.claim(acting, Action::Restore);
        self.append_drawn(draft, claim, Origin { is_asked: true, socket_id: None, on_stored });
    }
}
