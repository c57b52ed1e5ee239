//! Room codes: short enough to be read out on the phone.

use crate::system::{Random, random_text};

/// Letters that are not mistaken for one another: no `i`, `l`, `o`, no digits.
const CODE_LETTERS: &[u8; 23] = b"abcdefghjkmnpqrstuvwxyz";

/// A room code like `abc-defg-hjk`: 45 bits that can be read out on the phone.
#[must_use]
pub fn room_code(random: &dyn Random) -> String {
    let text = random_text(random, CODE_LETTERS, 10);
    format!("{}-{}-{}", &text[..3], &text[3..7], &text[7..])
}

/// What a person typed as a room code, in its one spelling; anything else comes back as it is.
#[must_use]
pub fn normalize_code(typed: &str) -> String {
    let bare: String = typed.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    let looks_like_code = bare.len() == 10 && typed.len() <= 16;
    if looks_like_code { format!("{}-{}-{}", &bare[..3], &bare[3..7], &bare[7..]) } else { typed.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU8, Ordering};

    struct Counting(AtomicU8);

    impl Random for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill_with(|| self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    #[test]
    fn a_code_is_ten_letters_in_three_groups() {
        let code = room_code(&Counting(AtomicU8::new(250)));
        assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [3, 4, 3]);
        assert!(code.bytes().all(|letter| letter == b'-' || CODE_LETTERS.contains(&letter)));
    }

    #[test]
    fn a_code_is_known_again_however_it_is_typed() {
        for typed in ["abc-defg-hjk", "ABC DEFG HJK", "abcdefghjk", " Abc-Defg-Hjk "] {
            assert_eq!(normalize_code(typed), "abc-defg-hjk");
        }
        assert_eq!(normalize_code("Vq3_-0000000000000abcd"), "Vq3_-0000000000000abcd");
    }
}
