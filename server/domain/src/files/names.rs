//! How files are named: in messages, and to those who keep them.

use std::fmt::Write;

/// What names a file in messages: the same on every host that the server is reached by.
#[must_use]
pub fn file_url(upload_id: &str) -> String {
    format!("/api/files/{upload_id}")
}

/// What names the small picture of a file.
#[must_use]
pub fn thumbnail_url(upload_id: &str) -> String {
    format!("/api/files/{upload_id}/thumbnail")
}

/// The upload that `url` names; none where it names anything else, on this host or another.
#[must_use]
pub fn upload_named(url: &str) -> Option<&str> {
    url.strip_prefix("/api/files/").filter(|id| is_id(id))
}

/// Whether it is made as ids are.
fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// `Content-Disposition` (RFC 6266): for browsers the whole name, for others what is plain in it.
#[must_use]
pub fn content_disposition(inline: bool, name: &str) -> String {
    let kind = if inline { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .map(
            |character| if character.is_ascii_alphanumeric() || " ._-()".contains(character) { character } else { '_' },
        )
        .collect();
    let mut text = format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing into a string does not fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leaves_no_way_out_of_the_header() {
        assert_eq!(
            content_disposition(false, "Ü\"; x=\r\n.pdf"),
            "attachment; filename=\"___ x___.pdf\"; filename*=UTF-8''%C3%9C%22%3B%20x%3D%0D%0A.pdf"
        );
        assert!(content_disposition(true, "a.png").starts_with("inline; filename=\"a.png\""));
    }

    #[test]
    fn only_files_of_this_server_are_named() {
        assert_eq!(upload_named(&file_url("a_B-9")), Some("a_B-9"));
        for other in [
            "https://evil.example/api/files/a",
            "//evil.example/api/files/a",
            "/api/files/",
            "/api/files/a/thumbnail",
            "/api/files/../me",
            "/api/files/a?x",
            "javascript:alert(1)",
        ] {
            assert_eq!(upload_named(other), None, "{other}");
        }
    }
}
