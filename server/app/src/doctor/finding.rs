//! What a look at one part tells.

use std::fmt;

/// How it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Well(String),
    /// It works, and could be better.
    Advice(String),
    /// It does not work: what is wrong, and what to do.
    Wrong {
        /// What.
        what: String,
        /// What to do.
        remedy: String,
    },
}

/// One part, and how it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The part.
    pub part: String,
    /// How it is.
    pub verdict: Verdict,
}

impl Finding {
    pub(super) fn well(part: &str, how: impl Into<String>) -> Self {
        Self { part: part.to_owned(), verdict: Verdict::Well(how.into()) }
    }

    pub(super) fn advice(part: &str, advice: impl Into<String>) -> Self {
        Self { part: part.to_owned(), verdict: Verdict::Advice(advice.into()) }
    }

    pub(super) fn wrong(part: &str, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { part: part.to_owned(), verdict: Verdict::Wrong { what: what.into(), remedy: remedy.into() } }
    }

    /// Whether something must be done.
    #[must_use]
    pub const fn is_wrong(&self) -> bool {
        matches!(self.verdict, Verdict::Wrong { .. })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Verdict::Well(how) => write!(f, "ok     {}: {how}", self.part),
            Verdict::Advice(advice) => write!(f, "note   {}: {advice}", self.part),
            Verdict::Wrong { what, remedy } => write!(f, "WRONG  {}: {what}\n       {remedy}", self.part),
        }
    }
}
