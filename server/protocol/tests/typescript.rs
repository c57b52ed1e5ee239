//! Generates the client's types, and fails when the committed file is stale.
//! `UPDATE_PROTOCOL=1 cargo test -p studyrooms-protocol` writes it anew.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::{
    any::TypeId,
    collections::{BTreeMap, HashSet},
    path::Path,
};
use studyrooms_protocol::{auth, call, chat, error, events, rooms};
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

fn generated() -> String {
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
    all.visit::<error::ErrorBody>();
    let mut text =
        String::from("// Generated from server/protocol by `UPDATE_PROTOCOL=1 cargo test -p studyrooms-protocol`.\n\n");
    text.push_str(&all.by_name.into_values().collect::<Vec<_>>().join("\n"));
    text
}

#[test]
fn the_client_has_these_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../client/src/protocol/index.ts");
    let now = generated();
    if std::env::var_os("UPDATE_PROTOCOL").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == now,
        "client/src/protocol is stale: run `UPDATE_PROTOCOL=1 cargo test -p studyrooms-protocol`"
    );
}
