//! Files of a room: what is believed, what is swept, and what goes with the room.

use crate::scene::Scene;
use studyrooms_app::files::{Swept, sweep_uploads};
use studyrooms_domain::files::{IDLE_FOR_MS, Objects, Upload};

const DAY: u64 = IDLE_FOR_MS;

/// An upload in parts is begun: something of it is there, and no object yet.
async fn begun(scene: &Scene, id: &str, created_at: u64) -> Upload {
    let key = format!("key-of-{id}");
    let multipart = scene.objects.begin_parts(&key, "text/plain").await.unwrap();
    let upload = Upload {
        upload_id: id.into(),
        room_id: "r".into(),
        user_id: "ann".into(),
        key,
        name: "notes.txt".into(),
        size: 7,
        mime_type: "text/plain".into(),
        multipart: Some(multipart),
        thumbnail: None,
        created_at,
        announced_at: None,
    };
    scene.stores.uploads.add(upload.clone()).await.unwrap();
    upload
}

async fn is_there(scene: &Scene, upload: &Upload) -> bool {
    scene.objects.parts(&upload.key, upload.multipart.as_ref().unwrap()).await.unwrap().is_some()
}

// SPEC 7.6
#[tokio::test]
async fn what_is_never_announced_is_swept_after_a_day() {
    let scene = Scene::new().await;
    let old = begun(&scene, "old", 1).await;
    let young = begun(&scene, "young", DAY).await;
    let announced = begun(&scene, "announced", 1).await;
    scene.stores.uploads.mark_announced("announced", 2).await.unwrap();
    let sweep = async |now| sweep_uploads(&scene.stores, &*scene.objects, now).await.unwrap();
    assert_eq!(sweep(DAY).await, Swept::default());
    assert_eq!(sweep(DAY + 2).await, Swept { abandoned: 1, deleted: 1, forgotten: 1 });
    assert!(!is_there(&scene, &old).await && is_there(&scene, &young).await && is_there(&scene, &announced).await);
    assert_eq!(sweep(DAY + 2).await, Swept::default());
}

// SPEC 7.6
#[tokio::test]
async fn what_is_taken_away_stays_doomed_while_its_signature_may_last() {
    let scene = Scene::new().await;
    let upload = begun(&scene, "a", DAY).await;
    scene.stores.uploads.doom("a").await.unwrap();
    let sweep = async |now| sweep_uploads(&scene.stores, &*scene.objects, now).await.unwrap();
    assert_eq!(sweep(DAY + 1).await, Swept { abandoned: 0, deleted: 1, forgotten: 0 });
    assert!(!is_there(&scene, &upload).await);
    assert_eq!(sweep(2 * DAY + 1).await, Swept { abandoned: 0, deleted: 1, forgotten: 1 });
    assert!(scene.stores.uploads.doomed(10).await.unwrap().is_empty());
}

// SPEC 7.6
#[tokio::test]
async fn objects_go_with_their_room() {
    let scene = Scene::new().await;
    let upload = begun(&scene, "a", DAY).await;
    scene.stores.uploads.mark_announced("a", DAY).await.unwrap();
    scene.stores.rooms.remove(&"r".into()).await.unwrap();
    assert!(scene.stores.uploads.lookup("a").await.unwrap().is_none());
    sweep_uploads(&scene.stores, &*scene.objects, DAY + 1).await.unwrap();
    assert!(!is_there(&scene, &upload).await);
}
