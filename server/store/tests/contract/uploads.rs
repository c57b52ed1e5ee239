use crate::engine::{Engine, on_every_engine};
use studyrooms_domain::{files::Upload, store::Uploads};

on_every_engine!(
    an_upload_comes_back_as_it_was,
    it_is_announced_once,
    what_waits_too_long_is_listed_the_oldest_first,
    what_was_announced_is_not_removed,
    uploads_are_of_one_room,
);

pub fn upload(id: &str, room: &str, created_at: u64) -> Upload {
    Upload {
        upload_id: id.into(),
        room_id: room.into(),
        user_id: "ann".into(),
        key: format!("objects/{id}"),
        name: "Übung 1/2 \"λ\".pdf".into(),
        size: 5_000_000_000,
        mime_type: "application/pdf".into(),
        created_at,
        announced_at: None,
    }
}

async fn an_upload_comes_back_as_it_was(engine: Engine) {
    engine.store.add_upload(upload("a", "r", 1)).await;
    let engine = engine.reopened().await;
    assert_eq!(engine.store.upload("a").await, Some(upload("a", "r", 1)));
    assert_eq!(engine.store.upload("b").await, None);
}

async fn it_is_announced_once(engine: Engine) {
    engine.store.add_upload(upload("a", "r", 1)).await;
    assert!(engine.store.mark_announced("a", 7).await.unwrap());
    assert!(!engine.store.mark_announced("a", 8).await.unwrap());
    assert!(!engine.store.mark_announced("b", 8).await.unwrap());
    assert_eq!(engine.store.upload("a").await.unwrap().announced_at, Some(7));
}

async fn what_waits_too_long_is_listed_the_oldest_first(engine: Engine) {
    for (id, created_at) in [("c", 30), ("a", 10), ("b", 20), ("d", 40)] {
        engine.store.add_upload(upload(id, "r", created_at)).await;
    }
    engine.store.mark_announced("b", 50).await.unwrap();
    let ids = async |before, limit| -> Vec<String> {
        let found = engine.store.unannounced(before, limit).await.unwrap();
        found.into_iter().map(|upload| upload.upload_id).collect()
    };
    assert_eq!(ids(40, 10).await, ["a", "c"]);
    assert_eq!(ids(41, 2).await, ["a", "c"]);
    assert_eq!(ids(10, 10).await, [""; 0]);
    assert_eq!(ids(99, 0).await, [""; 0]);
}

async fn what_was_announced_is_not_removed(engine: Engine) {
    engine.store.add_upload(upload("a", "r", 1)).await;
    engine.store.add_upload(upload("b", "r", 1)).await;
    engine.store.mark_announced("a", 7).await.unwrap();
    for (id, gone) in [("a", false), ("b", true), ("b", false)] {
        assert_eq!(Uploads::remove(&*engine.store, id).await.unwrap(), gone);
    }
    assert!(engine.store.upload("a").await.is_some());
    assert_eq!(engine.store.upload("b").await, None);
}

async fn uploads_are_of_one_room(engine: Engine) {
    for (id, room, created_at) in [("a", "r", 2), ("b", "q", 3), ("c", "r", 1)] {
        engine.store.add_upload(upload(id, room, created_at)).await;
    }
    let found = Uploads::of_room(&*engine.store, &"r".into()).await.unwrap();
    assert_eq!(found, [upload("c", "r", 1), upload("a", "r", 2)]);
}

/// Short names for what these cases do all the time.
trait Short {
    async fn add_upload(&self, upload: Upload);
    async fn upload(&self, id: &str) -> Option<Upload>;
}

impl Short for dyn crate::engine::Store {
    async fn add_upload(&self, upload: Upload) {
        Uploads::add(self, upload).await.unwrap();
    }

    async fn upload(&self, id: &str) -> Option<Upload> {
        Uploads::lookup(self, id).await.unwrap()
    }
}
