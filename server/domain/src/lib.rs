//! RULES: who may do what, how logs fold into state, and the traits of what lies outside
//! (stores, clock, randomness). No I/O and no engine is known here.

pub mod access;
pub mod append_lease;
pub mod auth;
pub mod avatars;
pub mod board;
pub mod chat;
pub mod control;
pub mod files;
pub mod limits;
pub mod log;
pub mod presence;
pub mod pubsub;
pub mod reachable;
pub mod refusal;
pub mod rights;
pub mod room_code;
pub mod room_fold;
pub mod rooms;
pub mod rules;
pub mod stats;
pub mod store;
pub mod summaries;
pub mod system;
pub mod tasks;
pub mod text;
pub mod timer;
pub mod token_family;
pub mod webhooks;
pub mod worker;

pub use refusal::Refusal;
