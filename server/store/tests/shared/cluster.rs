//! A cluster of three masters, with a replica for each where it must outlive one.

use crate::{
    node::{Authority, Node, PASSWORD, until},
    server::Server,
};

pub struct Cluster {
    pub nodes: Vec<Node>,
    tls: bool,
}

impl Cluster {
    /// Answers once each node knows all others and all slots are served.
    pub fn start(replicas: bool, tls: Option<&Authority>) -> Self {
        let size = if replicas { 6 } else { 3 };
        let start = |_| {
            let lines = [
                "cluster-enabled yes".to_owned(),
                format!("cluster-port {}", Server::free_port()),
                "cluster-node-timeout 1000".to_owned(),
            ];
            let bus = lines[1].rsplit(' ').next().unwrap().to_owned();
            (Node::start(Server::free_port(), &lines, tls, false), bus)
        };
        let (nodes, buses): (Vec<Node>, Vec<String>) = (0..size).map(start).unzip();
        for (index, (first, last)) in [("0", "5460"), ("5461", "10922"), ("10923", "16383")].into_iter().enumerate() {
            nodes[index].ask::<String>("CLUSTER", &["ADDSLOTSRANGE", first, last]).unwrap();
        }
        for (index, (node, bus)) in nodes.iter().zip(&buses).enumerate() {
            node.ask::<String>("CLUSTER", &["SET-CONFIG-EPOCH", &(index + 1).to_string()]).unwrap();
            if index > 0 {
                let meeting = ["MEET", "127.0.0.1", &node.port.to_string(), bus];
                nodes[0].ask::<String>("CLUSTER", &meeting).unwrap();
            }
        }
        let cluster = Self { nodes, tls: tls.is_some() };
        cluster.until_told(&format!("cluster_known_nodes:{size}"));
        for (index, replica) in cluster.nodes.iter().enumerate().skip(3) {
            let master: String = cluster.nodes[index - 3].ask("CLUSTER", &["MYID"]).unwrap();
            until("a node knows its master", || replica.ask::<String>("CLUSTER", &["REPLICATE", &master]).is_some());
        }
        for replica in &cluster.nodes[3..] {
            until("a replica follows", || replica.info("replication", "master_link_status:up"));
        }
        cluster.until_told("cluster_state:ok");
        until("all see the replicas", || {
            let slots: Vec<Vec<redis::Value>> = cluster.nodes[0].ask("CLUSTER", &["SLOTS"]).unwrap();
            slots.iter().all(|range| range.len() == 2 + size / 3)
        });
        cluster
    }

    fn until_told(&self, line: &str) {
        for node in &self.nodes {
            until(line, || {
                node.ask::<String>("CLUSTER", &["INFO"]).is_some_and(|info| info.lines().any(|l| l == line))
            });
        }
    }

    /// By two of its masters.
    pub fn url(&self) -> String {
        let scheme = if self.tls { "rediss" } else { "redis" };
        format!("{scheme}+cluster://:{PASSWORD}@127.0.0.1:{},127.0.0.1:{}", self.nodes[1].port, self.nodes[2].port)
    }
}
