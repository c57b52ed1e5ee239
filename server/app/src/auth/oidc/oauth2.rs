//! OAuth 2.0 (RFC 6749, 7636) at providers without OpenID Connect, like GitHub: whose token it is, is
//! read from the provider's own user endpoint.

use super::{Callback, ProviderClaims, SignInError, http::Http, issuer::refused, pkce};
use crate::config::{OAuth2Endpoints, ProviderSettings};
use ::http::StatusCode;
use ::oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    PkceCodeChallenge, RedirectUrl, Scope, TokenResponse, TokenUrl, basic::BasicClient,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use studyrooms_domain::auth::Identity;
use url::Url;

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

pub(super) struct OAuth2Provider {
    endpoints: OAuth2Endpoints,
}

/// What providers say of a person: a number or a text as id, and names in fields of their own.
#[derive(Deserialize)]
struct UserInfo {
    id: Option<Value>,
    sub: Option<String>,
    name: Option<String>,
    login: Option<String>,
    preferred_username: Option<String>,
    email: Option<String>,
    #[serde(default)]
    email_verified: bool,
}

#[derive(Deserialize)]
struct Email {
    email: String,
    #[serde(default)]
    primary: bool,
    #[serde(default)]
    verified: bool,
}

impl OAuth2Provider {
    pub(super) fn new(endpoints: &OAuth2Endpoints) -> Self {
        Self { endpoints: endpoints.clone() }
    }

    /// The address of the authorization request, with its state. There is no nonce, for there is no ID token.
    pub(super) fn authorize(
        &self,
        settings: &ProviderSettings,
        redirect: &Url,
        challenge: PkceCodeChallenge,
    ) -> Result<(Url, String, String), SignInError> {
        let (url, state) = self
            .client(settings, redirect)
            .authorize_url(CsrfToken::new_random)
            .add_scopes(settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .url();
        Ok((url, state.into_secret(), String::new()))
    }

    pub(super) async fn exchange(
        &self,
        http: &Http,
        settings: &ProviderSettings,
        callback: Callback<'_>,
    ) -> Result<ProviderClaims, SignInError> {
        let response = self
            .client(settings, callback.redirect)
            .exchange_code(AuthorizationCode::new(callback.code))
            .set_pkce_verifier(pkce(callback.verifier))
            .request_async(http)
            .await
            .map_err(refused)?;
        let token = response.access_token().secret();
        let person: UserInfo = read(http, &self.endpoints.userinfo, token).await?;
        let subject = match (person.id, person.sub) {
            (Some(Value::Number(number)), _) => number.to_string(),
            (Some(Value::String(text)), _) | (None, Some(text)) if !text.is_empty() => text,
            _ => return Err(SignInError::provider("the provider does not say who it is")),
        };
        let (email, email_verified) = match &self.endpoints.emails {
            None => (person.email, person.email_verified),
            Some(emails) => chosen(read(http, emails, token).await?),
        };
        Ok(ProviderClaims {
            // These providers have no issuer; an id without `://` is never one.
            identity: Identity { issuer: settings.id.clone(), subject },
            email,
            email_verified,
            names: [person.name, person.preferred_username, person.login].into_iter().flatten().collect(),
        })
    }

    fn client(&self, settings: &ProviderSettings, redirect: &Url) -> Client {
        BasicClient::new(ClientId::new(settings.client_id.clone()))
            .set_client_secret(ClientSecret::new(settings.client_secret.clone()))
            .set_auth_uri(AuthUrl::from_url(self.endpoints.authorize.clone()))
            .set_token_uri(TokenUrl::from_url(self.endpoints.token.clone()))
            .set_redirect_uri(RedirectUrl::from_url(redirect.clone()))
            .set_auth_type(AuthType::RequestBody)
    }
}

/// The primary address, and whether it is verified.
fn chosen(emails: Vec<Email>) -> (Option<String>, bool) {
    let primary = emails.into_iter().find(|email| email.primary);
    primary.map_or((None, false), |email| (Some(email.email), email.verified))
}

async fn read<T: DeserializeOwned>(http: &Http, url: &Url, token: &str) -> Result<T, SignInError> {
    let answer = http.get(url.as_str(), token).await;
    let answer = answer.map_err(|error| SignInError::Provider(format!("the provider cannot be asked: {error}")))?;
    if answer.status() != StatusCode::OK {
        return Err(SignInError::Provider(format!("the provider answers {} to who it is", answer.status())));
    }
    serde_json::from_slice(answer.body()).map_err(|_| SignInError::provider("the provider's answer cannot be read"))
}
