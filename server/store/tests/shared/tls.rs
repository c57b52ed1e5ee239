//! Redis by TLS, with authorities of one's own.

use crate::{
    node::{Authority, Node, PASSWORD},
    server::Server,
};
use studyrooms_domain::reachable::Reachable;
use studyrooms_store::redis::{ConnectError, Redis};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_those_signed_by_the_authority_are_believed() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let node = Node::start(Server::free_port(), &[], Some(&authority), false);
    for host in ["localhost", "127.0.0.1"] {
        let url = format!("rediss://:{PASSWORD}@{host}:{}", node.port);
        Redis::connect_trusting(&url, authority.pem.clone()).await.unwrap().reach().await.unwrap();
        for refused in [Redis::connect(&url).await, Redis::connect_trusting(&url, stranger.pem.clone()).await] {
            let error = refused.err().unwrap();
            assert!(matches!(error, ConnectError::Unreachable(_)), "{error}");
            assert!(error.to_string().contains("certificate"), "{error}");
            assert!(!error.to_string().contains(PASSWORD), "{error}");
        }
    }
}

#[tokio::test]
async fn a_file_without_authorities_is_refused() {
    for rubbish in ["", "rubbish", "-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n"] {
        let error = Redis::connect_trusting("rediss://localhost:1", rubbish.into()).await.err().unwrap();
        assert!(matches!(error, ConnectError::BadAuthorities(_)), "{error}");
    }
}
