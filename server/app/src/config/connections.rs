//! How many connections there may be.

use crate::net::Capacity;
use clap::Args;

/// Connections at once. The limit of file descriptors is raised as far as the system allows at the start, and
/// bounds them too.
#[derive(Clone, Debug, Default, Args)]
pub struct ConnectionSettings {
    /// Connections at once, in all: 32768 without it, or what fits into the limit of file descriptors.
    /// When there is no room, strangers that are idle go first.
    #[arg(long, env = "MAX_CONNECTIONS", value_name = "NUMBER")]
    pub max_connections: Option<usize>,

    /// Connections at once from one address: 2048 without it. Balancers (TRUSTED_PROXIES) have all.
    #[arg(long, env = "MAX_CONNECTIONS_PER_ADDRESS", value_name = "NUMBER")]
    pub max_connections_per_address: Option<usize>,
}

impl ConnectionSettings {
    /// With so many file descriptors.
    #[must_use]
    pub fn capacity(&self, descriptors: u64) -> Capacity {
        Capacity::new(descriptors, self.max_connections, self.max_connections_per_address)
    }
}
