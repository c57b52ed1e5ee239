//! People in MongoDB.

use super::{
    Mongo,
    call::{call, unless_taken},
};
use async_trait::async_trait;
use futures_util::TryStreamExt;
use mongodb::{
    Collection,
    bson::{Document, doc},
};
use serde::{Deserialize, Serialize};
use studyrooms_domain::{
    auth::{Identity, User},
    avatars::Avatar,
    store::{StoreError, Stored, Users},
};
use studyrooms_protocol::{Timestamp, ids::UserId};

/// A person as a document: a guest has neither `email` nor `passwordHash`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserDocument {
    #[serde(rename = "_id")]
    user_id: UserId,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    password_hash: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    time_zone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    avatar: Option<Avatar>,
    created_at: Timestamp,
}

impl From<User> for UserDocument {
    fn from(User { user_id, name, email, password_hash, time_zone, avatar, created_at }: User) -> Self {
        Self { user_id, name, email, password_hash, time_zone, avatar, created_at }
    }
}

impl From<UserDocument> for User {
    fn from(UserDocument { user_id, name, email, password_hash, time_zone, avatar, created_at }: UserDocument) -> Self {
        Self { user_id, name, email, password_hash, time_zone, avatar, created_at }
    }
}

/// Who a person is at an identity provider.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct IdentityDocument {
    #[serde(flatten)]
    identity: Identity,
    user_id: UserId,
}

impl Mongo {
    fn users(&self) -> Collection<UserDocument> {
        self.collection("users")
    }

    fn identities(&self) -> Collection<IdentityDocument> {
        self.collection("identities")
    }

    async fn change(&self, user_id: &UserId, change: Document) -> Stored<bool> {
        Ok(call(self.users().update_one(doc! { "_id": user_id.as_str() }, change)).await?.matched_count == 1)
    }

    async fn user(&self, filter: Document) -> Stored<Option<User>> {
        Ok(call(self.users().find_one(filter)).await?.map(User::from))
    }
}

#[async_trait]
impl Users for Mongo {
    async fn add(&self, user: User) -> Stored<bool> {
        unless_taken(self.users().insert_one(UserDocument::from(user))).await
    }

    async fn lookup(&self, user_id: &UserId) -> Stored<Option<User>> {
        self.user(doc! { "_id": user_id.as_str() }).await
    }

    async fn lookup_by_email(&self, email: &str) -> Stored<Option<User>> {
        self.user(doc! { "email": email }).await
    }

    async fn lookup_all(&self, user_ids: &[UserId]) -> Stored<Vec<User>> {
        let ids: Vec<&str> = user_ids.iter().map(UserId::as_str).collect();
        let users = self.users();
        let find = users.find(doc! { "_id": { "$in": ids } });
        call(async { find.await?.map_ok(User::from).try_collect().await }).await
    }

    async fn update(&self, user: User) -> Stored<bool> {
        let change = match user.time_zone {
            Some(zone) => doc! { "$set": { "name": user.name, "timeZone": zone } },
            None => doc! { "$set": { "name": user.name }, "$unset": { "timeZone": "" } },
        };
        self.change(&user.user_id, change).await
    }

    async fn set_password(&self, user_id: &UserId, password_hash: Option<String>) -> Stored<bool> {
        let change = match password_hash {
            Some(hash) => doc! { "$set": { "passwordHash": hash } },
            None => doc! { "$unset": { "passwordHash": "" } },
        };
        self.change(user_id, change).await
    }

    async fn set_avatar(&self, user_id: &UserId, avatar: Option<Avatar>) -> Stored<bool> {
        let change = match avatar {
            Some(avatar) => {
                let avatar = mongodb::bson::serialize_to_bson(&avatar);
                doc! { "$set": { "avatar": avatar.map_err(|error| StoreError::Corrupt(error.to_string()))? } }
            }
            None => doc! { "$unset": { "avatar": "" } },
        };
        self.change(user_id, change).await
    }

    async fn lookup_by_identity(&self, identity: &Identity) -> Stored<Option<User>> {
        let key = doc! { "issuer": &identity.issuer, "subject": &identity.subject };
        match call(self.identities().find_one(key)).await? {
            Some(found) => self.lookup(&found.user_id).await,
            None => Ok(None),
        }
    }

    async fn add_identity(&self, user_id: &UserId, identity: Identity) -> Stored<bool> {
        if self.lookup(user_id).await?.is_none() {
            return Ok(false);
        }
        let document = IdentityDocument { identity, user_id: user_id.clone() };
        unless_taken(self.identities().insert_one(document)).await
    }
}
