//! SHELF: the engines behind the domain's traits. All pass `tests/contract`.

pub mod embedded;
pub mod mongo;
