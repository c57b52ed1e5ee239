//! What is said in these cases, in short.

use crate::{
    engine::Store,
    logs::{draft, message},
};
use studyrooms_domain::{
    chat::search_words,
    log::{Appended, Draft, Entry, EntryBody, LogName, MessageBody},
};
use studyrooms_protocol::chat::Attachment;

/// A message with the id `id`, a file, and `text`.
pub fn said(user: &str, id: &str, text: &str) -> Draft {
    let (file_url, name) = (format!("/files/{id}"), format!("{id}.pdf"));
    let file = Attachment { file_url, name, size: 7, mime_type: None, picture: None };
    let body = MessageBody {
        id: id.into(),
        sender_name: format!("name of {user}"),
        text: text.into(),
        attachments: vec![file],
        reply_to: Some("m0".into()),
        own_event_id: true,
    };
    draft(user, &format!("say {id}"), EntryBody::Message(body))
}

pub fn edited(event: &str, id: &str, text: &str) -> Draft {
    draft("ann", event, EntryBody::Edited { message_id: id.into(), text: text.into() })
}

pub fn deleted(event: &str, id: &str) -> Draft {
    draft("mod", event, EntryBody::Deleted { message_id: id.into() })
}

pub fn reacted(event: &str, id: &str) -> Draft {
    draft("bob", event, EntryBody::Reacted { message_id: id.into(), emoji: "👍".into(), on: true })
}

pub fn seqs(entries: &[Entry]) -> Vec<u64> {
    entries.iter().map(|entry| entry.seq).collect()
}

/// The text of a message or an edit.
pub fn text(entry: &Entry) -> &str {
    match &entry.body {
        EntryBody::Message(message) => &message.text,
        EntryBody::Edited { text, .. } => text,
        other => panic!("no text in {other:?}"),
    }
}

impl dyn Store {
    /// Appends to the room log of `r`.
    pub async fn say(&self, drafts: impl IntoIterator<Item = Draft>) -> Vec<Appended> {
        self.append(&"r".into(), LogName::Room, drafts.into_iter().collect()).await.unwrap()
    }

    /// The places in `r` of what is found.
    pub async fn found(&self, query: &str) -> Vec<u64> {
        seqs(&self.search(&"r".into(), &search_words(query), None, 100).await.unwrap())
    }

    /// All of the room log of `r`.
    pub async fn log(&self) -> Vec<Entry> {
        self.after(&"r".into(), LogName::Room, 0, 10_000).await.unwrap()
    }

    /// Says something that no case looks for.
    pub async fn go_on(&self, event: &str) {
        self.say([message("zoe", event)]).await;
    }
}
