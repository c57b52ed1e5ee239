//! `studyrooms doctor`, with a coturn that runs, has another secret, or is not there.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use hmac::{Hmac, KeyInit};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use sha1::Sha1;
use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use studyrooms_app::{
    config::{Switch, TurnSettings},
    system::{SystemClock, SystemRandom},
    turn::EmbeddedTurn,
};
use tempfile::TempDir;

const SECRET: &str = "north-star-secret";

/// One that is not used, of TCP and of UDP.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A coturn of one test, with a certificate of its own authority.
struct Coturn {
    process: Child,
    folder: TempDir,
    port: u16,
    tls_port: u16,
}

impl Coturn {
    fn start() -> Self {
        Self::start_with(&["--use-auth-secret", &format!("--static-auth-secret={SECRET}")])
    }

    fn start_with(who_may: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.distinguished_name.push(DnType::CommonName, "an authority of a test");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let signed = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
        for (name, text) in [("ca", authority.pem()), ("cert", signed.pem()), ("key", key.serialize_pem())] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let (port, tls_port) = (free_port(), free_port());
        let file = |name: &str| folder.path().join(name).display().to_string();
        let process = Command::new("turnserver")
            .args(["-n", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--realm=test"])
            .args(["--no-cli", "--no-dtls", "--log-file=stdout", "--min-port=49400", "--max-port=49500"])
            .args(who_may)
            .args([format!("--listening-port={port}"), format!("--tls-listening-port={tls_port}")])
            .args([format!("--cert={}", file("cert")), format!("--pkey={}", file("key"))])
            .args([format!("--userdb={}", file("db")), format!("--pidfile={}", file("pid"))])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("turnserver of Debian's package coturn");
        let deadline = Instant::now() + Duration::from_secs(10);
        for port in [port, tls_port] {
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                assert!(Instant::now() < deadline, "coturn does not start");
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        Self { process, folder, port, tls_port }
    }

    fn urls(&self) -> String {
        let Self { port, tls_port, .. } = self;
        format!(
            "stun:localhost:{port},turn:localhost:{port}?transport=udp,turn:localhost:{port}?transport=tcp,turns:localhost:{tls_port}?transport=tcp"
        )
    }

    /// The exit code, and what was said.
    fn examine(&self, secret: &str, urls: &str) -> (i32, String) {
        doctor(&[
            ("TURN_URLS", urls),
            ("TURN_SECRET", secret),
            ("SSL_CERT_FILE", self.folder.path().join("ca").to_str().unwrap()),
        ])
    }
}

impl Drop for Coturn {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn doctor(settings: &[(&str, &str)]) -> (i32, String) {
    let data = TempDir::new().unwrap();
    let ended = Command::new(env!("CARGO_BIN_EXE_studyrooms"))
        .arg("doctor")
        .env_clear()
        .env("DATA_DIR", data.path())
        .envs(settings.iter().copied())
        .output()
        .unwrap();
    (ended.status.code().unwrap(), String::from_utf8(ended.stdout).unwrap())
}

#[test]
fn nothing_configured_is_well() {
    let (code, said) = doctor(&[]);
    assert_eq!(code, 0, "{said}");
    for line in ["ok     DATA_DIR", "ok     JWT_SECRET", "ok     clock"] {
        assert!(said.contains(line), "{said}");
    }
}

#[test]
fn the_relay_within_the_program_is_tried() {
    let port = free_port();
    let (code, said) = doctor(&[("TURN_LISTEN", &format!("127.0.0.1:{port}"))]);
    assert_eq!(code, 0, "{said}");
    let well = format!("ok     EMBEDDED_TURN: it answers at 127.0.0.1:{port}, and it relays over UDP, at 127.0.0.1");
    assert!(said.contains(&well), "{said}");
    // By a name of its own it is reached as well; what lies between is not this machine's to know.
    let (code, said) = doctor(&[("TURN_LISTEN", "0.0.0.0:0"), ("TURN_RELAY_IP", "203.0.114.7")]);
    assert!(code == 0 && said.contains("it relays over UDP, at 203.0.114.7"), "{said}");
    assert!(!said.contains("TURN_ALLOW_PRIVATE_PEERS"), "{said}");
    let (code, said) = doctor(&[("TURN_LISTEN", "127.0.0.1:0"), ("TURN_ALLOW_PRIVATE_PEERS", "on")]);
    assert!(code == 0 && said.contains("note   TURN_ALLOW_PRIVATE_PEERS: whoever may join a call"), "{said}");
}

#[test]
fn a_relay_that_cannot_be_had_is_named_with_what_to_do() {
    let other = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let taken = other.local_addr().unwrap();
    let (code, said) = doctor(&[("TURN_LISTEN", &taken.to_string())]);
    assert!(code == 1 && said.contains(&format!("{taken} is another program's")), "{said}");
    let (code, said) = doctor(&[("TURN_LISTEN", "192.0.2.1:3478")]);
    assert!(code == 1 && said.contains("must be an address of this machine"), "{said}");
    // All ports are another one's.
    let range = format!("{0}-{0}", taken.port());
    let (code, said) = doctor(&[("TURN_LISTEN", "127.0.0.1:0"), ("TURN_RELAY_PORTS", &range)]);
    assert!(code == 1 && said.contains(&format!("See that ports {range} of UDP are free")), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_runs_is_no_fault() {
    let settings = TurnSettings {
        embedded_turn: Switch::On,
        turn_listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
        turn_relay_ip: None,
        turn_relay_ports: "49160-49360".parse().unwrap(),
        turn_allow_private_peers: Switch::Off,
    };
    let secret: Hmac<Sha1> = Hmac::new_from_slice(b"a secret of this test").unwrap();
    let beside = SocketAddr::from(([127, 0, 0, 1], 3000));
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let turn = EmbeddedTurn::start(&settings, beside, secret, clock, random).await.unwrap();
    let at = turn.address().to_string();
    let (code, said) = tokio::task::spawn_blocking(move || doctor(&[("TURN_LISTEN", &at)])).await.unwrap();
    assert!(code == 0 && said.contains("note   EMBEDDED_TURN: a server has it open and answers"), "{said}");
}

#[test]
fn a_coturn_that_lets_everyone_relay_is_found_out() {
    let coturn = Coturn::start_with(&["--no-auth"]);
    let urls = format!("turn:localhost:{}?transport=udp", coturn.port);
    let (code, said) = coturn.examine(SECRET, &urls);
    assert!(code == 1 && said.contains("it relays for who has no right to it"), "{said}");
}

#[test]
fn a_coturn_that_runs_is_well_by_every_way() {
    let coturn = Coturn::start();
    let (code, said) = coturn.examine(SECRET, &coturn.urls());
    assert_eq!(code, 0, "{said}");
    assert_eq!(said.matches("it relays, at 127.0.0.1").count(), 3, "{said}");
    assert!(said.contains("it answers, and sees this machine as"), "{said}");
}

#[test]
fn another_secret_is_named() {
    let coturn = Coturn::start();
    let (code, said) = coturn.examine("another secret", &coturn.urls());
    assert_eq!(code, 1, "{said}");
    assert_eq!(said.matches("TURN_SECRET must be its static-auth-secret").count(), 3, "{said}");
    assert!(said.contains("ok     stun:"), "{said}");
}

#[test]
fn a_coturn_that_is_not_there_is_named_with_its_port() {
    let coturn = Coturn::start();
    let urls = coturn.urls();
    let port = coturn.port;
    drop(coturn);
    let (code, said) = doctor(&[("TURN_URLS", &urls), ("TURN_SECRET", SECRET)]);
    assert_eq!(code, 1, "{said}");
    assert_eq!(said.matches("WRONG").count(), 4, "{said}");
    assert!(said.contains(&format!("port {port} is open for UDP")), "{said}");
}

#[test]
fn a_certificate_that_nobody_trusts_is_found_out() {
    let coturn = Coturn::start();
    let urls = format!("turns:localhost:{}", coturn.tls_port);
    let (code, said) = doctor(&[("TURN_URLS", &urls), ("TURN_SECRET", SECRET)]);
    assert!(code == 1 && said.contains("certificate"), "{said}");
}

#[test]
fn a_server_that_runs_is_no_fault() {
    let data = TempDir::new().unwrap();
    let _open = studyrooms_store::embedded::Embedded::open(data.path()).unwrap();
    let (code, said) = doctor(&[("DATA_DIR", data.path().to_str().unwrap())]);
    assert!(code == 0 && said.contains("note   DATA_DIR: a server has it open"), "{said}");
}

#[test]
fn what_people_would_stumble_over_is_said() {
    let (code, said) = doctor(&[("LISTEN", "0.0.0.0:3000")]);
    assert!(code == 1 && said.contains("no camera"), "{said}");
    let (code, said) = doctor(&[("PUBLIC_URL", "http://rooms.example.org")]);
    assert!(code == 1 && said.contains("no camera"), "{said}");
    assert!(said.contains("WRONG  EMBEDDED_TURN: calls are not relayed"), "{said}");
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let (code, said) = doctor(&[
        ("S3_ENDPOINT", &nobody),
        ("S3_BUCKET", "rooms"),
        ("S3_ACCESS_KEY", "key"),
        ("S3_SECRET_KEY", "the-secret-of-s3"),
    ]);
    assert!(code == 1 && said.contains("WRONG  S3_ENDPOINT"), "{said}");
    assert!(!said.contains("the-secret-of-s3"), "{said}");
    let nobody = format!("redis://127.0.0.1:{}", free_port());
    let (code, said) = doctor(&[("REDIS_URL", &nobody)]);
    assert_eq!(code, 1, "{said}");
    for part in ["WRONG  REDIS_URL", "WRONG  JWT_SECRET", "WRONG  TURN_URLS"] {
        assert!(said.contains(part), "{said}");
    }
}
