//! Sign-in at an identity provider (SPEC 10.4): the redirect to it and its callback. Browsers come here by
//! navigation, so an error ends at the client's page, with a code in its address.

use super::{
    address::ClientAddress,
    answer::Answer,
    auth::{cookie, sessions},
    payload::{PathParams, ProviderPath, QueryParams},
    rooms::base,
};
use crate::{
    app::App,
    auth::oidc::{
        ATTEMPT_SEC, Attempt, AuthorizationRequest, Callback, LinkedUser, Provider, SignInError, link_user, local_path,
    },
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
pub(super) struct AuthorizeQuery {
    /// Where to go afterwards: a path of this server.
    next: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CallbackQuery {
    /// The authorization code of the provider.
    code: Option<String>,
    /// As in the authorization request.
    state: Option<String>,
    /// Why the provider does not sign anyone in.
    error: Option<String>,
}

/// List the identity providers one may sign in at.
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
    Json(SignInProviders { providers: app.providers.names().map(provider).collect() })
}

/// Go to an identity provider to sign in.
///
/// For browsers. An error ends at `/sign-in?error=`.
#[utoipa::path(
    get,
    path = "/auth/oidc/{site}",
    tag = "people",
    operation_id = "oidc_start",
    security(()),
    params(ProviderPath, AuthorizeQuery),
    responses((status = 303, description = "To the provider, or back to the client's page"))
)]
pub(super) async fn authorize(
    State(app): State<App>,
    address: ClientAddress,
    PathParams(id): PathParams<String>,
    QueryParams(query): QueryParams<AuthorizeQuery>,
    headers: HeaderMap,
) -> Answer<(CookieJar, Redirect)> {
    let provider = provider(&app, &id)?;
    let authorizing = async {
        limits::take(&*app.limits, Limited::RequestFrom, &address.to_string()).await?;
        authorization(&app, provider, &id, &headers, query.next.as_deref()).await
    };
    Ok(match authorizing.await {
        Ok((cookie, url)) => (CookieJar::new().add(cookie), Redirect::to(url.as_str())),
        Err(error) => (CookieJar::new(), failed(&id, &error)),
    })
}

/// Come back from an identity provider.
///
/// For browsers. Sets the refresh cookie and redirects to the client's page.
#[utoipa::path(
    get,
    path = "/auth/oidc/{site}/callback",
    tag = "people",
    operation_id = "oidc_callback",
    security(()),
    params(ProviderPath, CallbackQuery),
    responses((status = 303, description = "To the client's page"), (status = 429))
)]
pub(super) async fn callback(
    State(app): State<App>,
    address: ClientAddress,
    PathParams(id): PathParams<String>,
    QueryParams(query): QueryParams<CallbackQuery>,
    headers: HeaderMap,
    cookies: CookieJar,
) -> Answer<(CookieJar, Redirect)> {
    let provider = provider(&app, &id)?;
    let sealed = cookies.get(COOKIE).map_or("", Cookie::value);
    let gone = Cookie::build((COOKIE, "")).path(COOKIE_PATH).build();
    let answer = match sign_in(&app, provider, &id, query, sealed, &headers, &address).await {
        Ok((token, next)) => (cookies.remove(gone).add(cookie(&app, token)), Redirect::to(&next)),
        // An answer that is not of this browser's attempt does not end that attempt.
        Err(SignInError::Attempt) => (CookieJar::new(), failed(&id, &SignInError::Attempt)),
        Err(error) => (cookies.remove(gone), failed(&id, &error)),
    };
    Ok(answer)
}

fn provider<'a>(app: &'a App, id: &str) -> Result<&'a Provider, Refusal> {
    let none = || Refusal::new(ErrorCode::NotFound, "no such way to sign in; see GET /api/auth/providers");
    app.providers.lookup(id).ok_or_else(none)
}

async fn authorization(
    app: &App,
    provider: &Provider,
    id: &str,
    headers: &HeaderMap,
    next: Option<&str>,
) -> Result<(Cookie<'static>, Url), SignInError> {
    let redirect = redirect(app, headers, id)?;
    let AuthorizationRequest { url, state, nonce, verifier } = app.providers.authorize(provider, &redirect).await?;
    let attempt = Attempt {
        provider: id.to_owned(),
        state,
        nonce,
        verifier,
        next: local_path(next.unwrap_or("/")),
        expires_at: app.system.clock.now() + ATTEMPT_SEC * 1000,
    };
    let lifetime = i64::try_from(ATTEMPT_SEC).unwrap_or(i64::MAX);
    let cookie = Cookie::build((COOKIE, app.providers.attempts.seal(&attempt)?))
        .path(COOKIE_PATH)
        .http_only(true)
        // The callback is a navigation from another site.
        .same_site(SameSite::Lax)
        .secure(app.is_https())
        .max_age(cookie_time::Duration::seconds(lifetime))
        .build();
    Ok((cookie, url))
}

/// The new session's refresh token, and the path to go to.
async fn sign_in(
    app: &App,
    provider: &Provider,
    id: &str,
    query: CallbackQuery,
    sealed: &str,
    headers: &HeaderMap,
    address: &ClientAddress,
) -> Result<(String, String), SignInError> {
    let state = query.state.unwrap_or_default();
    let attempt =
        app.providers.attempts.open(sealed, id, &state, app.system.clock.now()).ok_or(SignInError::Attempt)?;
    limits::take(&*app.limits, Limited::Signup, &address.to_string()).await?;
    if let Some(error) = query.error {
        return Err(SignInError::Declined(error.chars().filter(char::is_ascii_graphic).take(60).collect()));
    }
    let code = query.code.ok_or_else(|| SignInError::Declined("no code".into()))?;
    let (redirect, nonce, verifier) = (redirect(app, headers, id)?, &attempt.nonce, &attempt.verifier);
    let callback = Callback { code, nonce, verifier, redirect: &redirect };
    let claims = app.providers.callback(provider, callback).await?;
    let LinkedUser { user, taken_over } = link_user(&app.stores, &app.system, &claims).await?;
    if taken_over {
        tracing::warn!(user = %user.user_id, site = id, "an account was linked; its password and sessions end");
        app.sockets.sign_out(&user.user_id);
    }
    let session = sessions(app).begin(&user).await?;
    tracing::info!(user = %user.user_id, site = id, "signed in at a provider");
    Ok((session.refresh_token, attempt.next))
}

/// The redirect URI; it must be registered at the provider.
fn redirect(app: &App, headers: &HeaderMap, id: &str) -> Result<Url, SignInError> {
    let text = format!("{}{COOKIE_PATH}/{id}/callback", base(app, headers));
    Url::parse(&text).map_err(|_| Refusal::field("Host", "not the name of a host").into())
}

fn failed(id: &str, error: &SignInError) -> Redirect {
    tracing::warn!(site = id, %error, "a sign-in at a provider failed");
    Redirect::to(&format!("/sign-in?error={}", error.code()))
}
