//! Where the bytes of files are: an S3 server, or the data directory.

use super::WiringError;
use crate::{
    auth::derived_secret,
    config::{FileSettings, Settings},
    http::ObjectEndpoint,
};
use std::sync::Arc;
use studyrooms_domain::{
    files::{Objects, Quotas},
    store::Uploads,
    system::Random,
};
use studyrooms_store::s3::{Keys, LocalS3, Origins, S3, S3Config};
use url::Url;

/// Where the bytes of files are: on the S3 server that is configured, and never here in its place.
pub struct Files {
    /// The objects.
    pub objects: Arc<dyn Objects>,
    pub(super) endpoint: Option<ObjectEndpoint>,
    pub(super) origin: Option<String>,
}

/// The object store, as `settings` says.
///
/// # Errors
/// [`WiringError`].
pub async fn files(
    settings: &Settings,
    secret: &str,
    random: Arc<dyn Random>,
    uploads: Arc<dyn Uploads>,
) -> Result<Files, WiringError> {
    let own = settings.public_url.as_ref().map(origin);
    let origins = match own {
        Some(own) => std::iter::once(own).chain(settings.cors_origins.iter().map(origin)).collect(),
        // Which pages are ours nobody said; what may be done is signed all the same.
        None => vec!["*".into()],
    };
    if let Some((objects, public)) = s3(&settings.files, &Origins(origins)).await? {
        return Ok(Files { objects: Arc::new(objects), endpoint: None, origin: Some(public) });
    }
    if settings.redis.redis_url.is_some() {
        tracing::warn!("S3_ENDPOINT: instances that share REDIS_URL must share it too, or files are on one of them");
    }
    local_files(settings, secret, random, uploads)
}

/// The S3 server, when there is an address of one, for who serves no pages.
///
/// # Errors
/// [`WiringError`].
pub async fn object_server(settings: &FileSettings) -> Result<Option<Arc<dyn Objects>>, WiringError> {
    let found = s3(settings, &Origins(vec![])).await?;
    Ok(found.map(|(objects, _)| Arc::new(objects) as Arc<dyn Objects>))
}

/// The S3 server, when there is an address of one, and where browsers reach it.
async fn s3(settings: &FileSettings, origins: &Origins) -> Result<Option<(S3, String)>, WiringError> {
    let FileSettings { s3_endpoint, s3_public_endpoint, s3_region, s3_bucket, s3_access_key, s3_secret_key, .. } =
        settings;
    let (Some(endpoint), Some(bucket), Some(access), Some(key)) =
        (s3_endpoint, s3_bucket, s3_access_key, s3_secret_key)
    else {
        return Ok(None);
    };
    let public = origin(s3_public_endpoint.as_ref().unwrap_or(endpoint));
    let config = S3Config {
        endpoint: origin(endpoint),
        public_endpoint: public.clone(),
        region: s3_region.clone(),
        bucket: bucket.clone(),
        keys: Keys { access: access.clone(), secret: key.clone() },
    };
    Ok(Some((S3::connect(config, origins).await?, public)))
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn local_files(
    settings: &Settings,
    secret: &str,
    random: Arc<dyn Random>,
    uploads: Arc<dyn Uploads>,
) -> Result<Files, WiringError> {
    let root = settings.store.data_dir.join("files");
    let reserve = u64::from(settings.files.min_free_disk_mib) << 20;
    let keys = Keys { access: "studyrooms".into(), secret: derived_secret(secret, "objects")? };
    let failed = |source| WiringError::DataDir { path: root.clone(), source };
    let local = LocalS3::open(&root, &keys, random, uploads, reserve).map_err(failed)?;
    let objects = Arc::new(S3::inside(local.clone(), &keys));
    let endpoint: ObjectEndpoint = Arc::new(move |request| {
        let local = local.clone();
        Box::pin(async move { local.answer(request).await.map(axum::body::Body::new) })
    });
    Ok(Files { objects, endpoint: Some(endpoint), origin: None })
}

pub(super) fn quotas(settings: &FileSettings) -> Quotas {
    let bytes = |mib: u32| u64::from(mib) << 20;
    Quotas {
        file: bytes(settings.max_file_mib),
        room: bytes(settings.max_room_files_mib),
        user: bytes(settings.max_user_files_mib),
    }
}
