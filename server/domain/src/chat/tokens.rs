//! The words by which messages are found (SPEC 5.2): an own index, the same on every engine, that
//! also serves languages written without spaces.

use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// Characters of one token; the rest of a longer word is ignored.
const TOKEN_CHARACTERS: usize = 32;
/// Words of one search.
const SEARCH_WORDS: usize = 16;

/// What a text is found by: its words without case and accents; of text that is written without
/// spaces every pair of neighbours, and its last character.
#[must_use]
pub fn tokens(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for run in runs(text) {
        match run {
            Run::Word(word) => {
                found.insert(word);
            }
            Run::Unspaced(characters) => {
                let starts =
                    (0..characters.len()).map(|at| characters[at..characters.len().min(at + 2)].iter().collect());
                found.extend(starts);
            }
        }
    }
    found
}

/// What a search looks for: a text is found when for each of these it has a token that begins with
/// it.
#[must_use]
pub fn search_words(query: &str) -> Vec<String> {
    let mut words = BTreeSet::new();
    for run in runs(query) {
        match run {
            Run::Word(word) => {
                words.insert(word);
            }
            Run::Unspaced(characters) if characters.len() == 1 => {
                words.insert(characters.iter().collect());
            }
            Run::Unspaced(characters) => {
                words.extend(characters.windows(2).map(|pair| pair.iter().collect::<String>()))
            }
        }
    }
    words.into_iter().take(SEARCH_WORDS).collect()
}

enum Run {
    Word(String),
    Unspaced(Vec<char>),
}

fn runs(text: &str) -> Vec<Run> {
    // Compatibility forms are one (full-width characters, ligatures), and accents are set off.
    let plain: String = text.nfkd().filter(|character| !is_accent(*character)).flat_map(char::to_lowercase).collect();
    let plain: String = plain.nfc().collect();
    let mut runs: Vec<Run> = vec![];
    let mut end = 0;
    for (start, word) in plain.unicode_word_indices() {
        if word.chars().any(is_unspaced) {
            let characters = word.chars().filter(|character| character.is_alphanumeric());
            // The segmentation cuts such text at every character or by chance; neighbours belong together.
            match runs.last_mut() {
                Some(Run::Unspaced(before)) if start == end => before.extend(characters),
                _ => runs.push(Run::Unspaced(characters.collect())),
            }
        } else {
            runs.push(Run::Word(word.chars().take(TOKEN_CHARACTERS).collect()));
        }
        end = start + word.len();
    }
    runs
}

/// The combining marks of Latin, Greek and Cyrillic. Those of other scripts are letters of theirs.
fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// Scripts written without spaces between words.
fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{0e00}'..='\u{0eff}'      // Thai, Lao
        | '\u{1000}'..='\u{109f}'    // Myanmar
        | '\u{1780}'..='\u{17ff}'    // Khmer
        | '\u{3040}'..='\u{30ff}'    // Hiragana, Katakana
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'    // Han
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn finds(query: &str, text: &str) -> bool {
        let tokens = tokens(text);
        let words = search_words(query);
        !words.is_empty() && words.iter().all(|word| tokens.iter().any(|token| token.starts_with(word.as_str())))
    }

    #[test]
    fn words_are_found_without_case_and_accents_by_their_beginning() {
        assert!(finds("CAFE", "Meet me at the Café."));
        assert!(finds("café", "the cafe is closed"));
        assert!(finds("home", "Homework for Monday"));
        assert!(finds("monday home", "Homework for Monday"));
        assert!(!finds("work", "Homework for Monday"));
        assert!(!finds("homework tuesday", "Homework for Monday"));
        assert!(finds("ｆｕｌｌ", "full width"));
    }

    #[test]
    fn text_without_spaces_is_found_by_any_part_of_it() {
        assert!(finds("試験", "明日の数学試験です"));
        assert!(finds("数学", "明日の数学試験です"));
        assert!(finds("す", "明日の数学試験です"));
        assert!(!finds("化学", "明日の数学試験です"));
        assert!(finds("ชีวะ", "พรุ่งนี้สอบชีวะ"));
    }

    #[test]
    fn nothing_is_found_by_nothing() {
        assert!(search_words("  !?  ").is_empty());
        assert!(!finds("...", "anything"));
    }

    #[test]
    fn long_words_and_queries_are_bounded() {
        assert!(finds(&"x".repeat(100), &"x".repeat(50)));
        assert_eq!(search_words(&(0..100).map(|n| format!("w{n} ")).collect::<String>()).len(), 16);
    }

    proptest! {
        // SPEC 5.2
        #[test]
        fn every_text_is_found_by_each_of_its_own_words(text in "[\\p{L}\\p{N} .,!?🙂]{0,60}") {
            for word in text.split_whitespace() {
                if !search_words(word).is_empty() {
                    prop_assert!(finds(word, &text), "{:?} in {:?}", word, text);
                }
            }
        }
    }
}
