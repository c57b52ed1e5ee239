//! Generates the reference of the protocol from the table of events, the rules and the OpenAPI
//! document, and fails when the committed file is stale.
//! `UPDATE_PROTOCOL=1 cargo test -p studyrooms-app --test protocol` writes it anew.
#![allow(clippy::unwrap_used, missing_docs)]

use std::path::{Path, PathBuf};
use studyrooms_domain::rules;
use studyrooms_protocol::events::{ClientEvent, Described, server};

/// The maps of all events are the tables above the types.
const MAPS: [&str; 4] = ["ClientEvents", "ServerEvents", "Call", "Done"];

fn path(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(of)
}

/// The last part of a type's path, as TypeScript knows it.
fn short(name: &str) -> &str {
    name.rsplit([':', ' ']).next().unwrap()
}

fn client_event(event: &Described) -> String {
    let rule = rules::of(event.name).unwrap();
    let (who, how_often, how_large) = (rule.who(), rule.how_often(), rule.how_large());
    let ack = match event.ack.map(short) {
        None | Some("Done") => "–".into(),
        Some(ack) => format!("`{ack}`"),
    };
    let (payload, what) = (short(event.payload), event.doc.trim());
    format!("| `{}` | `{payload}` | {how_large} | {ack} | {who} | {how_often} | {what} |\n", event.name)
}

fn server_event(event: &Described) -> String {
    format!("| `{}` | `{}` | {} |\n", event.name, short(event.payload), event.doc.trim())
}

fn routes() -> String {
    let document = serde_json::to_value(studyrooms_app::document()).unwrap();
    let mut rows = String::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let Some(summary) = operation["summary"].as_str() else { continue };
            let open = operation["security"].as_array().is_some_and(|schemes| {
                schemes.iter().any(|scheme| scheme.as_object().is_some_and(serde_json::Map::is_empty))
            });
            let token = if open { "–" } else { "access" };
            rows += &format!("| `{} {path}` | {token} | {summary} |\n", method.to_uppercase());
        }
    }
    rows
}

fn types() -> String {
    let generated = std::fs::read_to_string(path("client/src/protocol/index.ts")).unwrap();
    let is_map = |block: &str| {
        MAPS.iter()
            .any(|map| block.contains(&format!("export type {map} ")) || block.contains(&format!("export type {map}<")))
    };
    let blocks = generated.trim_end().split("\n\n").skip(1).filter(|block| !is_map(block));
    blocks.collect::<Vec<_>>().join("\n\n") + "\n"
}

fn reference() -> String {
    include_str!("protocol.md")
        .replace("{client events}", &ClientEvent::TABLE.iter().map(client_event).collect::<String>())
        .replace("{server events}", &server::TABLE.iter().map(server_event).collect::<String>())
        .replace("{routes}", &routes())
        .replace("{types}", &types())
}

#[test]
fn the_reference_is_of_these_tables() {
    let (path, now) = (path("docs/PROTOCOL.md"), reference());
    if std::env::var_os("UPDATE_PROTOCOL").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == now,
        "docs/PROTOCOL.md is stale: run `UPDATE_PROTOCOL=1 cargo test -p studyrooms-app --test protocol`"
    );
}
