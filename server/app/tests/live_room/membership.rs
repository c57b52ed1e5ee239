//! Memberships that begin while the log ends them.

use crate::scene::{START, Scene};
use std::sync::{Arc, Mutex};
use studyrooms_app::{app::Stores, membership::become_member};
use studyrooms_domain::{
    chat::ReadMarker,
    log::{Draft, EntryBody, LogName},
    store::{Logs, ReadMarkers, Rooms, Stored},
    system::Clock,
};
use studyrooms_protocol::{
    Seq, Timestamp,
    ids::{RoomId, UserId},
    rooms::Role,
};

const ROOM: &str = "r";

struct AtStart;

impl Clock for AtStart {
    fn now(&self) -> Timestamp {
        START
    }
}

fn draft(event: usize, timestamp: Timestamp, body: EntryBody) -> Draft {
    Draft { event_id: format!("end-{event}").into(), user_id: "mod".into(), timestamp, body }
}

async fn write(logs: &dyn Logs, rooms: &dyn Rooms, drafts: Vec<Draft>) -> Stored<()> {
    for appended in logs.append(&ROOM.into(), LogName::Room, drafts).await? {
        rooms.project(&appended.entry).await?;
    }
    Ok(())
}

/// Real markers; when the first one is moved, others write to the log: between the look at it and the record.
struct Meanwhile {
    stores: Stores,
    drafts: Mutex<Vec<Draft>>,
}

#[async_trait::async_trait]
impl ReadMarkers for Meanwhile {
    async fn advance(&self, room_id: &RoomId, user_id: &UserId, seq: Seq) -> Stored<Seq> {
        let drafts = std::mem::take(&mut *self.drafts.lock().unwrap());
        write(&*self.stores.logs, &*self.stores.rooms, drafts).await?;
        self.stores.read_markers.advance(room_id, user_id, seq).await
    }

    async fn of_user(&self, user_id: &UserId, room_ids: &[RoomId]) -> Stored<Vec<ReadMarker>> {
        self.stores.read_markers.of_user(user_id, room_ids).await
    }

    async fn of_people(&self, room_id: &RoomId, user_ids: &[UserId]) -> Stored<Vec<ReadMarker>> {
        self.stores.read_markers.of_people(room_id, user_ids).await
    }

    async fn furthest(&self, room_id: &RoomId, limit: usize) -> Stored<Vec<ReadMarker>> {
        self.stores.read_markers.furthest(room_id, limit).await
    }
}

/// Since when `gus` is a member, who becomes one while `drafts` are written; as it is said and as it is listed.
async fn since(scene: &Scene, role: Role, drafts: Vec<Draft>) -> Timestamp {
    let meanwhile = Meanwhile { stores: scene.stores.clone(), drafts: Mutex::new(drafts) };
    let stores = Stores { read_markers: Arc::new(meanwhile), ..scene.stores.clone() };
    let since = become_member(&stores, &AtStart, &ROOM.into(), &"gus".into(), role).await.unwrap();
    let listed = scene.stores.rooms.member(&ROOM.into(), &"gus".into()).await.unwrap().unwrap();
    assert_eq!((listed.joined_at, listed.role), (since, role));
    since
}

#[tokio::test]
async fn a_guest_who_comes_while_all_are_removed_comes_behind_that() {
    let removed = || EntryBody::GuestsRemoved { reason: None };
    for at in [START, START + 40] {
        let scene = Scene::new().await;
        assert_eq!(since(&scene, Role::Guest, vec![draft(0, at, removed())]).await, at + 1);
    }
    let scene = Scene::new().await;
    assert_eq!(since(&scene, Role::Member, vec![draft(0, START + 40, removed())]).await, START, "no guest");
    let scene = Scene::new().await;
    assert_eq!(since(&scene, Role::Guest, vec![draft(0, START - 1, removed())]).await, START, "before");
}

#[tokio::test]
async fn who_goes_on_one_tab_and_comes_on_another_is_no_member_by_halves() {
    let scene = Scene::new().await;
    let of = |who: &str| EntryBody::Resigned { target: who.into() };
    let mut drafts: Vec<Draft> = (0..250).map(|n| draft(n, START + 9, of(&format!("other-{n}")))).collect();
    drafts.push(draft(250, START + 5, of("gus")));
    assert_eq!(since(&scene, Role::Member, drafts).await, START + 6);
}

#[tokio::test]
async fn a_membership_begins_behind_what_a_faster_clock_wrote() {
    let scene = Scene::new().await;
    let removal = draft(0, START + 1_500, EntryBody::GuestsRemoved { reason: None });
    write(&*scene.stores.logs, &*scene.stores.rooms, vec![removal]).await.unwrap();
    assert_eq!(since(&scene, Role::Guest, vec![]).await, START + 1_501);
}
