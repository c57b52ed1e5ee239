//! The files of a live room.

use super::{Acting, Outgoing, Reply, append::Origin, live::LiveRoom};
use crate::files::remove_objects;
use studyrooms_domain::{
    Refusal,
    access::Action,
    files::{self, Objects, Upload},
    log::{Draft, Entry, EntryBody},
    rights::Claim,
    store::Uploads,
};
use studyrooms_protocol::{
    Timestamp,
    error::ErrorCode,
    events::{Noted, server},
    files::{AnnounceFile, FileAck, FileDeleted, FileList, FileMeta, FileShared},
    ids::{EventId, RoomId},
};

/// Believes an announcement only when the object is what was asked for.
async fn checked(
    uploads: &dyn Uploads,
    objects: &dyn Objects,
    announced: AnnounceFile,
    room_id: &RoomId,
    acting: &Acting,
    now: Timestamp,
) -> Result<FileMeta, Refusal> {
    let picture = announced.picture;
    let upload = uploads.lookup(&announced.upload_id).await?;
    let upload = files::as_announced(&announced, upload, room_id, &acting.user_id)?;
    files::agrees(&upload, objects.head(&upload.key).await?.as_ref())?;
    let has_thumbnail = match &upload.thumbnail {
        Some(thumbnail) => files::thumbnail_agrees(thumbnail, objects.head(&upload.thumbnail_key()).await?.as_ref()),
        None => false,
    };
    // From here on it is not swept. Who is cut off now announces it again.
    if !uploads.mark_announced(&upload.upload_id, now).await? && uploads.lookup(&upload.upload_id).await?.is_none() {
        return Err(Refusal::new(ErrorCode::NotFound, "uploadId: no such upload"));
    }
    Ok(files::meta(&upload, acting.name.clone(), has_thumbnail, picture, now))
}

impl LiveRoom {
    pub(super) fn file_list(&self) -> FileList {
        FileList { files: self.files.list() }
    }

    pub(super) fn announce(&mut self, acting: Acting, announced: AnnounceFile, reply: Reply<FileAck>) {
        let (uploads, objects) = (self.stores.uploads.clone(), self.objects.clone());
        let (room_id, now) = (self.room.room_id.clone(), self.system.clock.now());
        let checking = async move {
            let meta = checked(&*uploads, &*objects, announced, &room_id, &acting, now).await?;
            Ok((acting, meta))
        };
        self.jobs.begin(checking, move |live, checked: Result<_, Refusal>| match checked {
            Err(refusal) => reply.send(Err(refusal)),
            Ok((acting, meta)) => {
                // A file is shared once, however often it is announced.
                let event_id = EventId(format!("file-{}", meta.upload_id));
                let draft = live.draft(&acting.user_id, EntryBody::Shared(meta));
                let claim = live.claim(&acting, Action::Share);
                live.append(claim, Draft { event_id, ..draft }, reply, |entry, _| match &entry.body {
                    EntryBody::Shared(meta) => Ok(FileAck { file_meta: meta.clone() }),
                    _ => Err(Refusal::new(ErrorCode::Conflict, "eventId: used for something else")),
                });
            }
        });
    }

    pub(super) fn unshare(&mut self, acting: Acting, upload_id: String, reply: Reply<Noted>) {
        let (uploads, room_id) = (self.stores.uploads.clone(), self.room.room_id.clone());
        let id = upload_id.clone();
        let looking = async move { uploads.lookup(&id).await };
        self.jobs.begin(looking, move |live, found| {
            let shared = found.map_err(Refusal::from).and_then(|found| {
                let is_here = |upload: &Upload| upload.room_id == room_id && upload.announced_at.is_some();
                found.filter(is_here).ok_or_else(files::no_file)
            });
            let permitted = shared.and_then(|upload| {
                let is_own = upload.user_id == acting.user_id;
                let action = if is_own { Action::Unshare } else { Action::UnshareOthers };
                let claim = live.claim(&acting, action);
                live.rights().permit(&claim)?;
                Ok((claim, upload))
            });
            match permitted {
                Err(refusal) => reply.send(Err(refusal)),
                Ok((claim, upload)) => live.take_away(claim, upload, reply),
            }
        });
    }

    /// The entry first; the upload is doomed because of it.
    fn take_away(&mut self, claim: Claim, upload: Upload, reply: Reply<Noted>) {
        let draft = self.draft(&claim.user_id, EntryBody::Unshared { upload_id: upload.upload_id.clone() });
        let on_stored = Box::new(move |stored: Result<&Entry, Refusal>, live: &mut Self| match stored {
            Err(refusal) => reply.send(Err(refusal)),
            Ok(entry) => {
                let seq = entry.seq;
                live.when_projected(seq, move |projected, live| match projected {
                    Err(refusal) => reply.send(Err(refusal)),
                    Ok(()) => live.remove_bytes(upload, move || reply.send(Ok(Noted { seq }))),
                });
            }
        });
        self.append_room(draft, Some(claim), Origin { is_asked: true, socket_id: None, on_stored });
    }

    fn remove_bytes(&mut self, upload: Upload, then: impl FnOnce() + Send + 'static) {
        let objects = self.objects.clone();
        let removing = async move {
            if let Err(error) = remove_objects(&*objects, &upload).await {
                tracing::warn!(%error, "a file's object is left to the next sweep");
            }
        };
        self.jobs.begin(removing, move |_, ()| then());
    }

    pub(super) fn show_file(&mut self, entry: &Entry) {
        if let EntryBody::Unshared { .. } = entry.body {
            self.project(entry, vec![]);
        }
        if !self.files.apply(entry.seq, &entry.body) {
            return;
        }
        let (room_id, seq) = (entry.room_id.clone(), entry.seq);
        let outgoing = match &entry.body {
            EntryBody::Shared(meta) => {
                Outgoing::new(server::FILE_SHARED, &FileShared { room_id, seq, file_meta: meta.clone() })
            }
            EntryBody::Unshared { upload_id } => {
                Outgoing::new(server::FILE_DELETED, &FileDeleted { room_id, seq, upload_id: upload_id.clone() })
            }
            _ => return,
        };
        self.participants.tell_all(&outgoing);
    }
}
