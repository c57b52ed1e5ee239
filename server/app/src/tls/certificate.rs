//! Certificates with their keys, and the one that is shown to clients now.

use rustls::{
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use sha2::{Digest, Sha256};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::SystemTime,
};

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file cannot be read, or holds something else.
    #[error("{setting}: {path}: {why}")]
    File {
        /// What names the file.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Certificate and key do not belong together, or are of a kind that is not known.
    #[error("TLS_KEY: {0}")]
    Unfit(#[from] rustls::Error),
    /// One's own could not be made.
    #[error("TLS_SELF_SIGNED: {0}")]
    Making(String),
    /// There is none.
    #[error("TLS_CERT: no certificate")]
    Missing,
}

/// The certificate of now.
#[derive(Debug)]
pub(super) struct Current(RwLock<Arc<CertifiedKey>>);

impl Current {
    pub(super) fn new(key: CertifiedKey) -> Self {
        Self(RwLock::new(Arc::new(key)))
    }

    pub(super) fn now(&self) -> Arc<CertifiedKey> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn put(&self, key: CertifiedKey) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
    }
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.now())
    }
}

/// As browsers show it.
pub(super) fn fingerprint(key: &CertifiedKey) -> String {
    let digest = key.cert.first().map(Sha256::digest).unwrap_or_default();
    digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

/// The chain and the key of two PEM files.
pub(super) fn load(cert: &Path, key: &Path, settings: [&'static str; 2]) -> Result<CertifiedKey, CertificateError> {
    let failed = |at: usize, path: &Path, why: &dyn std::fmt::Display| CertificateError::File {
        setting: settings[at],
        path: path.to_owned(),
        why: why.to_string(),
    };
    let chain: Vec<CertificateDer<'static>> =
        CertificateDer::pem_file_iter(cert).and_then(Iterator::collect).map_err(|error| failed(0, cert, &error))?;
    if chain.is_empty() {
        return Err(failed(0, cert, &"no certificate in PEM"));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| failed(1, key, &error))?;
    Ok(CertifiedKey::from_der(chain, secret, &ring::default_provider())?)
}

/// Files that someone else renews.
pub(super) struct Files {
    cert: PathBuf,
    key: PathBuf,
    changed: Option<[SystemTime; 2]>,
}

impl Files {
    pub(super) const fn new(cert: PathBuf, key: PathBuf) -> Self {
        Self { cert, key, changed: None }
    }

    /// What is in them, if they were changed since they were read last.
    pub(super) fn read(&mut self) -> Result<Option<CertifiedKey>, CertificateError> {
        let changed = |setting, path: &Path| {
            std::fs::metadata(path).and_then(|about| about.modified()).map_err(|error| CertificateError::File {
                setting,
                path: path.to_owned(),
                why: error.to_string(),
            })
        };
        let times = [changed("TLS_CERT", &self.cert)?, changed("TLS_KEY", &self.key)?];
        if self.changed == Some(times) {
            return Ok(None);
        }
        // One may be new before the other: then it is tried again.
        let key = load(&self.cert, &self.key, ["TLS_CERT", "TLS_KEY"])?;
        self.changed = Some(times);
        Ok(Some(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs::File, time::Duration};

    /// Two names, for files of which either may be new.
    fn renew(folder: &Path, which: &[&str], at: SystemTime) {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        for (name, text) in [("cert", made.cert.pem()), ("key", made.signing_key.serialize_pem())] {
            if which.contains(&name) {
                std::fs::write(folder.join(name), text).unwrap();
                File::options().write(true).open(folder.join(name)).unwrap().set_modified(at).unwrap();
            }
        }
    }

    #[test]
    fn files_are_taken_up_when_they_change_and_are_a_pair() {
        let folder = tempfile::tempdir().unwrap();
        let begin = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let later = |seconds| begin + Duration::from_secs(seconds);
        renew(folder.path(), &["cert", "key"], begin);
        let mut files = Files::new(folder.path().join("cert"), folder.path().join("key"));
        let first = fingerprint(&files.read().unwrap().unwrap());
        assert!(files.read().unwrap().is_none(), "nothing changed");
        renew(folder.path(), &["cert"], later(1));
        assert!(matches!(files.read(), Err(CertificateError::Unfit(_))), "the key is of another");
        renew(folder.path(), &["cert", "key"], later(2));
        assert_ne!(fingerprint(&files.read().unwrap().unwrap()), first);
    }
}
