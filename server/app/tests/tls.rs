//! HTTPS by the built program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use reqwest::{Certificate, Client, Response};
use std::{path::Path, process::Stdio, time::Duration};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    net::TcpStream,
    process::{Child, ChildStdout, Command},
    time::timeout,
};

struct Server {
    process: Child,
    words: Lines<BufReader<ChildStdout>>,
    port: u16,
    data: TempDir,
}

impl Server {
    async fn start(flags: &[&str]) -> Self {
        let data = TempDir::new().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_studyrooms"))
            .args(["serve", "--listen", "127.0.0.1:0", "--embedded-turn", "off", "--data-dir"])
            .arg(data.path())
            .args(flags)
            .env_clear()
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut words = BufReader::new(process.stdout.take().unwrap()).lines();
        let first =
            timeout(Duration::from_secs(20), words.next_line()).await.unwrap().unwrap().expect("it does not start");
        let port = first.strip_prefix("StudyRooms is at https://localhost:").unwrap_or_else(|| panic!("{first}"));
        let port = port.parse().unwrap();
        Self { process, words, port, data }
    }

    async fn get(&self, trusted: &str, path: &str) -> reqwest::Result<Response> {
        client(trusted).get(format!("https://localhost:{}{path}", self.port)).send().await
    }
}

fn client(trusted: &str) -> Client {
    rustls::crypto::ring::default_provider().install_default().ok();
    let authority = Certificate::from_pem(trusted.as_bytes()).unwrap();
    Client::builder().tls_certs_only([authority]).timeout(Duration::from_secs(10)).build().unwrap()
}

/// An authority, and what it signs into files.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.distinguished_name.push(DnType::CommonName, "an authority of a test");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn sign(&self, folder: &Path) {
        let key = KeyPair::generate().unwrap();
        let signed = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &self.0).unwrap();
        std::fs::write(folder.join("key"), key.serialize_pem()).unwrap();
        std::fs::write(folder.join("cert"), signed.pem()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_of_its_own_is_shown_and_printed() {
    let mut server = Server::start(&["--tls-self-signed"]).await;
    let print = server.words.next_line().await.unwrap().unwrap();
    assert!(print.contains("SHA-256") && print.matches(':').count() == 31, "{print}");
    let trusted = std::fs::read_to_string(server.data.path().join("tls/cert.pem")).unwrap();
    let answer = server.get(&trusted, "/health").await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers().get("strict-transport-security").is_none(), "nobody could pass it any more");
    let address = format!("https://127.0.0.1:{}/api/auth/signup", server.port);
    let body = serde_json::json!({ "email": "ann@example.org", "password": "a long password", "name": "Ann" });
    let signed_up = client(&trusted).post(address).json(&body).send().await.unwrap();
    assert_eq!(signed_up.status(), 201, "by its address too");
    let cookie = signed_up.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("Secure"), "{cookie}");
    let token = signed_up.json::<serde_json::Value>().await.unwrap()["accessToken"].as_str().unwrap().to_owned();
    let rooms = format!("https://localhost:{}/api/rooms", server.port);
    let room = client(&trusted).post(rooms).bearer_auth(token).json(&serde_json::json!({ "title": "Maths" })).send();
    let room: serde_json::Value = room.await.unwrap().json().await.unwrap();
    assert!(room["joinLink"].as_str().unwrap().starts_with("https://localhost:"), "{room}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_from_files_is_taken_and_browsers_are_told_to_stay() {
    let (authority, folder) = (Authority::new(), TempDir::new().unwrap());
    authority.sign(folder.path());
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (cert, key) = (file("cert"), file("key"));
    let mut server = Server::start(&["--tls-cert", &cert, "--tls-key", &key]).await;
    // Those who say nothing, and those who speak plainly, hold up no one.
    let _silent = TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
    let plain = client(&authority.0.pem()).get(format!("http://localhost:{}/health", server.port)).send().await;
    assert!(plain.is_err(), "{plain:?}");
    let answer = server.get(&authority.0.pem(), "/health").await.unwrap();
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=31536000");
    assert!(server.get(&Authority::new().0.pem(), "/health").await.is_err(), "whom a stranger signed");
    // It ends as it does without.
    let id = server.process.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    let ended = timeout(Duration::from_secs(10), server.process.wait()).await.unwrap().unwrap();
    assert!(ended.success());
}

#[tokio::test]
async fn what_is_no_certificate_keeps_the_server_from_starting() {
    let folder = TempDir::new().unwrap();
    let (one, other) = (Authority::new(), TempDir::new().unwrap());
    one.sign(folder.path());
    one.sign(other.path());
    let nothing = folder.path().join("nothing");
    let (cert, key) = (folder.path().join("cert"), folder.path().join("key"));
    let strange = other.path().join("key");
    for (cert, key, setting) in
        [(&nothing, &key, "TLS_CERT: "), (&cert, &nothing, "TLS_KEY: "), (&cert, &strange, "TLS_KEY: ")]
    {
        let ended = Command::new(env!("CARGO_BIN_EXE_studyrooms"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(other.path().join("data"))
            .arg("--tls-cert")
            .arg(cert)
            .arg("--tls-key")
            .arg(key)
            .env_clear()
            .output()
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(ended.status.code() == Some(1) && said.contains(setting), "{said}");
    }
}
