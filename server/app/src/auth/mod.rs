//! Passwords, access tokens, refresh tokens and socket ids: the secrets' side of `auth`.

pub mod oidc;

mod access_token;
mod address_key;
mod fair_queue;
mod family_id;
mod hashers;
mod known_sign_ins;
mod password;
mod refresh_token;
mod secret;
mod socket_id;

pub use access_token::{AccessTokens, Bearer, LIFETIME_SEC, TokenError};
pub use address_key::AddressKey;
pub use family_id::FamilyIds;
pub use known_sign_ins::KnownSignIns;
pub use password::{HashingPermit, Passwords};
pub use refresh_token::{Session, Sessions, ShownToken};
pub use secret::{SecretError, derived_secret, jwt_secret};
pub use socket_id::SocketIds;
