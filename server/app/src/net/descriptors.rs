//! File descriptors: each connection takes one, and so does every open file.

/// What stays for the store, files, relays and what the program asks of others, at least.
const RESERVE: u64 = 256;

/// Raises the soft limit of the process to its hard one, and tells the limit that holds now.
pub fn raise_descriptor_limit() -> u64 {
    match rlimit::increase_nofile_limit(rlimit::INFINITY) {
        Ok(limit) => limit,
        Err(error) => {
            tracing::warn!(%error, "the limit of file descriptors stays as it is");
            rlimit::Resource::NOFILE.get().map_or(1024, |(soft, _)| soft)
        }
    }
}

/// How many of `limit` descriptors connections may take: an eighth and [`RESERVE`] are kept, never more than half.
pub(super) fn for_connections(limit: u64) -> usize {
    let kept = (RESERVE + limit / 8).min(limit / 2);
    usize::try_from(limit - kept).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_descriptors_are_for_connections_and_some_are_kept() {
        assert_eq!([1024, 4096, 1 << 20].map(for_connections), [640, 3328, 917_248]);
        assert_eq!([0, 64].map(for_connections), [0, 32]);
    }
}
