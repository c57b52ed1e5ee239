//! A master with two replicas, and three sentinels that want a password too.

use crate::{
    node::{Authority, Node, PASSWORD, until},
    server::Server,
};
use std::collections::HashMap;

pub struct Watched {
    pub servers: Vec<Node>,
    sentinels: Vec<Node>,
    tls: bool,
}

impl Watched {
    /// Answers once the sentinels know each other and the replicas.
    pub fn start(tls: Option<&Authority>) -> Self {
        let master = Node::start(Server::free_port(), &[], tls, false);
        let following = [format!("replicaof 127.0.0.1 {}", master.port)];
        let replicas = [(); 2].map(|()| Node::start(Server::free_port(), &following, tls, false));
        for replica in &replicas {
            until("a replica follows", || replica.info("replication", "master_link_status:up"));
        }
        let watching = [
            format!("sentinel monitor rooms 127.0.0.1 {} 2", master.port),
            format!("sentinel auth-pass rooms {PASSWORD}"),
            format!("sentinel sentinel-pass {PASSWORD}"),
            "sentinel down-after-milliseconds rooms 1000".to_owned(),
            "sentinel failover-timeout rooms 4000".to_owned(),
        ];
        let sentinels = [(); 3].map(|()| Node::start(Server::free_port(), &watching, tls, true));
        let watched = Self {
            servers: [master].into_iter().chain(replicas).collect(),
            sentinels: sentinels.into(),
            tls: tls.is_some(),
        };
        for sentinel in &watched.sentinels {
            until("the sentinels know all", || {
                let told: Option<HashMap<String, String>> = sentinel.ask("SENTINEL", &["MASTER", "rooms"]);
                told.is_some_and(|told| told["num-slaves"] == "2" && told["num-other-sentinels"] == "2")
            });
        }
        watched
    }

    pub fn url(&self) -> String {
        let scheme = if self.tls { "rediss" } else { "redis" };
        let sentinels: Vec<String> = self.sentinels.iter().map(|node| format!("127.0.0.1:{}", node.port)).collect();
        format!("{scheme}+sentinel://:{PASSWORD}@{}/rooms", sentinels.join(","))
    }
}
