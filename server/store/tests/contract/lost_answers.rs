//! MongoDB behind a network that fails: what is not answered may be stored, and is never stored
//! twice.

use crate::{
    chat::{deleted, said},
    engine::on_database,
    logs::message,
    proxy::{Network, Proxy},
};
use mongodb::options::{ClientOptions, ServerAddress};
use std::time::{Duration, Instant};
use studyrooms_domain::{
    log::{Draft, LogName},
    store::{Logs, StoreError},
};
use studyrooms_store::mongo::{Mongo, MongoConfig};

/// A store behind a proxy. Without `directConnection` the driver would go round it, to the address
/// that a replica set gives itself.
async fn behind_proxy(config: MongoConfig) -> (Mongo, Proxy) {
    let mut options = ClientOptions::parse(&config.uri).await.unwrap();
    let ServerAddress::Tcp { host, port } = options.hosts.remove(0) else { panic!("no TCP in {}", config.uri) };
    let server = format!("{host}:{}", port.unwrap_or(27017));
    let proxy = Proxy::to(server).await;
    let credentials = config.uri.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@'));
    let credentials = credentials.map_or(String::new(), |(user, _)| format!("{user}@"));
    let uri = format!("mongodb://{credentials}{}/?directConnection=true&serverSelectionTimeoutMS=1000", proxy.address);
    (Mongo::connect(MongoConfig { uri, ..config }).await.unwrap(), proxy)
}

fn batch(round: usize) -> Vec<Draft> {
    (0..3).map(|n| message("ann", &format!("{round}.{n}"))).collect()
}

/// All events of `rounds` are there once, in order, without a hole.
async fn complete(store: &Mongo, rounds: usize) {
    let entries = store.after(&"r".into(), LogName::Room, 0, 10_000).await.unwrap();
    let expected: Vec<(u64, String)> = (0..rounds)
        .flat_map(|round| batch(round).into_iter().map(|draft| draft.event_id.0))
        .enumerate()
        .map(|(index, event)| (index as u64 + 1, event))
        .collect();
    let found: Vec<(u64, String)> = entries.into_iter().map(|entry| (entry.seq, entry.event_id.0)).collect();
    assert_eq!(found, expected);
}

// SPEC 1.8
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_stored_without_an_answer_is_found_by_its_event() {
    on_database(async |config| {
        let (store, proxy) = behind_proxy(config).await;
        let mut unanswered = 0;
        for round in 0..12 {
            if round % 3 == 1 {
                proxy.is_now(Network::AnswersLost);
                let outcome = store.append(&"r".into(), LogName::Room, batch(round)).await;
                assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
                unanswered += 1;
                proxy.is_now(Network::Up);
            }
            let appended = store.append(&"r".into(), LogName::Room, batch(round)).await.unwrap();
            let seqs: Vec<u64> = appended.iter().map(|appended| appended.entry.seq).collect();
            let first = round as u64 * 3 + 1;
            assert_eq!(seqs, [first, first + 1, first + 2]);
        }
        assert_eq!(unanswered, 4);
        complete(&store, 12).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stalls_is_unavailable_in_bounded_time() {
    on_database(async |config| {
        let (store, proxy) = behind_proxy(config).await;
        store.append(&"r".into(), LogName::Room, batch(0)).await.unwrap();
        proxy.is_now(Network::Stalled);
        let started = Instant::now();
        let outcome = store.append(&"r".into(), LogName::Room, batch(1)).await;
        assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
        assert!(started.elapsed() < Duration::from_secs(11));
        proxy.is_now(Network::Up);
        store.append(&"r".into(), LogName::Room, batch(1)).await.unwrap();
        complete(&store, 2).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deletion_without_an_answer_is_settled_by_what_is_said_next() {
    on_database(async |config| {
        let (store, proxy) = behind_proxy(config).await;
        let append = async |drafts| store.append(&"r".into(), LogName::Room, drafts).await;
        for round in 0..4 {
            let id = format!("m{round}");
            append(vec![said("ann", &id, "secret")]).await.unwrap();
            let deletion = deleted(&format!("d{round}"), &id);
            proxy.is_now(Network::AnswersLost);
            assert!(append(vec![deletion.clone()]).await.is_err());
            proxy.is_now(Network::Up);
            let next = append(vec![message("bob", &format!("next{round}"))]).await.unwrap();
            let log = store.after(&"r".into(), LogName::Room, 0, 100).await.unwrap();
            let stored = log.iter().any(|entry| entry.event_id == deletion.event_id);
            let found = store.search(&"r".into(), &["secret".into()], None, 9).await.unwrap().len();
            assert_eq!((found == 0, next[0].entry.seq), (stored, log.len() as u64));
            assert_eq!(append(vec![deletion]).await.unwrap()[0].fresh, !stored);
            assert!(store.search(&"r".into(), &["secret".into()], None, 9).await.unwrap().is_empty());
            let log = store.after(&"r".into(), LogName::Room, 0, 100).await.unwrap();
            assert!(!serde_json::to_string(&log).unwrap().contains("secret"));
        }
    })
    .await;
}
