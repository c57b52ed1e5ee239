//! The OpenAPI document. It is made from the routes, so that there is none it does not know.

use super::documented;
use axum::http::{HeaderName, StatusCode, header};
use serde_json::Value;
use std::sync::LazyLock;
use studyrooms_protocol::error::ErrorBody;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Content, Header, OpenApi as Document, Ref, RefOr, Response, Type,
        path::{Operation, Parameter, ParameterIn},
        schema::ObjectBuilder,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

const BEARER: &str = "bearer";
const REFRESH: &str = "refresh";
const GUEST: &str = "guest";

/// What is not said of each route by itself. A route is for signed-in people unless it says otherwise.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "StudyRooms",
        description = "Rooms, chat, tasks, timer and board by HTTP. Everything live is on Socket.IO: see docs/PROTOCOL.md. Every error bears the body `ErrorBody`; a method that a route does not take is answered 405 with `Allow`. Unknown fields and query parameters are ignored.",
    ),
    components(schemas(ErrorBody)),
    security(("bearer" = [])),
    modifiers(&Schemes)
)]
pub(super) struct Base;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut Document) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let cookie = |name| SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(name)));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(BEARER, SecurityScheme::Http(bearer));
        components.add_security_scheme(REFRESH, cookie(super::auth::COOKIE));
        components.add_security_scheme(GUEST, cookie(super::auth::GUEST_COOKIE));
    }
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(document()).unwrap_or_default());

/// Read this document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "health",
    operation_id = "openapi",
    security(()),
    responses((status = 200, body = Object, description = "OpenAPI 3.1"))
)]
pub(super) async fn read() -> axum::Json<&'static Value> {
    axum::Json(&DOCUMENT)
}

/// The whole document.
#[must_use]
pub fn document() -> Document {
    let mut document = documented().into_openapi();
    for (path, item) in &mut document.paths.paths {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            complete(operation, path.starts_with("/api"));
        }
    }
    document
}

/// Adds what extractors and layers answer before a handler is reached, by what it takes; and the
/// body of every error.
fn complete(operation: &mut Operation, api: bool) {
    let mut statuses = vec![];
    if api {
        // The web origin, a fault, a store out of reach or too slow.
        statuses.extend([StatusCode::FORBIDDEN, StatusCode::INTERNAL_SERVER_ERROR, StatusCode::SERVICE_UNAVAILABLE]);
    }
    if operation.security.as_ref().is_none_or(|any| any.iter().any(is_needed)) {
        statuses.push(StatusCode::UNAUTHORIZED);
    }
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    if parameters.iter().any(is_in_path) {
        statuses.push(StatusCode::NOT_FOUND);
    }
    if !parameters.is_empty() || operation.request_body.is_some() {
        statuses.push(StatusCode::BAD_REQUEST);
    }
    if operation.request_body.is_some() {
        statuses.push(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let responses = &mut operation.responses.responses;
    for status in statuses {
        responses.entry(status.as_str().to_owned()).or_insert_with(|| RefOr::T(Response::new("")));
    }
    for (status, response) in responses {
        let status = status.parse().ok().and_then(|status| StatusCode::from_u16(status).ok());
        if let (Some(status), RefOr::T(response)) = (status, response) {
            describe(status, response);
        }
    }
}

fn is_needed(requirement: &SecurityRequirement) -> bool {
    // An empty one means: or without.
    requirement != &SecurityRequirement::default()
}

fn is_in_path(parameter: &RefOr<Parameter>) -> bool {
    matches!(parameter, RefOr::T(parameter) if parameter.parameter_in == ParameterIn::Path)
}

fn describe(status: StatusCode, response: &mut Response) {
    if !(status.is_client_error() || status.is_server_error()) || !response.content.is_empty() {
        return;
    }
    response.description = meaning(status).into();
    let body = Content::new(Some(Ref::from_schema_name("ErrorBody")));
    response.content.insert("application/json".into(), RefOr::T(body));
    if status == StatusCode::TOO_MANY_REQUESTS {
        let seconds = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).build();
        let mut after = Header::new(seconds);
        after.description = Some("Seconds to wait".into());
        response.headers.insert(name(&header::RETRY_AFTER), RefOr::T(after));
    }
}

fn name(header: &HeaderName) -> String {
    header.as_str().to_owned()
}

const fn meaning(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "Not of this form; the message names the field",
        StatusCode::UNAUTHORIZED => "No token, or one that proves nothing any more",
        StatusCode::FORBIDDEN => "The caller may not do this, or the web origin may not use the server",
        StatusCode::NOT_FOUND => "No such thing, or none that the caller may know of",
        StatusCode::CONFLICT => "It clashes with what is there already",
        StatusCode::PAYLOAD_TOO_LARGE => "Over a size limit; the message names the field and the limit",
        StatusCode::TOO_MANY_REQUESTS => "Too often",
        StatusCode::SERVICE_UNAVAILABLE => "A part the server needs is out of reach; try again",
        _ => "A fault of the server",
    }
}
