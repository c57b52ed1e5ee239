//! DOOR and LOUDSPEAKER: configuration, HTTP, sockets and the live rooms. The only crate that
//! knows axum and socketioxide; only [`wiring`] names the store's engines.

pub mod app;
pub mod auth;
pub mod config;
pub mod doctor;
mod history;
pub mod ice;
mod membership;
pub mod outside;
pub mod room;
pub mod serve;
pub mod telemetry;
pub mod tls;
pub mod transfer;
pub mod turn;
pub mod wiring;

mod http;
mod socket;

pub use http::document;
