//! Generates the client's types, and fails when the committed file is stale.
//! `UPDATE_PROTOCOL=1 cargo test -p studyrooms-protocol` writes it anew.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::{
    any::TypeId,
    collections::{BTreeMap, HashSet},
    path::Path,
};
use studyrooms_protocol::{
    auth, board, call, chat, control, error, events, files, rooms, stats, summaries, tasks, timer,
};
use ts_rs::{Config, TS, TypeVisitor};

/// Collects the declarations of all types that the visited ones are made of.
struct Declarations {
    config: Config,
    seen: HashSet<TypeId>,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let text = format!("{docs}export {}\n", T::decl(&self.config));
            if let Some(other) = self.by_name.insert(T::ident(&self.config), text.clone()) {
                assert_eq!(other, text, "two types share the name {}", T::ident(&self.config));
            }
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

fn declarations() -> BTreeMap<String, String> {
    let mut all = Declarations {
        config: Config::default().with_large_int("number"),
        seen: HashSet::new(),
        by_name: BTreeMap::new(),
    };
    all.visit::<events::ClientEvents>();
    all.visit::<events::ServerEvents>();
    all.visit::<auth::Signup>();
    all.visit::<auth::Login>();
    all.visit::<auth::GuestLogin>();
    all.visit::<auth::SignedIn>();
    all.visit::<auth::SocketAuth>();
    all.visit::<rooms::CreateRoom>();
    all.visit::<rooms::RoomCreated>();
    all.visit::<rooms::RoomList>();
    all.visit::<rooms::RoomPreview>();
    all.visit::<rooms::RoomJoined>();
    all.visit::<chat::PostMessage>();
    all.visit::<chat::MessagePage>();
    all.visit::<call::IceServers>();
    all.visit::<auth::PatchProfile>();
    all.visit::<auth::SignInProviders>();
    all.visit::<auth::AvatarFacts>();
    all.visit::<auth::AvatarUrl>();
    all.visit::<rooms::PatchRoom>();
    all.visit::<rooms::StartDirect>();
    all.visit::<rooms::DirectRoom>();
    all.visit::<rooms::MemberList>();
    all.visit::<control::BanList>();
    all.visit::<control::AuditPage>();
    all.visit::<stats::RoomStats>();
    all.visit::<stats::OwnStats>();
    all.visit::<summaries::SummaryPage>();
    all.visit::<files::AskUpload>();
    all.visit::<files::UploadUrl>();
    all.visit::<files::UploadState>();
    all.visit::<files::AskParts>();
    all.visit::<files::PartUrls>();
    all.visit::<files::FileList>();
    all.visit::<files::FileLinks>();
    all.visit::<tasks::NewTask>();
    all.visit::<tasks::TaskList>();
    all.visit::<timer::TimerLengths>();
    all.visit::<board::BoardElements>();
    all.visit::<board::BoardVersions>();
    all.visit::<error::ErrorBody>();
    all.by_name
}

fn typescript() -> String {
    let head = "// Generated from server/protocol by `UPDATE_PROTOCOL=1 cargo test -p studyrooms-protocol`.\n\n";
    head.to_owned() + &declarations().into_values().collect::<Vec<_>>().join("\n")
}

fn hold_to(path: &str, now: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    if std::env::var_os("UPDATE_PROTOCOL").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, now).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let stale = path.display();
    assert!(committed == now, "{stale} is stale: run `UPDATE_PROTOCOL=1 cargo test -p studyrooms-protocol`");
}

#[test]
fn the_client_has_these_types() {
    hold_to("client/src/protocol/index.ts", &typescript());
}
