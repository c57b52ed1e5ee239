//! Refresh tokens in the embedded store.

use super::Embedded;
use async_trait::async_trait;
use rusqlite::{OptionalExtension, params};
use studyrooms_domain::{
    auth::RefreshToken,
    store::{RefreshTokens, Stored},
};
use studyrooms_protocol::{Timestamp, ids::UserId};

#[async_trait]
impl RefreshTokens for Embedded {
    async fn add(&self, token: RefreshToken) -> Stored<()> {
        self.write(move |connection| {
            let mut insert = connection.prepare_cached(
                "INSERT INTO refresh_tokens (hash, family, user_id, expires_at, used_at) VALUES (?, ?, ?, ?, ?)",
            )?;
            let RefreshToken { hash, family, user_id, expires_at, used_at } = token;
            insert.execute(params![hash, family, user_id.0, expires_at, used_at])?;
            Ok(())
        })
        .await
    }

    async fn lookup(&self, hash: &[u8]) -> Stored<Option<RefreshToken>> {
        let hash = hash.to_owned();
        self.read(move |connection| {
            connection
                .prepare_cached("SELECT hash, family, user_id, expires_at, used_at FROM refresh_tokens WHERE hash = ?")?
                .query_row([hash], |row| {
                    Ok(RefreshToken {
                        hash: row.get(0)?,
                        family: row.get(1)?,
                        user_id: UserId(row.get(2)?),
                        expires_at: row.get(3)?,
                        used_at: row.get(4)?,
                    })
                })
                .optional()
        })
        .await
    }

    async fn mark_used(&self, hash: &[u8], at: Timestamp) -> Stored<()> {
        let hash = hash.to_owned();
        self.write(move |connection| {
            connection
                .prepare_cached("UPDATE refresh_tokens SET used_at = coalesce(used_at, ?) WHERE hash = ?")?
                .execute(params![at, hash])?;
            Ok(())
        })
        .await
    }

    async fn end_family(&self, family: &str) -> Stored<()> {
        let family = family.to_owned();
        self.write(move |connection| {
            connection.prepare_cached("DELETE FROM refresh_tokens WHERE family = ?")?.execute([family])?;
            Ok(())
        })
        .await
    }

    async fn end_all(&self, user_id: &UserId) -> Stored<()> {
        let user_id = user_id.0.clone();
        self.write(move |connection| {
            connection.prepare_cached("DELETE FROM refresh_tokens WHERE user_id = ?")?.execute([user_id])?;
            Ok(())
        })
        .await
    }

    async fn sweep(&self, now: Timestamp) -> Stored<u64> {
        self.write(move |connection| {
            let swept = connection.prepare_cached("DELETE FROM refresh_tokens WHERE expires_at < ?")?.execute([now])?;
            Ok(swept as u64)
        })
        .await
    }
}
