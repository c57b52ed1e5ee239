//! A certificate of the program's own, kept in the data directory, for a LAN where there is no other.

use super::{
    certificate::{CertificateError, load},
    network,
};
use cookie_time::OffsetDateTime;
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};
use rustls::sign::CertifiedKey;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};
use studyrooms_domain::system::Clock;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// Browsers and phones take none that lasts longer than about two years.
const LASTS_MS: u64 = 365 * DAY_MS;
/// Whoever trusted it is asked again once a year, and not on its last day.
const RENEWED_BEFORE_MS: u64 = 30 * DAY_MS;
const SETTINGS: [&str; 2] = ["TLS_SELF_SIGNED", "TLS_SELF_SIGNED"];

/// What is kept beside the certificate, to know when another is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct About {
    names: BTreeSet<String>,
    ends_at: u64,
}

pub(super) struct SelfSigned {
    folder: PathBuf,
    host: Option<String>,
    clock: Arc<dyn Clock>,
    known: Option<About>,
}

impl SelfSigned {
    pub(super) fn new(data_dir: &Path, host: Option<String>, clock: Arc<dyn Clock>) -> Self {
        Self { folder: data_dir.join("tls"), host, clock, known: None }
    }

    /// The certificate, if it is not known yet or another one is due: near its end, or when the machine is
    /// reached by other names.
    pub(super) fn read(&mut self) -> Result<Option<CertifiedKey>, CertificateError> {
        let mut names = network::names().map_err(|error| making(&error))?;
        names.extend(self.host.clone());
        let is_good =
            |about: &About| about.names == names && about.ends_at > self.clock.now().saturating_add(RENEWED_BEFORE_MS);
        if self.known.as_ref().is_some_and(is_good) {
            return Ok(None);
        }
        let about = match self.kept().filter(is_good) {
            Some(kept) => kept,
            None => self.make(names)?,
        };
        let key = load(&self.file("cert.pem"), &self.file("key.pem"), SETTINGS)?;
        self.known = Some(about);
        Ok(Some(key))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// What was said of the one that is kept, if all of it is there.
    fn kept(&self) -> Option<About> {
        let text = fs::read_to_string(self.file("about.json")).ok()?;
        let about = serde_json::from_str(&text).ok()?;
        load(&self.file("cert.pem"), &self.file("key.pem"), SETTINGS).ok().map(|_| about)
    }

    fn make(&self, names: BTreeSet<String>) -> Result<About, CertificateError> {
        let now = self.clock.now();
        let about = About { names, ends_at: now + LASTS_MS };
        let names: Vec<String> = about.names.iter().cloned().collect();
        let mut params = CertificateParams::new(names).map_err(|error| making(&error))?;
        params.distinguished_name.push(DnType::CommonName, "StudyRooms");
        // Clocks of phones are late now and then.
        params.not_before = at(now.saturating_sub(DAY_MS))?;
        params.not_after = at(about.ends_at)?;
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().map_err(|error| making(&error))?;
        let certificate = params.self_signed(&key).map_err(|error| making(&error))?;
        fs::create_dir_all(&self.folder).map_err(|error| making(&error))?;
        let text = serde_json::to_string(&about).map_err(|error| making(&error))?;
        let files = [("key.pem", key.serialize_pem()), ("cert.pem", certificate.pem()), ("about.json", text)];
        for (name, text) in files {
            write_private(&self.file(name), &text).map_err(|error| making(&error))?;
        }
        Ok(about)
    }
}

fn making(why: &dyn std::fmt::Display) -> CertificateError {
    CertificateError::Making(why.to_string())
}

fn at(ms: u64) -> Result<OffsetDateTime, CertificateError> {
    let seconds = i64::try_from(ms / 1000).map_err(|error| making(&error))?;
    OffsetDateTime::from_unix_timestamp(seconds).map_err(|error| making(&error))
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    // Another file in the place of the old one: its rights are those it is made with.
    let new = path.with_extension("new");
    fs::remove_file(&new).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    struct HandClock(AtomicU64);

    impl Clock for HandClock {
        fn now(&self) -> u64 {
            self.0.load(Ordering::SeqCst)
        }
    }

    fn print(read: Result<Option<CertifiedKey>, CertificateError>) -> Option<String> {
        read.unwrap().map(|key| super::super::certificate::fingerprint(&key))
    }

    #[test]
    fn one_is_kept_until_it_is_near_its_end_or_names_others() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock(AtomicU64::new(1_800_000_000_000)));
        let begin = |host: Option<&str>| SelfSigned::new(folder.path(), host.map(str::to_owned), clock.clone());
        let mut own = begin(None);
        let first = print(own.read()).unwrap();
        assert_eq!(print(own.read()), None, "the same again");
        assert_eq!(print(begin(None).read()), Some(first.clone()), "the same after a restart");
        clock.0.fetch_add(LASTS_MS - RENEWED_BEFORE_MS - 1, Ordering::SeqCst);
        assert_eq!(print(own.read()), None);
        clock.0.fetch_add(1, Ordering::SeqCst);
        let second = print(own.read()).unwrap();
        assert_ne!(second, first);
        assert_ne!(print(begin(Some("rooms.lan")).read()).unwrap(), second);
    }

    #[test]
    fn what_is_kept_only_in_part_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock(AtomicU64::new(1_800_000_000_000)));
        let begin = || SelfSigned::new(folder.path(), None, clock.clone());
        let first = print(begin().read()).unwrap();
        fs::write(folder.path().join("tls/key.pem"), "rubbish").unwrap();
        assert_ne!(print(begin().read()).unwrap(), first);
    }
}
