//! The records beside the log follow what its entries decide.

use crate::{
    engine::{Engine, on_every_engine},
    logs::draft,
    rooms::{member, room},
};
use studyrooms_domain::{
    log::{Appended, Draft, Entry, EntryBody, LogName},
    rooms::{AddressHash, Room},
    store::{Bans, Recheck, Rooms, Uploads},
};
use studyrooms_protocol::{
    Seq,
    rooms::{Access, Role},
};

on_every_engine!(
    title_and_settings_follow_the_log_and_nothing_else_changes,
    roles_are_given_to_members_and_a_room_is_handed_over_whole,
    a_ban_takes_a_member_out_and_lifting_it_makes_nobody_one,
    who_goes_and_all_guests_are_no_members,
    who_came_back_before_the_records_follow_stays,
    who_is_let_in_is_a_member,
    a_room_has_one_code,
    a_file_that_was_taken_away_is_doomed,
    what_comes_again_or_late_takes_nothing_back,
    how_far_all_was_done_is_kept,
    a_ban_and_a_join_at_once_leave_no_member,
    a_room_has_one_owner_whenever_one_looks,
    nobody_new_comes_from_an_address_for_a_while,
    what_was_missed_is_judged_before_anything_is_written,
    of_two_who_write_by_what_they_know_each_sees_the_other,
);

async fn with_members(engine: &Engine, people: &[(&str, Role)]) {
    let owner = member("r1", "ann", Role::Owner, 1);
    assert!(Rooms::add(&*engine.store, room("r1", "abc-defg-hjk"), owner).await.unwrap());
    for (who, role) in people {
        assert!(engine.store.add_member(member("r1", who, *role, 5)).await.unwrap());
    }
}

pub fn entry(seq: Seq, body: EntryBody) -> Entry {
    let Draft { event_id, user_id, body, .. } = draft("ann", &seq.to_string(), body);
    Entry { event_id, room_id: "r1".into(), seq, user_id, timestamp: 100 + seq, body }
}

fn role(target: &str, role: Role) -> EntryBody {
    EntryBody::Role { target: target.into(), role }
}

fn ban(target: &str) -> EntryBody {
    EntryBody::Kicked { target: target.into(), ban: true, reason: Some("spam".into()), address_until: None }
}

fn unban(target: &str) -> EntryBody {
    EntryBody::Unbanned { target: target.into() }
}

async fn project(engine: &Engine, seq: Seq, body: EntryBody) {
    engine.store.project(&entry(seq, body)).await.unwrap();
}

async fn roles(engine: &Engine) -> Vec<(String, Role)> {
    let members = engine.store.members(&"r1".into(), None, 100).await.unwrap();
    let mut roles: Vec<_> = members.into_iter().map(|member| (member.user_id.to_string(), member.role)).collect();
    roles.sort();
    roles
}

fn named(roles: &[(&str, Role)]) -> Vec<(String, Role)> {
    roles.iter().map(|(who, role)| ((*who).to_owned(), *role)).collect()
}

async fn there(engine: &Engine) -> Room {
    Rooms::lookup(&*engine.store, &"r1".into()).await.unwrap().unwrap()
}

// SPEC 4.7
async fn title_and_settings_follow_the_log_and_nothing_else_changes(engine: Engine) {
    with_members(&engine, &[]).await;
    let before = there(&engine).await;
    let mut settings = before.settings.clone();
    settings.access = Access::Waiting;
    project(&engine, 1, EntryBody::Settings { title: "New".into(), settings: settings.clone() }).await;
    let engine = engine.reopened().await;
    assert_eq!(there(&engine).await, Room { title: "New".into(), settings, ..before });
}

async fn roles_are_given_to_members_and_a_room_is_handed_over_whole(engine: Engine) {
    with_members(&engine, &[("bob", Role::Member), ("cem", Role::Guest)]).await;
    project(&engine, 1, role("bob", Role::Mod)).await;
    project(&engine, 2, role("eve", Role::Mod)).await;
    let expected = [("ann", Role::Owner), ("bob", Role::Mod), ("cem", Role::Guest)];
    assert_eq!(roles(&engine).await, named(&expected));
    project(&engine, 3, role("bob", Role::Owner)).await;
    project(&engine, 4, role("ann", Role::Mod)).await;
    project(&engine, 5, role("bob", Role::Member)).await;
    let expected = [("ann", Role::Mod), ("bob", Role::Owner), ("cem", Role::Guest)];
    assert_eq!(roles(&engine).await, named(&expected), "an owner changes by handing over alone");
    assert_eq!(there(&engine).await.owner_id.as_str(), "bob");
    let mut moderators: Vec<String> =
        engine.store.moderators(&"r1".into()).await.unwrap().into_iter().map(|member| member.user_id.0).collect();
    moderators.sort();
    assert_eq!(moderators, ["ann", "bob"]);
    for who in ["ann", "bob"] {
        let member = engine.store.member(&"r1".into(), &who.into()).await.unwrap().unwrap();
        let (_, mine) = Rooms::of_user(&*engine.store, &who.into(), None, 10).await.unwrap().rooms.remove(0);
        assert_eq!(member.role, if who == "bob" { Role::Owner } else { Role::Mod });
        assert_eq!(mine, member);
    }
    project(&engine, 6, role("eve", Role::Owner)).await;
    assert_eq!(there(&engine).await.owner_id.as_str(), "bob", "who is no member gets no room");
}

async fn a_ban_takes_a_member_out_and_lifting_it_makes_nobody_one(engine: Engine) {
    with_members(&engine, &[("bob", Role::Member)]).await;
    project(&engine, 1, ban("bob")).await;
    let engine = engine.reopened().await;
    let found = Bans::lookup(&*engine.store, &"r1".into(), &"bob".into()).await.unwrap().unwrap();
    assert_eq!((found.by.as_str(), found.reason.as_deref(), found.at), ("ann", Some("spam"), 101));
    assert_eq!(engine.store.member(&"r1".into(), &"bob".into()).await.unwrap(), None);
    assert!(!engine.store.add_member(member("r1", "bob", Role::Member, 9)).await.unwrap());
    assert_eq!(roles(&engine).await, named(&[("ann", Role::Owner)]));
    project(&engine, 2, unban("bob")).await;
    assert_eq!(Bans::lookup(&*engine.store, &"r1".into(), &"bob".into()).await.unwrap(), None);
    assert!(Bans::of_room(&*engine.store, &"r1".into(), None, 100).await.unwrap().is_empty());
    assert_eq!(engine.store.member(&"r1".into(), &"bob".into()).await.unwrap(), None);
    assert!(engine.store.add_member(member("r1", "bob", Role::Member, 9)).await.unwrap());
}

async fn who_goes_and_all_guests_are_no_members(engine: Engine) {
    with_members(&engine, &[("bob", Role::Member), ("cem", Role::Guest), ("dan", Role::Guest)]).await;
    project(&engine, 1, EntryBody::Resigned { target: "bob".into() }).await;
    project(&engine, 2, EntryBody::GuestsRemoved { reason: None }).await;
    assert_eq!(roles(&engine).await, named(&[("ann", Role::Owner)]));
    assert!(engine.store.add_member(member("r1", "cem", Role::Guest, 500)).await.unwrap(), "they may come again");
}

async fn who_came_back_before_the_records_follow_stays(engine: Engine) {
    with_members(&engine, &[]).await;
    for (user, role, joined_at) in [("bob", Role::Guest, 50), ("cem", Role::Guest, 150), ("dan", Role::Member, 150)] {
        assert!(engine.store.add_member(member("r1", user, role, joined_at)).await.unwrap());
    }
    // Of 101 and 102.
    project(&engine, 1, EntryBody::GuestsRemoved { reason: None }).await;
    project(&engine, 2, EntryBody::Resigned { target: "dan".into() }).await;
    assert_eq!(roles(&engine).await, named(&[("ann", Role::Owner), ("cem", Role::Guest), ("dan", Role::Member)]));
}

async fn who_is_let_in_is_a_member(engine: Engine) {
    with_members(&engine, &[]).await;
    let admitted = |target: &str, admit, role| EntryBody::Admitted { target: target.into(), admit, role };
    project(&engine, 1, admitted("bob", true, Some(Role::Member))).await;
    project(&engine, 2, admitted("cem", true, Some(Role::Guest))).await;
    project(&engine, 3, admitted("dan", false, None)).await;
    let expected = [("ann", Role::Owner), ("bob", Role::Member), ("cem", Role::Guest)];
    assert_eq!(roles(&engine).await, named(&expected));
}

async fn a_room_has_one_code(engine: Engine) {
    with_members(&engine, &[]).await;
    let other = member("r2", "ann", Role::Owner, 1);
    assert!(Rooms::add(&*engine.store, room("r2", "zzz-zzzz-zzz"), other).await.unwrap());
    project(&engine, 1, EntryBody::CodeRenewed { code: "new-codd-now".into() }).await;
    assert_eq!(there(&engine).await.code, "new-codd-now");
    assert!(Rooms::lookup(&*engine.store, &"abc-defg-hjk".into()).await.unwrap().is_none(), "the old one is none");
    project(&engine, 2, EntryBody::CodeRenewed { code: "zzz-zzzz-zzz".into() }).await;
    let found = Rooms::lookup(&*engine.store, &"zzz-zzzz-zzz".into()).await.unwrap().unwrap();
    assert_eq!(found.room_id.as_str(), "r2", "who has it keeps it");
}

async fn a_file_that_was_taken_away_is_doomed(engine: Engine) {
    with_members(&engine, &[]).await;
    Uploads::add(&*engine.store, crate::uploads::upload("u1", "r1", 1)).await.unwrap();
    project(&engine, 1, EntryBody::Unshared { upload_id: "u1".into() }).await;
    assert!(Uploads::lookup(&*engine.store, "u1").await.unwrap().is_none());
    assert_eq!(engine.store.doomed(10).await.unwrap().len(), 1);
}

// SPEC 4.7
async fn what_comes_again_or_late_takes_nothing_back(engine: Engine) {
    with_members(&engine, &[("bob", Role::Member), ("cem", Role::Member)]).await;
    let settings = there(&engine).await.settings;
    let titled = |title: &str| EntryBody::Settings { title: title.into(), settings: settings.clone() };
    project(&engine, 2, ban("bob")).await;
    project(&engine, 3, unban("bob")).await;
    project(&engine, 5, role("cem", Role::Mod)).await;
    project(&engine, 7, titled("last")).await;
    assert!(engine.store.add_member(member("r1", "bob", Role::Member, 500)).await.unwrap());
    for _ in 0..2 {
        project(&engine, 2, ban("bob")).await;
        project(&engine, 4, role("cem", Role::Member)).await;
        project(&engine, 6, titled("first")).await;
        project(&engine, 7, titled("last")).await;
    }
    let expected = [("ann", Role::Owner), ("bob", Role::Member), ("cem", Role::Mod)];
    assert_eq!(roles(&engine).await, named(&expected));
    assert_eq!(Bans::lookup(&*engine.store, &"r1".into(), &"bob".into()).await.unwrap(), None);
    assert_eq!(there(&engine).await.title, "last");
}

async fn how_far_all_was_done_is_kept(engine: Engine) {
    with_members(&engine, &[("bob", Role::Member)]).await;
    let projected = async || engine.store.projected(&"r1".into()).await.unwrap();
    assert_eq!(projected().await, None);
    engine.store.note_projected(&"r1".into(), 4).await.unwrap();
    engine.store.note_projected(&"r1".into(), 2).await.unwrap();
    assert_eq!(projected().await, Some(4));
    project(&engine, 6, role("bob", Role::Mod)).await;
    assert_eq!(projected().await, Some(6));
    assert_eq!(engine.store.projected(&"none".into()).await.unwrap(), None);
}

// SPEC 4.4
async fn a_ban_and_a_join_at_once_leave_no_member(engine: Engine) {
    with_members(&engine, &[]).await;
    let other = engine.another_handle().await;
    for round in 0..200_u64 {
        let who = format!("bob{round}");
        if round % 2 == 0 {
            assert!(engine.store.add_member(member("r1", &who, Role::Member, 5)).await.unwrap());
        }
        let entry = entry(1 + round, ban(&who));
        let joining = async {
            for _ in 0..3 {
                other.add_member(member("r1", &who, Role::Member, 5)).await.unwrap();
            }
        };
        let (banned, ()) = tokio::join!(engine.store.project(&entry), joining);
        banned.unwrap();
        for store in [&engine.store, &other] {
            assert_eq!(store.member(&"r1".into(), &who.as_str().into()).await.unwrap(), None, "round {round}");
        }
    }
    assert_eq!(roles(&engine).await, named(&[("ann", Role::Owner)]));
}

// SPEC 4.3
async fn a_room_has_one_owner_whenever_one_looks(engine: Engine) {
    with_members(&engine, &[("bob", Role::Member)]).await;
    let other = engine.another_handle().await;
    let handing = async {
        for round in 0..100_u64 {
            let heir = if round % 2 == 0 { "bob" } else { "ann" };
            project(&engine, 1 + round, role(heir, Role::Owner)).await;
        }
    };
    let looking = async {
        for _ in 0..300 {
            let members = other.members(&"r1".into(), None, 100).await.unwrap();
            let owners = members.iter().filter(|member| member.role == Role::Owner).count();
            assert_eq!(owners, 1, "{members:?}");
        }
    };
    tokio::join!(handing, looking);
}

async fn nobody_new_comes_from_an_address_for_a_while(engine: Engine) {
    let store = &*engine.store;
    let hash = |text: &str| AddressHash(text.into());
    let until =
        async |room: &str, address: &str, now| store.address_until(&room.into(), &hash(address), now).await.unwrap();
    store.add_addresses(&"r1".into(), &[hash("a"), hash("b")], 50).await.unwrap();
    store.add_addresses(&"r1".into(), &[hash("a")], 80).await.unwrap();
    store.add_addresses(&"r1".into(), &[hash("a")], 60).await.unwrap();
    assert_eq!((until("r1", "a", 10).await, until("r1", "b", 10).await), (Some(80), Some(50)));
    assert_eq!(
        (until("r1", "b", 50).await, until("r2", "a", 10).await, until("r1", "c", 10).await),
        (None, None, None)
    );
    assert_eq!(store.sweep_addresses(50).await.unwrap(), 1);
    assert_eq!(until("r1", "a", 79).await, Some(80));
}

/// Lets nothing pass that was said already, whoever said it; what is let pass is signed.
#[derive(Default)]
struct Once {
    missed: Vec<Seq>,
    said: Vec<EntryBody>,
}

impl Recheck for Once {
    fn missed(&mut self, entries: &[Entry]) {
        self.missed.extend(entries.iter().map(|entry| entry.seq));
        self.said.extend(entries.iter().map(|entry| entry.body.clone()));
    }

    fn stands(&mut self, draft: &mut Draft) -> bool {
        draft.timestamp = 77;
        !self.said.contains(&draft.body)
    }
}

async fn judged(store: &dyn crate::engine::Store, known: Seq, drafts: Vec<Draft>) -> (Vec<Option<Appended>>, Once) {
    let mut once = Once::default();
    let appended = store.append_judged(&"r1".into(), LogName::Room, known, drafts, &mut once).await.unwrap();
    (appended, once)
}

// SPEC 4.2
async fn what_was_missed_is_judged_before_anything_is_written(engine: Engine) {
    let say = |event: &str, target: &str| draft("ann", event, unban(target));
    let (appended, once) = judged(&*engine.store, 0, vec![say("a", "1"), say("b", "2")]).await;
    assert!(once.missed.is_empty() && appended.iter().flatten().all(|appended| appended.fresh));
    let other = engine.another_handle().await;
    // One that was written already, one that is no more to be written, one that stands.
    let drafts = vec![say("b", "2"), say("c", "2"), say("d", "3")];
    let (appended, once) = judged(&*other, 1, drafts).await;
    assert_eq!(once.missed, [2]);
    let places: Vec<_> = appended.iter().map(|one| one.as_ref().map(|one| (one.entry.seq, one.fresh))).collect();
    assert_eq!(places, [Some((2, false)), None, Some((3, true))]);
    assert_eq!(appended[2].as_ref().unwrap().entry.timestamp, 77, "what was judged is what is written");
    let (appended, once) = judged(&*engine.store, 2, vec![say("e", "3")]).await;
    assert_eq!((appended[0].clone(), once.missed), (None, vec![3]));
    assert_eq!(engine.store.last_seq(&"r1".into(), LogName::Room).await.unwrap(), 3);
    // One handle is told what the other wrote, and goes on behind it.
    judged(&*other, 3, vec![say("f", "4")]).await;
    let (appended, once) = judged(&*engine.store, 4, vec![say("g", "5")]).await;
    assert_eq!(appended[0].as_ref().map(|appended| appended.entry.seq), Some(5));
    assert!(once.missed.is_empty());
}

async fn of_two_who_write_by_what_they_know_each_sees_the_other(engine: Engine) {
    const TOKENS: usize = 150;
    let other = engine.another_handle().await;
    let write = async |who: &str, store: &dyn crate::engine::Store| {
        let (mut known, mut once) = (0, Once::default());
        for token in 0..TOKENS {
            let body = unban(&token.to_string());
            if once.said.contains(&body) {
                continue;
            }
            let drafts = vec![draft(who, &format!("{who} {token}"), body)];
            let appended =
                store.append_judged(&"r1".into(), LogName::Room, known, drafts, &mut once).await.unwrap().remove(0);
            let written = appended.map(|appended| appended.entry);
            known =
                written.as_ref().map_or_else(|| once.missed.last().copied(), |entry| Some(entry.seq)).unwrap_or(known);
            once.said.extend(written.map(|entry| entry.body));
        }
    };
    tokio::join!(write("ann", &*engine.store), write("bob", &*other));
    let all = engine.store.after(&"r1".into(), LogName::Room, 0, 1000).await.unwrap();
    let seqs: Vec<Seq> = all.iter().map(|entry| entry.seq).collect();
    assert_eq!(seqs, (1..=all.len() as Seq).collect::<Vec<_>>());
    let mut said: Vec<String> = all.iter().map(|entry| format!("{:?}", entry.body)).collect();
    said.sort();
    let once = said.len();
    said.dedup();
    assert_eq!(said.len(), once, "nothing is said twice");
}
