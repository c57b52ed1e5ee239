//! The forms of `REDIS_URL`: one server, the sentinels of a replicated one, or a cluster. Each node is
//! read by the crate as an address of its own.

use super::ConnectError;
use redis::{ConnectionInfo, IntoConnectionInfo, io::tcp::TcpSettings};

const SENTINEL_PORT: u16 = 26379;

/// Where Redis is.
#[derive(Debug)]
pub(super) enum Address {
    /// One server.
    Alone(ConnectionInfo),
    /// Whichever server the sentinels call the master of this name.
    Sentinels { sentinels: Vec<ConnectionInfo>, name: String },
    /// A cluster, by some of its nodes.
    Cluster(Vec<ConnectionInfo>),
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, ConnectError> {
        let (scheme, rest) = url.split_once("://").ok_or(ConnectError::BadUrl("it must begin with redis://"))?;
        let Some((scheme, kind)) = scheme.split_once('+') else { return Ok(Self::Alone(read(url)?)) };
        if !matches!(scheme, "redis" | "rediss") || rest.contains(['?', '#']) {
            return Err(ConnectError::BadUrl("such a form is not known"));
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (credentials, hosts) = authority.rsplit_once('@').map_or(("", authority), |(who, hosts)| (who, hosts));
        let at = if credentials.is_empty() { "" } else { "@" };
        let nodes = |number: &str, port: Option<u16>| -> Result<Vec<ConnectionInfo>, ConnectError> {
            let node = |host: &str| {
                let port = port.filter(|_| !has_port(host)).map(|port| format!(":{port}")).unwrap_or_default();
                read(&format!("{scheme}://{credentials}{at}{host}{port}/{number}"))
            };
            hosts.split(',').map(node).collect()
        };
        match kind {
            "sentinel" => {
                let (name, number) = path.split_once('/').unwrap_or((path, ""));
                if name.is_empty() {
                    return Err(ConnectError::BadUrl("after the sentinels comes /NAME of the master"));
                }
                Ok(Self::Sentinels { sentinels: nodes(number, Some(SENTINEL_PORT))?, name: name.to_owned() })
            }
            "cluster" if matches!(path, "" | "0") => Ok(Self::Cluster(nodes("", None)?)),
            "cluster" => Err(ConnectError::BadUrl("a cluster has no numbered databases")),
            _ => Err(ConnectError::BadUrl("it must be redis+sentinel:// or redis+cluster://")),
        }
    }
}

fn has_port(host: &str) -> bool {
    host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) && !host.ends_with(']')
}

fn read(url: &str) -> Result<ConnectionInfo, ConnectError> {
    // The crate's words may hold parts of the address.
    let info = url.into_connection_info().map_err(|_| ConnectError::BadUrl("a host, port or number cannot be read"))?;
    let tcp = TcpSettings::default().set_nodelay(true);
    #[cfg(target_os = "linux")]
    let tcp = tcp.set_user_timeout(super::DEAD_AFTER);
    Ok(info.set_tcp_settings(tcp))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(nodes: &[ConnectionInfo]) -> Vec<String> {
        let told = |node: &ConnectionInfo| {
            let settings = node.redis_settings();
            let word = |word: Option<&str>| word.unwrap_or("-").to_owned();
            format!("{}:{}@{} {}", word(settings.username()), word(settings.password()), node.addr(), settings.db())
        };
        nodes.iter().map(told).collect()
    }

    #[test]
    fn sentinels_are_read() {
        let read = Address::parse("redis+sentinel://ann:p%40ss@one,two:7000,[::1]/rooms/3").unwrap();
        let Address::Sentinels { sentinels, name } = read else { panic!("{read:?}") };
        assert_eq!(name, "rooms");
        assert_eq!(told(&sentinels), ["ann:p@ss@one:26379 3", "ann:p@ss@two:7000 3", "ann:p@ss@::1:26379 3"]);
    }

    #[test]
    fn clusters_are_read() {
        let Ok(Address::Cluster(nodes)) = Address::parse("rediss+cluster://:s@one,two:7000/") else { panic!() };
        assert_eq!(told(&nodes), ["-:s@one:6379 0", "-:s@two:7000 0"]);
        assert!(matches!(nodes[0].addr(), redis::ConnectionAddr::TcpTls { insecure: false, .. }));
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_its_password() {
        for url in [
            "s3cret@localhost",
            "http://:s3cret@localhost",
            "redis+ring://:s3cret@localhost",
            "http+cluster://:s3cret@localhost",
            "redis+cluster://:s3cret@localhost/1",
            "redis+cluster://:s3cret@",
            "redis+cluster://:s3cret@one,,two",
            "redis+cluster://:s3cret@one?protocol=3",
            "redis+sentinel://:s3cret@localhost",
            "redis+sentinel://:s3cret@localhost/",
            "redis+sentinel://:s3cret@localhost/rooms/many",
            "redis+sentinel://:s3cret@localhost:port/rooms",
        ] {
            let error = Address::parse(url).unwrap_err();
            assert!(
                matches!(error, ConnectError::BadUrl(_)) && !error.to_string().contains("s3cret"),
                "{url}: {error}"
            );
        }
    }
}
