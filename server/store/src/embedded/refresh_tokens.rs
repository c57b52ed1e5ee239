//! Refresh tokens in the embedded store: a row for each family, and one for each token that was kept by itself
//! before there were families.

use super::{Embedded, from_json, to_json};
use async_trait::async_trait;
use rusqlite::{OptionalExtension, Row, params};
use studyrooms_domain::{
    auth::RefreshToken,
    store::{RefreshTokens, Stored},
    token_family::TokenFamily,
};
use studyrooms_protocol::{Timestamp, ids::UserId};

fn family(row: &Row<'_>) -> rusqlite::Result<TokenFamily> {
    let tokens: String = row.get(4)?;
    Ok(TokenFamily {
        id: row.get(0)?,
        user_id: UserId(row.get(1)?),
        expires_at: row.get(2)?,
        version: row.get(3)?,
        tokens: from_json(4, &tokens)?,
    })
}

fn token(row: &Row<'_>) -> rusqlite::Result<RefreshToken> {
    Ok(RefreshToken {
        hash: row.get(0)?,
        family: row.get(1)?,
        user_id: UserId(row.get(2)?),
        expires_at: row.get(3)?,
        used_at: row.get(4)?,
    })
}

#[async_trait]
impl RefreshTokens for Embedded {
    async fn add(&self, family: TokenFamily, most: usize) -> Stored<bool> {
        self.write(move |connection| {
            let TokenFamily { id, user_id, expires_at, version, tokens } = family;
            let mut insert = connection.prepare_cached(
                "INSERT INTO token_families (id, user_id, expires_at, version, tokens) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT DO NOTHING",
            )?;
            if insert.execute(params![id, user_id.0, expires_at, version, to_json(&tokens)?])? == 0 {
                return Ok(false);
            }
            let mut oldest = connection.prepare_cached(
                "SELECT id FROM token_families WHERE user_id = ? AND id != ? ORDER BY expires_at DESC LIMIT -1 OFFSET ?",
            )?;
            let ended: Vec<String> =
                oldest.query_map(params![user_id.0, id, most.saturating_sub(1)], |row| row.get(0))?.collect::<Result<_, _>>()?;
            ended.iter().try_for_each(|id| end(connection, id))?;
            Ok(true)
        })
        .await
    }

    async fn lookup(&self, id: &str) -> Stored<Option<TokenFamily>> {
        let id = id.to_owned();
        self.read(move |connection| {
            connection
                .prepare_cached("SELECT id, user_id, expires_at, version, tokens FROM token_families WHERE id = ?")?
                .query_row([id], family)
                .optional()
        })
        .await
    }

    async fn replace_family(&self, family: TokenFamily) -> Stored<bool> {
        self.write(move |connection| {
            let TokenFamily { id, user_id, expires_at, version, tokens } = family;
            let mut update = connection.prepare_cached(
                "UPDATE token_families SET user_id = ?, expires_at = ?, version = ?, tokens = ?
                    WHERE id = ? AND version = ?",
            )?;
            let before = version.checked_sub(1);
            Ok(update.execute(params![user_id.0, expires_at, version, to_json(&tokens)?, id, before])? == 1)
        })
        .await
    }

    async fn kept_singly(&self, hash: &[u8]) -> Stored<Vec<RefreshToken>> {
        let hash = hash.to_owned();
        self.read(move |connection| {
            connection
                .prepare_cached(
                    "SELECT hash, family, user_id, expires_at, used_at FROM refresh_tokens
                        WHERE family = (SELECT family FROM refresh_tokens WHERE hash = ?)",
                )?
                .query_map([hash], token)?
                .collect()
        })
        .await
    }

    async fn end_family(&self, id: &str) -> Stored<()> {
        let id = id.to_owned();
        self.write(move |connection| end(connection, &id)).await
    }

    async fn end_all(&self, user_id: &UserId) -> Stored<()> {
        let user_id = user_id.0.clone();
        self.write(move |connection| {
            connection.prepare_cached("DELETE FROM token_families WHERE user_id = ?")?.execute([&user_id])?;
            connection.prepare_cached("DELETE FROM refresh_tokens WHERE user_id = ?")?.execute([&user_id])?;
            Ok(())
        })
        .await
    }

    async fn sweep(&self, now: Timestamp) -> Stored<u64> {
        self.write(move |connection| {
            let families =
                connection.prepare_cached("DELETE FROM token_families WHERE expires_at < ?")?.execute([now])?;
            let tokens =
                connection.prepare_cached("DELETE FROM refresh_tokens WHERE expires_at < ?")?.execute([now])?;
            Ok((families + tokens) as u64)
        })
        .await
    }
}

fn end(connection: &rusqlite::Connection, id: &str) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM token_families WHERE id = ?")?.execute([id])?;
    connection.prepare_cached("DELETE FROM refresh_tokens WHERE family = ?")?.execute([id])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    #[tokio::test]
    async fn tokens_kept_one_by_one_are_found_by_any_of_them_until_their_family_ends() {
        let directory = TempDir::new().unwrap();
        let store = Embedded::open(directory.path()).unwrap();
        store
            .write(|connection| {
                connection.execute_batch(
                    "INSERT INTO refresh_tokens VALUES (x'01', 'f', 'ann', 500, 100), (x'02', 'f', 'ann', 600, NULL),
                        (x'03', 'g', 'ann', 500, NULL)",
                )
            })
            .await
            .unwrap();
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
    }
}
