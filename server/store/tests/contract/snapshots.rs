use crate::engine::{Engine, on_every_engine};
use studyrooms_domain::store::Snapshot;
use studyrooms_protocol::board::Element;

on_every_engine!(a_snapshot_comes_back_as_it_was, an_older_one_never_replaces_a_newer);

fn snapshot(seq: u64) -> Snapshot {
    let json = format!(
        r##"{{"id":"s{seq}","kind":"stroke","points":[[0.1,-2],[3,4,0.5]],"color":"#123456","width":2.5,"z":1,"by":"ann"}}"##
    );
    Snapshot { seq, elements: vec![serde_json::from_str::<Element>(&json).unwrap()] }
}

async fn a_snapshot_comes_back_as_it_was(engine: Engine) {
    assert_eq!(engine.store.latest(&"r".into()).await.unwrap(), None);
    engine.store.put(&"r".into(), snapshot(7), 1).await.unwrap();
    let engine = engine.reopened();
    assert_eq!(engine.store.latest(&"r".into()).await.unwrap(), Some(snapshot(7)));
    assert_eq!(engine.store.latest(&"other".into()).await.unwrap(), None);
}

async fn an_older_one_never_replaces_a_newer(engine: Engine) {
    for seq in [7, 5, 8, 8, 3] {
        engine.store.put(&"r".into(), snapshot(seq), 1).await.unwrap();
    }
    assert_eq!(engine.store.latest(&"r".into()).await.unwrap(), Some(snapshot(8)));
}
