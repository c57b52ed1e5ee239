//! What the handlers of HTTP and sockets share.

use crate::{
    auth::{AccessTokens, AddressKey, FamilyIds, KnownSignIns, Passwords, SocketIds, oidc::Providers},
    config::TrustedProxies,
    http::{Health, ObjectEndpoint},
    ice::IceConfig,
    net::Connections,
    room::LiveRooms,
    socket::Sockets,
    tls::Tls,
    turn::EmbeddedTurn,
};
use std::sync::Arc;
use studyrooms_domain::{
    files::{Objects, Quotas},
    limits::{LocalLimits, RateLimits},
    room_fold::RoomFolds,
    store::{Bans, Logs, ReadMarkers, RefreshTokens, Rooms, Snapshots, Uploads, Users, WriteProbe},
    system::{Clock, Random},
    worker::{Deliveries, FocusLedger, Following, Summaries},
};
use url::Url;

/// The stores, whichever engines they are.
#[derive(Clone)]
pub struct Stores {
    /// People.
    pub users: Arc<dyn Users>,
    /// Refresh tokens.
    pub refresh_tokens: Arc<dyn RefreshTokens>,
    /// Rooms and members.
    pub rooms: Arc<dyn Rooms>,
    /// Who may not come back.
    pub bans: Arc<dyn Bans>,
    /// How far people have read.
    pub read_markers: Arc<dyn ReadMarkers>,
    /// Uploads.
    pub uploads: Arc<dyn Uploads>,
    /// The logs.
    pub logs: Arc<dyn Logs>,
    /// Board snapshots.
    pub snapshots: Arc<dyn Snapshots>,
    /// How far workers have followed the room logs.
    pub following: Arc<dyn Following>,
    /// Webhook deliveries.
    pub deliveries: Arc<dyn Deliveries>,
    /// Days of rooms, counted.
    pub summaries: Arc<dyn Summaries>,
    /// Who worked when.
    pub focus: Arc<dyn FocusLedger>,
    /// Folds of the room logs.
    pub room_folds: Arc<dyn RoomFolds>,
    /// Whether writes succeed.
    pub write_probe: Arc<dyn WriteProbe>,
}

impl Stores {
    /// All of one engine.
    pub fn of<E>(engine: Arc<E>) -> Self
    where
        E: Users + RefreshTokens + Rooms + Bans + ReadMarkers + Uploads + Logs + Snapshots,
        E: Following + Deliveries + Summaries + FocusLedger + RoomFolds + WriteProbe + 'static,
    {
        Self {
            room_folds: engine.clone(),
            write_probe: engine.clone(),
            users: engine.clone(),
            refresh_tokens: engine.clone(),
            rooms: engine.clone(),
            bans: engine.clone(),
            read_markers: engine.clone(),
            uploads: engine.clone(),
            logs: engine.clone(),
            snapshots: engine.clone(),
            following: engine.clone(),
            deliveries: engine.clone(),
            summaries: engine.clone(),
            focus: engine,
        }
    }
}

/// The clock and the source of randomness.
#[derive(Clone)]
pub struct System {
    /// Milliseconds since 1970.
    pub clock: Arc<dyn Clock>,
    /// Fit for secrets.
    pub random: Arc<dyn Random>,
}

/// Everything a handler may need. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

/// The parts of an [`App`].
pub struct AppParts {
    /// The stores.
    pub stores: Stores,
    /// The clock and the source of randomness.
    pub system: System,
    /// The bytes of files.
    pub objects: Arc<dyn Objects>,
    /// Where they are to be had, when that is here.
    pub object_endpoint: Option<ObjectEndpoint>,
    /// The web origin where they are to be had, when that is elsewhere.
    pub object_origin: Option<String>,
    /// How much of them there may be.
    pub quotas: Quotas,
    /// Makes and checks access tokens.
    pub access_tokens: AccessTokens,
    /// Makes and knows ids of families of refresh tokens.
    pub family_ids: FamilyIds,
    /// Who signed in from where before.
    pub known_sign_ins: KnownSignIns,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Gives public ids to sockets.
    pub socket_ids: SocketIds,
    /// How often people may do things.
    pub limits: Arc<dyn RateLimits>,
    /// How often they may connect to this instance.
    pub connects: Arc<dyn LocalLimits>,
    /// Whether the server can do its work.
    pub health: Health,
    /// How clients' addresses are kept.
    pub address_key: AddressKey,
    /// Whose word on a client's address is believed.
    pub trusted_proxies: TrustedProxies,
    /// The connections that are open.
    pub(crate) connections: Connections,
    /// The identity providers to sign in at.
    pub providers: Providers,
    /// The sockets.
    pub sockets: Sockets,
    /// STUN and TURN.
    pub ice: IceConfig,
    /// The server that relays, where this program does.
    pub turn: Option<EmbeddedTurn>,
    /// HTTPS, where the program speaks it itself.
    pub tls: Option<Tls>,
    /// The rooms someone is in.
    pub live_rooms: LiveRooms,
    /// Where browsers reach the server, when it was told.
    pub public_url: Option<Url>,
    /// Origins beside the server's own.
    pub cors_origins: Vec<Url>,
}

impl App {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: AppParts) -> Self {
        Self(Arc::new(parts))
    }

    /// Whether browsers reach the server by HTTPS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.tls.is_some() || self.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }
}

impl std::ops::Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}
