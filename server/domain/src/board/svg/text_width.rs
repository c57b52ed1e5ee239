//! The width of text, estimated: the reader's font is not known here.

use unicode_segmentation::UnicodeSegmentation;

/// Whether a text runs from right to left, by its first letter.
pub fn is_rtl(text: &str) -> bool {
    let first = text.chars().find(|character| character.is_alphabetic());
    first.is_some_and(|character| {
        matches!(character,
            '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

/// The width of a text, in font sizes.
pub fn width_of(text: &str) -> f64 {
    text.graphemes(true).map(grapheme_width).sum()
}

/// The width of one grapheme, in font sizes; its first character decides.
fn grapheme_width(grapheme: &str) -> f64 {
    match grapheme.chars().next() {
        None | Some('\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}') => 0.0,
        Some(' ' | 'f' | 'i' | 'j' | 'l' | 'r' | 't' | 'I' | '.' | ',' | ':' | ';' | '!' | '\'' | '|' | '(' | ')') => {
            0.36
        }
        Some('m' | 'w' | 'M' | 'W' | '@' | '%') => 0.92,
        // Chinese, Japanese and Korean, in full width, and pictures.
        Some(
            '\u{1100}'..='\u{115f}'
            | '\u{2e80}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7a3}'
            | '\u{f900}'..='\u{faff}'
            | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff00}'..='\u{ff60}'
            | '\u{ffe0}'..='\u{ffe6}'
            | '\u{2600}'..='\u{27bf}'
            | '\u{1f000}'..='\u{1faff}'
            | '\u{20000}'..='\u{3fffd}',
        ) => 1.08,
        Some(first) if first.is_uppercase() => 0.72,
        Some(_) => 0.62,
    }
}

/// The lines of a column of this width, in font sizes. A word that is wider is cut between graphemes.
pub fn wrapped(text: &str, column: f64) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut taken = 0.0;
        for piece in paragraph.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end();
            if taken > 0.0 && taken + width_of(word) > column {
                lines.push(std::mem::take(&mut line));
                taken = 0.0;
            }
            for grapheme in piece.graphemes(true) {
                let width = grapheme_width(grapheme);
                let is_space = grapheme.chars().all(char::is_whitespace);
                if !is_space && !line.is_empty() && taken + width > column {
                    lines.push(std::mem::take(&mut line));
                    taken = 0.0;
                }
                line.push_str(grapheme);
                taken += width;
            }
        }
        lines.push(line);
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_keep_the_breaks_of_their_writer() {
        assert_eq!(wrapped("one two three", 5.0), ["one two", "three"]);
        assert_eq!(wrapped("a\n\nb", 5.0), ["a", "", "b"]);
    }

    #[test]
    fn a_word_wider_than_the_column_is_cut_between_graphemes() {
        let lines = wrapped(&"漢".repeat(7), 3.3);
        assert_eq!(lines, ["漢漢漢", "漢漢漢", "漢"]);
        assert_eq!(wrapped("e\u{301}e\u{301}", 0.7), ["e\u{301}", "e\u{301}"]);
        assert_eq!(wrapped("ab", 0.0), ["a", "b"]);
    }

    #[test]
    fn a_text_runs_as_its_first_letter_does() {
        assert!(is_rtl("12. שלום abc"));
        assert!(!is_rtl("abc שלום"));
        assert!(!is_rtl("12"));
    }
}
