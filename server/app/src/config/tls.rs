//! HTTPS by the program itself.

use clap::Args;
use std::path::PathBuf;

/// The certificate.
#[derive(Clone, Debug, Default, Args)]
pub struct TlsSettings {
    /// PEM file with the certificate, and those that lead to its authority: the server speaks HTTPS. It
    /// is read again when it changes.
    #[arg(long, env = "TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,

    /// PEM file with the certificate's key.
    #[arg(long, env = "TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,

    /// HTTPS with a certificate of the program's own, for a LAN: browsers ask once. It is kept in the
    /// data directory, and its fingerprint is printed at the start.
    #[arg(long, env = "TLS_SELF_SIGNED")]
    pub tls_self_signed: bool,
}
