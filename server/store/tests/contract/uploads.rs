use crate::engine::{Engine, on_every_engine};
use studyrooms_domain::{
    files::{Upload, Used},
    store::Uploads,
};
use studyrooms_protocol::files::Thumbnail;

on_every_engine!(
    an_upload_comes_back_as_it_was,
    it_is_announced_once,
    what_waits_too_long_is_doomed,
    the_doomed_stay_until_they_are_forgotten,
    uploads_are_of_one_room,
    an_upload_is_found_by_the_key_of_its_object,
    what_is_used_adds_up,
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
        multipart: Some("m1".into()),
        thumbnail: Some(Thumbnail { size: 900, mime_type: "image/webp".into() }),
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

async fn what_waits_too_long_is_doomed(engine: Engine) {
    for (id, created_at) in [("c", 30), ("a", 10), ("b", 20), ("d", 40)] {
        engine.store.add_upload(upload(id, "r", created_at)).await;
    }
    engine.store.mark_announced("b", 50).await.unwrap();
    assert_eq!(engine.store.doom_unannounced(10).await.unwrap(), 0);
    assert_eq!(engine.store.doom_unannounced(40).await.unwrap(), 2);
    assert_eq!(engine.store.doom_unannounced(40).await.unwrap(), 0, "they are already");
    assert_eq!(engine.store.doomed_ids(10).await, ["a", "c"]);
    assert_eq!(engine.store.doomed_ids(1).await, ["a"]);
    assert_eq!(engine.store.doomed_ids(0).await, [""; 0]);
    for id in ["b", "d"] {
        assert!(engine.store.upload(id).await.is_some(), "{id}");
    }
}

async fn the_doomed_stay_until_they_are_forgotten(engine: Engine) {
    for id in ["a", "b"] {
        engine.store.add_upload(upload(id, "r", 1)).await;
        engine.store.mark_announced(id, 7).await.unwrap();
    }
    for (id, doomed) in [("a", true), ("a", false), ("none", false)] {
        assert_eq!(engine.store.doom(id).await.unwrap(), doomed, "{id}");
    }
    assert_eq!(engine.store.upload("a").await, None);
    assert_eq!(Uploads::of_room(&*engine.store, &"r".into()).await.unwrap().len(), 1);
    engine.store.add_upload(upload("c", "r", 1)).await;
    engine.store.doom("c").await.unwrap();
    assert!(!engine.store.mark_announced("c", 8).await.unwrap(), "what is doomed is not announced");
    let engine = engine.reopened().await;
    assert_eq!(engine.store.doomed_ids(10).await, ["a", "c"]);
    for id in ["a", "b", "none"] {
        engine.store.forget(id).await.unwrap();
    }
    assert_eq!(engine.store.doomed_ids(10).await, ["c"]);
    assert!(engine.store.upload("b").await.is_some(), "what is not doomed is not forgotten");
    engine.store.add_upload(upload("c", "q", 2)).await;
    assert_eq!(engine.store.upload("c").await, Some(upload("c", "q", 2)), "what is doomed gives way");
    assert_eq!(engine.store.doomed_ids(10).await, [""; 0]);
}

async fn uploads_are_of_one_room(engine: Engine) {
    for (id, room, created_at) in [("a", "r", 2), ("b", "q", 3), ("c", "r", 1)] {
        engine.store.add_upload(upload(id, room, created_at)).await;
    }
    let found = Uploads::of_room(&*engine.store, &"r".into()).await.unwrap();
    assert_eq!(found, [upload("c", "r", 1), upload("a", "r", 2)]);
}

async fn an_upload_is_found_by_the_key_of_its_object(engine: Engine) {
    for id in ["a", "b"] {
        engine.store.add_upload(upload(id, "r", 1)).await;
    }
    engine.store.doom("b").await.unwrap();
    let found = async |key: &str| engine.store.by_key(key).await.unwrap();
    assert_eq!(found("objects/a").await, Some(upload("a", "r", 1)));
    assert_eq!((found("objects/b").await, found("objects/c").await), (None, None));
}

async fn what_is_used_adds_up(engine: Engine) {
    let of = |id: &str, room: &str, user: &str, size| Upload { user_id: user.into(), size, ..upload(id, room, 1) };
    let (gib, small) = (1 << 30, 900);
    for (id, room, user, size) in
        [("a", "r", "ann", 5 * gib), ("b", "r", "ben", 7), ("c", "q", "ann", 9), ("d", "r", "ann", 1)]
    {
        engine.store.add_upload(of(id, room, user, size)).await;
    }
    engine.store.mark_announced("a", 1).await.unwrap();
    engine.store.doom("d").await.unwrap();
    let used = async |room: &str, user: &str| engine.store.used(&room.into(), &user.into()).await.unwrap();
    assert_eq!(
        used("r", "ann").await,
        Used { room: 5 * gib + 7 + 2 * small, user: 5 * gib + 9 + 2 * small, room_files: 2, user_files: 2 }
    );
    assert_eq!(used("q", "ben").await, Used { room: 9 + small, user: 7 + small, room_files: 1, user_files: 1 });
    assert_eq!(used("none", "eve").await, Used::default());
}

/// Short names for what these cases do all the time.
trait Short {
    async fn add_upload(&self, upload: Upload);
    async fn upload(&self, id: &str) -> Option<Upload>;
    async fn doomed_ids(&self, limit: usize) -> Vec<String>;
}

impl Short for dyn crate::engine::Store {
    async fn add_upload(&self, upload: Upload) {
        Uploads::add(self, upload).await.unwrap();
    }

    async fn upload(&self, id: &str) -> Option<Upload> {
        Uploads::lookup(self, id).await.unwrap()
    }

    async fn doomed_ids(&self, limit: usize) -> Vec<String> {
        let doomed = self.doomed(limit).await.unwrap();
        doomed.into_iter().map(|upload| upload.upload_id).collect()
    }
}
