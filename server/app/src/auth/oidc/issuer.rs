//! OpenID Connect (Core 1.0 and Discovery 1.0), by the authorization code flow.

use super::{Callback, ProviderClaims, SignInError, http::Http, pkce};
use crate::config::ProviderSettings;
use openidconnect::{
    AccessTokenHash, AuthType, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, EndUserName, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, LocalizedClaim, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError,
    TokenResponse,
    core::{
        CoreClient, CoreClientAuthMethod, CoreIdTokenClaims, CoreProviderMetadata, CoreResponseType, CoreTokenResponse,
        CoreUserInfoClaims,
    },
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use studyrooms_domain::auth::Identity;
use tokio::sync::Mutex;
use url::Url;

/// Metadata older than this is discovered again.
const FRESH_FOR: Duration = Duration::from_secs(3600);
/// Metadata is never discovered more often than this.
const DISCOVER_EVERY: Duration = Duration::from_secs(2);

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;
type Metadata = Arc<CoreProviderMetadata>;

/// An issuer and its metadata.
pub(super) struct Issuer {
    url: String,
    discovered: Mutex<Discovered>,
}

#[derive(Default)]
struct Discovered {
    metadata: Option<(Metadata, Instant)>,
    failed: Option<(String, Instant)>,
}

impl Issuer {
    pub(super) fn new(url: &str) -> Self {
        Self { url: url.to_owned(), discovered: Mutex::default() }
    }

    /// The address of the authorization request, with its state and nonce.
    pub(super) async fn authorize(
        &self,
        http: &Http,
        settings: &ProviderSettings,
        redirect: &Url,
        challenge: PkceCodeChallenge,
    ) -> Result<(Url, String, String), SignInError> {
        let client = client(&*self.metadata(http, FRESH_FOR).await?, settings, redirect);
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let scopes = settings.scopes.iter().filter(|scope| *scope != "openid").cloned().map(Scope::new);
        let (url, state, nonce) = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(scopes)
            .set_pkce_challenge(challenge)
            .url();
        Ok((url, state.into_secret(), nonce.secret().clone()))
    }

    /// Exchanges the code, and accepts the ID token only when all of it is verified.
    pub(super) async fn exchange(
        &self,
        http: &Http,
        settings: &ProviderSettings,
        callback: Callback<'_>,
    ) -> Result<ProviderClaims, SignInError> {
        let metadata = self.metadata(http, FRESH_FOR).await?;
        let client_of_then = client(&metadata, settings, callback.redirect);
        let response = client_of_then
            .exchange_code(AuthorizationCode::new(callback.code))
            .map_err(|_| SignInError::provider("the issuer has no token endpoint"))?
            .set_pkce_verifier(pkce(callback.verifier))
            .request_async(http)
            .await
            .map_err(refused)?;
        let nonce = Nonce::new(callback.nonce.to_owned());
        let mut client_of_now = client_of_then;
        let claims = match claims(&client_of_now, &response, &nonce) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                // The issuer signs with a key that is newer than its metadata here.
                let metadata = self.metadata(http, DISCOVER_EVERY).await?;
                client_of_now = client(&metadata, settings, callback.redirect);
                claims(&client_of_now, &response, &nonce)
            }
            verified => verified,
        };
        let claims = claims.map_err(|error| SignInError::Provider(format!("the ID token is not valid: {error}")))?;
        let mut person = ProviderClaims {
            identity: Identity { issuer: claims.issuer().to_string(), subject: claims.subject().to_string() },
            email: claims.email().map(|email| email.to_string()),
            email_verified: claims.email_verified().unwrap_or(false),
            names: names(claims.name(), claims.preferred_username().map(|name| name.to_string())),
        };
        if person.email.is_none() {
            // Many issuers give the e-mail address only at the UserInfo endpoint.
            let token = response.access_token().clone();
            if let Ok(request) = client_of_now.user_info(token, Some(claims.subject().clone())) {
                let more: CoreUserInfoClaims = request
                    .request_async(http)
                    .await
                    .map_err(|error| SignInError::Provider(format!("the issuer does not say who it is: {error}")))?;
                person.email = more.email().map(|email| email.to_string());
                person.email_verified = more.email_verified().unwrap_or(false);
                person.names.extend(names(more.name(), more.preferred_username().map(|name| name.to_string())));
            }
        }
        Ok(person)
    }

    /// The issuer's metadata and keys, discovered again when they are older than `fresh_for`.
    /// One caller asks, the others wait for its answer.
    async fn metadata(&self, http: &Http, fresh_for: Duration) -> Result<Metadata, SignInError> {
        let mut discovered = self.discovered.lock().await;
        if let Some((metadata, _)) = discovered.metadata.as_ref().filter(|(_, at)| at.elapsed() < fresh_for) {
            return Ok(metadata.clone());
        }
        if let Some((reason, _)) = discovered.failed.as_ref().filter(|(_, at)| at.elapsed() < DISCOVER_EVERY) {
            return discovered.or_failed(reason.clone());
        }
        let url = IssuerUrl::new(self.url.clone()).map_err(SignInError::provider)?;
        match CoreProviderMetadata::discover_async(url, http).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *discovered = Discovered { metadata: Some((metadata.clone(), Instant::now())), failed: None };
                Ok(metadata)
            }
            Err(error) => {
                let reason = match error {
                    openidconnect::DiscoveryError::Request(error) => error.to_string(),
                    other => other.to_string(),
                };
                discovered.failed = Some((reason.clone(), Instant::now()));
                discovered.or_failed(reason)
            }
        }
    }
}

impl Discovered {
    /// The metadata of before stays in use while the issuer does not answer.
    fn or_failed(&self, reason: String) -> Result<Metadata, SignInError> {
        let before = self.metadata.as_ref().map(|(metadata, _)| metadata.clone());
        before.ok_or_else(|| SignInError::Provider(format!("the issuer cannot be asked: {reason}")))
    }
}

fn client(metadata: &CoreProviderMetadata, settings: &ProviderSettings, redirect: &Url) -> Client {
    let (id, secret) = (ClientId::new(settings.client_id.clone()), ClientSecret::new(settings.client_secret.clone()));
    let methods = metadata.token_endpoint_auth_methods_supported();
    // Client authentication is `client_secret_basic` where the metadata names none.
    let basic = methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
    CoreClient::from_provider_metadata(metadata.clone(), id, Some(secret))
        .set_redirect_uri(RedirectUrl::from_url(redirect.clone()))
        .set_auth_type(if basic { AuthType::BasicAuth } else { AuthType::RequestBody })
}

fn claims<'a>(
    client: &Client,
    response: &'a CoreTokenResponse,
    nonce: &Nonce,
) -> Result<&'a CoreIdTokenClaims, ClaimsVerificationError> {
    let other = |reason: &str| ClaimsVerificationError::Other(reason.into());
    let token = response.id_token().ok_or_else(|| other("there is none"))?;
    let verifier = client.id_token_verifier();
    let claims = token.claims(&verifier, nonce)?;
    if let Some(expected) = claims.access_token_hash() {
        let alg = token.signing_alg().map_err(ClaimsVerificationError::SignatureVerification)?;
        let key = token.signing_key(&verifier).map_err(ClaimsVerificationError::SignatureVerification)?;
        let actual = AccessTokenHash::from_token(response.access_token(), alg, key)
            .map_err(|error| other(&error.to_string()))?;
        if actual != *expected {
            return Err(other("it belongs to another access token"));
        }
    }
    Ok(claims)
}

fn names(name: Option<&LocalizedClaim<EndUserName>>, username: Option<String>) -> Vec<String> {
    let plain = name.and_then(|names| names.get(None).or_else(|| names.iter().next().map(|(_, name)| name)));
    plain.map(|name| name.to_string()).into_iter().chain(username).collect()
}

/// Why there is no token for a code.
pub(super) fn refused<T: openidconnect::ErrorResponse>(error: RequestTokenError<super::HttpError, T>) -> SignInError {
    match error {
        RequestTokenError::ServerResponse(_) => SignInError::provider("the provider does not take the code"),
        RequestTokenError::Request(error) => SignInError::Provider(format!("the provider cannot be asked: {error}")),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            SignInError::provider("the provider's answer cannot be read")
        }
    }
}
