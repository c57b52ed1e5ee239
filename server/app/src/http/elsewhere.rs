//! Signing in at another site (SPEC 10.4): the way there and back. Browsers come here by
//! navigation, so what goes wrong ends at the client's page, with a code in its address.

use super::{
    address::ClientAddress,
    answer::Answer,
    auth::{cookie, sessions},
    payload::{Asked, Place, SitePath},
    rooms::base,
};
use crate::{
    app::App,
    auth::elsewhere::{ATTEMPT_SEC, Arrived, Attempt, Departure, Return, SignInError, Site, arrive, local_path},
};
use axum::{Json, extract::State, http::HeaderMap, response::Redirect};
use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};
use serde::Deserialize;
use studyrooms_domain::{
    Refusal,
    limits::{self, Limited},
};
use studyrooms_protocol::{
    auth::{SignInProvider, SignInProviders},
    error::ErrorCode,
};
use url::Url;
use utoipa::IntoParams;

const COOKIE: &str = "studyrooms_attempt";
const COOKIE_PATH: &str = "/api/auth/oidc";

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct StartQuery {
    /// Where to go afterwards: a path of this site.
    next: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CallbackQuery {
    /// As the site gave it.
    code: Option<String>,
    /// As it was sent there.
    state: Option<String>,
    /// Why the site does not sign anyone in.
    error: Option<String>,
}

/// List the sites at which one may sign in.
#[utoipa::path(
    get,
    path = "/auth/providers",
    tag = "people",
    operation_id = "providers_list",
    security(()),
    responses((status = 200, body = SignInProviders, description = "In the order of the configuration"))
)]
pub(super) async fn providers(State(app): State<App>) -> Json<SignInProviders> {
    let provider = |(id, name): (&str, &str)| SignInProvider { id: id.to_owned(), name: name.to_owned() };
    Json(SignInProviders { providers: app.sites.names().map(provider).collect() })
}

/// Go to a site to sign in.
///
/// For browsers. What goes wrong ends at `/sign-in?error=`.
#[utoipa::path(
    get,
    path = "/auth/oidc/{site}",
    tag = "people",
    operation_id = "oidc_start",
    security(()),
    params(SitePath, StartQuery),
    responses((status = 303, description = "To the site, or back to the client's page"))
)]
pub(super) async fn start(
    State(app): State<App>,
    address: ClientAddress,
    Place(id): Place<String>,
    Asked(query): Asked<StartQuery>,
    headers: HeaderMap,
) -> Answer<(CookieJar, Redirect)> {
    let site = site(&app, &id)?;
    let departing = async {
        limits::take(&*app.limits, Limited::RequestFrom, &address.to_string()).await?;
        departure(&app, site, &id, &headers, query.next.as_deref()).await
    };
    Ok(match departing.await {
        Ok((cookie, url)) => (CookieJar::new().add(cookie), Redirect::to(url.as_str())),
        Err(error) => (CookieJar::new(), failed(&id, &error)),
    })
}

/// Come back from a site.
///
/// For browsers. Sets the refresh cookie and goes on to the client's page.
#[utoipa::path(
    get,
    path = "/auth/oidc/{site}/callback",
    tag = "people",
    operation_id = "oidc_callback",
    security(()),
    params(SitePath, CallbackQuery),
    responses((status = 303, description = "To the client's page"), (status = 429))
)]
pub(super) async fn callback(
    State(app): State<App>,
    address: ClientAddress,
    Place(id): Place<String>,
    Asked(query): Asked<CallbackQuery>,
    headers: HeaderMap,
    cookies: CookieJar,
) -> Answer<(CookieJar, Redirect)> {
    let site = site(&app, &id)?;
    let sealed = cookies.get(COOKIE).map_or("", Cookie::value);
    let gone = Cookie::build((COOKIE, "")).path(COOKIE_PATH).build();
    let answer = match sign_in(&app, site, &id, query, sealed, &headers, &address).await {
        Ok((token, next)) => (cookies.remove(gone).add(cookie(&app, token)), Redirect::to(&next)),
        // An answer that is not of this browser's attempt does not end that attempt.
        Err(SignInError::Attempt) => (CookieJar::new(), failed(&id, &SignInError::Attempt)),
        Err(error) => (cookies.remove(gone), failed(&id, &error)),
    };
    Ok(answer)
}

fn site<'a>(app: &'a App, id: &str) -> Result<&'a Site, Refusal> {
    let none = || Refusal::new(ErrorCode::NotFound, "no such way to sign in; see GET /api/auth/providers");
    app.sites.lookup(id).ok_or_else(none)
}

async fn departure(
    app: &App,
    site: &Site,
    id: &str,
    headers: &HeaderMap,
    next: Option<&str>,
) -> Result<(Cookie<'static>, Url), SignInError> {
    let Departure { url, state, nonce, verifier } = app.sites.depart(site, &redirect(app, headers, id)?).await?;
    let attempt = Attempt {
        site: id.to_owned(),
        state,
        nonce,
        verifier,
        next: local_path(next.unwrap_or("/")),
        expires_at: app.outside.clock.now() + ATTEMPT_SEC * 1000,
    };
    let lifetime = i64::try_from(ATTEMPT_SEC).unwrap_or(i64::MAX);
    let cookie = Cookie::build((COOKIE, app.sites.attempts.seal(&attempt)?))
        .path(COOKIE_PATH)
        .http_only(true)
        // One comes back by a link of another site.
        .same_site(SameSite::Lax)
        .secure(app.is_https())
        .max_age(cookie_time::Duration::seconds(lifetime))
        .build();
    Ok((cookie, url))
}

/// The new session's refresh token, and where to go.
async fn sign_in(
    app: &App,
    site: &Site,
    id: &str,
    query: CallbackQuery,
    sealed: &str,
    headers: &HeaderMap,
    address: &ClientAddress,
) -> Result<(String, String), SignInError> {
    let state = query.state.unwrap_or_default();
    let attempt = app.sites.attempts.open(sealed, id, &state, app.outside.clock.now()).ok_or(SignInError::Attempt)?;
    limits::take(&*app.limits, Limited::Signup, &address.to_string()).await?;
    if let Some(error) = query.error {
        return Err(SignInError::Declined(error.chars().filter(char::is_ascii_graphic).take(60).collect()));
    }
    let code = query.code.ok_or_else(|| SignInError::Declined("no code".into()))?;
    let (redirect, nonce, verifier) = (redirect(app, headers, id)?, &attempt.nonce, &attempt.verifier);
    let found = app.sites.identify(site, Return { code, nonce, verifier, redirect: &redirect }).await?;
    let Arrived { user, taken_over } = arrive(&app.stores, &app.outside, &found).await?;
    if taken_over {
        tracing::warn!(user = %user.user_id, site = id, "an account was linked; its password and sessions end");
        app.sockets.sign_out(&user.user_id);
    }
    let session = sessions(app).begin(&user).await?;
    tracing::info!(user = %user.user_id, site = id, "signed in elsewhere");
    Ok((session.refresh_token, attempt.next))
}

/// Where the site sends people back to; it must be registered there.
fn redirect(app: &App, headers: &HeaderMap, id: &str) -> Result<Url, SignInError> {
    let text = format!("{}{COOKIE_PATH}/{id}/callback", base(app, headers));
    Url::parse(&text).map_err(|_| Refusal::field("Host", "not the name of a host").into())
}

fn failed(id: &str, error: &SignInError) -> Redirect {
    tracing::warn!(site = id, %error, "signing in elsewhere failed");
    Redirect::to(&format!("/sign-in?error={}", error.code()))
}
