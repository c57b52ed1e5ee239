//! Signing up, in and out (DESIGN 6).

use super::{
    address::ClientAddress,
    answer::Answer,
    caller::MaybeCaller,
    payload::{Asked, Payload},
};
use crate::{
    app::App,
    auth::{Session, Sessions},
    membership,
};
use axum::{Json, extract::State, http::StatusCode};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use serde::Deserialize;
use studyrooms_domain::{
    Refusal,
    access::{self, Arrival},
    auth::{REFRESH_LIFETIME_MS, User, valid_email, valid_name, valid_password, wrong_credentials},
    limits::{self, Limited},
    outside::random_id,
};
use studyrooms_protocol::{
    auth::{GuestLogin, Login, SignedIn, Signup},
    error::ErrorCode,
    ids::UserId,
};
use utoipa::IntoParams;

pub(super) const COOKIE: &str = "studyrooms_refresh";
const COOKIE_PATH: &str = "/api/auth";

type SignedInAnswer = Answer<(CookieJar, Json<SignedIn>)>;

pub(super) fn sessions(app: &App) -> Sessions<'_> {
    Sessions { stores: &app.stores, outside: &app.outside, access_tokens: &app.access_tokens }
}

pub(super) fn cookie(app: &App, token: String) -> Cookie<'static> {
    let lifetime = i64::try_from(REFRESH_LIFETIME_MS / 1000).unwrap_or(i64::MAX);
    Cookie::build((COOKIE, token))
        .path(COOKIE_PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(app.is_https())
        .max_age(cookie_time::Duration::seconds(lifetime))
        .build()
}

fn signed_in(app: &App, session: Session) -> (CookieJar, Json<SignedIn>) {
    (CookieJar::new().add(cookie(app, session.refresh_token)), Json(session.signed_in))
}

/// Sign up.
///
/// Makes an account, and signs it in.
#[utoipa::path(
    post,
    path = "/auth/signup",
    tag = "people",
    operation_id = "auth_signup",
    request_body = Signup, security(()),
    responses((status = 201, body = SignedIn, description = "Signed in", headers(("Set-Cookie" = String, description = "The refresh token, HttpOnly, for `/api/auth` only"))), (status = 409), (status = 429))
)]
pub(super) async fn signup(
    State(app): State<App>,
    address: ClientAddress,
    Payload(signup): Payload<Signup>,
) -> Answer<(StatusCode, CookieJar, Json<SignedIn>)> {
    let (name, email) = (valid_name("name", &signup.name)?, valid_email(&signup.email)?);
    valid_password(&signup.password)?;
    limits::take(&*app.limits, Limited::Signup, &address.to_string()).await?;
    let user = User {
        user_id: UserId(random_id(&*app.outside.random)),
        name,
        email: Some(email),
        password_hash: Some(app.passwords.turn().await?.hash(signup.password).await?),
        time_zone: None,
        avatar: None,
        created_at: app.outside.clock.now(),
    };
    if !app.stores.users.add(user.clone()).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "email: there is an account with this address").into());
    }
    let (cookies, body) = signed_in(&app, sessions(&app).begin(&user).await?);
    Ok((StatusCode::CREATED, cookies, body))
}

/// Wrong passwords are counted, right ones are not: whoever knows theirs is let in although others
/// at the same address do not.
struct Guesses<'a> {
    app: &'a App,
    from: String,
    /// The address together with the account.
    at: String,
}

impl Guesses<'_> {
    /// Whether one more is allowed.
    async fn allowed(&self) -> Result<(), Refusal> {
        limits::peek(&*self.app.limits, Limited::Login, &self.at).await?;
        limits::peek(&*self.app.limits, Limited::LoginFrom, &self.from).await
    }

    /// One was wrong. Whether there still was a token for it makes no difference any more.
    async fn count(&self) {
        limits::take(&*self.app.limits, Limited::Login, &self.at).await.ok();
        limits::take(&*self.app.limits, Limited::LoginFrom, &self.from).await.ok();
    }
}

/// Sign in.
///
/// With e-mail address and password.
#[utoipa::path(
    post,
    path = "/auth/login",
    tag = "people",
    operation_id = "auth_login",
    request_body = Login, security(()),
    responses((status = 200, body = SignedIn, description = "Signed in", headers(("Set-Cookie" = String, description = "The refresh token, HttpOnly, for `/api/auth` only"))), (status = 401), (status = 429))
)]
pub(super) async fn login(
    State(app): State<App>,
    address: ClientAddress,
    Payload(login): Payload<Login>,
) -> SignedInAnswer {
    let email = valid_email(&login.email).map_err(|_| wrong_credentials())?;
    let guesses = Guesses { app: &app, from: address.to_string(), at: format!("{address} {email}") };
    guesses.allowed().await?;
    let user = app.stores.users.lookup_by_email(&email).await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let turn = app.passwords.turn().await?;
    // Once more: of those that waited for this turn, only as many go on as are allowed.
    guesses.allowed().await?;
    let right = turn.verify(login.password, hash).await?;
    let Some(user) = user.filter(|_| right) else {
        guesses.count().await;
        return Err(wrong_credentials().into());
    };
    Ok(signed_in(&app, sessions(&app).begin(&user).await?))
}

/// Sign in as a guest.
///
/// Without an account, where the room takes guests.
#[utoipa::path(
    post,
    path = "/auth/guest",
    tag = "people",
    operation_id = "auth_guest",
    request_body = GuestLogin, security(()),
    responses((status = 200, body = SignedIn, description = "Signed in", headers(("Set-Cookie" = String, description = "The refresh token, HttpOnly, for `/api/auth` only"))), (status = 404), (status = 429))
)]
pub(super) async fn guest(
    State(app): State<App>,
    address: ClientAddress,
    Payload(guest): Payload<GuestLogin>,
) -> SignedInAnswer {
    let name = valid_name("name", &guest.name)?;
    let room = membership::room(&app, &guest.room_id).await?;
    limits::take(&*app.limits, Limited::Signup, &address.to_string()).await?;
    access::admit(&room, Arrival { member: None, ban: None, guest: true })?;
    let user = User {
        user_id: UserId(random_id(&*app.outside.random)),
        name,
        email: None,
        password_hash: None,
        time_zone: None,
        avatar: None,
        created_at: app.outside.clock.now(),
    };
    app.stores.users.add(user.clone()).await?;
    Ok(signed_in(&app, sessions(&app).begin(&user).await?))
}

/// Get a fresh access token.
///
/// By the cookie, which is rotated. An old one used again ends the session everywhere.
#[utoipa::path(
    post,
    path = "/auth/refresh",
    tag = "people",
    operation_id = "auth_refresh",
    security(("refresh" = [])),
    responses((status = 200, body = SignedIn, description = "Signed in", headers(("Set-Cookie" = String, description = "The refresh token, HttpOnly, for `/api/auth` only"))))
)]
pub(super) async fn refresh(State(app): State<App>, cookies: CookieJar) -> SignedInAnswer {
    let none = || Refusal::new(ErrorCode::Unauthorized, "no session; sign in");
    let token = cookies.get(COOKIE).ok_or_else(none)?.value();
    Ok(signed_in(&app, sessions(&app).renew(token).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct LogoutQuery {
    /// Every session of the person, not this one alone.
    #[serde(default)]
    everywhere: bool,
}

/// Sign out.
///
/// This session, with or without one; or `everywhere`, all sessions of the person whom the cookie or
/// the access token names.
#[utoipa::path(
    post,
    path = "/auth/logout",
    tag = "people",
    operation_id = "auth_logout",
    params(LogoutQuery),
    security((), ("refresh" = []), ("bearer" = [])),
    responses((status = 204, description = "No session is left", headers(("Set-Cookie" = String, description = "Takes the cookie away"))), (status = 401))
)]
pub(super) async fn logout(
    State(app): State<App>,
    MaybeCaller(bearer): MaybeCaller,
    Asked(query): Asked<LogoutQuery>,
    cookies: CookieJar,
) -> Answer<(CookieJar, StatusCode)> {
    let (token, sessions) = (cookies.get(COOKIE).map(Cookie::value), sessions(&app));
    if query.everywhere {
        let by_token = match token {
            Some(token) => sessions.owner(token).await?,
            None => None,
        };
        let none = || Refusal::new(ErrorCode::Unauthorized, "no session; sign in");
        let user_id = bearer.map(|bearer| bearer.user_id).or(by_token).ok_or_else(none)?;
        sessions.end_all(&user_id).await?;
        app.sockets.sign_out(&user_id);
    } else if let Some(token) = token {
        sessions.end(token).await?;
    }
    let gone = Cookie::build((COOKIE, "")).path(COOKIE_PATH).build();
    Ok((cookies.remove(gone), StatusCode::NO_CONTENT))
}
