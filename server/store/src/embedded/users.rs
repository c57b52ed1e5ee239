//! People in the embedded store.

use super::{Embedded, from_json, to_json};
use async_trait::async_trait;
use rusqlite::{OptionalExtension, Row, params};
use std::collections::BTreeSet;
use studyrooms_domain::{
    auth::{Identity, User},
    avatars::Avatar,
    store::{Stored, Users},
};
use studyrooms_protocol::ids::UserId;

const COLUMNS: &str = "SELECT users.user_id, email, name, password_hash, time_zone, created_at, avatar FROM users";

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    let avatar: Option<String> = row.get(6)?;
    Ok(User {
        user_id: UserId(row.get(0)?),
        email: row.get(1)?,
        name: row.get(2)?,
        password_hash: row.get(3)?,
        time_zone: row.get(4)?,
        created_at: row.get(5)?,
        avatar: avatar.map(|text| from_json(6, &text)).transpose()?,
    })
}

#[async_trait]
impl Users for Embedded {
    async fn add(&self, user: User) -> Stored<bool> {
        self.write(move |connection| {
            let mut insert = connection.prepare_cached(
                "INSERT INTO users (user_id, email, name, password_hash, time_zone, avatar, created_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (email) DO NOTHING",
            )?;
            let User { user_id, name, email, password_hash, time_zone, avatar, created_at } = user;
            let avatar = avatar.as_ref().map(to_json).transpose()?;
            Ok(insert.execute(params![user_id.0, email, name, password_hash, time_zone, avatar, created_at])? == 1)
        })
        .await
    }

    async fn lookup(&self, user_id: &UserId) -> Stored<Option<User>> {
        let user_id = user_id.0.clone();
        self.read(move |connection| {
            connection.prepare_cached(&format!("{COLUMNS} WHERE user_id = ?"))?.query_row([user_id], user).optional()
        })
        .await
    }

    async fn lookup_by_email(&self, email: &str) -> Stored<Option<User>> {
        let email = email.to_owned();
        self.read(move |connection| {
            connection.prepare_cached(&format!("{COLUMNS} WHERE email = ?"))?.query_row([email], user).optional()
        })
        .await
    }

    async fn lookup_all(&self, user_ids: &[UserId]) -> Stored<Vec<User>> {
        let user_ids = user_ids.to_vec();
        self.read(move |connection| {
            let mut lookup = connection.prepare_cached(&format!("{COLUMNS} WHERE user_id = ?"))?;
            let found = user_ids.iter().collect::<BTreeSet<_>>().into_iter();
            found.filter_map(|user_id| lookup.query_row([&user_id.0], user).optional().transpose()).collect()
        })
        .await
    }

    async fn update(&self, user: User) -> Stored<bool> {
        self.write(move |connection| {
            let mut update = connection.prepare_cached("UPDATE users SET name = ?, time_zone = ? WHERE user_id = ?")?;
            Ok(update.execute(params![user.name, user.time_zone, user.user_id.0])? == 1)
        })
        .await
    }

    async fn set_password(&self, user_id: &UserId, password_hash: Option<String>) -> Stored<bool> {
        let user_id = user_id.0.clone();
        self.write(move |connection| {
            let mut update = connection.prepare_cached("UPDATE users SET password_hash = ? WHERE user_id = ?")?;
            Ok(update.execute(params![password_hash, user_id])? == 1)
        })
        .await
    }

    async fn set_avatar(&self, user_id: &UserId, avatar: Option<Avatar>) -> Stored<bool> {
        let user_id = user_id.0.clone();
        self.write(move |connection| {
            let avatar = avatar.as_ref().map(to_json).transpose()?;
            let mut update = connection.prepare_cached("UPDATE users SET avatar = ? WHERE user_id = ?")?;
            Ok(update.execute(params![avatar, user_id])? == 1)
        })
        .await
    }

    async fn lookup_by_identity(&self, identity: &Identity) -> Stored<Option<User>> {
        let Identity { issuer, subject } = identity.clone();
        self.read(move |connection| {
            connection
                .prepare_cached(&format!("{COLUMNS} JOIN identities USING (user_id) WHERE issuer = ? AND subject = ?"))?
                .query_row([issuer, subject], user)
                .optional()
        })
        .await
    }

    async fn add_identity(&self, user_id: &UserId, identity: Identity) -> Stored<bool> {
        let user_id = user_id.0.clone();
        self.write(move |connection| {
            let mut insert = connection.prepare_cached(
                "INSERT INTO identities (issuer, subject, user_id) SELECT ?, ?, user_id FROM users WHERE user_id = ?
                 ON CONFLICT (issuer, subject) DO NOTHING",
            )?;
            Ok(insert.execute([identity.issuer, identity.subject, user_id])? == 1)
        })
        .await
    }
}
