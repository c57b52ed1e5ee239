//! SHELF: the engines behind the domain's traits. All pass `tests/contract`; what instances share passes
//! `tests/shared`.

mod boards;
pub mod embedded;
pub mod memory;
mod messages;
pub mod mongo;
pub mod redis;
pub mod s3;
