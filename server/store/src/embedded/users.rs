//! People in the embedded store.

use super::Embedded;
use async_trait::async_trait;
use rusqlite::{OptionalExtension, Row, params};
use studyrooms_domain::{
    auth::User,
    store::{Stored, Users},
};
use studyrooms_protocol::ids::UserId;

const COLUMNS: &str = "SELECT user_id, email, name, password_hash, created_at FROM users";

fn user(row: &Row<'_>) -> rusqlite::Result<User> {
    Ok(User {
        user_id: UserId(row.get(0)?),
        email: row.get(1)?,
        name: row.get(2)?,
        password_hash: row.get(3)?,
        created_at: row.get(4)?,
    })
}

#[async_trait]
impl Users for Embedded {
    async fn add(&self, user: User) -> Stored<bool> {
        self.write(move |connection| {
            let mut insert = connection.prepare_cached(
                "INSERT INTO users (user_id, email, name, password_hash, created_at) VALUES (?, ?, ?, ?, ?)
                 ON CONFLICT (email) DO NOTHING",
            )?;
            let User { user_id, name, email, password_hash, created_at } = user;
            Ok(insert.execute(params![user_id.0, email, name, password_hash, created_at])? == 1)
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
}
