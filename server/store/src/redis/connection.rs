//! What commands are sent through, whichever form Redis has.

use super::{ANSWER_WITHIN, CONNECT_WITHIN, address::Address, cluster::Cluster, sentinels::Master, trust::Trust};
use redis::{
    Client, Cmd, Pipeline, RedisFuture, RedisResult, Value,
    aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig},
};

/// Comes back by itself, to whichever node is the one to ask by then. Whoever asks decides when to ask
/// again; only a cluster sends a command again by itself, for it may have to go elsewhere.
#[derive(Clone)]
pub(super) enum Connection {
    /// To one server.
    Alone { client: Client, manager: ConnectionManager },
    /// To the master of now.
    Master(Master),
    /// To all nodes.
    Cluster(Cluster),
}

impl Connection {
    pub(super) async fn open(address: Address, trust: Trust) -> RedisResult<Self> {
        match address {
            Address::Alone(info) => {
                let client = trust.client(info)?;
                let config = ConnectionManagerConfig::new()
                    .set_number_of_retries(0)
                    .set_connection_timeout(Some(CONNECT_WITHIN))
                    .set_response_timeout(Some(ANSWER_WITHIN));
                let manager = ConnectionManager::new_with_config(client.clone(), config).await?;
                Ok(Self::Alone { client, manager })
            }
            Address::Sentinels { sentinels, name } => {
                Box::pin(Master::follow(&sentinels, &name, &trust)).await.map(Self::Master)
            }
            Address::Cluster(nodes) => Box::pin(Cluster::connect(nodes, trust)).await.map(Self::Cluster),
        }
    }

    /// How to connect to a node that receives all channels. Another call may name another.
    pub(super) async fn subscribing_client(&self) -> RedisResult<Client> {
        match self {
            Self::Alone { client, .. } => Ok(client.clone()),
            Self::Master(master) => master.client(),
            Self::Cluster(cluster) => cluster.some_node().await,
        }
    }

    /// Whether channels are still received there. A node that lost the others receives nothing more.
    pub(super) async fn is_receiving_at(&self, client: &Client) -> bool {
        match self {
            Self::Alone { .. } => true,
            Self::Master(master) => master.is(client),
            Self::Cluster(cluster) => cluster.has(client).await,
        }
    }
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::Alone { manager, .. } => manager.req_packed_command(cmd),
            Self::Master(master) => Box::pin(async move {
                let mut connection = master.connection()?;
                master.heed(connection.req_packed_command(cmd).await)
            }),
            Self::Cluster(cluster) => cluster.connection.req_packed_command(cmd),
        }
    }

    /// In a cluster all of it goes to one node: it is for channels, and not for keys.
    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::Alone { manager, .. } => manager.req_packed_commands(pipeline, offset, count),
            Self::Master(master) => Box::pin(async move {
                let mut connection = master.connection()?;
                master.heed(connection.req_packed_commands(pipeline, offset, count).await)
            }),
            Self::Cluster(cluster) => Box::pin(cluster.speak(pipeline, offset, count)),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Alone { manager, .. } => manager.get_db(),
            Self::Master(_) => 0,
            Self::Cluster(cluster) => cluster.connection.get_db(),
        }
    }
}
