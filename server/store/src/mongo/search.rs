//! Which documents have the words of a search. Tokens are an array with an index over its elements,
//! which every server has that speaks this protocol; text indexes not all have.

use super::int64;
use crate::messages::deciding;
use mongodb::bson::{Bson, Document, doc};
use studyrooms_protocol::{Seq, ids::RoomId};

/// Messages that have a token beginning with each of `words`; none without words.
pub(super) fn with_words(room_id: &RoomId, words: &[String], before: Option<Seq>) -> Option<Document> {
    // The index serves one of the words: the longest, of which there are the fewest.
    let mut words = deciding(words);
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let beginning = |word: &&str| Bson::from(doc! { "tokens": { "$regex": format!("^{}", escaped(word)) } });
    let mut all: Vec<Bson> = words.iter().map(beginning).collect();
    if all.is_empty() {
        return None;
    }
    // The index holds entries with tokens only, and is used by those who say so.
    all.push(doc! { "tokens": { "$exists": true } }.into());
    Some(doc! {
        "roomId": room_id.as_str(),
        "seq": { "$gte": 1_i64, "$lt": before.map_or(i64::MAX, int64) },
        "$and": all,
    })
}

/// A word as a regular expression that means just it. Characters of any script mean themselves.
fn escaped(word: &str) -> String {
    let mut escaped = String::with_capacity(word.len());
    for character in word.chars() {
        if character.is_ascii_punctuation() {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_means_just_itself() {
        assert_eq!(escaped("a.b*c_d"), "a\\.b\\*c\\_d");
        assert_eq!(escaped("数学é"), "数学é");
    }
}
