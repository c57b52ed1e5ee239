//! What an import takes, and what it refuses by its line: a file may come from anywhere.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use serde_json::{Value, json};
use std::sync::Arc;
use studyrooms_app::{
    app::Stores,
    transfer::{ImportOptions, export, import},
};
use studyrooms_domain::{
    log::LogName,
    rooms::{Member, Room, RoomKind, default_settings},
};
use studyrooms_protocol::{ids::RoomRef, rooms::Role};
use studyrooms_store::embedded::Embedded;
use tempfile::TempDir;

const CODE: &str = "abc-defg-hjk";

struct Scene {
    stores: Stores,
    _directory: TempDir,
}

impl Scene {
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        Self { stores: Stores::of(Arc::new(Embedded::open(directory.path()).unwrap())), _directory: directory }
    }

    async fn import(&self, lines: &[Value]) -> Result<(), String> {
        self.import_by(lines, ImportOptions::default()).await
    }

    async fn import_by(&self, lines: &[Value], options: ImportOptions) -> Result<(), String> {
        let text: Vec<String> = lines.iter().map(Value::to_string).collect();
        let done = import(&self.stores, text.join("\n").as_bytes(), options).await;
        done.map(|_| ()).map_err(|error| error.to_string())
    }

    /// Who owns a room by its record, and the members who are its owners.
    async fn owners(&self, room: &str) -> (String, Vec<String>) {
        let found = self.stores.rooms.lookup(&RoomRef(room.into())).await.unwrap().unwrap();
        let members = self.stores.rooms.members(&found.room_id, None, 100).await.unwrap();
        let owners = members.into_iter().filter(|member| member.role == Role::Owner);
        (found.owner_id.0, owners.map(|member| member.user_id.0).collect())
    }

    /// A room that has nothing to do with the file.
    async fn other(&self) {
        let (room_id, owner_id) = ("other".into(), "zoe".into());
        let (code, title) = ("zzz-zzzz-zzz".into(), "Other".into());
        let settings = default_settings();
        let room = Room { room_id, code, title, kind: RoomKind::Group, owner_id, settings, created_at: 1 };
        let owner = Member { room_id: "other".into(), user_id: "zoe".into(), role: Role::Owner, joined_at: 1 };
        assert!(self.stores.rooms.add(room, owner).await.unwrap());
    }
}

fn user(id: &str) -> Value {
    json!({ "line": "user", "userId": id, "name": id, "email": format!("{id}@example.org"), "createdAt": 1 })
}

fn room(owner: &str) -> Value {
    let settings = serde_json::to_value(default_settings()).unwrap();
    json!({ "line": "room", "roomId": "r", "code": CODE, "title": "Algebra", "kind": "group", "ownerId": owner,
        "settings": settings, "createdAt": 1 })
}

fn member(room: &str, id: &str, role: &str) -> Value {
    json!({ "line": "member", "roomId": room, "userId": id, "role": role, "joinedAt": 1 })
}

fn ban(room: &str, id: &str) -> Value {
    json!({ "line": "ban", "roomId": room, "userId": id, "by": "ann", "at": 1 })
}

fn entry(room: &str, seq: u64, body: &Value) -> Value {
    let mut entry = json!({ "line": "entry", "log": "room", "eventId": format!("e{seq}"), "roomId": room, "seq": seq,
        "userId": "ann", "timestamp": 1 });
    entry.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    entry
}

fn started(cycles: u64) -> Value {
    let settings = json!({ "focusMin": 25, "breakMin": 5, "longBreakMin": 15, "cycles": cycles });
    json!({ "type": "timer", "payload": { "action": "start", "settings": settings } })
}

fn joined() -> Value {
    json!({ "type": "joined", "payload": { "socketId": "s", "name": "Ann" } })
}

fn file(between: &[Value], last: u64) -> Vec<Value> {
    let mut lines = vec![json!({ "line": "header", "format": 1 }), user("ann"), user("ben"), user("eve")];
    lines.extend_from_slice(between);
    lines.push(json!({ "line": "end", "chatSeq": last, "boardSeq": 0 }));
    lines
}

// SPEC 4.3
#[tokio::test]
async fn the_owner_is_the_member_who_is_and_not_who_made_the_room() {
    let scene = Scene::new();
    let people = [room("ann"), member("r", "ben", "owner"), member("r", "eve", "member"), ban("r", "ann")];
    scene.import(&file(&people, 0)).await.unwrap();
    assert_eq!(scene.owners("r").await, ("ben".into(), vec!["ben".into()]));
    let mut out = vec![];
    export(&scene.stores, "r", &mut out).await.unwrap();
    assert!(String::from_utf8(out).unwrap().contains(r#""ownerId":"ben""#));
    scene.import(&file(&people, 0)).await.unwrap();
    assert_eq!(scene.owners("r").await, ("ben".into(), vec!["ben".into()]), "again, it is the same");
}

// SPEC 4.3
#[tokio::test]
async fn a_file_with_two_owners_or_none_or_a_banned_one_makes_no_room() {
    let scene = Scene::new();
    let two = [room("ann"), member("r", "ann", "owner"), member("r", "ben", "owner")];
    assert_eq!(scene.import(&file(&two, 0)).await.unwrap_err(), "line 7: role: a second owner; a room has one");
    let none = [room("ann"), member("r", "ben", "member")];
    assert!(scene.import(&file(&none, 0)).await.unwrap_err().ends_with("the room has no owner among its members"));
    let banned = [room("ann"), member("r", "ann", "owner"), ban("r", "ann")];
    assert_eq!(scene.import(&file(&banned, 0)).await.unwrap_err(), "line 6: userId: the owner is banned");
    assert!(scene.stores.rooms.lookup(&RoomRef("r".into())).await.unwrap().is_none());
}

#[tokio::test]
async fn who_is_banned_is_not_made_a_member() {
    let scene = Scene::new();
    let both = [room("ann"), member("r", "ann", "owner"), member("r", "eve", "mod"), ban("r", "eve")];
    scene.import(&file(&both, 0)).await.unwrap();
    assert!(scene.stores.rooms.member(&"r".into(), &"eve".into()).await.unwrap().is_none());
}

#[tokio::test]
async fn no_line_reaches_another_room() {
    let scene = Scene::new();
    scene.other().await;
    let marker = json!({ "line": "readMarker", "roomId": "other", "userId": "zoe", "seq": 9 });
    let upload = json!({ "line": "upload", "uploadId": "u", "roomId": "other", "userId": "eve", "name": "f", "size": 1,
        "mimeType": "text/plain", "key": "k", "createdAt": 1 });
    let lines = [member("other", "eve", "owner"), ban("other", "zoe"), marker, upload, entry("other", 1, &joined())];
    for line in lines {
        let people = [room("ann"), member("r", "ann", "owner"), line.clone()];
        let refused = scene.import(&file(&people, 0)).await.unwrap_err();
        assert!(refused.starts_with("line 7: "), "{refused}");
        assert!(refused.contains("roomId: another room") || refused.contains("missing field"), "{line}: {refused}");
    }
    assert_eq!(scene.owners("other").await, ("zoe".into(), vec!["zoe".into()]));
    assert!(scene.stores.bans.of_room(&"other".into(), None, 100).await.unwrap().is_empty());
    assert!(scene.stores.rooms.lookup(&RoomRef("r".into())).await.unwrap().is_none(), "nothing of it is made");
}

#[tokio::test]
async fn a_file_that_says_to_be_a_room_which_is_here_changes_nobody_in_it() {
    let scene = Scene::new();
    let people = [room("ann"), member("r", "ann", "owner"), entry("r", 1, &joined())];
    scene.import(&file(&people, 1)).await.unwrap();
    let takeover = [room("eve"), member("r", "eve", "owner"), entry("r", 1, &joined())];
    assert!(scene.import(&file(&takeover, 1)).await.unwrap_err().starts_with("line 6: the room r is here already"));
    let banning = [room("ann"), member("r", "ann", "owner"), ban("r", "ben"), entry("r", 1, &joined())];
    assert!(scene.import(&file(&banning, 1)).await.unwrap_err().starts_with("line 7: the room r is here already"));
    let mut other = room("ann");
    other["code"] = "other".into();
    let shadow = [other, member("r", "ann", "owner")];
    assert!(scene.import(&file(&shadow, 0)).await.unwrap_err().contains("is here already"));
    assert_eq!(scene.owners("r").await, ("ann".into(), vec!["ann".into()]));
}

#[tokio::test]
async fn the_code_of_a_room_is_no_name_of_another() {
    let scene = Scene::new();
    scene.other().await;
    let mut shadow = room("ann");
    shadow["code"] = "other".into();
    let refused = scene.import(&file(&[shadow, member("r", "ann", "owner")], 0)).await.unwrap_err();
    assert!(refused.contains("the code other is another room's here"), "{refused}");
}

#[tokio::test]
async fn entries_with_a_gap_or_over_others_are_refused_before_they_are_written() {
    let scene = Scene::new();
    let people = [room("ann"), member("r", "ann", "owner")];
    let with = |entries: &[Value], last| file(&[&people[..], entries].concat(), last);
    let gap = with(&[entry("r", 1, &joined()), entry("r", 3, &joined())], 3);
    assert_eq!(scene.import(&gap).await.unwrap_err(), "line 8: seq: 2 was expected, entries come without a gap");
    scene.import(&with(&[entry("r", 1, &joined())], 1)).await.unwrap();
    let mut forged = entry("r", 1, &joined());
    forged["userId"] = "eve".into();
    let over = with(&[forged, entry("r", 2, &joined())], 2);
    assert!(scene.import(&over).await.unwrap_err().ends_with("the room has other entries here"));
    assert_eq!(scene.stores.logs.last_seq(&"r".into(), LogName::Room).await.unwrap(), 1);
}

#[tokio::test]
async fn a_timer_that_would_never_end_and_settings_out_of_range_are_refused() {
    let scene = Scene::new();
    let people = |settings: u64| [room("ann"), member("r", "ann", "owner"), entry("r", 1, &started(settings))];
    let refused = scene.import(&file(&people(4_000_000_000), 1)).await.unwrap_err();
    assert!(refused.starts_with("line 7: settings: lengths of the timer"), "{refused}");
    let mut crowded = room("ann");
    crowded["settings"]["capacity"] = 4_000_000_000_u64.into();
    let refused = scene.import(&file(&[crowded, member("r", "ann", "owner")], 0)).await.unwrap_err();
    assert!(refused.starts_with("line 5: settings: "), "{refused}");
}

#[tokio::test]
async fn so_many_lines_of_people_and_no_more() {
    let scene = Scene::new();
    let most = |most_people| ImportOptions { most_people, ..ImportOptions::default() };
    let people = [room("ann"), member("r", "ann", "owner"), member("r", "ben", "member"), ban("r", "eve")];
    let refused = scene.import_by(&file(&people, 0), most(2)).await.unwrap_err();
    assert_eq!(refused, "line 8: too many lines before the first entry");
    assert!(scene.stores.rooms.lookup(&RoomRef("r".into())).await.unwrap().is_none(), "nothing of it is made");
    scene.import_by(&file(&people, 0), most(3)).await.unwrap();
    assert_eq!(ImportOptions::default().most_people, 1_000_000);
}

#[tokio::test]
async fn a_room_in_use_takes_nothing_that_those_inside_would_see() {
    let scene = Scene::new();
    let people = [room("ann"), member("r", "ann", "owner"), member("r", "ben", "member")];
    let message = |id: &str| {
        let payload = json!({ "id": id, "senderName": "Ann", "text": "as if she had said it", "attachments": [] });
        json!({ "type": "message", "payload": payload })
    };
    let begin = [entry("r", 1, &joined()), entry("r", 2, &message("m1"))];
    let with = |entries: &[Value]| {
        let last = (begin.len() + entries.len()) as u64;
        file(&[&people[..], &begin, entries].concat(), last)
    };
    scene.import(&with(&[])).await.unwrap();
    let drawn = json!({ "line": "entry", "log": "board", "eventId": "d1", "roomId": "r", "seq": 1, "userId": "ann",
        "timestamp": 1, "type": "drawn", "payload": { "ops": [] } });
    let shown = [
        entry("r", 3, &message("m2")),
        entry("r", 3, &json!({ "type": "deleted", "payload": { "messageId": "m1" } })),
        entry("r", 3, &json!({ "type": "edited", "payload": { "messageId": "m1", "text": "no" } })),
        entry("r", 3, &started(4)),
        entry("r", 3, &json!({ "type": "role", "payload": { "target": "ben", "role": "owner" } })),
        drawn,
    ];
    for line in shown {
        let refused = scene.import(&with(std::slice::from_ref(&line))).await.unwrap_err();
        assert!(refused.contains("the room is in use here"), "{line}: {refused}");
    }
    let focused = json!({ "type": "focused", "payload": { "to": 9, "people": [{ "userId": "ann", "from": 1 }] } });
    scene.import(&with(&[entry("r", 3, &focused)])).await.unwrap();
    for (log, last) in [(LogName::Room, 3), (LogName::Board, 0)] {
        assert_eq!(scene.stores.logs.last_seq(&"r".into(), log).await.unwrap(), last);
    }
}
