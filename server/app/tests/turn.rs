//! The embedded TURN server, with a client of coturn's (Debian's package coturn).
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use hmac::{Hmac, KeyInit};
use sha1::Sha1;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use studyrooms_app::{
    config::{Switch, TurnSettings},
    ice::IceConfig,
    system::{SystemClock, SystemRandom},
    turn::EmbeddedTurn,
};
use studyrooms_domain::system::Clock;
use tokio::{net::UdpSocket, process::Command};

const SECRET: &[u8] = b"a secret of this test";

struct Scene {
    turn: EmbeddedTurn,
    ice: IceConfig,
}

impl Scene {
    /// It reaches this machine, where the other ends of these tests are.
    async fn start() -> Self {
        Self::with("49160-49360", Switch::On).await
    }

    async fn with(ports: &str, turn_allow_private_peers: Switch) -> Self {
        let settings = TurnSettings {
            embedded_turn: Switch::On,
            turn_listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
            turn_relay_ip: None,
            turn_relay_ports: ports.parse().unwrap(),
            turn_allow_private_peers,
        };
        let secret: Hmac<Sha1> = Hmac::new_from_slice(SECRET).unwrap();
        let beside = SocketAddr::from(([127, 0, 0, 1], 3000));
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        let turn = EmbeddedTurn::start(&settings, beside, secret.clone(), clock, random).await.unwrap();
        let ice = IceConfig::embedded(turn.address(), None, secret);
        Self { turn, ice }
    }

    fn credentials(&self, person: &str, now: u64) -> (String, String) {
        let servers = self.ice.servers_for(&person.into(), now, None).ice_servers;
        let turn = servers.into_iter().find(|server| server.username.is_some()).unwrap();
        (turn.username.unwrap(), turn.credential.unwrap())
    }

    /// Whether packets came back by the relay, and what was said.
    async fn relay(&self, (username, password): (String, String), words: &[&str]) -> (bool, String) {
        let port = self.turn.address().port().to_string();
        let output = Command::new("turnutils_uclient")
            .args(["-u", &username, "-w", &password, "-p", &port, "-n", "3", "-c"])
            .args(words)
            .arg("127.0.0.1")
            .kill_on_drop(true)
            .output()
            .await
            .expect("turnutils_uclient of Debian's package coturn");
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (said.contains("Total lost packets 0 "), said)
    }
}

/// Sends back whatever it gets.
async fn echo() -> SocketAddr {
    let socket = UdpSocket::bind(("127.0.0.1", 0)).await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0; 2048];
        while let Ok((size, from)) = socket.recv_from(&mut buffer).await {
            socket.send_to(&buffer[..size], from).await.unwrap();
        }
    });
    address
}

/// A range of so many ports that nobody has.
async fn free_ports(count: u16) -> String {
    loop {
        let first = UdpSocket::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
        let Some(last) = first.checked_add(count - 1) else { continue };
        let all = futures_util::future::join_all((first..=last).map(|port| UdpSocket::bind(("127.0.0.1", port))));
        if all.await.iter().all(Result::is_ok) {
            return format!("{first}-{last}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_credentials_relays() {
    let scene = Scene::start().await;
    let peer = echo().await.port().to_string();
    let (came_back, said) =
        scene.relay(scene.credentials("ann", SystemClock.now()), &["-e", "127.0.0.1", "-r", &peer]).await;
    assert!(came_back, "{said}");
    // Two who both relay meet at the relay.
    let (came_back, said) = scene.relay(scene.credentials("ann", SystemClock.now()), &["-y"]).await;
    assert!(came_back, "{said}");
}

// SPEC 9.1
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_and_expired_credentials_do_not() {
    let scene = Scene::start().await;
    let peer = echo().await.port().to_string();
    let (username, password) = scene.credentials("ann", SystemClock.now());
    let (other, _) = scene.credentials("ben", SystemClock.now());
    let expired = scene.credentials("ann", 0);
    for credentials in [(username, "wrong".into()), (other, password), expired] {
        let (came_back, said) = scene.relay(credentials, &["-e", "127.0.0.1", "-r", &peer]).await;
        assert!(!came_back && said.contains("error 401"), "{said}");
    }
}

// SPEC 9.5
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn private_networks_are_out_of_reach() {
    let scene = Scene::start().await;
    for peer in ["10.0.0.1", "192.168.1.1", "169.254.169.254", "172.16.0.1", "224.0.0.1"] {
        let (came_back, said) =
            scene.relay(scene.credentials("ann", SystemClock.now()), &["-e", peer, "-r", "9"]).await;
        assert!(!came_back && said.contains("error 403"), "{peer}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_network_of_a_private_address_is_out_of_reach_unless_it_was_set_so() {
    let scene = Scene::with("49160-49360", Switch::Off).await;
    let peer = echo().await.port().to_string();
    let (came_back, said) =
        scene.relay(scene.credentials("ann", SystemClock.now()), &["-e", "127.0.0.2", "-r", &peer]).await;
    assert!(!came_back && said.contains("error 403"), "{said}");
    // The relay's own address is known to it; what else listens there gets nothing.
    let (came_back, said) =
        scene.relay(scene.credentials("ann", SystemClock.now()), &["-e", "127.0.0.1", "-r", &peer]).await;
    assert!(!came_back, "{said}");
    let (came_back, said) = scene.relay(scene.credentials("ann", SystemClock.now()), &["-y"]).await;
    assert!(came_back, "two who both relay meet: {said}");
}

// SPEC 9.5
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_do_not_use_up_a_few_ports() {
    let scene = Scene::with(&free_ports(16).await, Switch::On).await;
    let peer = echo().await.port().to_string();
    let to_peer = ["-e", "127.0.0.1", "-r", &peer];
    for greedy in ["ann", "ben"] {
        let words = [&["-m", "8"][..], &to_peer].concat();
        let (_, said) = scene.relay(scene.credentials(greedy, SystemClock.now()), &words).await;
        assert!(said.contains("error 486"), "{greedy}: {said}");
    }
    let (came_back, said) = scene.relay(scene.credentials("cem", SystemClock.now()), &to_peer).await;
    assert!(came_back, "others go on: {said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_takes_all_ports() {
    let scene = Scene::start().await;
    let peer = echo().await.port().to_string();
    let to_peer = ["-e", "127.0.0.1", "-r", &peer];
    let words = [&["-m", "30"][..], &to_peer].concat();
    let (_, said) = scene.relay(scene.credentials("ann", SystemClock.now()), &words).await;
    assert!(said.contains("error 486"), "{said}");
    let (came_back, said) = scene.relay(scene.credentials("ben", SystemClock.now()), &to_peer).await;
    assert!(came_back, "others go on: {said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rubbish_ends_nothing_and_closing_frees_the_port() {
    let scene = Scene::start().await;
    let address = scene.turn.address();
    let stranger = UdpSocket::bind(("127.0.0.1", 0)).await.unwrap();
    for size in 0..200_usize {
        let bytes: Vec<u8> = (0..size).map(|at| u8::try_from(at * 37 % 251).unwrap()).collect();
        stranger.send_to(&bytes, address).await.unwrap();
    }
    let peer = echo().await.port().to_string();
    let (came_back, said) =
        scene.relay(scene.credentials("ann", SystemClock.now()), &["-e", "127.0.0.1", "-r", &peer]).await;
    assert!(came_back, "{said}");
    scene.turn.close().await;
    // The tasks of its allocations end by themselves, soon after.
    let free = async {
        while UdpSocket::bind(address).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), free).await.expect("the port is free");
}
