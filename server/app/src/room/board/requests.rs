//! Drawing, saving and bringing back.

use crate::{
    history,
    room::{
        Acting, Reply,
        append::{OnStored, Origin},
        task::Task,
    },
};
use studyrooms_domain::{
    Refusal,
    access::Action,
    board::{self, Board},
    chat,
    log::{Draft, EntryBody},
    outside::random_id,
    store::Stored,
};
use studyrooms_protocol::{
    board::{BoardElements, BoardSaved, Draw, DrawAck, RestoreBoard, SaveBoard},
    error::ErrorCode,
    ids::{EventId, VersionId},
};

impl Task {
    pub(in crate::room) fn draw(&mut self, acting: Acting, draw: Draw, reply: Reply<DrawAck>) {
        match self.drawn(&acting, draw) {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(draft) => {
                let on_stored: OnStored =
                    Box::new(move |stored, _| reply.send(stored.map(|entry| DrawAck { seq: entry.seq })));
                let claim = self.claim(&acting, Action::Draw);
                self.append_drawn(draft, claim, Origin { is_asked: true, socket_id: acting.socket_id, on_stored });
            }
        }
    }

    fn drawn(&self, acting: &Acting, draw: Draw) -> Result<Draft, Refusal> {
        let random = &*self.outside.random;
        let ops = board::admit(draw.ops, &self.board.board, &self.files, random)?;
        let event_id =
            draw.op_id.map_or_else(|| Ok(EventId(random_id(random))), |id| chat::valid_event_id("opId", id))?;
        let (user_id, timestamp) = (acting.user_id.clone(), self.outside.clock.now());
        Ok(Draft { event_id, user_id, timestamp, body: EntryBody::Drawn { ops } })
    }

    pub(in crate::room) fn elements(&self) -> BoardElements {
        let (room_id, seq) = (self.room.room_id.clone(), self.board.seq);
        BoardElements { room_id, seq, elements: self.board.board.elements() }
    }

    /// A version is a place of the board log with a name: the log brings it back.
    pub(in crate::room) fn save(&mut self, acting: Acting, save: SaveBoard, reply: Reply<BoardSaved>) {
        let saved = board::valid_version_title(save.title)
            .and_then(|title| board::valid_picture(save.data_url).map(|data_url| (title, data_url)));
        match saved {
            Err(refusal) => reply.send(Err(refusal)),
            Ok((title, data_url)) => {
                let version_id = VersionId(random_id(&*self.outside.random));
                let body = EntryBody::Saved { version_id, board_seq: self.board.seq, title, data_url };
                let draft = self.draft(&acting.user_id, body);
                self.append(self.claim(&acting, Action::Draw), draft, reply, |entry, _| {
                    let lost = || Refusal::new(ErrorCode::Internal, "the version was stored as something else");
                    history::version(entry).map(|version| BoardSaved { version }).ok_or_else(lost)
                });
                self.save_snapshot();
            }
        }
    }

    /// Reads the version while the room goes on; what it takes to get there is judged by what the
    /// board looks like then.
    pub(in crate::room) fn restore(&mut self, acting: Acting, restore: RestoreBoard, reply: Reply<DrawAck>) {
        let (logs, snapshots) = (self.stores.logs.clone(), self.stores.snapshots.clone());
        let room_id = self.room.room_id.clone();
        let reading = async move {
            let Some(version) = history::find_version(&logs, &room_id, &restore.version_id).await? else {
                return Ok(None);
            };
            history::board_at(&logs, &snapshots, &room_id, version.board_seq).await.map(Some)
        };
        self.jobs.begin(reading, move |task, version: Stored<Option<Board>>| match version {
            Ok(Some(version)) => task.bring_back(&acting, &version, reply),
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
