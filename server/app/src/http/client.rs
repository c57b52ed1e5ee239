//! The client, from inside the binary.

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "../../client/dist"]
struct Files;

const PAGE: &str = "index.html";
/// Names under this folder carry a hash of what is in them.
const HASHED: &str = "assets/";

/// A file of the client, or its page: the paths of the page are the client's own.
pub(super) async fn file(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if let Some(file) = Files::get(path) {
        return answer(path, file, &headers);
    }
    if names_a_file(path) {
        return (StatusCode::NOT_FOUND, "no such file").into_response();
    }
    match Files::get(PAGE) {
        Some(file) => answer(PAGE, file, &headers),
        None => (StatusCode::SERVICE_UNAVAILABLE, "this binary was built without the client").into_response(),
    }
}

/// Rooms are named by whatever someone typed or a program took for the end of a link.
fn names_a_file(path: &str) -> bool {
    !path.starts_with("r/") && path.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

fn answer(path: &str, file: rust_embed::EmbeddedFile, headers: &HeaderMap) -> Response {
    let hash = file.metadata.sha256_hash();
    let tag = hash[..8].iter().fold(String::from("\""), |tag, byte| tag + &format!("{byte:02x}")) + "\"";
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let keep = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let head = [
        (header::CONTENT_TYPE, Cow::Borrowed(media_type(path))),
        (header::CACHE_CONTROL, Cow::Borrowed(keep)),
        (header::ETAG, Cow::Owned(tag)),
    ];
    let body = match file.data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    (head.map(|(name, value)| (name, value.into_owned())), body).into_response()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::names_a_file;

    #[test]
    fn a_room_is_a_page_whatever_stands_behind_its_code() {
        for page in ["", "lobby", "r/abc-defg-hij", "r/abc-defg-hij.", "r/abc-defg-hij.)"] {
            assert!(!names_a_file(page), "{page}");
        }
        for file in ["favicon.ico", "assets/x.js", "a/b.png"] {
            assert!(names_a_file(file), "{file}");
        }
    }
}
