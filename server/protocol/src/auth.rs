//! Signing up, signing in and who one is (SPEC 10).

use crate::{
    Timestamp,
    files::SignedRequest,
    ids::{RoomRef, UserId},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// `POST /api/auth/signup`.
#[derive(Clone, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Signup {
    /// Unique, compared without regard to case.
    #[cfg_attr(feature = "openapi", schema(max_length = 254, pattern = r"^[^\s@]+@[^\s@.][^\s@]*$"))]
    pub email: String,
    /// 8 to 256 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 8, max_length = 256))]
    pub password: String,
    /// Shown to others; 1 to 60 characters.
    #[cfg_attr(
        feature = "openapi",
        schema(
            min_length = 1,
            max_length = 60,
            pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
        )
    )]
    pub name: String,
}

/// `POST /api/auth/login`.
#[derive(Clone, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Login {
    /// As given at sign-up, in any case.
    pub email: String,
    /// As given at sign-up.
    pub password: String,
}

/// `POST /api/auth/guest`: a person without an account, for a room that allows guests.
#[derive(Clone, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct GuestLogin {
    /// Shown to others; 1 to 60 characters.
    #[cfg_attr(
        feature = "openapi",
        schema(
            min_length = 1,
            max_length = 60,
            pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
        )
    )]
    pub name: String,
    /// The room's id or code.
    pub room_id: RoomRef,
}

/// A person, as that person sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct UserProfile {
    /// For ever.
    pub user_id: UserId,
    /// Shown to others.
    pub name: String,
    /// None for guests.
    pub email: Option<String>,
    /// True for a person without an account.
    pub guest: bool,
    /// IANA name, like `Europe/Helsinki`; `UTC` until it is set. Days of work are counted in it.
    pub time_zone: String,
    /// Where one's picture is; absent until there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
}

/// A picture of oneself: for `POST /api/me/avatar`, which tells where to upload it, and for
/// `PUT /api/me/avatar`, which shows it once it is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AvatarFacts {
    /// In bytes, at most 256 KiB: no other size can be uploaded.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 262_144))]
    pub size: u64,
    /// `image/jpeg`, `image/png` or `image/webp`: no other type can be uploaded.
    #[cfg_attr(feature = "openapi", schema(pattern = "^image/(jpeg|png|webp)$"))]
    pub mime_type: String,
}

/// Where to upload a picture of oneself.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AvatarUrl {
    /// The request.
    #[serde(flatten)]
    pub request: SignedRequest,
    /// When the signature ends.
    #[cfg_attr(feature = "openapi", schema(value_type = u64))]
    pub expires_at: Timestamp,
}

/// `PATCH /api/me`; what is absent stays.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
#[ts(optional_fields)]
pub struct PatchProfile {
    /// 1 to 60 characters.
    #[cfg_attr(
        feature = "openapi",
        schema(
            min_length = 1,
            max_length = 60,
            pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
        )
    )]
    pub name: Option<String>,
    /// IANA name, like `Europe/Helsinki`.
    pub time_zone: Option<String>,
}

/// An identity provider to sign in at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInProvider {
    /// As in `/api/auth/oidc/:id`.
    pub id: String,
    /// Shown on the button.
    pub name: String,
}

/// `GET /api/auth/providers`.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInProviders {
    /// In the order of the configuration.
    pub providers: Vec<SignInProvider>,
}

/// The answer to every way of signing in; the refresh token travels beside it, in a cookie.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
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
