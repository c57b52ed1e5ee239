use crate::engine::{Engine, on_every_engine};
use std::sync::Arc;
use studyrooms_domain::store::{Rooms, Snapshot};
use studyrooms_protocol::{
    board::{Element, Point},
    rooms::Role,
};

on_every_engine!(
    a_snapshot_comes_back_as_it_was,
    an_older_one_never_replaces_a_newer,
    an_empty_board_has_a_snapshot_too,
    a_board_larger_than_a_document_comes_back_in_order,
    kept_ones_stay_beside_the_newest_each_in_its_place,
    a_room_that_goes_takes_its_kept_ones_along,
);

pub fn snapshot(seq: u64) -> Snapshot {
    let json = format!(
        r##"{{"id":"s{seq}","kind":"stroke","points":[[0.1,-2],[3,4,0.5]],"color":"#123456","width":2.5,"z":1,"by":"ann"}}"##
    );
    let elements = vec![Arc::new(serde_json::from_str::<Element>(&json).unwrap())];
    Snapshot { seq, elements, log_bytes: Some(seq * 100) }
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
    let empty = Snapshot { seq: 8, elements: vec![], log_bytes: None };
    engine.store.put(&"r".into(), empty.clone(), 2).await.unwrap();
    assert_eq!(engine.store.latest(&"r".into()).await.unwrap(), Some(empty));
}

/// MongoDB takes 16 MB a document; this is 20 MB there.
async fn a_board_larger_than_a_document_comes_back_in_order(engine: Engine) {
    let mut stroke = Element::clone(&snapshot(1).elements[0]);
    // No two numbers alike, and none of them a short decimal: kept bit by bit.
    let points = (0..10_000u32).map(|n| Point { x: f64::from(n).sqrt(), y: f64::from(n).cbrt(), pressure: Some(0.5) });
    stroke.points = Some(points.collect());
    let numbered = |n: u32| Arc::new(Element { id: format!("s{n}").into(), ..stroke.clone() });
    let elements: Vec<Arc<Element>> = (0..60).map(numbered).collect();
    let large = Snapshot { seq: 9, elements, log_bytes: None };
    engine.store.put(&"r".into(), large.clone(), 1).await.unwrap();
    assert!(engine.store.latest(&"r".into()).await.unwrap() == Some(large));
    engine.store.put(&"r".into(), snapshot(10), 2).await.unwrap();
    assert_eq!(engine.store.latest(&"r".into()).await.unwrap(), Some(snapshot(10)));
}

async fn kept_ones_stay_beside_the_newest_each_in_its_place(engine: Engine) {
    let store = &engine.store;
    for seq in [5, 3] {
        store.keep(&"r".into(), snapshot(seq), 1).await.unwrap();
    }
    for seq in [4, 9] {
        store.put(&"r".into(), snapshot(seq), 1).await.unwrap();
    }
    // The board of a place is one and the same: the first stays.
    store.keep(&"r".into(), Snapshot { seq: 5, elements: vec![], log_bytes: None }, 2).await.unwrap();
    let engine = engine.reopened().await;
    let kept = engine.store.kept(&"r".into(), 5).await.unwrap().unwrap();
    assert_eq!((kept.seq, kept.elements), (5, snapshot(5).elements));
    assert_eq!(engine.store.kept(&"r".into(), 4).await.unwrap(), None);
    assert_eq!(engine.store.kept(&"other".into(), 5).await.unwrap(), None);
    let sizes = engine.store.kept_sizes(&"r".into()).await.unwrap();
    assert_eq!(sizes.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [3, 5]);
    assert!(sizes.iter().all(|(_, bytes)| (80..400).contains(bytes)), "{sizes:?}");
    assert_eq!(engine.store.latest(&"r".into()).await.unwrap(), Some(snapshot(9)));
}

async fn a_room_that_goes_takes_its_kept_ones_along(engine: Engine) {
    let store = &engine.store;
    let owner = crate::rooms::member("r", "ann", Role::Owner, 1);
    assert!(Rooms::add(&**store, crate::rooms::room("r", "abc-defg-hjk"), owner).await.unwrap());
    store.keep(&"r".into(), snapshot(5), 1).await.unwrap();
    assert!(Rooms::remove(&**store, &"r".into()).await.unwrap());
    assert_eq!(store.kept(&"r".into(), 5).await.unwrap(), None);
    assert!(store.kept_sizes(&"r".into()).await.unwrap().is_empty());
}
