//! People in MongoDB.

use super::{
    Mongo,
    call::{call, unless_taken},
};
use async_trait::async_trait;
use mongodb::bson::doc;
use serde::{Deserialize, Serialize};
use studyrooms_domain::{
    auth::User,
    store::{Stored, Users},
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
    created_at: Timestamp,
}

impl From<User> for UserDocument {
    fn from(User { user_id, name, email, password_hash, created_at }: User) -> Self {
        Self { user_id, name, email, password_hash, created_at }
    }
}

impl From<UserDocument> for User {
    fn from(UserDocument { user_id, name, email, password_hash, created_at }: UserDocument) -> Self {
        Self { user_id, name, email, password_hash, created_at }
    }
}

impl Mongo {
    async fn user(&self, filter: mongodb::bson::Document) -> Stored<Option<User>> {
        Ok(call(self.collection::<UserDocument>("users").find_one(filter)).await?.map(User::from))
    }
}

#[async_trait]
impl Users for Mongo {
    async fn add(&self, user: User) -> Stored<bool> {
        unless_taken(self.collection("users").insert_one(UserDocument::from(user))).await
    }

    async fn lookup(&self, user_id: &UserId) -> Stored<Option<User>> {
        self.user(doc! { "_id": user_id.as_str() }).await
    }

    async fn lookup_by_email(&self, email: &str) -> Stored<Option<User>> {
        self.user(doc! { "email": email }).await
    }
}
