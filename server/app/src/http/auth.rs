//! Signing up, in and out (SPEC 10).

use super::{
    address::ClientAddress,
    answer::Answer,
    caller::MaybeCaller,
    payload::{Payload, QueryParams},
};
use crate::{
    app::App,
    auth::{Session, Sessions},
    membership,
};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
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
    system::random_id,
};
use studyrooms_protocol::{
    auth::{GuestLogin, Login, SignedIn, Signup},
    error::ErrorCode,
    ids::{RoomRef, UserId},
    rooms::Role,
};
use utoipa::IntoParams;

pub(super) const COOKIE: &str = "studyrooms_refresh";
/// The session of a guest whose browser someone signed in in: tabs of theirs may be in a room, and go on there.
pub(super) const GUEST_COOKIE: &str = "studyrooms_guest";
const COOKIE_PATH: &str = "/api/auth";

type SignedInAnswer = Answer<(CookieJar, Json<SignedIn>)>;

pub(super) fn sessions(app: &App) -> Sessions<'_> {
    Sessions {
        stores: &app.stores,
        system: &app.system,
        access_tokens: &app.access_tokens,
        family_ids: &app.family_ids,
    }
}

pub(super) fn cookie(app: &App, token: String) -> Cookie<'static> {
    named_cookie(app, COOKIE, token)
}

fn named_cookie(app: &App, name: &'static str, token: String) -> Cookie<'static> {
    let lifetime = i64::try_from(REFRESH_LIFETIME_MS / 1000).unwrap_or(i64::MAX);
    Cookie::build((name, token))
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

/// Begins a session of `user`. A guest who was in this browser keeps theirs, beside it.
async fn begin(app: &App, user: &User, before: &CookieJar) -> Result<(CookieJar, Json<SignedIn>), Refusal> {
    let (cookies, body) = signed_in(app, sessions(app).begin(user).await?);
    let Some(token) = before.get(COOKIE).map(Cookie::value) else { return Ok((cookies, body)) };
    let owner = match sessions(app).owner(token).await? {
        Some(owner) => app.stores.users.lookup(&owner).await?,
        None => None,
    };
    let guest = owner.filter(User::is_guest).map(|_| named_cookie(app, GUEST_COOKIE, token.to_owned()));
    Ok((guest.into_iter().fold(cookies, CookieJar::add), body))
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
    before: CookieJar,
    Payload(signup): Payload<Signup>,
) -> Answer<(StatusCode, CookieJar, Json<SignedIn>)> {
    let (name, email) = (valid_name("name", &signup.name)?, valid_email(&signup.email)?);
    valid_password(&signup.password)?;
    let address = address.to_string();
    limits::take(&*app.limits, Limited::Signup, &address).await?;
    let permit = app.passwords.permit(&address, &email, false).await?;
    let user = User {
        user_id: UserId(random_id(&*app.system.random)),
        name,
        email: Some(email.clone()),
        password_hash: Some(permit.hash(signup.password).await?),
        time_zone: None,
        avatar: None,
        created_at: app.system.clock.now(),
    };
    if !app.stores.users.add(user.clone()).await? {
        return Err(Refusal::new(ErrorCode::Conflict, "email: there is an account with this address").into());
    }
    app.known_sign_ins.add(&address, &email);
    let (cookies, body) = begin(&app, &user, &before).await?;
    Ok((StatusCode::CREATED, cookies, body))
}

/// One try to sign in. Tries are limited; wrong ones more than right ones, so whoever knows their password is
/// let in although others at the same address do not.
struct SignIn<'a> {
    app: &'a App,
    address: String,
    account: &'a str,
    /// The address together with the account: nobody is kept out of theirs from elsewhere.
    pair: String,
    /// Whether the account was signed in to from this address before. What others there do is not counted against
    /// it then.
    is_known: bool,
}

impl<'a> SignIn<'a> {
    fn new(app: &'a App, address: String, account: &'a str) -> Self {
        let is_known = app.known_sign_ins.has(&address, account);
        Self { app, pair: format!("{address} {account}"), address, account, is_known }
    }

    /// Whether one more is allowed.
    async fn allowed(&self) -> Result<(), Refusal> {
        let limits = &*self.app.limits;
        limits::peek(limits, Limited::Login, &self.pair).await?;
        if self.is_known { Ok(()) } else { limits::peek(limits, Limited::LoginFrom, &self.address).await }
    }

    /// Counts this one, whatever comes of it.
    async fn count(&self) -> Result<(), Refusal> {
        let limits = &*self.app.limits;
        limits::take(limits, Limited::SignIn, &self.pair).await?;
        if self.is_known { Ok(()) } else { limits::take(limits, Limited::SignInFrom, &self.address).await }
    }

    /// It was wrong. Whether there still was a token for it makes no difference any more.
    async fn count_wrong(&self) {
        limits::take(&*self.app.limits, Limited::Login, &self.pair).await.ok();
        limits::take(&*self.app.limits, Limited::LoginFrom, &self.address).await.ok();
    }
}

/// A session that is renewed or ended by a stranger's word alone. Whoever shows an id of a family that was made here
/// is limited by that; all else is looked for in the store, and is limited by the address.
async fn count_cookie(app: &App, address: &ClientAddress, token: &str) -> Result<(), Refusal> {
    match sessions(app).family(token) {
        Some(family) => limits::take(&*app.limits, Limited::Refresh, family).await,
        None => limits::take(&*app.limits, Limited::RequestFrom, &address.to_string()).await,
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
    before: CookieJar,
    Payload(login): Payload<Login>,
) -> SignedInAnswer {
    let email = valid_email(&login.email).map_err(|_| wrong_credentials())?;
    let sign_in = SignIn::new(&app, address.to_string(), &email);
    sign_in.allowed().await?;
    let permit = app.passwords.permit(&sign_in.address, sign_in.account, sign_in.is_known).await?;
    // Once more: of those that waited for this permit, only as many go on as are allowed.
    sign_in.allowed().await?;
    sign_in.count().await?;
    let user = app.stores.users.lookup_by_email(&email).await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let right = permit.verify(login.password, hash).await?;
    let Some(user) = user.filter(|_| right) else {
        sign_in.count_wrong().await;
        return Err(wrong_credentials().into());
    };
    app.known_sign_ins.add(&sign_in.address, sign_in.account);
    Ok(begin(&app, &user, &before).await?)
}

/// Sign in as a guest.
///
/// Without an account, where the room takes guests; also to wait until a moderator lets them in.
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
    limits::take(&*app.limits, Limited::RequestFrom, &address.to_string()).await?;
    membership::room(&app, &guest.room_id).await?;
    limits::take(&*app.limits, Limited::Signup, &address.to_string()).await?;
    let mut admitted = guest_admitted(&app, &guest.room_id, &address).await;
    if membership::is_to_be_asked_again(&app, &guest.room_id, admitted.as_ref().err()).await? {
        admitted = guest_admitted(&app, &guest.room_id, &address).await;
    }
    match admitted {
        // They wait with the token that they get here.
        Err(refusal) if refusal.code == ErrorCode::WaitingForAdmission => {}
        admitted => drop(admitted?),
    }
    let user = User {
        user_id: UserId(random_id(&*app.system.random)),
        name,
        email: None,
        password_hash: None,
        time_zone: None,
        avatar: None,
        created_at: app.system.clock.now(),
    };
    app.stores.users.add(user.clone()).await?;
    Ok(signed_in(&app, sessions(&app).begin(&user).await?))
}

/// Whether the door opens for a guest from an address, or lets them wait.
async fn guest_admitted(app: &App, reference: &RoomRef, address: &ClientAddress) -> Result<Role, Refusal> {
    let room = membership::room(app, reference).await?;
    let hash = app.address_key.hash(address)?;
    let until = app.stores.bans.address_until(&room.room_id, &hash, app.system.clock.now()).await?;
    access::admit(&room, Arrival { member: None, ban: None, guest: true, is_kept_out: until.is_some() })
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RefreshQuery {
    /// No session is no error: a page that has just been opened cannot know.
    #[serde(default)]
    quietly: bool,
}

/// Get a fresh access token.
///
/// By the cookie, which is rotated. Where the answer was lost the same one is good once more; one whose successor
/// was used ends the session.
#[utoipa::path(
    post,
    path = "/auth/refresh",
    tag = "people",
    operation_id = "auth_refresh",
    params(RefreshQuery),
    security(("refresh" = [])),
    responses((status = 200, body = SignedIn, description = "Signed in", headers(("Set-Cookie" = String, description = "The refresh token, HttpOnly, for `/api/auth` only"))), (status = 204, description = "No session, asked `quietly`"), (status = 429))
)]
pub(super) async fn refresh(
    State(app): State<App>,
    address: ClientAddress,
    QueryParams(query): QueryParams<RefreshQuery>,
    cookies: CookieJar,
) -> Answer<Response> {
    if query.quietly && cookies.get(COOKIE).is_none() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(renew(&app, &address, &cookies, COOKIE).await?.into_response())
}

/// Get a fresh access token for a guest.
///
/// Who was in this browser before someone signed in in it: a tab of theirs may be in a room.
#[utoipa::path(
    post,
    path = "/auth/refresh/guest",
    tag = "people",
    operation_id = "auth_refresh_guest",
    security(("guest" = [])),
    responses((status = 200, body = SignedIn, description = "Signed in", headers(("Set-Cookie" = String, description = "The refresh token, HttpOnly, for `/api/auth` only"))), (status = 429))
)]
pub(super) async fn refresh_guest(
    State(app): State<App>,
    address: ClientAddress,
    cookies: CookieJar,
) -> SignedInAnswer {
    renew(&app, &address, &cookies, GUEST_COOKIE).await
}

/// Exchanges the refresh token in the cookie of this name.
async fn renew(app: &App, address: &ClientAddress, cookies: &CookieJar, name: &'static str) -> SignedInAnswer {
    let none = || Refusal::new(ErrorCode::Unauthorized, "no session; sign in");
    let token = cookies.get(name).ok_or_else(none)?.value();
    count_cookie(app, address, token).await?;
    let sessions = sessions(app);
    let shown = sessions.show(token).await?;
    limits::take(&*app.limits, Limited::Refresh, shown.user_id().as_str()).await?;
    let session = sessions.renew(shown).await?;
    let cookies = CookieJar::new().add(named_cookie(app, name, session.refresh_token));
    Ok((cookies, Json(session.signed_in)))
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
    responses((status = 204, description = "No session is left", headers(("Set-Cookie" = String, description = "Takes the cookie away"))), (status = 401), (status = 429))
)]
pub(super) async fn logout(
    State(app): State<App>,
    address: ClientAddress,
    MaybeCaller(bearer): MaybeCaller,
    QueryParams(query): QueryParams<LogoutQuery>,
    cookies: CookieJar,
) -> Answer<(CookieJar, StatusCode)> {
    let (token, sessions) = (cookies.get(COOKIE).map(Cookie::value), sessions(&app));
    if let Some(token) = token {
        count_cookie(&app, &address, token).await?;
    }
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
    // Whoever uses this browser next is not the guest either.
    if let Some(guest) = cookies.get(GUEST_COOKIE).map(Cookie::value) {
        count_cookie(&app, &address, guest).await?;
        sessions.end(guest).await?;
    }
    let gone = |name| Cookie::build((name, "")).path(COOKIE_PATH).build();
    Ok((cookies.remove(gone(COOKIE)).remove(gone(GUEST_COOKIE)), StatusCode::NO_CONTENT))
}
