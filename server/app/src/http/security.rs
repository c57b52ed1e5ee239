//! Headers that every answer bears (docs/SECURITY.md).

use super::objects::PREFIX;
use crate::{app::App, tls::Tls};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

/// What people uploaded runs nothing, whatever it is.
const POLICY_OF_OBJECTS: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// No script but the client's own files; styles may be set by script, which React does; pictures
/// and sound may come from memory, which calls and the board need, and from where files are kept.
fn policy(object_origin: Option<&str>) -> String {
    let files = object_origin.map(|origin| format!(" {origin}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:{files}; \
         media-src 'self' blob:{files}; font-src 'self'; connect-src 'self' ws: wss:{files}; worker-src 'self' blob:; \
         manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

const PERMISSIONS: &str =
    "camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()";
const A_YEAR_OF_TLS: &str = "max-age=31536000";

/// Adds them.
pub(super) async fn headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_object = request.uri().path().starts_with(PREFIX);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::HeaderName::from_static("permissions-policy"), PERMISSIONS),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Whatever is the same for everyone, or may be kept for a while, says so itself. Objects have addresses that
    // end; what has not changed is kept as it was said of it before.
    if !is_object && response.status() != StatusCode::NOT_MODIFIED {
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    let headers = response.headers_mut();
    let policy = if is_object { POLICY_OF_OBJECTS.to_owned() } else { policy(app.object_origin.as_deref()) };
    match HeaderValue::from_str(&policy) {
        Ok(policy) => drop(headers.insert(header::CONTENT_SECURITY_POLICY, policy)),
        Err(error) => tracing::error!(%error, "no content security policy"),
    }
    // A browser that was told so would let nobody pass a certificate that it does not know.
    if app.is_https() && !app.tls.as_ref().is_some_and(Tls::is_self_signed) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(A_YEAR_OF_TLS));
    }
    response
}
