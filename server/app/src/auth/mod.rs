//! Passwords, access tokens, refresh tokens and socket ids: the secrets' side of `auth`.

pub mod elsewhere;

mod access_token;
mod password;
mod refresh_token;
mod secret;
mod socket_id;

pub use access_token::{AccessTokens, Bearer, LIFETIME_SEC, TokenError};
pub use password::{Passwords, Turn};
pub use refresh_token::{Session, Sessions};
pub use secret::{SecretError, derived_secret, jwt_secret};
pub use socket_id::SocketIds;
