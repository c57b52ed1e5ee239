//! DOOR and LOUDSPEAKER: configuration, HTTP, sockets and the live rooms. The only crate that
//! knows axum and socketioxide; only [`wiring`] names the store's engines.

pub mod app;
pub mod auth;
pub mod config;
pub mod dead_letters;
pub mod doctor;
pub mod files;
mod history;
mod http_client;
pub mod ice;
pub mod membership;
mod net;
mod people;
pub mod room;
pub mod serve;
pub mod system;
pub mod telemetry;
pub mod tls;
pub mod transfer;
pub mod turn;
pub mod wiring;
pub mod worker;

mod http;
mod socket;

pub use http::{Health, document, health_router};
pub use net::{Capacity, raise_descriptor_limit};
