//! The clock: tokens, credentials and certificates go by it.

use super::Finding;
use crate::system::SystemClock;
use studyrooms_domain::system::Clock;

/// Nothing of this program is older.
const BEFORE_THIS_PROGRAM: u64 = 1_760_000_000_000;

pub(super) fn check() -> Finding {
    judge(SystemClock.now())
}

fn judge(now: u64) -> Finding {
    if now < BEFORE_THIS_PROGRAM {
        return Finding::wrong(
            "clock",
            "it shows a time before this program was made",
            "Set it, and keep it right with NTP (timedatectl set-ntp true).",
        );
    }
    Finding::well("clock", "it shows a time that can be")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_begins_anew_is_noticed() {
        assert!(judge(0).is_wrong());
        assert!(!judge(BEFORE_THIS_PROGRAM).is_wrong());
    }
}
