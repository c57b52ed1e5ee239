//! Refresh tokens in MongoDB.

use super::{Mongo, call::call, int64};
use async_trait::async_trait;
use mongodb::{
    Collection,
    bson::{Binary, doc, spec::BinarySubtype},
};
use serde::{Deserialize, Serialize};
use studyrooms_domain::{
    auth::RefreshToken,
    store::{RefreshTokens, Stored},
};
use studyrooms_protocol::{Timestamp, ids::UserId};

/// A token as a document, under its hash.
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

fn binary(hash: &[u8]) -> Binary {
    Binary { subtype: BinarySubtype::Generic, bytes: hash.to_owned() }
}

impl Mongo {
    fn refresh_tokens(&self) -> Collection<TokenDocument> {
        self.collection("refreshTokens")
    }
}

#[async_trait]
impl RefreshTokens for Mongo {
    async fn add(&self, token: RefreshToken) -> Stored<()> {
        let RefreshToken { hash, family, user_id, expires_at, used_at } = token;
        let document = TokenDocument { hash: binary(&hash), family, user_id, expires_at, used_at };
        call(self.refresh_tokens().insert_one(document)).await?;
        Ok(())
    }

    async fn lookup(&self, hash: &[u8]) -> Stored<Option<RefreshToken>> {
        let found = call(self.refresh_tokens().find_one(doc! { "_id": binary(hash) })).await?;
        Ok(found.map(|TokenDocument { hash, family, user_id, expires_at, used_at }| RefreshToken {
            hash: hash.bytes,
            family,
            user_id,
            expires_at,
            used_at,
        }))
    }

    async fn mark_used(&self, hash: &[u8], at: Timestamp) -> Stored<()> {
        let unused = doc! { "_id": binary(hash), "usedAt": null };
        call(self.refresh_tokens().update_one(unused, doc! { "$set": { "usedAt": int64(at) } })).await?;
        Ok(())
    }

    async fn end_family(&self, family: &str) -> Stored<()> {
        call(self.refresh_tokens().delete_many(doc! { "family": family })).await?;
        Ok(())
    }

    async fn end_all(&self, user_id: &UserId) -> Stored<()> {
        call(self.refresh_tokens().delete_many(doc! { "userId": user_id.as_str() })).await?;
        Ok(())
    }

    async fn sweep(&self, now: Timestamp) -> Stored<u64> {
        let expired = doc! { "expiresAt": { "$lt": int64(now) } };
        Ok(call(self.refresh_tokens().delete_many(expired)).await?.deleted_count)
    }
}
