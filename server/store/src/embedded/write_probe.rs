//! Whether writes succeed: a row that is written over, as large as a message with all that goes with it. What
//! it holds is random, for the same bytes again would not be written.

use super::Embedded;
use async_trait::async_trait;
use std::time::Duration;
use studyrooms_domain::store::{StoreError, Stored, WriteProbe};

/// Bytes of the row.
const BYTES: u32 = 64 << 10;
/// A write that failed is told for so long: on a disk that is almost full the smaller ones succeed.
const TOLD_FOR: Duration = Duration::from_secs(3);

#[async_trait]
impl WriteProbe for Embedded {
    async fn probe_write(&self) -> Stored<()> {
        if self.writer.failed_at().is_some_and(|at| at.elapsed() < TOLD_FOR) {
            return Err(StoreError::Unavailable("a write failed".into()));
        }
        self.write(|connection| {
            let mut put = connection.prepare_cached(
                "INSERT INTO write_probe (id, filler) VALUES (1, randomblob(?1))
                 ON CONFLICT (id) DO UPDATE SET filler = excluded.filler",
            )?;
            put.execute([BYTES])?;
            Ok(())
        })
        .await
    }
}
