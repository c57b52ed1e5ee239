//! A client of STUN and TURN servers, as far as it takes to ask for a relay once.

use ::stun::{
    agent::TransactionId,
    attributes::{ATTR_NONCE, ATTR_REALM, ATTR_USERNAME},
    error_code::{CODE_UNAUTHORIZED, ErrorCode, ErrorCodeAttribute},
    integrity::MessageIntegrity,
    message::{
        BINDING_REQUEST, CLASS_REQUEST, CLASS_SUCCESS_RESPONSE, Getter, METHOD_ALLOCATE, METHOD_REFRESH, Message,
        MessageType, Setter,
    },
    textattrs::TextAttribute,
    xoraddr::XorMappedAddress,
};
use ::turn as turn_server;
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName};
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use turn_server::proto::{PROTO_UDP, lifetime::Lifetime, relayaddr::RelayedAddress, reqtrans::RequestedTransport};

const ANSWER_WITHIN: Duration = Duration::from_secs(1);
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
/// Packets of UDP may be lost.
const TRIES: usize = 4;
const LARGEST: usize = 1500;

/// Why there was no answer, or not the one that was wished for.
#[derive(Debug, thiserror::Error)]
pub(super) enum StunError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("no answer")]
    Silent,
    #[error("the answer cannot be read: {0}")]
    Malformed(String),
    /// The server refuses.
    #[error("refused with {0}")]
    Refused(u16),
    /// The server does not refuse where it should.
    #[error("it relays for who has no right to it")]
    Open,
}

impl From<::stun::Error> for StunError {
    fn from(error: ::stun::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}

/// The way to a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transport {
    Udp,
    Tcp,
    Tls,
}

enum Way {
    Udp(UdpSocket),
    Tcp(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A connection to a server.
pub(super) struct Client(Way);

impl Client {
    pub(super) async fn connect(host: &str, port: u16, transport: Transport) -> Result<Self, StunError> {
        let late = |_| StunError::Silent;
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let looking = timeout(CONNECT_WITHIN, tokio::net::lookup_host((bare, port)));
        let addresses: Vec<SocketAddr> = looking.await.map_err(late)??.collect();
        // Relays are mostly of IPv4; browsers try both.
        let first = addresses.iter().find(|address| address.is_ipv4()).or(addresses.first());
        let address = *first.ok_or(StunError::Silent)?;
        if transport == Transport::Udp {
            let any: SocketAddr = if address.is_ipv4() { ([0, 0, 0, 0], 0).into() } else { ([0_u16; 8], 0).into() };
            let socket = UdpSocket::bind(any).await?;
            socket.connect(address).await?;
            return Ok(Self(Way::Udp(socket)));
        }
        let stream = timeout(CONNECT_WITHIN, TcpStream::connect(address)).await.map_err(late)??;
        if transport == Transport::Tcp {
            return Ok(Self(Way::Tcp(stream)));
        }
        let name = ServerName::try_from(bare.to_owned()).map_err(io::Error::other)?;
        let agreeing = TlsConnector::from(trusting()?).connect(name, stream);
        let stream = timeout(CONNECT_WITHIN, agreeing).await.map_err(late)??;
        Ok(Self(Way::Tls(Box::new(stream))))
    }

    /// Under which address the server sees us.
    pub(super) async fn bind(&mut self) -> Result<SocketAddr, StunError> {
        let answer = self.ask(&[Box::new(BINDING_REQUEST)]).await?;
        let mut seen = XorMappedAddress::default();
        seen.get_from(&answer)?;
        Ok(SocketAddr::new(seen.ip, seen.port))
    }

    /// A relay for who has credentials, and for nobody else.
    pub(super) async fn relayed(
        host: &str,
        port: u16,
        transport: Transport,
        username: &str,
        password: &str,
    ) -> Result<SocketAddr, StunError> {
        let relayed = Self::connect(host, port, transport).await?.relay(username, password).await?;
        let mut stranger = Self::connect(host, port, transport).await?;
        match stranger.relay(username, "a guess").await {
            Err(StunError::Refused(_)) => Ok(relayed),
            Err(other) => Err(other),
            Ok(_) => Err(StunError::Open),
        }
    }

    /// Asks for a relay and gives it back.
    async fn relay(&mut self, username: &str, password: &str) -> Result<SocketAddr, StunError> {
        let challenge = match self.ask(&allocate(None)).await {
            Err(Answered::Refused(code, challenge)) if code == CODE_UNAUTHORIZED => challenge,
            Err(other) => return Err(other.into()),
            Ok(_) => return Err(StunError::Open),
        };
        let text = |attribute| TextAttribute::get_from_as(&challenge, attribute).map(|text| text.text);
        let (realm, nonce) = (text(ATTR_REALM)?, text(ATTR_NONCE)?);
        let proof = Proof {
            integrity: MessageIntegrity::new_long_term_integrity(username.into(), realm.clone(), password.into()),
            username: username.to_owned(),
            realm,
            nonce,
        };
        let answer = self.ask(&allocate(Some(&proof))).await?;
        let mut relayed = RelayedAddress::default();
        relayed.get_from(&answer)?;
        let mut ending: Vec<Box<dyn Setter>> =
            vec![Box::new(MessageType::new(METHOD_REFRESH, CLASS_REQUEST)), Box::new(Lifetime(Duration::ZERO))];
        proof.add_to(&mut ending);
        self.ask(&ending).await?;
        Ok(SocketAddr::new(relayed.ip, relayed.port))
    }

    async fn ask(&mut self, setters: &[Box<dyn Setter>]) -> Result<Message, Answered> {
        let mut id = TransactionId::default();
        getrandom::fill(&mut id.0).map_err(|error| StunError::Io(io::Error::other(error.to_string())))?;
        let mut request = Message::new();
        request.transaction_id = id;
        request.write_header();
        for setter in setters {
            setter.add_to(&mut request).map_err(StunError::from)?;
        }
        let raw = match &mut self.0 {
            Way::Udp(socket) => over_udp(socket, &request.raw).await,
            Way::Tcp(stream) => over_stream(stream, &request.raw).await,
            Way::Tls(stream) => over_stream(stream.as_mut(), &request.raw).await,
        }?;
        let mut answer = Message { raw, ..Message::default() };
        answer.decode().map_err(StunError::from)?;
        if answer.transaction_id != id {
            return Err(StunError::Malformed("of another request".into()).into());
        }
        if answer.typ.class == CLASS_SUCCESS_RESPONSE {
            return Ok(answer);
        }
        let mut code = ErrorCodeAttribute::default();
        code.get_from(&answer).map_err(StunError::from)?;
        Err(Answered::Refused(code.code, Box::new(answer)))
    }
}

/// A refusal holds what the next request must show.
enum Answered {
    Refused(ErrorCode, Box<Message>),
    Failed(StunError),
}

impl From<StunError> for Answered {
    fn from(error: StunError) -> Self {
        Self::Failed(error)
    }
}

impl From<Answered> for StunError {
    fn from(answered: Answered) -> Self {
        match answered {
            Answered::Refused(code, _) => Self::Refused(code.0),
            Answered::Failed(error) => error,
        }
    }
}

struct Proof {
    username: String,
    realm: String,
    nonce: String,
    integrity: MessageIntegrity,
}

impl Proof {
    fn add_to(&self, setters: &mut Vec<Box<dyn Setter>>) {
        setters.push(Box::new(TextAttribute::new(ATTR_USERNAME, self.username.clone())));
        setters.push(Box::new(TextAttribute::new(ATTR_REALM, self.realm.clone())));
        setters.push(Box::new(TextAttribute::new(ATTR_NONCE, self.nonce.clone())));
        setters.push(Box::new(self.integrity.clone()));
    }
}

fn allocate(proof: Option<&Proof>) -> Vec<Box<dyn Setter>> {
    let mut setters: Vec<Box<dyn Setter>> = vec![
        Box::new(MessageType::new(METHOD_ALLOCATE, CLASS_REQUEST)),
        Box::new(RequestedTransport { protocol: PROTO_UDP }),
    ];
    if let Some(proof) = proof {
        proof.add_to(&mut setters);
    }
    setters
}

async fn over_udp(socket: &UdpSocket, request: &[u8]) -> Result<Vec<u8>, StunError> {
    let mut buffer = [0; LARGEST];
    for _ in 0..TRIES {
        socket.send(request).await?;
        if let Ok(received) = timeout(ANSWER_WITHIN, socket.recv(&mut buffer)).await {
            return Ok(buffer[..received?].to_vec());
        }
    }
    Err(StunError::Silent)
}

async fn over_stream(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), request: &[u8]) -> Result<Vec<u8>, StunError> {
    let asking = async {
        stream.write_all(request).await?;
        stream.flush().await?;
        let mut answer = vec![0; 20];
        stream.read_exact(&mut answer).await?;
        let rest = usize::from(u16::from_be_bytes([answer[2], answer[3]]));
        answer.resize(20 + rest.min(LARGEST), 0);
        stream.read_exact(&mut answer[20..]).await?;
        Ok::<_, io::Error>(answer)
    };
    Ok(timeout(CONNECT_WITHIN, asking).await.map_err(|_| StunError::Silent)??)
}

/// The machine's authorities (`SSL_CERT_FILE` for one's own), as browsers of it have them.
fn trusting() -> Result<Arc<ClientConfig>, io::Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}
