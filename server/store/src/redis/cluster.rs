//! A cluster: each command goes to the node that has its key; channels are received on all of them.

use super::{ANSWER_WITHIN, CONNECT_WITHIN, trust::Trust};
use redis::{
    Client, ConnectionAddr, ConnectionInfo, Pipeline, RedisError, RedisResult, Value,
    cluster::ClusterClientBuilder,
    cluster_async::ClusterConnection,
    cluster_routing::{Route, SingleNodeRoutingInfo, SlotAddr},
};
use std::{
    hash::{BuildHasher, Hasher, RandomState},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// How often a command is sent, where the cluster says that its key is elsewhere or a node is gone.
const TRIES: u32 = 3;
/// All that an instance tells goes through the node that has this slot: between several the order
/// would be lost.
const SPEAKING: u16 = 0;

#[derive(Clone)]
pub(super) struct Cluster {
    pub(super) connection: ClusterConnection,
    seeds: Arc<[ConnectionInfo]>,
    trust: Trust,
    round: Arc<AtomicUsize>,
}

impl Cluster {
    pub(super) async fn connect(seeds: Vec<ConnectionInfo>, trust: Trust) -> RedisResult<Self> {
        let mut builder = ClusterClientBuilder::new(seeds.iter().cloned())
            .retries(TRIES)
            .min_retry_wait(10)
            .max_retry_wait(100)
            .connection_timeout(CONNECT_WITHIN)
            .response_timeout(ANSWER_WITHIN)
            .overall_response_timeout(Some(ANSWER_WITHIN));
        if let Some(first) = seeds.first() {
            builder = builder.tcp_settings(first.tcp_settings().clone());
            if let Some(certificates) = trust.certificates(first) {
                builder = builder.certs(certificates);
            }
        }
        let connection = builder.build()?.get_async_connection().await?;
        // Instances begin at different nodes.
        let round = Arc::new(AtomicUsize::new(RandomState::new().build_hasher().finish() as usize));
        Ok(Self { connection, seeds: seeds.into(), trust, round })
    }

    /// Another node at each call: any of them receives all channels.
    pub(super) async fn some_node(&self) -> RedisResult<Client> {
        // While the cluster does not tell, those that one was told of at the start are tried.
        let nodes = match self.nodes().await {
            Ok(nodes) if !nodes.is_empty() => nodes,
            _ => self.seeds.to_vec(),
        };
        let round = self.round.fetch_add(1, Ordering::Relaxed);
        let node = round.checked_rem(nodes.len()).and_then(|round| nodes.get(round));
        self.trust.client(node.cloned().ok_or_else(no_nodes)?)
    }

    /// Whether this is a node that the cluster counts on.
    pub(super) async fn has(&self, client: &Client) -> bool {
        let Ok(nodes) = self.nodes().await else { return true };
        nodes.iter().any(|node| node.addr() == client.get_connection_info().addr())
    }

    async fn nodes(&self) -> RedisResult<Vec<ConnectionInfo>> {
        let slots: Vec<Vec<Value>> =
            redis::cmd("CLUSTER").arg("SLOTS").query_async(&mut self.connection.clone()).await?;
        let Some(seed) = self.seeds.first() else { return Ok(vec![]) };
        let mut nodes: Vec<ConnectionInfo> = Vec::new();
        // First, last, and the nodes: host, port ….
        for node in slots.iter().flat_map(|range| range.iter().skip(2)) {
            let Value::Array(node) = node else { continue };
            let [host, port, ..] = &node[..] else { continue };
            let host: Option<String> = redis::from_redis_value_ref(host)?;
            let port: u16 = redis::from_redis_value_ref(port)?;
            let Some(host) = host.filter(|host| !host.is_empty() && host != "?") else { continue };
            let node = seed.clone().set_addr(like(seed.addr(), host, port));
            if !nodes.iter().any(|known| known.addr() == node.addr()) {
                nodes.push(node);
            }
        }
        Ok(nodes)
    }

    /// Says all of this in its order.
    pub(super) async fn speak(&mut self, words: &Pipeline, offset: usize, count: usize) -> RedisResult<Vec<Value>> {
        let node = SingleNodeRoutingInfo::SpecificNode(Route::new(SPEAKING, SlotAddr::Master));
        self.connection.route_pipeline(words.clone(), offset, count, node).await
    }
}

fn like(seed: &ConnectionAddr, host: String, port: u16) -> ConnectionAddr {
    match seed {
        ConnectionAddr::TcpTls { insecure, tls_params, .. } => {
            ConnectionAddr::TcpTls { host, port, insecure: *insecure, tls_params: tls_params.clone() }
        }
        _ => ConnectionAddr::Tcp(host, port),
    }
}

fn no_nodes() -> RedisError {
    (redis::ErrorKind::InvalidClientConfig, "a cluster without nodes").into()
}
