//! Pictures of people: uploaded as files are, kept one a person (SPEC 7).

use crate::{
    Refusal,
    auth::User,
    files::ObjectFacts,
    system::{Random, random_id},
};
use serde::{Deserialize, Serialize};
use studyrooms_protocol::{auth::AvatarFacts, error::ErrorCode, ids::UserId};

/// Bytes of a picture, at most.
pub const AVATAR_BYTES: u64 = 256 << 10;

/// What browsers show as a picture and can make themselves.
const TYPES: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

/// Where a picture is kept. What was uploaded is never written over, so a new picture comes in beside the old
/// one, which then goes: a person never has more than two objects, whatever breaks off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Slot {
    /// One of the two.
    A,
    /// The other.
    B,
}

impl Slot {
    /// What the key of an object ends with.
    const fn ending(self) -> &'static str {
        match self {
            Self::A => "-avatar-a",
            Self::B => "-avatar-b",
        }
    }
}

/// A person's picture, as it is kept beside their name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Avatar {
    /// Random, and another one for each picture: who was not told of it does not find it.
    pub version: String,
    /// As it was uploaded.
    pub mime_type: String,
    /// Where it is.
    pub slot: Slot,
}

impl Avatar {
    /// A picture that was just uploaded.
    #[must_use]
    pub fn new(facts: AvatarFacts, slot: Slot, random: &dyn Random) -> Self {
        Self { version: random_id(random), mime_type: facts.mime_type, slot }
    }
}

/// Where the next picture of this person goes.
#[must_use]
pub fn free_slot(user: &User) -> Slot {
    match user.avatar {
        Some(Avatar { slot: Slot::A, .. }) => Slot::B,
        _ => Slot::A,
    }
}

/// The object's key.
#[must_use]
pub fn key(user_id: &UserId, slot: Slot) -> String {
    format!("{user_id}{}", slot.ending())
}

/// The person whose picture an object of this key is.
#[must_use]
pub fn owner(key: &str) -> Option<&str> {
    [Slot::A, Slot::B].into_iter().find_map(|slot| key.strip_suffix(slot.ending()))
}

/// Where everyone gets a person's picture.
#[must_use]
pub fn url(user: &User) -> Option<String> {
    user.avatar.as_ref().map(|avatar| format!("/api/avatars/{}/{}", user.user_id, avatar.version))
}

/// A picture that this person may upload.
///
/// # Errors
/// `forbidden` for guests, else what names the field.
pub fn permitted(user: &User, facts: &AvatarFacts) -> Result<(), Refusal> {
    if user.is_guest() {
        return Err(Refusal::forbidden("a picture belongs to an account"));
    }
    if !TYPES.contains(&facts.mime_type.as_str()) {
        return Err(Refusal::field("mimeType", format_args!("one of {}", TYPES.join(", "))));
    }
    match facts.size {
        0 => Err(Refusal::field("size", "at least 1")),
        1..=AVATAR_BYTES => Ok(()),
        _ => Err(Refusal::too_large("size", format_args!("{AVATAR_BYTES} bytes"))),
    }
}

/// Whether what is there is what was asked for.
///
/// # Errors
/// `conflict`.
pub fn agrees(facts: &AvatarFacts, found: Option<&ObjectFacts>) -> Result<(), Refusal> {
    let conflict = |why: &str| Err(Refusal::new(ErrorCode::Conflict, why));
    match found {
        None => conflict("no picture was uploaded yet"),
        Some(found) if found.size != facts.size => conflict("size: what was uploaded has another"),
        Some(found) if found.mime_type.as_ref() != Some(&facts.mime_type) => {
            conflict("mimeType: what was uploaded has another")
        }
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ann(email: Option<&str>) -> User {
        User {
            user_id: "ann".into(),
            name: "Ann".into(),
            email: email.map(Into::into),
            password_hash: None,
            time_zone: None,
            avatar: None,
            created_at: 1,
        }
    }

    fn facts(size: u64, mime_type: &str) -> AvatarFacts {
        AvatarFacts { size, mime_type: mime_type.into() }
    }

    #[test]
    fn a_picture_is_small_and_is_one() {
        let ann = ann(Some("ann@example.org"));
        for (size, mime_type) in [(1, "image/png"), (AVATAR_BYTES, "image/webp"), (9, "image/jpeg")] {
            assert!(permitted(&ann, &facts(size, mime_type)).is_ok());
        }
        for mime_type in ["image/svg+xml", "text/html", "application/pdf", ""] {
            let refusal = permitted(&ann, &facts(9, mime_type)).unwrap_err();
            assert!(refusal.message.starts_with("mimeType: "), "{refusal}");
        }
        assert_eq!(permitted(&ann, &facts(AVATAR_BYTES + 1, "image/png")).unwrap_err().code, ErrorCode::TooLarge);
        assert_eq!(permitted(&ann, &facts(0, "image/png")).unwrap_err().code, ErrorCode::BadRequest);
    }

    #[test]
    fn guests_have_none() {
        assert_eq!(permitted(&ann(None), &facts(9, "image/png")).unwrap_err().code, ErrorCode::Forbidden);
    }

    #[test]
    fn only_what_was_asked_for_is_believed() {
        let found = |size, mime_type: &str| ObjectFacts { size, mime_type: Some(mime_type.into()) };
        assert!(agrees(&facts(9, "image/png"), Some(&found(9, "image/png"))).is_ok());
        for other in [None, Some(found(8, "image/png")), Some(found(9, "image/webp"))] {
            assert_eq!(agrees(&facts(9, "image/png"), other.as_ref()).unwrap_err().code, ErrorCode::Conflict);
        }
    }

    #[test]
    fn its_address_tells_the_person_and_the_picture() {
        let mut ann = ann(Some("ann@example.org"));
        assert_eq!(url(&ann), None);
        ann.avatar = Some(Avatar { version: "v1".into(), mime_type: "image/png".into(), slot: Slot::A });
        assert_eq!(url(&ann).as_deref(), Some("/api/avatars/ann/v1"));
    }

    #[test]
    fn a_new_picture_never_goes_where_the_one_that_is_shown_is() {
        let mut ann = ann(Some("ann@example.org"));
        let mut last = None;
        for _ in 0..4 {
            let slot = free_slot(&ann);
            assert_ne!(Some(key(&ann.user_id, slot)), last);
            last = Some(key(&ann.user_id, slot));
            ann.avatar = Some(Avatar { version: "v".into(), mime_type: "image/png".into(), slot });
        }
    }
}
