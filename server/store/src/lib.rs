//! SHELF: the engines behind the domain's traits. All pass `tests/contract`; rate limits pass
//! `tests/limits`.

pub mod embedded;
pub mod memory;
mod messages;
pub mod mongo;
pub mod redis;
