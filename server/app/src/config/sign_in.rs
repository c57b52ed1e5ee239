//! Identity providers: OpenID Connect issuers, and OAuth 2.0 providers without discovery.

use serde::Deserialize;
use serde_json::{Map, Value};
use std::{fmt, fs, path::PathBuf};
use url::{Host, Url};

/// An identity provider to sign in at.
#[derive(Clone)]
pub struct ProviderSettings {
    /// In addresses: letters, digits and dashes.
    pub id: String,
    /// On the button.
    pub name: String,
    /// Registered at the provider for this server.
    pub client_id: String,
    /// Proves that it is this server.
    pub client_secret: String,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// Take e-mail addresses as verified although the provider does not say so.
    pub trust_email: bool,
    /// Its protocol, and its addresses.
    pub provider_type: ProviderType,
}

/// The protocol of a provider.
#[derive(Clone, Debug)]
pub enum ProviderType {
    /// OpenID Connect: discovery gives the rest. The issuer is kept as it was written, for its tokens
    /// must name it character by character.
    Issuer(String),
    /// OAuth 2.0, with endpoints of the provider's own.
    OAuth2(Box<OAuth2Endpoints>),
}

/// The endpoints of an OAuth 2.0 provider.
#[derive(Clone, Debug)]
pub struct OAuth2Endpoints {
    /// Where the person is sent.
    pub authorize: Url,
    /// Where a code becomes a token.
    pub token: Url,
    /// Who the token is of.
    pub userinfo: Url,
    /// Their e-mail addresses, where these are apart.
    pub emails: Option<Url>,
}

/// Why a provider cannot be used. None of the texts holds a secret.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// Neither fields nor JSON.
    #[error("not of the form id=…,client-id=…,client-secret=…, nor a JSON array of such objects")]
    Form,
    /// A field is unknown or not of its kind.
    #[error("{0}")]
    Field(String),
    /// A field is missing.
    #[error("{id}: {field} is missing")]
    Missing {
        /// The provider.
        id: String,
        /// The field.
        field: &'static str,
    },
    /// A field breaks its rule.
    #[error("{id}: {field}: {rule}")]
    Rule {
        /// The provider.
        id: String,
        /// The field.
        field: &'static str,
        /// What it must fit.
        rule: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Fields {
    id: String,
    name: Option<String>,
    issuer: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    client_secret_file: Option<PathBuf>,
    scopes: Option<String>,
    #[serde(default)]
    trust_email: bool,
    authorize_url: Option<Url>,
    token_url: Option<Url>,
    userinfo_url: Option<Url>,
    emails_url: Option<Url>,
}

/// Name, scopes, and issuer or endpoints of well-known providers.
fn preset(fields: Fields) -> Fields {
    let url = |text: &str| Url::parse(text).ok();
    let bare = fields.issuer.is_none() && fields.authorize_url.is_none();
    let named = |fields: Fields, name: &str| Fields { name: fields.name.or_else(|| Some(name.into())), ..fields };
    match fields.id.as_str() {
        "google" if bare => {
            let fields = named(fields, "Google");
            Fields { issuer: Some("https://accounts.google.com".into()), ..fields }
        }
        "github" if bare => {
            let fields = named(fields, "GitHub");
            Fields {
                scopes: fields.scopes.or_else(|| Some("read:user user:email".into())),
                authorize_url: url("https://github.com/login/oauth/authorize"),
                token_url: url("https://github.com/login/oauth/access_token"),
                userinfo_url: url("https://api.github.com/user"),
                emails_url: url("https://api.github.com/user/emails"),
                ..fields
            }
        }
        _ => fields,
    }
}

impl TryFrom<Fields> for ProviderSettings {
    type Error = ProviderError;

    fn try_from(fields: Fields) -> Result<Self, ProviderError> {
        let fields = preset(fields);
        let id = fields.id;
        let missing = |field| ProviderError::Missing { id: id.clone(), field };
        let rule = |field, rule: &str| ProviderError::Rule { id: id.clone(), field, rule: rule.into() };
        if id.is_empty() || id.len() > 40 || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(rule("id", "letters, digits and dashes"));
        }
        let client_id = fields.client_id.ok_or_else(|| missing("client-id"))?;
        let client_secret = match (fields.client_secret, fields.client_secret_file) {
            (Some(_), Some(_)) => return Err(rule("client-secret-file", "not together with client-secret")),
            (Some(secret), None) => secret,
            (None, Some(path)) => {
                let text = fs::read_to_string(&path);
                text.map_err(|error| rule("client-secret-file", &error.to_string()))?.trim().to_owned()
            }
            (None, None) => return Err(missing("client-secret")),
        };
        let secure = |field, url: Url| {
            if is_secure(&url) {
                Ok(url)
            } else {
                Err(rule(field, "must begin with https:// (http:// for localhost only)"))
            }
        };
        let (provider_type, scopes) = match (fields.issuer, fields.authorize_url) {
            (Some(_), Some(_)) => return Err(rule("authorize-url", "not together with issuer")),
            (Some(issuer), None) => {
                let url = Url::parse(&issuer).map_err(|error| rule("issuer", &error.to_string()))?;
                secure("issuer", url)?;
                (ProviderType::Issuer(issuer), "openid email profile")
            }
            (None, Some(authorize)) => {
                let userinfo = fields.userinfo_url.ok_or_else(|| missing("userinfo-url"))?;
                let endpoints = OAuth2Endpoints {
                    authorize: secure("authorize-url", authorize)?,
                    token: secure("token-url", fields.token_url.ok_or_else(|| missing("token-url"))?)?,
                    userinfo: secure("userinfo-url", userinfo)?,
                    emails: fields.emails_url.map(|url| secure("emails-url", url)).transpose()?,
                };
                (ProviderType::OAuth2(Box::new(endpoints)), "")
            }
            (None, None) => return Err(missing("issuer")),
        };
        let scopes = fields.scopes.unwrap_or_else(|| scopes.into()).split_whitespace().map(str::to_owned).collect();
        let name = fields.name.unwrap_or_else(|| id.clone());
        Ok(Self { id, name, client_id, client_secret, scopes, trust_email: fields.trust_email, provider_type })
    }
}

/// Tokens travel to this address: over TLS, or not over a network at all.
fn is_secure(url: &Url) -> bool {
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || url.scheme() == "http" && here
}

/// One value of the setting: a provider in fields or in JSON, or several in a JSON array.
///
/// # Errors
/// [`ProviderError`].
pub(super) fn providers(text: &str) -> Result<Vec<ProviderSettings>, ProviderError> {
    let text = text.trim();
    let values = if text.starts_with(['[', '{']) {
        match serde_json::from_str(text).map_err(|_| ProviderError::Form)? {
            Value::Array(values) => values,
            value => vec![value],
        }
    } else if text.is_empty() {
        Vec::new()
    } else {
        vec![fields(text)?]
    };
    values.into_iter().map(provider).collect()
}

fn provider(value: Value) -> Result<ProviderSettings, ProviderError> {
    // Of the reasons only those that name fields are shown: others would show a value.
    let fields: Fields = serde_json::from_value(value).map_err(|error| {
        let reason = error.to_string();
        let named = reason.starts_with("missing field") || reason.starts_with("unknown field");
        ProviderError::Field(if named { reason } else { "a field is not of its kind".into() })
    })?;
    fields.try_into()
}

/// `key=value` pairs between commas.
fn fields(text: &str) -> Result<Value, ProviderError> {
    let mut fields = Map::new();
    for pair in text.split(',') {
        let (key, value) = pair.split_once('=').ok_or(ProviderError::Form)?;
        let (key, value) = (key.trim(), value.trim());
        let value = if key == "trust-email" { Value::Bool(value == "true") } else { Value::String(value.into()) };
        fields.insert(key.to_owned(), value);
    }
    Ok(Value::Object(fields))
}

/// Without the secret.
impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSettings")
            .field("id", &self.id)
            .field("provider_type", &self.provider_type)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_need_only_id_and_secret() {
        let list = providers(
            r#"[{"id": "google", "client-id": "a", "client-secret": "s"}, {"id": "github", "client-id": "b", "client-secret": "t"}]"#,
        )
        .unwrap();
        assert!(
            matches!(&list[0].provider_type, ProviderType::Issuer(issuer) if issuer == "https://accounts.google.com")
        );
        assert_eq!((list[0].name.as_str(), list[0].scopes.join(" ").as_str()), ("Google", "openid email profile"));
        assert!(matches!(&list[1].provider_type, ProviderType::OAuth2(endpoints) if endpoints.emails.is_some()));
        assert_eq!((list[1].name.as_str(), list[1].client_secret.as_str()), ("GitHub", "t"));
    }

    #[test]
    fn fields_make_one() {
        let text = "id=school,name=School,issuer=https://login.school.example/realm,client-id=a,client-secret=b=c";
        let list = providers(text).unwrap();
        assert_eq!((list[0].id.as_str(), list[0].client_secret.as_str()), ("school", "b=c"));
        assert!(!format!("{list:?}").contains("b=c"));
    }

    #[test]
    fn what_is_wrong_is_named_and_secrets_are_not_shown() {
        let error = |text: &str| providers(text).unwrap_err().to_string();
        assert_eq!(error("id=x,client-id=a,client-secret=s3cret"), "x: issuer is missing");
        assert_eq!(error("id=google,client-id=a"), "google: client-secret is missing");
        assert!(
            error("id=x,issuer=http://far.example,client-id=a,client-secret=s3cret").starts_with("x: issuer: must")
        );
        assert!(error("id=x/y,client-id=a,client-secret=s3cret").contains("letters"));
        assert!(error("id=x,colour=blue").contains("unknown field `colour`"));
        for text in ["s3cret", r#"{"id": "x", "client-secret": ["s3cret"]}"#, r#"[{"id": "x", "#] {
            assert!(!error(text).contains("s3cret"), "{text}");
        }
        assert!(providers("id=x,issuer=http://localhost:9,client-id=a,client-secret=s").is_ok());
    }
}
