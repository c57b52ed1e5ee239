//! Signing up, in and out (DESIGN 6).

use super::{answer::Answer, caller::Caller, payload::Payload};
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
use studyrooms_domain::{
    Refusal,
    access::{self, Arrival},
    auth::{REFRESH_LIFETIME_MS, User, valid_email, valid_name, valid_password, wrong_credentials},
    outside::random_id,
};
use studyrooms_protocol::{
    auth::{GuestLogin, Login, SignedIn, Signup, UserProfile},
    error::ErrorCode,
    ids::UserId,
};

const COOKIE: &str = "studyrooms_refresh";
const COOKIE_PATH: &str = "/api/auth";

type SignedInAnswer = Answer<(CookieJar, Json<SignedIn>)>;

fn sessions(app: &App) -> Sessions<'_> {
    Sessions { stores: &app.stores, outside: &app.outside, access_tokens: &app.access_tokens }
}

fn cookie(app: &App, token: String) -> Cookie<'static> {
    let secure = app.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
    let lifetime = i64::try_from(REFRESH_LIFETIME_MS / 1000).unwrap_or(i64::MAX);
    Cookie::build((COOKIE, token))
        .path(COOKIE_PATH)
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(secure)
        .max_age(cookie_time::Duration::seconds(lifetime))
        .build()
}

fn signed_in(app: &App, session: Session) -> (CookieJar, Json<SignedIn>) {
    (CookieJar::new().add(cookie(app, session.refresh_token)), Json(session.signed_in))
}

/// `POST /api/auth/signup` -> 201.
pub(super) async fn signup(
    State(app): State<App>,
    Payload(signup): Payload<Signup>,
) -> Answer<(StatusCode, CookieJar, Json<SignedIn>)> {
    let (name, email) = (valid_name("name", &signup.name)?, valid_email(&signup.email)?);
    valid_password(&signup.password)?;
    let user = User {
        user_id: UserId(random_id(&*app.outside.random)),
        name,
        email: Some(email),
        password_hash: Some(app.passwords.hash(signup.password).await?),
        created_at: app.outside.clock.now(),
    };
    if !app.stores.users.add(user.clone()).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "email: there is an account with this address").into());
    }
    let (cookies, body) = signed_in(&app, sessions(&app).begin(&user).await?);
    Ok((StatusCode::CREATED, cookies, body))
}

/// `POST /api/auth/login` -> 200.
pub(super) async fn login(State(app): State<App>, Payload(login): Payload<Login>) -> SignedInAnswer {
    let email = valid_email(&login.email).map_err(|_| wrong_credentials())?;
    let user = app.stores.users.lookup_by_email(&email).await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let right = app.passwords.verify(login.password, hash).await?;
    let user = user.filter(|_| right).ok_or_else(wrong_credentials)?;
    Ok(signed_in(&app, sessions(&app).begin(&user).await?))
}

/// `POST /api/auth/guest` -> 200, where the room takes guests.
pub(super) async fn guest(State(app): State<App>, Payload(guest): Payload<GuestLogin>) -> SignedInAnswer {
    let name = valid_name("name", &guest.name)?;
    let room = membership::room(&app, &guest.room_id).await?;
    access::admit(&room, Arrival { member: None, guest: true })?;
    let user = User {
        user_id: UserId(random_id(&*app.outside.random)),
        name,
        email: None,
        password_hash: None,
        created_at: app.outside.clock.now(),
    };
    app.stores.users.add(user.clone()).await?;
    Ok(signed_in(&app, sessions(&app).begin(&user).await?))
}

/// `POST /api/auth/refresh` -> 200, by the cookie.
pub(super) async fn refresh(State(app): State<App>, cookies: CookieJar) -> SignedInAnswer {
    let none = || Refusal::new(ErrorCode::Unauthorized, "no session; sign in");
    let token = cookies.get(COOKIE).ok_or_else(none)?.value();
    Ok(signed_in(&app, sessions(&app).renew(token).await?))
}

/// `POST /api/auth/logout` -> 204, with or without a session.
pub(super) async fn logout(State(app): State<App>, cookies: CookieJar) -> Answer<(CookieJar, StatusCode)> {
    if let Some(token) = cookies.get(COOKIE) {
        sessions(&app).end(token.value()).await?;
    }
    let gone = Cookie::build((COOKIE, "")).path(COOKIE_PATH).build();
    Ok((cookies.remove(gone), StatusCode::NO_CONTENT))
}

/// `GET /api/me`.
pub(super) async fn me(State(app): State<App>, Caller(bearer): Caller) -> Answer<Json<UserProfile>> {
    Ok(Json(membership::user(&app, &bearer).await?.profile()))
}
