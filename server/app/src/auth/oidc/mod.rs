//! Sign-in at an identity provider: OpenID Connect, or OAuth 2.0 with the provider's own endpoints.

mod attempt;
mod error;
mod http;
mod issuer;
mod link;
mod oauth2;

pub use attempt::{ATTEMPT_SEC, Attempt, Attempts, local_path};
pub use error::SignInError;
pub use http::HttpError;
pub use link::{LinkedUser, link_user};

use crate::config::{ProviderSettings, ProviderType};
use ::oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use http::Http;
use issuer::Issuer;
use oauth2::OAuth2Provider;
use studyrooms_domain::auth::Identity;
use url::Url;

/// What a provider says of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderClaims {
    /// Never changes and is never given to anyone else.
    pub identity: Identity,
    /// As the provider spells it.
    pub email: Option<String>,
    /// Whether the provider says that the address is theirs.
    pub email_verified: bool,
    /// Names that may be shown, the best first.
    pub names: Vec<String>,
}

/// Where a browser is sent, and what is kept until it comes back.
pub struct AuthorizationRequest {
    /// The provider's page, with the parameters of the request.
    pub url: Url,
    /// Comes back in the callback.
    pub state: String,
    /// Stands in the ID token; empty where there is none.
    pub nonce: String,
    /// PKCE (RFC 7636): proves that the one who asks for the token sent the browser.
    pub verifier: String,
}

/// What a browser brings back from the provider, and what was kept for it.
pub struct Callback<'a> {
    /// The authorization code, good for one token.
    pub code: String,
    /// As in the [`AuthorizationRequest`].
    pub nonce: &'a str,
    /// As in the [`AuthorizationRequest`].
    pub verifier: &'a str,
    /// The address the browser came back to.
    pub redirect: &'a Url,
}

/// An identity provider of the configuration.
pub struct Provider {
    settings: ProviderSettings,
    client: Client,
}

enum Client {
    Issuer(Box<Issuer>),
    OAuth2(Box<OAuth2Provider>),
}

/// The identity providers of the configuration.
pub struct Providers {
    providers: Vec<Provider>,
    http: Option<Http>,
    /// Seals the attempts that are under way.
    pub attempts: Attempts,
}

impl Providers {
    /// Makes no request yet: a provider that is down must not keep the server from starting.
    ///
    /// # Errors
    /// [`HttpError`] when no request could be made at all.
    pub fn new(settings: Vec<ProviderSettings>, attempts: Attempts) -> Result<Self, HttpError> {
        let http = if settings.is_empty() { None } else { Some(Http::new()?) };
        let providers = settings.into_iter().map(|settings| {
            let client = match &settings.provider_type {
                ProviderType::Issuer(issuer) => Client::Issuer(Box::new(Issuer::new(issuer))),
                ProviderType::OAuth2(endpoints) => Client::OAuth2(Box::new(OAuth2Provider::new(endpoints))),
            };
            Provider { settings, client }
        });
        Ok(Self { providers: providers.collect(), http, attempts })
    }

    /// Id and name of each, in the order of the configuration.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.providers.iter().map(|provider| (provider.settings.id.as_str(), provider.settings.name.as_str()))
    }

    /// The provider with this id.
    #[must_use]
    pub fn lookup(&self, id: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.settings.id == id)
    }

    /// Prepares an authorization request that comes back to `redirect`.
    ///
    /// # Errors
    /// [`SignInError::Provider`].
    pub async fn authorize(&self, provider: &Provider, redirect: &Url) -> Result<AuthorizationRequest, SignInError> {
        let http = self.http()?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = match &provider.client {
            Client::Issuer(issuer) => issuer.authorize(http, &provider.settings, redirect, challenge).await?,
            Client::OAuth2(oauth2) => oauth2.authorize(&provider.settings, redirect, challenge)?,
        };
        Ok(AuthorizationRequest { url, state, nonce, verifier: verifier.into_secret() })
    }

    /// Exchanges the code of a callback and reads who signed in.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn callback(&self, provider: &Provider, callback: Callback<'_>) -> Result<ProviderClaims, SignInError> {
        let http = self.http()?;
        let mut claims = match &provider.client {
            Client::Issuer(issuer) => issuer.exchange(http, &provider.settings, callback).await?,
            Client::OAuth2(oauth2) => oauth2.exchange(http, &provider.settings, callback).await?,
        };
        claims.email_verified |= provider.settings.trust_email;
        Ok(claims)
    }

    fn http(&self) -> Result<&Http, SignInError> {
        self.http.as_ref().ok_or_else(|| SignInError::provider("there is no way to ask"))
    }
}

fn pkce(verifier: &str) -> PkceCodeVerifier {
    PkceCodeVerifier::new(verifier.to_owned())
}
