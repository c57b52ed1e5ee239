//! Messages by their words.

use crate::{
    chat::{deleted, edited, said, seqs, text},
    engine::{Engine, on_every_engine},
};
use studyrooms_domain::{chat::search_words, log::LogName, store::Rooms};

on_every_engine!(
    words_are_found_by_their_beginning,
    all_words_must_be_there,
    text_without_spaces_is_found_by_any_part,
    words_beyond_the_usual_alphabets_are_found,
    what_was_edited_is_found_by_its_present_text,
    what_is_deleted_is_found_by_nothing,
    a_search_goes_back_page_by_page,
    a_room_finds_its_own_messages_only,
    what_is_found_is_the_entry_as_it_stands_in_the_log,
    a_removed_room_leaves_no_words,
);

async fn words_are_found_by_their_beginning(engine: Engine) {
    engine.store.say([said("ann", "m1", "Homework for Monday."), said("bob", "m2", "my HOME is here")]).await;
    let engine = engine.reopened().await;
    assert_eq!(engine.store.found("home").await, [1, 2]);
    assert_eq!(engine.store.found("homew").await, [1]);
    assert_eq!(engine.store.found("HOMEWORK").await, [1]);
    assert!(engine.store.found("work").await.is_empty());
    assert!(engine.store.found("homeworks").await.is_empty());
    assert!(engine.store.search(&"r".into(), &[], None, 9).await.unwrap().is_empty(), "nothing finds nothing");
    // Two tokens that begin alike are one message.
    engine.store.say([said("ann", "m3", "algebra algorithm")]).await;
    assert_eq!(engine.store.found("al").await, [3]);
}

async fn all_words_must_be_there(engine: Engine) {
    let texts = ["red green blue", "red blue", "green yellow", "redgreen"];
    engine.store.say(texts.iter().enumerate().map(|(n, text)| said("ann", &format!("m{n}"), text))).await;
    assert_eq!(engine.store.found("blue red").await, [1, 2]);
    assert_eq!(engine.store.found("green re").await, [1]);
    assert_eq!(engine.store.found("gr ye").await, [3]);
    assert!(engine.store.found("red yellow").await.is_empty());
    assert_eq!(engine.store.found("r g b re gr bl").await, [1]);
}

// SPEC 5.2
async fn text_without_spaces_is_found_by_any_part(engine: Engine) {
    engine
        .store
        .say([said("ann", "m1", "明日の数学試験です"), said("ann", "m2", "พรุ่งนี้สอบชีวะ"), said("ann", "m3", "数える")])
        .await;
    assert_eq!(engine.store.found("試験").await, [1]);
    assert_eq!(engine.store.found("数学").await, [1]);
    assert_eq!(engine.store.found("数").await, [1, 3]);
    assert_eq!(engine.store.found("ชีวะ").await, [2]);
    assert!(engine.store.found("化学").await.is_empty());
}

async fn words_beyond_the_usual_alphabets_are_found(engine: Engine) {
    // The end of a range of words that begin alike must not be cut inside a character, nor leave one out.
    let texts =
        ["c\u{5d0}\u{5dc}", "z\u{7f}", "ab\u{10ffff}", "𝔘niversity", "𐍈𐍈", "a.b*c", "snake_case", "\u{d7ff}x 한국어"];
    engine.store.say(texts.iter().enumerate().map(|(n, text)| said("ann", &format!("m{n}"), text))).await;
    for (n, text) in texts.iter().enumerate() {
        for word in search_words(text) {
            let found = seqs(&engine.store.search(&"r".into(), std::slice::from_ref(&word), None, 100).await.unwrap());
            assert!(found.contains(&(n as u64 + 1)), "{word:?} of {text:?}");
        }
    }
    for not_a_pattern in ["a.*", "^", "$", ".", "[a-z]", "s_ake", "(", "\\", "a|b"] {
        let found = engine.store.search(&"r".into(), &[not_a_pattern.to_owned()], None, 100).await.unwrap();
        assert!(found.is_empty(), "{not_a_pattern}");
    }
}

// SPEC 5.2
async fn what_was_edited_is_found_by_its_present_text(engine: Engine) {
    engine.store.say([said("ann", "m1", "meet on monday at school")]).await;
    engine.store.say([edited("e1", "m1", "meet on tuesday at school")]).await;
    assert_eq!(engine.store.found("tuesday").await, [1]);
    assert_eq!(engine.store.found("school").await, [1]);
    assert!(engine.store.found("monday").await.is_empty());
    // Several at once, and from elsewhere: the last counts.
    let other = engine.another_handle().await;
    other.say([edited("e2", "m1", "meet on friday"), edited("e3", "m1", "meet on saturday")]).await;
    assert_eq!(engine.store.found("meet saturday").await, [1]);
    for gone in ["monday", "tuesday", "friday", "school"] {
        assert!(engine.store.found(gone).await.is_empty(), "{gone}");
    }
    // Said, edited and edited to something without words, in one batch.
    engine.store.say([said("ann", "m2", "alpha"), edited("e4", "m2", "beta"), edited("e5", "m2", "🙂")]).await;
    assert!(engine.store.found("alpha").await.is_empty() && engine.store.found("beta").await.is_empty());
    engine.store.say([edited("e6", "m2", "gamma")]).await;
    assert_eq!(engine.store.found("gamma").await, [5]);
    // What is sent again does nothing again.
    engine.store.say([edited("e4", "m2", "beta")]).await;
    assert_eq!(engine.store.found("gamma").await, [5]);
    assert!(engine.store.found("beta").await.is_empty());
}

// SPEC 1.9, 5.2
async fn what_is_deleted_is_found_by_nothing(engine: Engine) {
    engine.store.say([said("ann", "m1", "first secret"), said("ann", "m2", "second secret")]).await;
    engine.store.say([edited("e1", "m1", "changed secret")]).await;
    engine.store.say([deleted("d1", "m1"), edited("e2", "m1", "late secret")]).await;
    engine.store.say([edited("e3", "m1", "later secret"), edited("e4", "nothing", "no secret")]).await;
    assert_eq!(engine.store.found("secret").await, [2]);
    for gone in ["first", "changed", "late", "no"] {
        assert!(engine.store.found(gone).await.is_empty(), "{gone}");
    }
}

async fn a_search_goes_back_page_by_page(engine: Engine) {
    engine
        .store
        .say((1..=25).map(|n| said("ann", &format!("m{n}"), if n % 2 == 0 { "even word" } else { "odd word" })))
        .await;
    let page = async |before, limit| {
        seqs(&engine.store.search(&"r".into(), &search_words("ev wo"), before, limit).await.unwrap())
    };
    assert_eq!(page(None, 3).await, [20, 22, 24]);
    assert_eq!(page(Some(20), 3).await, [14, 16, 18]);
    assert_eq!(page(Some(5), 3).await, [2, 4]);
    assert_eq!(page(Some(u64::MAX), 1).await, [24]);
    assert!(page(Some(2), 3).await.is_empty());
    assert!(page(None, 0).await.is_empty());
}

// SPEC 5.2
async fn a_room_finds_its_own_messages_only(engine: Engine) {
    engine.store.say([said("ann", "m1", "here")]).await;
    engine.store.append(&"q".into(), LogName::Room, vec![said("ann", "m2", "here there")]).await.unwrap();
    engine.store.append(&"r".into(), LogName::Board, vec![said("ann", "m3", "here board")]).await.unwrap();
    // An edit in another room is about nothing here.
    engine
        .store
        .append(&"q".into(), LogName::Room, vec![edited("e", "m1", "elsewhere"), deleted("d", "m1")])
        .await
        .unwrap();
    assert_eq!(engine.store.found("here").await, [1]);
    assert!(engine.store.found("there").await.is_empty() && engine.store.found("board").await.is_empty());
}

async fn what_is_found_is_the_entry_as_it_stands_in_the_log(engine: Engine) {
    engine.store.say([said("ann", "m1", "as it was")]).await;
    engine.store.say([edited("e1", "m1", "as it is")]).await;
    let found = engine.store.search(&"r".into(), &search_words("is"), None, 9).await.unwrap();
    assert_eq!(found, [engine.store.log().await.remove(0)]);
    assert_eq!(text(&found[0]), "as it was");
}

async fn a_removed_room_leaves_no_words(engine: Engine) {
    let room = crate::rooms::room("r", "aaa-aaaa-aaa");
    let owner = crate::rooms::member("r", "ann", studyrooms_protocol::rooms::Role::Owner, 1);
    assert!(Rooms::add(&*engine.store, room, owner).await.unwrap());
    engine.store.say([said("ann", "m1", "words")]).await;
    assert!(Rooms::remove(&*engine.store, &"r".into()).await.unwrap());
    assert!(engine.store.found("words").await.is_empty());
    assert!(engine.store.messages(&"r".into(), &["m1".into()]).await.unwrap().is_empty());
    // Filled anew, as an import does: nothing of the old log is found at the new places.
    engine.store.say([said("ann", "m9", "others")]).await;
    assert!(engine.store.found("words").await.is_empty());
    assert_eq!(engine.store.found("others").await, [1]);
}
