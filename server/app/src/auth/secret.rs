//! The signing secret: given, or made once and kept in the data directory. None is built in.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};
use studyrooms_domain::{Refusal, system::Random};
use studyrooms_protocol::error::ErrorCode;

const BYTES: usize = 48;

/// The secret cannot be read or kept.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}")]
pub struct SecretError {
    /// The file.
    path: PathBuf,
    /// What the system says.
    source: std::io::Error,
}

/// The secret kept in `data_dir`, made now when there is none.
///
/// # Errors
/// [`SecretError`] when it can be neither read nor kept.
pub fn jwt_secret(data_dir: &Path, random: &dyn Random) -> Result<String, SecretError> {
    let path = data_dir.join("jwt.secret");
    let failed = |source| SecretError { path: path.clone(), source };
    match fs::read_to_string(&path) {
        Ok(secret) if secret.trim().len() >= 32 => return Ok(secret.trim().to_owned()),
        Ok(_) => return Err(failed(std::io::Error::new(ErrorKind::InvalidData, "shorter than 32 bytes; remove it"))),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    let mut bytes = [0; BYTES];
    random.fill(&mut bytes);
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    write_private(&path, &secret).map_err(failed)?;
    Ok(secret)
}

/// A secret for another purpose, from which the first is not to be found.
///
/// # Errors
/// `internal` when cryptography does not work here.
pub fn derived_secret(secret: &str, purpose: &str) -> Result<String, Refusal> {
    let mut key = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map_err(|error| Refusal::new(ErrorCode::Internal, error.to_string()))?;
    key.update(purpose.as_bytes());
    Ok(URL_SAFE_NO_PAD.encode(key.finalize().into_bytes()))
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
