//! Signing up, signing in and who one is (DESIGN 6).

use crate::ids::{RoomRef, UserId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// `POST /api/auth/signup`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct Signup {
    /// Unique, compared without regard to case.
    pub email: String,
    /// 8 to 256 characters.
    pub password: String,
    /// Shown to others; 1 to 60 characters.
    pub name: String,
}

/// `POST /api/auth/login`.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct Login {
    /// As given at sign-up, in any case.
    pub email: String,
    /// As given at sign-up.
    pub password: String,
}

/// `POST /api/auth/guest`: a person without an account, for a room that allows guests.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GuestLogin {
    /// Shown to others; 1 to 60 characters.
    pub name: String,
    /// The room's id or code.
    pub room_id: RoomRef,
}

/// A person, as that person sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UserProfile {
    /// For ever.
    pub user_id: UserId,
    /// Shown to others.
    pub name: String,
    /// None for guests.
    pub email: Option<String>,
    /// True for a person without an account.
    pub guest: bool,
}

/// The answer to every way of signing in; the refresh token travels beside it, in a cookie.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignedIn {
    /// The JWT for `Authorization: Bearer` and for the socket's `auth.token`.
    pub access_token: String,
    /// Seconds until the access token ends.
    pub expires_in: u64,
    /// Who is signed in.
    pub user: UserProfile,
}

/// `auth` of the socket's CONNECT packet.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct SocketAuth {
    /// The access JWT.
    pub token: String,
    /// Chosen at random by a client for as long as it lives in memory: a socket that comes back
    /// with the same one keeps its `socketId`, so that calls go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub session: Option<String>,
}
