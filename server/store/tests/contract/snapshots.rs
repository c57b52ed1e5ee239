use crate::engine::{Engine, on_every_engine};
use studyrooms_domain::store::Snapshot;
use studyrooms_protocol::board::Element;

on_every_engine!(
    a_snapshot_comes_back_as_it_was,
    an_older_one_never_replaces_a_newer,
    an_empty_board_has_a_snapshot_too,
    a_board_larger_than_a_document_comes_back_in_order,
);

pub fn snapshot(seq: u64) -> Snapshot {
    let json = format!(
        r##"{{"id":"s{seq}","kind":"stroke","points":[[0.1,-2],[3,4,0.5]],"color":"#123456","width":2.5,"z":1,"by":"ann"}}"##
    );
    Snapshot { seq, elements: vec![serde_json::from_str::<Element>(&json).unwrap()] }
}

async fn a_snapshot_comes_back_as_it_was(engine: Engine) {
    assert_eq!(engine.store.latest(&"r".into()).await.unwrap(), None);
    engine.store.put(&"r".into(), snapshot(7), 1).await.unwrap();
    let engine = engine.reopened().await;
    assert_eq!(engine.store.latest(&"r".into()).await.unwrap(), Some(snapshot(7)));
    assert_eq!(engine.store.latest(&"other".into()).await.unwrap(), None);
}

async fn an_older_one_never_replaces_a_newer(engine: Engine) {
    for seq in [7, 5, 8, 8, 3] {
        engine.store.put(&"r".into(), snapshot(seq), 1).await.unwrap();
    }
    assert_eq!(engine.store.latest(&"r".into()).await.unwrap(), Some(snapshot(8)));
}

async fn an_empty_board_has_a_snapshot_too(engine: Engine) {
    engine.store.put(&"r".into(), snapshot(7), 1).await.unwrap();
    let empty = Snapshot { seq: 8, elements: vec![] };
    engine.store.put(&"r".into(), empty.clone(), 2).await.unwrap();
    assert_eq!(engine.store.latest(&"r".into()).await.unwrap(), Some(empty));
}

/// MongoDB takes 16 MB a document; this is 21 MB there.
async fn a_board_larger_than_a_document_comes_back_in_order(engine: Engine) {
    let mut stroke = snapshot(1).elements.remove(0);
    let points = stroke.points.take().unwrap();
    stroke.points = Some(points.iter().copied().cycle().take(10_000).collect());
    let elements: Vec<Element> = (0..60).map(|n| Element { id: format!("s{n}").into(), ..stroke.clone() }).collect();
    let large = Snapshot { seq: 9, elements };
    engine.store.put(&"r".into(), large.clone(), 1).await.unwrap();
    assert!(engine.store.latest(&"r".into()).await.unwrap() == Some(large));
    engine.store.put(&"r".into(), snapshot(10), 2).await.unwrap();
    assert_eq!(engine.store.latest(&"r".into()).await.unwrap(), Some(snapshot(10)));
}
