//! What may be uploaded, and when an upload is what it was said to be.

use super::{ObjectFacts, StoredPart, Upload, file_url, thumbnail_url, upload_named};
use crate::{
    Refusal,
    system::{Random, random_id},
    text,
};
use std::time::Duration;
use studyrooms_protocol::{
    Timestamp,
    error::ErrorCode,
    files::{AnnounceFile, AskUpload, FileMeta, PartPlan, PictureSize, Thumbnail},
    ids::{RoomId, UserId},
};

const NAME_CHARACTERS: usize = 255;
/// Of each half of a media type.
const MIME_BYTES: usize = 63;
const THUMBNAIL_BYTES: u64 = 256 << 10;
const PART_BYTES: u64 = 16 << 20;
/// S3 takes no more.
const PARTS: u64 = 10_000;
/// Parts signed at a time.
const PARTS_AT_ONCE: usize = 100;
/// How long an upload may take to begin.
pub const SIGNED_FOR: Duration = Duration::from_secs(3600);
/// How long an address to download works.
pub const LINK_FOR: Duration = Duration::from_secs(300);
/// How long an upload may wait to be announced: then it is swept.
pub const IDLE_FOR_MS: u64 = 24 * 3600 * 1000;

/// How much may be kept, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Of one file.
    pub file: u64,
    /// Of all files of a room.
    pub room: u64,
    /// Of all files of a person, in all rooms.
    pub user: u64,
}

/// Files of one room, at most: a live room holds the list of them.
pub const ROOM_FILES: u64 = 5_000;
/// Files of one person in all rooms, at most.
pub const USER_FILES: u64 = 10_000;

/// How much is kept, what is still being uploaded included, and small pictures too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Bytes of the room.
    pub room: u64,
    /// Bytes of the person.
    pub user: u64,
    /// Files of the room.
    pub room_files: u64,
    /// Files of the person.
    pub user_files: u64,
}

/// Checks what is asked for.
///
/// # Errors
/// `bad_request` or `too_large` that names the field.
pub fn new_upload(
    ask: AskUpload,
    room_id: RoomId,
    user_id: UserId,
    quotas: Quotas,
    now: Timestamp,
    random: &dyn Random,
) -> Result<Upload, Refusal> {
    let AskUpload { room_id: _, name, size, mime_type, thumbnail, in_parts: _ } = ask;
    if size == 0 {
        return Err(Refusal::field("size", "at least 1"));
    }
    if size > quotas.file {
        return Err(Refusal::too_large("size", format_args!("{} bytes", quotas.file)));
    }
    if let Some(thumbnail) = &thumbnail {
        valid_thumbnail(thumbnail)?;
    }
    Ok(Upload {
        upload_id: random_id(random),
        room_id,
        user_id,
        key: random_id(random),
        name: valid_name(&name)?,
        size,
        mime_type: valid_mime_type("mimeType", mime_type)?,
        multipart: None,
        thumbnail,
        created_at: now,
        announced_at: None,
    })
}

fn valid_name(name: &str) -> Result<String, Refusal> {
    text::line("name", name, NAME_CHARACTERS)
}

fn valid_mime_type(field: &str, mime_type: String) -> Result<String, Refusal> {
    let is_token = |part: &str| {
        let first = part.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
        let rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!$&^_.+-".contains(&byte);
        first && part.len() <= MIME_BYTES && part.bytes().all(rest)
    };
    match mime_type.split_once('/') {
        Some((kind, sub)) if is_token(kind) && is_token(sub) => Ok(mime_type),
        _ => Err(Refusal::field(field, "type/subtype in lower case, without parameters")),
    }
}

fn valid_thumbnail(thumbnail: &Thumbnail) -> Result<(), Refusal> {
    if thumbnail.size == 0 {
        return Err(Refusal::field("thumbnail.size", "at least 1"));
    }
    if thumbnail.size > THUMBNAIL_BYTES {
        return Err(Refusal::too_large("thumbnail.size", format_args!("{THUMBNAIL_BYTES} bytes")));
    }
    if ["image/jpeg", "image/png", "image/webp"].contains(&thumbnail.mime_type.as_str()) {
        return Ok(());
    }
    Err(Refusal::field("thumbnail.mimeType", "image/jpeg, image/png or image/webp"))
}

/// Whether there is room for what is kept by now, the new upload included.
///
/// # Errors
/// `too_large` that names whose room it is.
pub fn within(used: Used, quotas: Quotas) -> Result<(), Refusal> {
    if used.room > quotas.room {
        return Err(Refusal::too_large("size", format_args!("{} bytes of files in a room", quotas.room)));
    }
    if used.user > quotas.user {
        return Err(Refusal::too_large("size", format_args!("{} bytes of files of one person", quotas.user)));
    }
    if used.room_files > ROOM_FILES {
        return Err(Refusal::too_large("files", format_args!("{ROOM_FILES} in a room")));
    }
    if used.user_files > USER_FILES {
        return Err(Refusal::too_large("files", format_args!("{USER_FILES} of one person")));
    }
    Ok(())
}

/// How a file is cut.
#[must_use]
pub fn plan(size: u64) -> PartPlan {
    let part = PART_BYTES.max(size.div_ceil(PARTS));
    PartPlan { size: part, count: u32::try_from(size.div_ceil(part)).unwrap_or(u32::MAX) }
}

/// The parts asked for, with their sizes.
///
/// # Errors
/// `bad_request` that names `numbers`.
pub fn valid_parts(size: u64, numbers: &[u32]) -> Result<Vec<(u32, u64)>, Refusal> {
    let plan = plan(size);
    if numbers.is_empty() || numbers.len() > PARTS_AT_ONCE {
        return Err(Refusal::field("numbers", format_args!("1 to {PARTS_AT_ONCE} of them")));
    }
    if !numbers.iter().all(|number| (1..=plan.count).contains(number)) {
        return Err(Refusal::field("numbers", format_args!("each from 1 to {}", plan.count)));
    }
    Ok(numbers.iter().map(|number| (*number, part_size(size, plan, *number))).collect())
}

fn part_size(size: u64, plan: PartPlan, number: u32) -> u64 {
    let before = plan.size * u64::from(number - 1);
    plan.size.min(size - before)
}

/// Whether all parts are there, each of its size.
///
/// # Errors
/// `conflict` that names the first one missing.
pub fn all_there(size: u64, parts: &[StoredPart]) -> Result<(), Refusal> {
    let plan = plan(size);
    let fits = |number: u32| {
        let wanted = part_size(size, plan, number);
        parts.iter().any(|part| part.number == number && part.size == wanted)
    };
    match (1..=plan.count).find(|number| !fits(*number)) {
        None if parts.len() == plan.count as usize => Ok(()),
        None => Err(Refusal::new(ErrorCode::Conflict, "numbers: more parts are there than were asked for")),
        Some(missing) => Err(Refusal::new(ErrorCode::Conflict, format!("numbers: part {missing} is not there"))),
    }
}

/// Numbers of the parts that need not be sent again.
#[must_use]
pub fn whole_parts(size: u64, parts: &[StoredPart]) -> Vec<u32> {
    let plan = plan(size);
    let is_whole =
        |part: &&StoredPart| (1..=plan.count).contains(&part.number) && part.size == part_size(size, plan, part.number);
    parts.iter().filter(is_whole).map(|part| part.number).collect()
}

/// Whether what is announced is what was asked for, by the same person and in the same room.
///
/// # Errors
/// `not_found`, `forbidden`, or `bad_request` that names the field.
pub fn as_announced(
    announced: &AnnounceFile,
    upload: Option<Upload>,
    room_id: &RoomId,
    user_id: &UserId,
) -> Result<Upload, Refusal> {
    if upload_named(&announced.file_url) != Some(announced.upload_id.as_str()) {
        return Err(Refusal::field("fileUrl", "not as /api/upload-url gave it"));
    }
    let none = || Refusal::new(ErrorCode::NotFound, "uploadId: no such upload");
    let upload = upload.filter(|upload| upload.room_id == *room_id).ok_or_else(none)?;
    if upload.user_id != *user_id {
        return Err(Refusal::forbidden("uploadId: someone else's upload"));
    }
    let other = |field: &str| Err(Refusal::field(field, "not as it was asked for"));
    match announced {
        AnnounceFile { name, .. } if !is_named(&upload, name) => other("name"),
        AnnounceFile { size, .. } if *size != upload.size => other("size"),
        AnnounceFile { mime_type: Some(mime_type), .. } if *mime_type != upload.mime_type => other("mimeType"),
        _ => Ok(upload),
    }
}

fn is_named(upload: &Upload, name: &str) -> bool {
    // Names were only trimmed once, and may wait to be announced.
    name.trim() == upload.name || valid_name(name).is_ok_and(|name| name == upload.name)
}

/// Whether what is there is what was asked for.
///
/// # Errors
/// `conflict`.
pub fn agrees(upload: &Upload, found: Option<&ObjectFacts>) -> Result<(), Refusal> {
    let conflict = |why: &str| Err(Refusal::new(ErrorCode::Conflict, format!("uploadId: {why}")));
    match found {
        None => conflict("nothing was uploaded yet"),
        Some(found) if found.size != upload.size => conflict("what was uploaded has another size"),
        Some(found) if found.mime_type.as_ref() != Some(&upload.mime_type) => {
            conflict("what was uploaded has another type")
        }
        Some(_) => Ok(()),
    }
}

/// Whether the small picture is what was asked for.
#[must_use]
pub fn thumbnail_agrees(thumbnail: &Thumbnail, found: Option<&ObjectFacts>) -> bool {
    found.is_some_and(|found| found.size == thumbnail.size && found.mime_type.as_ref() == Some(&thumbnail.mime_type))
}

/// Whether browsers may show it in place. What may hold a script is none of these.
#[must_use]
pub fn shows_inline(mime_type: &str) -> bool {
    ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "application/pdf"].contains(&mime_type)
}

/// Whether it may stand on a board.
#[must_use]
pub fn is_picture(mime_type: &str) -> bool {
    shows_inline(mime_type) && mime_type.starts_with("image/")
}

/// What the room sees of an upload.
#[must_use]
pub fn meta(
    upload: &Upload,
    user_name: String,
    has_thumbnail: bool,
    picture: Option<PictureSize>,
    timestamp: Timestamp,
) -> FileMeta {
    let is_size = |size: &PictureSize| size.width > 0 && size.height > 0 && is_picture(&upload.mime_type);
    FileMeta {
        picture: picture.filter(is_size),
        upload_id: upload.upload_id.clone(),
        room_id: upload.room_id.clone(),
        file_url: file_url(&upload.upload_id),
        name: upload.name.clone(),
        size: upload.size,
        mime_type: upload.mime_type.clone(),
        thumbnail_url: has_thumbnail.then(|| thumbnail_url(&upload.upload_id)),
        user_id: upload.user_id.clone(),
        user_name,
        timestamp,
    }
}

/// No file that the caller may know of.
#[must_use]
pub fn no_file() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "no such file")
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    fn upload() -> Upload {
        Upload {
            upload_id: "u".into(),
            room_id: "r".into(),
            user_id: "ann".into(),
            key: "k".into(),
            name: "Übung.pdf".into(),
            size: 40 << 20,
            mime_type: "application/pdf".into(),
            multipart: None,
            thumbnail: None,
            created_at: 1,
            announced_at: None,
        }
    }

    fn announced() -> AnnounceFile {
        AnnounceFile {
            room_id: "r".into(),
            upload_id: "u".into(),
            file_url: "/api/files/u".into(),
            name: "Übung.pdf".into(),
            size: 40 << 20,
            mime_type: None,
            picture: None,
        }
    }

    fn refused(change: impl FnOnce(&mut AnnounceFile, &mut Upload)) -> Refusal {
        let (mut announced, mut upload) = (announced(), upload());
        change(&mut announced, &mut upload);
        as_announced(&announced, Some(upload), &"r".into(), &"ann".into()).unwrap_err()
    }

    #[test]
    fn only_a_picture_has_the_size_of_one() {
        let size = |width| Some(PictureSize { width, height: 40 });
        let picture = Upload { mime_type: "image/png".into(), ..upload() };
        let of = |upload: &Upload, size| meta(upload, "Ann".into(), false, size, 1).picture;
        assert_eq!(of(&picture, size(60)), size(60));
        assert_eq!((of(&picture, size(0)), of(&upload(), size(60))), (None, None));
    }

    #[test]
    fn a_name_without_what_cannot_be_seen_is_still_the_one_that_was_asked_for() {
        let name = "photo\u{202e}gpj.exe ";
        let upload = Upload { name: valid_name(name).unwrap(), ..upload() };
        assert_eq!(upload.name, "photogpj.exe");
        let announced = AnnounceFile { name: name.into(), ..announced() };
        assert!(as_announced(&announced, Some(upload), &"r".into(), &"ann".into()).is_ok());
    }

    // SPEC 7.1
    #[test]
    fn what_is_announced_is_what_was_asked_for() {
        assert!(as_announced(&announced(), Some(upload()), &"r".into(), &"ann".into()).is_ok());
        let foreign = refused(|announced, _| announced.file_url = "https://evil.example/api/files/u".into());
        assert!(foreign.message.starts_with("fileUrl: "));
        assert!(refused(|announced, _| announced.file_url = "/api/files/v".into()).message.starts_with("fileUrl: "));
        assert_eq!(refused(|_, upload| upload.room_id = "q".into()).code, ErrorCode::NotFound);
        assert_eq!(refused(|_, upload| upload.user_id = "ben".into()).code, ErrorCode::Forbidden);
        assert!(refused(|announced, _| announced.size += 1).message.starts_with("size: "));
        assert!(refused(|announced, _| announced.name = "x".into()).message.starts_with("name: "));
        let html = refused(|announced, _| announced.mime_type = Some("text/html".into()));
        assert!(html.message.starts_with("mimeType: "));
        assert!(as_announced(&announced(), None, &"r".into(), &"ann".into()).is_err());
    }

    // SPEC 7.1
    #[test]
    fn what_is_there_is_what_was_asked_for() {
        let facts = |size, mime: Option<&str>| ObjectFacts { size, mime_type: mime.map(Into::into) };
        let pdf = Some("application/pdf");
        assert!(agrees(&upload(), Some(&facts(40 << 20, pdf))).is_ok());
        for wrong in [None, Some(facts(1, pdf)), Some(facts(40 << 20, Some("text/html"))), Some(facts(40 << 20, None))]
        {
            assert_eq!(agrees(&upload(), wrong.as_ref()).unwrap_err().code, ErrorCode::Conflict);
        }
    }

    #[test]
    fn a_file_is_cut_into_parts_that_add_up() {
        for size in [1, PART_BYTES, PART_BYTES + 1, GIB, 5 * GIB + 7, 500 * GIB] {
            let plan = plan(size);
            assert!(plan.count >= 1 && u64::from(plan.count) <= PARTS);
            let sum: u64 = (1..=plan.count).map(|number| part_size(size, plan, number)).sum();
            assert_eq!(sum, size);
        }
        assert_eq!(plan(GIB), PartPlan { size: 16 << 20, count: 64 });
    }

    #[test]
    fn parts_that_lack_or_are_too_many_are_named() {
        let size = 2 * PART_BYTES + 5;
        let part = |number, size| StoredPart { number, size, tag: String::new() };
        let whole = vec![part(1, PART_BYTES), part(2, PART_BYTES), part(3, 5)];
        assert!(all_there(size, &whole).is_ok());
        assert!(all_there(size, &whole[..2]).unwrap_err().message.contains("part 3"));
        let short = [part(1, 7), part(2, PART_BYTES), part(3, 5)];
        assert!(all_there(size, &short).unwrap_err().message.contains("part 1"));
        let more: Vec<_> = whole.into_iter().chain([part(4, 1)]).collect();
        assert!(all_there(size, &more).is_err());
        assert!(
            valid_parts(size, &[4]).is_err() && valid_parts(size, &[0]).is_err() && valid_parts(size, &[]).is_err()
        );
    }

    // SPEC 7.3
    #[test]
    fn nothing_that_may_hold_a_script_is_shown_in_place() {
        for kind in ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "text/plain", "IMAGE/PNG"] {
            assert!(!shows_inline(kind), "{kind}");
        }
        assert!(is_picture("image/png") && !is_picture("application/pdf"));
    }

    #[test]
    fn a_type_is_plain() {
        for good in ["image/png", "application/vnd.ms-excel.sheet.macroenabled.12", "text/x-c++src"] {
            assert!(valid_mime_type("mimeType", good.into()).is_ok(), "{good}");
        }
        for bad in ["", "image", "image/", "/png", "text/html; charset=utf-8", "Text/Html", "a/b/c", "a/b\r\nc"] {
            assert!(valid_mime_type("mimeType", bad.into()).is_err(), "{bad:?}");
        }
    }

    // SPEC 7.5
    #[test]
    fn there_is_room_or_there_is_not() {
        let quotas = Quotas { file: 10, room: 100, user: 50 };
        let used = Used { room: 100, user: 50, room_files: ROOM_FILES, user_files: USER_FILES };
        assert!(within(used, quotas).is_ok());
        for (over, whose) in [
            (Used { room: 101, ..used }, "100 bytes of files in a room"),
            (Used { user: 51, ..used }, "50 bytes of files of one person"),
            (Used { room_files: ROOM_FILES + 1, ..used }, "5000 in a room"),
            (Used { user_files: USER_FILES + 1, ..used }, "10000 of one person"),
        ] {
            let refusal = within(over, quotas).unwrap_err();
            assert!(refusal.code == ErrorCode::TooLarge && refusal.message.contains(whose), "{refusal}");
        }
    }
}
