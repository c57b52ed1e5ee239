//! The files of a room: the fold of what was shared and taken away.

use super::{is_picture, upload_named};
use crate::{Refusal, log::EntryBody};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use studyrooms_protocol::{Seq, chat::Attachment, files::FileMeta};

/// Pictures that were taken away and are still known, at most.
const GONE: usize = 5_000;
/// Files of one message, at most.
const ATTACHMENTS: usize = 10;

/// What is shared in a room.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SharedFiles {
    by_id: BTreeMap<String, (Seq, FileMeta)>,
    /// Pictures that were taken away, the newest of them, and when in the log.
    gone: BTreeMap<String, Seq>,
}

impl SharedFiles {
    /// Takes in an entry of the room log. True when it changed something.
    pub fn apply(&mut self, seq: Seq, body: &EntryBody) -> bool {
        match body {
            EntryBody::Shared(meta) => self.by_id.insert(meta.upload_id.clone(), (seq, meta.clone())).is_none(),
            EntryBody::Unshared { upload_id } => {
                let taken = self.by_id.remove(upload_id);
                if taken.as_ref().is_some_and(|(_, meta)| is_picture(&meta.mime_type)) {
                    self.gone.insert(upload_id.clone(), seq);
                    self.forget_oldest();
                }
                taken.is_some()
            }
            _ => false,
        }
    }

    fn forget_oldest(&mut self) {
        if self.gone.len() > GONE
            && let Some(oldest) = self.gone.iter().min_by_key(|(_, seq)| **seq).map(|(id, _)| id.clone())
        {
            self.gone.remove(&oldest);
        }
    }

    /// The newest first.
    #[must_use]
    pub fn list(&self) -> Vec<FileMeta> {
        let mut files: Vec<&(Seq, FileMeta)> = self.by_id.values().collect();
        files.sort_by_key(|(seq, _)| std::cmp::Reverse(*seq));
        files.into_iter().map(|(_, meta)| meta.clone()).collect()
    }

    /// By its upload.
    #[must_use]
    pub fn get(&self, upload_id: &str) -> Option<&FileMeta> {
        self.by_id.get(upload_id).map(|(_, meta)| meta)
    }

    fn named(&self, url: &str) -> Option<&FileMeta> {
        self.get(upload_named(url)?)
    }

    /// What a message may show: files of this room, as they are and not as the message says.
    ///
    /// # Errors
    /// `bad_request` or `too_large` that names the field.
    pub fn attached(&self, wanted: Vec<Attachment>) -> Result<Vec<Attachment>, Refusal> {
        if wanted.len() > ATTACHMENTS {
            return Err(Refusal::too_large("attachments", format_args!("{ATTACHMENTS} of them")));
        }
        let attached = wanted.into_iter().enumerate().map(|(index, wanted)| {
            let none = || Refusal::field(&format!("attachments[{index}].fileUrl"), "no such file in this room");
            let FileMeta { file_url, name, size, mime_type, picture, .. } =
                self.named(&wanted.file_url).ok_or_else(none)?.clone();
            Ok(Attachment { file_url, name, size, mime_type: Some(mime_type), picture })
        });
        attached.collect()
    }

    /// Whether a board may show what is, or was, behind this address. Where a picture was, there is a gap
    /// to be shown: who takes back that a board was cleared gets the rest of it.
    #[must_use]
    pub fn may_be_shown(&self, url: &str) -> bool {
        self.named(url).is_some_and(|meta| is_picture(&meta.mime_type))
            || upload_named(url).is_some_and(|upload_id| self.gone.contains_key(upload_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::file_url;

    fn shared(id: &str, mime_type: &str) -> EntryBody {
        EntryBody::Shared(FileMeta {
            upload_id: id.into(),
            room_id: "r".into(),
            file_url: file_url(id),
            name: format!("{id}.bin"),
            size: 7,
            mime_type: mime_type.into(),
            thumbnail_url: None,
            picture: None,
            user_id: "ann".into(),
            user_name: "Ann".into(),
            timestamp: 1,
        })
    }

    fn attachment(url: &str) -> Attachment {
        Attachment {
            file_url: url.into(),
            name: "lie.exe".into(),
            size: 1,
            mime_type: Some("text/html".into()),
            picture: None,
        }
    }

    #[test]
    fn what_is_taken_away_is_not_shown_any_more() {
        let mut files = SharedFiles::default();
        assert!(files.apply(4, &shared("b", "image/png")) && files.apply(2, &shared("a", "text/html")));
        assert_eq!(files.list().iter().map(|meta| &*meta.upload_id).collect::<Vec<_>>(), ["b", "a"]);
        assert!(files.may_be_shown("/api/files/b") && !files.may_be_shown("/api/files/a"));
        assert!(files.apply(5, &EntryBody::Unshared { upload_id: "b".into() }));
        assert!(files.attached(vec![attachment("/api/files/b")]).is_err());
    }

    #[test]
    fn a_board_keeps_the_place_of_a_picture_that_was_taken_away_and_of_nothing_else() {
        let mut files = SharedFiles::default();
        for (seq, (id, mime_type)) in [("a", "text/html"), ("b", "image/png")].into_iter().enumerate() {
            files.apply(seq as Seq + 1, &shared(id, mime_type));
            files.apply(seq as Seq + 3, &EntryBody::Unshared { upload_id: id.into() });
        }
        files.apply(7, &EntryBody::Unshared { upload_id: "c".into() });
        assert!(files.list().is_empty() && files.may_be_shown("/api/files/b"));
        for other in ["/api/files/a", "/api/files/c", "https://evil.example/api/files/b"] {
            assert!(!files.may_be_shown(other), "{other}");
        }
    }

    #[test]
    fn of_pictures_that_were_taken_away_the_newest_are_known() {
        let mut files = SharedFiles::default();
        let most = GONE as Seq;
        for n in 1..=most + 10 {
            let upload_id = format!("p{n}");
            files.apply(2 * n, &shared(&upload_id, "image/png"));
            files.apply(2 * n + 1, &EntryBody::Unshared { upload_id });
        }
        let is_known = |n: Seq| files.may_be_shown(&file_url(&format!("p{n}")));
        assert!((1..=10).all(|n| !is_known(n)) && (11..=most + 10).all(is_known));
    }

    #[test]
    fn a_message_shows_files_of_its_room_as_they_are() {
        let mut files = SharedFiles::default();
        files.apply(1, &shared("a", "image/png"));
        let attached = files.attached(vec![attachment("/api/files/a")]).unwrap();
        assert_eq!(
            (&*attached[0].name, attached[0].size, attached[0].mime_type.as_deref()),
            ("a.bin", 7, Some("image/png"))
        );
        for foreign in ["https://evil.example/api/files/a", "/api/files/b", "data:text/html,x"] {
            let refusal = files.attached(vec![attachment("/api/files/a"), attachment(foreign)]).unwrap_err();
            assert!(refusal.message.starts_with("attachments[1].fileUrl: "), "{refusal}");
        }
        assert!(files.attached(vec![attachment("/api/files/a"); 11]).is_err());
    }
}
