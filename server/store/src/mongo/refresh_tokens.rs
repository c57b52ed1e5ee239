//! Refresh tokens in MongoDB: a document for each family, and one for each token that was kept by itself before
//! there were families.

use super::{
    Mongo,
    call::{call, unless_taken},
    int64,
};
use async_trait::async_trait;
use futures_util::TryStreamExt;
use mongodb::{
    Collection,
    bson::{Binary, Document, doc, spec::BinarySubtype},
};
use serde::{Deserialize, Serialize};
use studyrooms_domain::{
    auth::RefreshToken,
    store::{RefreshTokens, Stored},
    token_family::{FamilyTokens, TokenFamily},
};
use studyrooms_protocol::{Timestamp, ids::UserId};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FamilyDocument {
    #[serde(rename = "_id")]
    id: String,
    user_id: UserId,
    expires_at: Timestamp,
    version: u64,
    tokens: FamilyTokens,
}

impl From<TokenFamily> for FamilyDocument {
    fn from(TokenFamily { id, user_id, expires_at, version, tokens }: TokenFamily) -> Self {
        Self { id, user_id, expires_at, version, tokens }
    }
}

impl From<FamilyDocument> for TokenFamily {
    fn from(FamilyDocument { id, user_id, expires_at, version, tokens }: FamilyDocument) -> Self {
        Self { id, user_id, expires_at, version, tokens }
    }
}

/// A token that was kept by itself, under its hash.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenDocument {
    #[serde(rename = "_id")]
    hash: Binary,
    family: String,
    user_id: UserId,
    expires_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    used_at: Option<Timestamp>,
}

impl Mongo {
    fn token_families(&self) -> Collection<FamilyDocument> {
        self.collection("tokenFamilies")
    }

    fn refresh_tokens(&self) -> Collection<TokenDocument> {
        self.collection("refreshTokens")
    }
}

#[async_trait]
impl RefreshTokens for Mongo {
    async fn add(&self, family: TokenFamily, most: usize) -> Stored<bool> {
        let (id, user_id) = (family.id.clone(), family.user_id.clone());
        if !unless_taken(self.token_families().insert_one(FamilyDocument::from(family))).await? {
            return Ok(false);
        }
        let others = doc! { "userId": user_id.as_str(), "_id": { "$ne": id } };
        let families = self.token_families().clone_with_type::<Document>();
        let oldest = families
            .find(others)
            .sort(doc! { "expiresAt": -1 })
            .skip(most.saturating_sub(1) as u64)
            .projection(doc! { "_id": 1 });
        let oldest: Vec<Document> = call(async { oldest.await?.try_collect().await }).await?;
        for ended in oldest.iter().filter_map(|family| family.get_str("_id").ok()) {
            self.end_family(ended).await?;
        }
        Ok(true)
    }

    async fn lookup(&self, id: &str) -> Stored<Option<TokenFamily>> {
        Ok(call(self.token_families().find_one(doc! { "_id": id })).await?.map(TokenFamily::from))
    }

    async fn replace_family(&self, family: TokenFamily) -> Stored<bool> {
        let Some(before) = family.version.checked_sub(1) else { return Ok(false) };
        let stored = doc! { "_id": &family.id, "version": int64(before) };
        let families = self.token_families();
        Ok(call(families.replace_one(stored, FamilyDocument::from(family))).await?.matched_count == 1)
    }

    async fn kept_singly(&self, hash: &[u8]) -> Stored<Vec<RefreshToken>> {
        let tokens = self.refresh_tokens();
        let hash = Binary { subtype: BinarySubtype::Generic, bytes: hash.to_owned() };
        let Some(found) = call(tokens.find_one(doc! { "_id": hash })).await? else { return Ok(vec![]) };
        let finding = tokens.find(doc! { "family": found.family });
        let found: Vec<TokenDocument> = call(async { finding.await?.try_collect().await }).await?;
        let token = |TokenDocument { hash, family, user_id, expires_at, used_at }| RefreshToken {
            hash: hash.bytes,
            family,
            user_id,
            expires_at,
            used_at,
        };
        Ok(found.into_iter().map(token).collect())
    }

    async fn end_family(&self, id: &str) -> Stored<()> {
        // The single tokens first: none of them may bring back a family that has ended.
        call(self.refresh_tokens().delete_many(doc! { "family": id })).await?;
        call(self.token_families().delete_one(doc! { "_id": id })).await?;
        Ok(())
    }

    async fn end_all(&self, user_id: &UserId) -> Stored<()> {
        call(self.refresh_tokens().delete_many(doc! { "userId": user_id.as_str() })).await?;
        call(self.token_families().delete_many(doc! { "userId": user_id.as_str() })).await?;
        Ok(())
    }

    async fn sweep(&self, now: Timestamp) -> Stored<u64> {
        let expired = || doc! { "expiresAt": { "$lt": int64(now) } };
        let families = call(self.token_families().delete_many(expired())).await?.deleted_count;
        Ok(families + call(self.refresh_tokens().delete_many(expired())).await?.deleted_count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mongo::MongoConfig;
    use mongodb::bson::oid::ObjectId;

    #[tokio::test]
    async fn tokens_kept_one_by_one_are_found_by_any_of_them_until_their_family_ends() {
        let Ok(uri) = std::env::var("TEST_MONGODB_URI") else {
            panic!("TEST_MONGODB_URI is not set: run scripts/test, or scripts/service-mongodb");
        };
        let database = format!("studyrooms_test_{}", ObjectId::new());
        let store = Mongo::connect(MongoConfig { uri, database }).await.unwrap();
        let document = |hash: u8, family: &str, used_at| TokenDocument {
            hash: Binary { subtype: BinarySubtype::Generic, bytes: vec![hash] },
            family: family.into(),
            user_id: "ann".into(),
            expires_at: 500,
            used_at,
        };
        let documents = [document(1, "f", Some(100)), document(2, "f", None), document(3, "g", None)];
        store.refresh_tokens().insert_many(documents).await.unwrap();
        let hashes = async |hash: u8| -> Vec<_> {
            let mut found: Vec<_> =
                store.kept_singly(&[hash]).await.unwrap().into_iter().map(|kept| kept.hash).collect();
            found.sort();
            found
        };
        assert_eq!(hashes(1).await, [[1], [2]]);
        assert_eq!(hashes(9).await.len(), 0);
        store.end_family("f").await.unwrap();
        assert_eq!((hashes(1).await.len(), hashes(3).await.len()), (0, 1));
        assert_eq!(store.sweep(501).await.unwrap(), 1);
        assert_eq!(hashes(3).await.len(), 0);
        store.database.drop().await.unwrap();
        store.close().await;
    }
}
