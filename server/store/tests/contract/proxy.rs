//! A network that fails: everything to the server passes through here.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp},
};

#[derive(Clone, Copy, PartialEq)]
#[repr(u8)]
pub enum Network {
    /// All goes through.
    Up = 0,
    /// What the server answers is lost, and the connection with it.
    AnswersLost = 1,
    /// What the server answers waits.
    Stalled = 2,
}

pub struct Proxy {
    pub address: SocketAddr,
    state: Arc<AtomicU8>,
}

impl Proxy {
    pub async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(AtomicU8::new(Network::Up as u8));
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&server).await else { continue };
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                tokio::spawn(forward(from_client, to_server, None));
                tokio::spawn(forward(from_server, to_client, Some(shared.clone())));
            }
        });
        Self { address, state }
    }

    pub fn is_now(&self, network: Network) {
        self.state.store(network as u8, Ordering::SeqCst);
    }
}

async fn forward(mut from: tcp::OwnedReadHalf, mut to: tcp::OwnedWriteHalf, state: Option<Arc<AtomicU8>>) {
    let mut bytes = vec![0; 65_536];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if let Some(state) = &state {
            while state.load(Ordering::SeqCst) == Network::Stalled as u8 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            if state.load(Ordering::SeqCst) == Network::AnswersLost as u8 {
                return;
            }
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
