//! HTTPS by the program itself: with a certificate from files, or one of its own for a LAN.

mod certificate;
mod network;
mod self_signed;

pub use certificate::CertificateError;

use crate::config::TlsSettings;
use certificate::{Current, Files, fingerprint};
use rustls::{ServerConfig, crypto::ring};
use self_signed::SelfSigned;
use std::{path::Path, sync::Arc, time::Duration};
use studyrooms_domain::system::Clock;
use tokio::{
    task::AbortHandle,
    time::{MissedTickBehavior, interval},
};
use tokio_rustls::TlsAcceptor;
use url::Url;

/// How often the certificate is looked at: another may be there, or this one be near its end.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Where certificates come from.
enum Source {
    Files(Files),
    SelfSigned(SelfSigned),
}

/// TLS, as long as it is held.
pub struct Tls {
    acceptor: TlsAcceptor,
    current: Arc<Current>,
    is_self_signed: bool,
    renewing: AbortHandle,
}

impl Tls {
    /// As `settings` says; none without a certificate. One of its own is kept in `data_dir` and names
    /// the host of `public_url` too.
    ///
    /// # Errors
    /// [`CertificateError`] names the setting.
    pub fn open(
        settings: &TlsSettings,
        data_dir: &Path,
        public_url: Option<&Url>,
        clock: Arc<dyn Clock>,
    ) -> Result<Option<Self>, CertificateError> {
        let mut source = match (&settings.tls_cert, &settings.tls_key) {
            (Some(cert), Some(key)) => Source::Files(Files::new(cert.clone(), key.clone())),
            _ if settings.tls_self_signed => {
                let host = public_url.and_then(Url::host_str).map(str::to_owned);
                Source::SelfSigned(SelfSigned::new(data_dir, host, clock))
            }
            _ => return Ok(None),
        };
        let is_self_signed = matches!(source, Source::SelfSigned(_));
        let current = Arc::new(Current::new(read(&mut source)?.ok_or(CertificateError::Missing)?));
        let provider = Arc::new(ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(current.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let renewing = tokio::spawn(renew(source, current.clone())).abort_handle();
        Ok(Some(Self { acceptor: TlsAcceptor::from(Arc::new(config)), current, is_self_signed, renewing }))
    }

    /// Whether nobody but this program vouches for the certificate.
    #[must_use]
    pub const fn is_self_signed(&self) -> bool {
        self.is_self_signed
    }

    /// What browsers show as the SHA-256 fingerprint.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.current.now())
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }
}

impl Drop for Tls {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

type Read = Result<Option<rustls::sign::CertifiedKey>, CertificateError>;

/// The certificate, if it is another one than at the last call.
fn read(source: &mut Source) -> Read {
    match source {
        Source::Files(files) => files.read(),
        Source::SelfSigned(own) => own.read(),
    }
}

/// Goes on with what there is when another cannot be had.
async fn renew(mut source: Source, current: Arc<Current>) {
    let mut every = interval(LOOK_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        let looked = tokio::task::spawn_blocking(move || {
            let found = read(&mut source);
            (source, found)
        });
        let found = match looked.await {
            Ok((same, found)) => {
                source = same;
                found
            }
            Err(error) => return tracing::error!(%error, "the certificate is not renewed any more"),
        };
        match found {
            Ok(None) => {}
            Ok(Some(key)) => {
                tracing::info!(fingerprint = fingerprint(&key), "another certificate is used");
                current.put(key);
            }
            Err(error) => tracing::warn!(%error, "the certificate was not renewed"),
        }
    }
}
