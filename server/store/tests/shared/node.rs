//! A redis-server of one test: of a cluster, of a set with sentinels, or a sentinel; with TLS or without.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use redis::{
    Client, Connection, ConnectionAddr, ConnectionInfo, FromRedisValue, IntoConnectionInfo, RedisConnectionInfo,
    TlsCertificates,
};
use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

pub const PASSWORD: &str = "s3cret";

/// An authority of one test, and what it signed.
pub struct Authority {
    dir: TempDir,
    pub pem: Vec<u8>,
}

impl Authority {
    pub fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let mut params = CertificateParams::new(vec![]).unwrap();
        // Another name than that of what it signs: else that looks signed by itself.
        params.distinguished_name.push(DnType::CommonName, "an authority of a test");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let signed = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
        let pem = issuer.pem().into_bytes();
        for (name, text) in [("cert", signed.pem()), ("key", key.serialize_pem()), ("ca", issuer.pem())] {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        Self { dir, pem }
    }

    fn words(&self, port: u16) -> Vec<String> {
        let file = |name: &str| self.dir.path().join(name).display().to_string();
        let pairs = [
            ("port", "0".to_owned()),
            ("tls-port", port.to_string()),
            ("tls-cert-file", file("cert")),
            ("tls-key-file", file("key")),
            ("tls-ca-cert-file", file("ca")),
            ("tls-auth-clients", "no".to_owned()),
            ("tls-replication", "yes".to_owned()),
            ("tls-cluster", "yes".to_owned()),
        ];
        pairs.into_iter().map(|(name, value)| format!("{name} {value}")).collect()
    }
}

/// A server, by lines of its configuration file.
pub struct Node {
    pub port: u16,
    dir: TempDir,
    process: Child,
    tls: Option<Vec<u8>>,
}

impl Node {
    pub fn start(port: u16, lines: &[String], tls: Option<&Authority>, sentinel: bool) -> Self {
        let dir = TempDir::new().unwrap();
        let mut all = vec![
            format!("dir {}", dir.path().display()),
            "bind 127.0.0.1".to_owned(),
            format!("requirepass {PASSWORD}"),
        ];
        all.extend(tls.map_or_else(|| vec![format!("port {port}")], |tls| tls.words(port)));
        if !sentinel {
            all.extend(["save \"\"".to_owned(), format!("masterauth {PASSWORD}")]);
        }
        all.extend_from_slice(lines);
        let path = dir.path().join("redis.conf");
        std::fs::write(&path, all.join("\n") + "\n").unwrap();
        let process = run(&path, sentinel);
        let node = Self { port, dir, process, tls: tls.map(|tls| tls.pem.clone()) };
        until("a server starts", || node.ask::<String>("PING", &[]).is_some());
        node
    }

    /// What it answers, if it does.
    pub fn ask<T: FromRedisValue>(&self, command: &str, words: &[&str]) -> Option<T> {
        let mut connection = self.connect()?;
        redis::cmd(command).arg(words).query(&mut connection).ok()
    }

    pub fn info(&self, section: &str, line: &str) -> bool {
        self.ask::<String>("INFO", &[section]).is_some_and(|info| info.lines().any(|told| told == line))
    }

    fn connect(&self) -> Option<Connection> {
        let settings = RedisConnectionInfo::default().set_password(PASSWORD);
        let host = "127.0.0.1".to_owned();
        let addr = match &self.tls {
            None => ConnectionAddr::Tcp(host, self.port),
            Some(_) => ConnectionAddr::TcpTls { host, port: self.port, insecure: false, tls_params: None },
        };
        let info: ConnectionInfo = addr.into_connection_info().unwrap().set_redis_settings(settings);
        let client = match &self.tls {
            None => Client::open(info).unwrap(),
            Some(pem) => {
                let trusted = TlsCertificates { client_tls: None, root_cert: Some(pem.clone()) };
                Client::build_with_tls(info, trusted).unwrap()
            }
        };
        client.get_connection_with_timeout(Duration::from_secs(2)).ok()
    }

    pub fn kill(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// The same again, as it was configured last.
    pub fn start_again(&mut self) {
        self.process = run(&self.dir.path().join("redis.conf"), false);
        until("a server starts again", || self.ask::<String>("PING", &[]).is_some());
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

fn run(path: &Path, sentinel: bool) -> Child {
    let mut command = Command::new("redis-server");
    command.arg(path).stdout(Stdio::null());
    if sentinel {
        command.arg("--sentinel");
    }
    command.spawn().expect("redis-server of Debian's package redis-server")
}

/// Waits until it is so.
pub fn until(what: &str, mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !so() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
