//! Text by which people tell things and one another apart: names, titles, tasks, names of files.

use crate::Refusal;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};
use unicode_security::confusable_detection::skeleton;

/// Characters that show nothing, though Unicode counts them among letters and symbols: fillers of Hangul, and a
/// cell of Braille without dots.
const BLANK: [char; 5] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}', '\u{2800}'];

/// They join or part letters of Persian, of Indic scripts and of emojis.
const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];

/// A line that others must recognise, as it is stored: in one normal form (NFC), without signs that show nothing
/// or reverse the text around them, trimmed, with 1 to `most` characters of which one at least is seen.
///
/// # Errors
/// `bad_request` that names `field`.
pub fn line(field: &str, text: &str, most: usize) -> Result<String, Refusal> {
    if text.trim().chars().any(char::is_control) {
        return Err(Refusal::field(field, "no control characters"));
    }
    let shown: String = text.nfc().filter(|character| JOINERS.contains(character) || !is_format(*character)).collect();
    let shown = shown.trim_matches(shows_nothing);
    if shown.is_empty() || shown.chars().count() > most {
        return Err(Refusal::field(field, format_args!("1 to {most} characters")));
    }
    if !is_seen(shown) {
        return Err(Refusal::field(field, "at least one character that can be seen"));
    }
    Ok(shown.to_owned())
}

/// Whether anything of a text can be seen.
#[must_use]
pub fn is_seen(text: &str) -> bool {
    text.chars().any(|character| {
        let alone = character.general_category_group() != GeneralCategoryGroup::Mark;
        alone && !shows_nothing(character)
    })
}

/// Whether people take one name for the other: by letters that look alike, in either case, whatever stands
/// between them (Unicode Technical Standard 39, section 4).
#[must_use]
pub fn look_alike(one: &str, other: &str) -> bool {
    let small = |name: &str| looks(&name.to_lowercase());
    looks(one) == looks(other) || small(one) == small(other)
}

fn looks(name: &str) -> String {
    let characters: String =
        name.nfkc().filter(|character| character.is_alphanumeric() && !shows_nothing(*character)).collect();
    if characters.is_empty() { name.trim().to_owned() } else { skeleton(&characters).collect() }
}

fn is_format(character: char) -> bool {
    character.general_category() == GeneralCategory::Format
}

fn shows_nothing(character: char) -> bool {
    character.is_whitespace() || character.is_control() || is_format(character) || BLANK.contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_bounded_and_in_one_normal_form() {
        assert_eq!(line("name", "  Ann Lee ", 10).unwrap(), "Ann Lee");
        assert_eq!(line("name", "Ame\u{301}lie", 10).unwrap(), "Am\u{e9}lie");
        assert_eq!(line("name", "x".repeat(11).as_str(), 10).unwrap_err().message, "name: 1 to 10 characters");
        assert_eq!(line("name", "a\u{7}b", 10).unwrap_err().message, "name: no control characters");
    }

    // SPEC 5.3
    #[test]
    fn what_cannot_be_seen_is_nothing() {
        let nothings = ["", "  ", "\u{200b}", "\u{3164}", "\u{2800}\u{2800}", "\u{ad}", "\u{feff}", "\u{2060}\u{3000}"];
        for nothing in nothings.into_iter().chain(["\u{200d}", "\u{301}", "\u{fe0f}", "\u{e0041}", "\u{115f}\u{1160}"])
        {
            assert!(line("title", nothing, 60).is_err(), "{nothing:?}");
            assert!(!is_seen(nothing), "{nothing:?}");
        }
        for something in ["a", "学生", "☕", "👩🏽‍💻", "می‌خواهم", "?", "\u{915}\u{94d}\u{200d}\u{937}"]
        {
            assert_eq!(line("title", something, 60).unwrap(), something);
            assert!(is_seen(something), "{something}");
        }
    }

    // SPEC 5.3
    #[test]
    fn no_character_reverses_the_text_around_it() {
        assert_eq!(line("name", "\u{202e}nimdA", 60).unwrap(), "nimdA");
        assert_eq!(line("name", "photo\u{202e}gpj.exe", 60).unwrap(), "photogpj.exe");
        assert_eq!(line("name", "\u{2067}a\u{2069}\u{200f}b", 60).unwrap(), "ab");
    }

    #[test]
    fn names_that_look_the_same_are_told() {
        let same = [
            ("Ann Lee", "Ann Lee"),
            ("Ann Lee", "ann  lee"),
            ("Ann Lee", "Аnn Lее"),
            ("Ann Lee", "An\u{200b}n.Lee"),
            ("Bill", "BiII"),
            ("Martin", "rnartin"),
            ("Zoé", "Zoe\u{301}"),
            ("Ann", "Ａｎｎ"),
        ];
        for (one, other) in same {
            assert!(look_alike(one, other), "{one} {other}");
        }
        for (one, other) in [("Ann", "Anna"), ("Ben", "Ken"), ("学生", "先生"), ("👍", "👎"), ("Zoe", "Zoé")] {
            assert!(!look_alike(one, other), "{one} {other}");
        }
    }
}
