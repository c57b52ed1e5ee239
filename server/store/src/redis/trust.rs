//! Whose certificates are believed where Redis is spoken to by TLS.

use super::ConnectError;
use redis::{Client, ConnectionAddr, ConnectionInfo, RedisResult, TlsCertificates};

/// The machine's authorities, or one's own in place of them.
#[derive(Clone, Default)]
pub(super) struct Trust(Option<TlsCertificates>);

impl Trust {
    /// Of these authorities alone, in PEM.
    pub(super) fn of(authorities: Vec<u8>) -> Result<Self, ConnectError> {
        let is_pem = String::from_utf8_lossy(&authorities).contains("-----BEGIN CERTIFICATE-----");
        if !is_pem {
            return Err(ConnectError::BadAuthorities("no certificate in PEM".into()));
        }
        let trust = Self(Some(TlsCertificates { client_tls: None, root_cert: Some(authorities) }));
        let anywhere = ConnectionAddr::TcpTls { host: "localhost".into(), port: 1, insecure: false, tls_params: None };
        let read = redis::IntoConnectionInfo::into_connection_info(anywhere).and_then(|info| trust.client(info));
        read.map(|_| trust).map_err(|error| ConnectError::BadAuthorities(error.to_string()))
    }

    pub(super) fn client(&self, info: ConnectionInfo) -> RedisResult<Client> {
        match (&self.0, is_tls(&info)) {
            (Some(certificates), true) => Client::build_with_tls(info, certificates.clone()),
            _ => Client::open(info),
        }
    }

    /// The authorities, where TLS asks for them.
    pub(super) fn certificates(&self, info: &ConnectionInfo) -> Option<TlsCertificates> {
        self.0.clone().filter(|_| is_tls(info))
    }
}

pub(super) fn is_tls(info: &ConnectionInfo) -> bool {
    matches!(info.addr(), ConnectionAddr::TcpTls { .. })
}
