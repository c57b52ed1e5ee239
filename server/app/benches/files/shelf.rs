//! Where files are put: each has addresses to put to and to get from.

use crate::plain;
use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use studyrooms_app::{
    config::{Settings, Switch},
    serve::serve,
    wiring,
};
use studyrooms_domain::files::{Grant, Objects, Showing};
use studyrooms_protocol::files::SignedRequest;
use tempfile::TempDir;
use tokio::net::TcpListener;

const VALID_FOR: Duration = Duration::from_secs(600);
const MIME_TYPE: &str = "application/pdf";

pub struct Shelf {
    pub name: &'static str,
    kind: Kind,
    _directory: Option<TempDir>,
}

enum Kind {
    Plain {
        address: SocketAddr,
        directory: PathBuf,
    },
    /// Addresses that begin with a path are below `base`.
    Objects {
        base: String,
        objects: Arc<dyn Objects>,
    },
}

/// How one file comes and goes.
pub struct Way {
    pub key: String,
    pub put: SignedRequest,
    pub get: String,
}

impl Shelf {
    pub async fn plain() -> Self {
        let directory = TempDir::new().unwrap();
        let (listener, address) = listen().await;
        let router = plain::router(directory.path().to_owned());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let kind = Kind::Plain { address, directory: directory.path().to_owned() };
        Self { name: "plain file stream", kind, _directory: Some(directory) }
    }

    /// The whole server, as it runs on one machine.
    pub async fn embedded(mut settings: Settings) -> Self {
        let directory = TempDir::new().unwrap();
        settings.store.data_dir = directory.path().to_owned();
        settings.store.mongodb_uri = None;
        settings.redis.redis_url = None;
        settings.files.s3_endpoint = None;
        settings.turn.embedded_turn = Switch::Off;
        let open = wiring::open(&settings.store).await.unwrap();
        let app = wiring::wire(&settings, &open).await.unwrap();
        let objects = app.objects.clone();
        let (listener, address) = listen().await;
        tokio::spawn(async move { serve(app, listener, std::future::pending()).await.unwrap() });
        let kind = Kind::Objects { base: format!("http://{address}"), objects };
        Self { name: "object store here", kind, _directory: Some(directory) }
    }

    /// None where no server is named.
    pub async fn peer(settings: &Settings) -> Option<Self> {
        let objects = wiring::object_server(&settings.files).await.unwrap()?;
        Some(Self { name: "S3_ENDPOINT", kind: Kind::Objects { base: String::new(), objects }, _directory: None })
    }

    /// For a file that is not there yet.
    pub async fn way(&self, key: String, size: u64) -> Way {
        let (put, get) = match &self.kind {
            Kind::Plain { address, .. } => {
                let url = format!("http://{address}/{key}");
                (SignedRequest { method: "PUT".into(), url: url.clone(), headers: Default::default() }, url)
            }
            Kind::Objects { base, objects } => {
                let grant = Grant { key: &key, size, mime_type: MIME_TYPE, valid_for: VALID_FOR };
                let showing = Showing { mime_type: MIME_TYPE, disposition: "inline", valid_for: VALID_FOR };
                let mut put = objects.sign_put(grant).await.unwrap();
                put.url.insert_str(0, base);
                (put, format!("{base}{}", objects.sign_get(&key, showing).await.unwrap()))
            }
        };
        Way { key, put, get }
    }

    pub async fn remove(&self, key: &str) {
        match &self.kind {
            Kind::Plain { directory, .. } => tokio::fs::remove_file(directory.join(key)).await.unwrap(),
            Kind::Objects { objects, .. } => objects.remove(key).await.unwrap(),
        }
    }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}
