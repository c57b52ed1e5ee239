//! Signing in at another site: OpenID Connect, or OAuth 2.0 with the site's own addresses.

mod arrive;
mod attempt;
mod error;
mod http;
mod issuer;
mod oauth2;

pub use arrive::{Arrived, arrive};
pub use attempt::{ATTEMPT_SEC, Attempt, Attempts, local_path};
pub use error::SignInError;
pub use http::HttpError;

use crate::config::{self, ProviderSettings};
use ::oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use http::Http;
use issuer::Issuer;
use oauth2::OAuth2Site;
use studyrooms_domain::auth::Identity;
use url::Url;

/// Who someone is at a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Theirs for ever.
    pub identity: Identity,
    /// As the site spells it.
    pub email: Option<String>,
    /// Whether the site says that it is theirs.
    pub email_verified: bool,
    /// Names that may be shown, the best first.
    pub names: Vec<String>,
}

/// Where a person is sent, and what is kept until they come back.
pub struct Departure {
    /// The site's page.
    pub url: Url,
    /// Comes back with them.
    pub state: String,
    /// Stands in the ID token.
    pub nonce: String,
    /// Proves that who asks for the token is who sent them.
    pub verifier: String,
}

/// What one has come back with.
pub struct Return<'a> {
    /// Becomes a token, once.
    pub code: String,
    /// As in the [`Departure`].
    pub nonce: &'a str,
    /// As in the [`Departure`].
    pub verifier: &'a str,
    /// The address one came back to.
    pub redirect: &'a Url,
}

/// A site to sign in at.
pub struct Site {
    settings: ProviderSettings,
    speech: Speech,
}

enum Speech {
    Issuer(Box<Issuer>),
    OAuth2(Box<OAuth2Site>),
}

/// The sites of the configuration.
pub struct Sites {
    sites: Vec<Site>,
    http: Option<Http>,
    /// Keeps who is on the way to one.
    pub attempts: Attempts,
}

impl Sites {
    /// Asks none of them anything yet: one that is down must not keep the server from starting.
    ///
    /// # Errors
    /// [`HttpError`] when no request could be made at all.
    pub fn new(settings: Vec<ProviderSettings>, attempts: Attempts) -> Result<Self, HttpError> {
        let http = if settings.is_empty() { None } else { Some(Http::new()?) };
        let sites = settings.into_iter().map(|settings| {
            let speech = match &settings.site {
                config::Site::Issuer(issuer) => Speech::Issuer(Box::new(Issuer::new(issuer))),
                config::Site::OAuth2(addresses) => Speech::OAuth2(Box::new(OAuth2Site::new(addresses))),
            };
            Site { settings, speech }
        });
        Ok(Self { sites: sites.collect(), http, attempts })
    }

    /// Id and name of each.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sites.iter().map(|site| (site.settings.id.as_str(), site.settings.name.as_str()))
    }

    /// By id.
    #[must_use]
    pub fn lookup(&self, id: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.settings.id == id)
    }

    /// Sends someone to a site, to come back to `redirect`.
    ///
    /// # Errors
    /// [`SignInError::Site`].
    pub async fn depart(&self, site: &Site, redirect: &Url) -> Result<Departure, SignInError> {
        let http = self.http()?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = match &site.speech {
            Speech::Issuer(issuer) => issuer.page(http, &site.settings, redirect, challenge).await?,
            Speech::OAuth2(site_of) => site_of.page(&site.settings, redirect, challenge)?,
        };
        Ok(Departure { url, state, nonce, verifier: verifier.into_secret() })
    }

    /// Finds out from the site who has come back.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn identify(&self, site: &Site, back: Return<'_>) -> Result<Found, SignInError> {
        let http = self.http()?;
        let mut found = match &site.speech {
            Speech::Issuer(issuer) => issuer.identify(http, &site.settings, back).await?,
            Speech::OAuth2(site_of) => site_of.identify(http, &site.settings, back).await?,
        };
        found.email_verified |= site.settings.trust_email;
        Ok(found)
    }

    fn http(&self) -> Result<&Http, SignInError> {
        self.http.as_ref().ok_or_else(|| SignInError::site("there is no way to ask"))
    }
}

fn pkce(verifier: &str) -> PkceCodeVerifier {
    PkceCodeVerifier::new(verifier.to_owned())
}
