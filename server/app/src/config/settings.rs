//! Everything that can be set.

use super::{
    ConnectionSettings, Network, ProviderError, ProviderSettings, TlsSettings, TurnSettings, WebhookSettings, sign_in,
};
use clap::{Args, ValueEnum};
use std::{net::SocketAddr, path::PathBuf};
use url::Url;

/// Where users, rooms and logs are kept.
#[derive(Clone, Debug, Args)]
pub struct StoreSettings {
    /// Directory for the embedded store, files and generated secrets.
    #[arg(long, env = "DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,

    /// MongoDB in place of the embedded store: mongodb://… or mongodb+srv://….
    #[arg(long, env = "MONGODB_URI", hide_env_values = true, value_name = "URI")]
    pub mongodb_uri: Option<String>,

    /// Name of the database in MongoDB, `studyrooms` when it is not given.
    #[arg(long, env = "MONGODB_DB", value_name = "NAME")]
    pub mongodb_db: Option<String>,
}

/// What instances share.
#[derive(Clone, Debug, Args)]
pub struct RedisSettings {
    /// Redis, through which several instances serve the same rooms: redis://[user:password@]host[:port],
    /// redis+sentinel://[user:password@]host[:port],…/master or redis+cluster://[user:password@]host[:port],…;
    /// rediss in place of redis for TLS. They must share MONGODB_URI and JWT_SECRET too.
    #[arg(long, env = "REDIS_URL", hide_env_values = true, value_name = "URL")]
    pub redis_url: Option<String>,

    /// PEM file with the authorities that sign the certificates of Redis, in place of the machine's.
    #[arg(long, env = "REDIS_CA_FILE", value_name = "FILE")]
    pub redis_ca_file: Option<PathBuf>,
}

/// Where files are kept, and how much of them.
#[derive(Clone, Debug, Args)]
pub struct FileSettings {
    /// An S3 server in place of the files in the data directory: http://… or https://….
    #[arg(long, env = "S3_ENDPOINT", value_name = "URL")]
    pub s3_endpoint: Option<Url>,

    /// The S3 server as browsers reach it, where that is another address.
    #[arg(long, env = "S3_PUBLIC_ENDPOINT", value_name = "URL")]
    pub s3_public_endpoint: Option<Url>,

    /// Region of the S3 server.
    #[arg(long, env = "S3_REGION", default_value = "us-east-1", value_name = "NAME")]
    pub s3_region: String,

    /// Bucket for the files; made at the start when it is not there.
    #[arg(long, env = "S3_BUCKET", value_name = "NAME")]
    pub s3_bucket: Option<String>,

    /// Name of the key for the S3 server.
    #[arg(long, env = "S3_ACCESS_KEY", value_name = "NAME")]
    pub s3_access_key: Option<String>,

    /// The key for the S3 server.
    #[arg(long, env = "S3_SECRET_KEY", hide_env_values = true)]
    pub s3_secret_key: Option<String>,

    /// Size of one file, at most, in MiB.
    #[arg(long, env = "MAX_FILE_MIB", default_value = "2048", value_name = "MIB")]
    pub max_file_mib: u32,

    /// All files of a room together, at most, in MiB.
    #[arg(long, env = "MAX_ROOM_FILES_MIB", default_value = "10240", value_name = "MIB")]
    pub max_room_files_mib: u32,

    /// All files of a person together, in all rooms, at most, in MiB.
    #[arg(long, env = "MAX_USER_FILES_MIB", default_value = "10240", value_name = "MIB")]
    pub max_user_files_mib: u32,

    /// Space on the disk of the data directory that files leave free, in MiB: a disk full of files
    /// must not keep anyone from chatting.
    #[arg(long, env = "MIN_FREE_DISK_MIB", default_value = "512", value_name = "MIB")]
    pub min_free_disk_mib: u32,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Everything that can be set. In the file, the same names stand without dashes before them.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// TOML file with settings, named as the flags are.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Address and port to listen on.
    #[arg(long, env = "LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// Users, rooms and logs.
    #[command(flatten)]
    pub store: StoreSettings,

    /// HTTPS.
    #[command(flatten)]
    pub tls: TlsSettings,

    /// Address by which browsers reach the server, for invitation links and cookies.
    /// Without it, links name the host that the request came to.
    #[arg(long, env = "PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<Url>,

    /// Secret that signs access tokens, at least 32 bytes. Without it, one is made and kept in
    /// the data directory.
    #[arg(long, env = "JWT_SECRET", hide_env_values = true)]
    pub jwt_secret: Option<String>,

    /// STUN and TURN servers for calls, separated by commas: stun:…, turn:… or turns:….
    #[arg(long, env = "TURN_URLS", value_delimiter = ',', value_name = "URLS")]
    pub turn_urls: Vec<String>,

    /// Secret shared with the TURN server (coturn: static-auth-secret).
    #[arg(long, env = "TURN_SECRET", hide_env_values = true)]
    pub turn_secret: Option<String>,

    /// Without a TURN server.
    #[command(flatten)]
    pub turn: TurnSettings,

    /// Web origins beside the server's own that may use it, separated by commas.
    #[arg(long, env = "CORS_ORIGINS", value_delimiter = ',', value_name = "ORIGINS")]
    pub cors_origins: Vec<Url>,

    /// Redis, through which several instances serve the same rooms.
    #[command(flatten)]
    pub redis: RedisSettings,

    /// Whom the worker tells; with REDIS_URL, `studyrooms worker` does.
    #[command(flatten)]
    pub webhooks: WebhookSettings,

    /// Files.
    #[command(flatten)]
    pub files: FileSettings,

    /// Connections.
    #[command(flatten)]
    pub connections: ConnectionSettings,

    /// Multiplies every rate limit: for load tests, and for large schools behind one address.
    #[arg(long, env = "RATE_LIMIT_FACTOR", default_value = "1", value_name = "NUMBER")]
    pub rate_limit_factor: f64,

    /// Addresses and networks of balancers, separated by commas, whose X-Forwarded-For is believed:
    /// 10.0.0.7,fd00::/8. Without it, everyone behind a balancer shares its rate limits.
    #[arg(long, env = "TRUSTED_PROXIES", value_delimiter = ',', value_name = "NETWORKS")]
    pub trusted_proxies: Vec<Network>,

    /// An identity provider to sign in at, as id=google,client-id=…,client-secret-file=…; may be given several
    /// times. In the environment all of them as a JSON array, in the file as tables [[oidc]].
    /// docs/SECURITY.md names the fields.
    #[arg(long, env = "OIDC_PROVIDERS", hide_env_values = true, value_name = "FIELDS")]
    oidc: Vec<String>,

    /// How the log is written. RUST_LOG chooses what.
    #[arg(long, env = "LOG_FORMAT", default_value = "pretty")]
    pub log_format: LogFormat,
}

impl Settings {
    /// The identity providers, in their order. They are not read by the parser of the command
    /// line, which would show the secrets of what it refuses.
    ///
    /// # Errors
    /// [`ProviderError`] names the field.
    pub fn providers(&self) -> Result<Vec<ProviderSettings>, ProviderError> {
        let lists: Vec<Vec<ProviderSettings>> =
            self.oidc.iter().map(|text| sign_in::providers(text)).collect::<Result<_, _>>()?;
        Ok(lists.concat())
    }
}
