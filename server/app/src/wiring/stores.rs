//! Where everything is kept: MongoDB, or the embedded store.

use super::WiringError;
use crate::{app::Stores, config::StoreSettings};
use std::sync::Arc;
use studyrooms_domain::{Refusal, append_lease::AppendLeases};
use studyrooms_protocol::error::ErrorCode;
use studyrooms_store::{
    embedded::Embedded,
    mongo::{Mongo, MongoConfig},
};

/// Where MongoDB is given without the name of a database.
const DATABASE: &str = "studyrooms";

/// Stores that are open, and what is to be closed at the end.
pub struct OpenStores {
    /// The stores.
    pub stores: Stores,
    engine: Engine,
}

enum Engine {
    Embedded(Embedded),
    Mongo(Mongo),
}

impl OpenStores {
    /// The stores, whose logs instances append to under a lease where they share Redis.
    pub(super) fn with_append_leases(&self, append_leases: Option<Arc<dyn AppendLeases>>) -> Stores {
        let mut stores = self.stores.clone();
        if let (Engine::Mongo(mongo), Some(append_leases)) = (&self.engine, append_leases) {
            stores.logs = Arc::new(mongo.clone().with_append_leases(append_leases));
        }
        stores
    }

    /// Ends the connections, or closes the file; nothing is stored or read any more.
    pub async fn close(self) {
        match self.engine {
            Engine::Embedded(embedded) => embedded.close().await,
            Engine::Mongo(mongo) => mongo.close().await,
        }
    }
}

/// The stores that `settings` names: MongoDB when there is an address of one, and never the
/// embedded store in its place.
///
/// # Errors
/// [`WiringError`].
pub async fn open(settings: &StoreSettings) -> Result<OpenStores, WiringError> {
    if let Some(uri) = settings.mongodb_uri.clone() {
        let database = settings.mongodb_db.clone().unwrap_or_else(|| DATABASE.into());
        let mongo = Mongo::connect(MongoConfig { uri, database }).await?;
        return Ok(OpenStores { stores: Stores::of(Arc::new(mongo.clone())), engine: Engine::Mongo(mongo) });
    }
    let data_dir = settings.data_dir.clone();
    let opening = tokio::task::spawn_blocking(move || Embedded::open(&data_dir));
    let embedded = opening.await.map_err(|error| Refusal::new(ErrorCode::Internal, error.to_string()))??;
    Ok(OpenStores { stores: Stores::of(Arc::new(embedded.clone())), engine: Engine::Embedded(embedded) })
}
