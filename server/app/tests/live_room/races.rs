//! What two people do at the same moment: whoever loses a right does nothing behind the entry that took it.

use crate::scene::Scene;
use futures_util::future::{BoxFuture, join_all};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::Ordering,
};
use studyrooms_app::room::{Acting, Actor, Command, Knocking, Reply, Request};
use studyrooms_domain::{
    Refusal,
    log::{Entry, EntryBody, LogName},
    rooms::Member,
    store::Stored,
};
use studyrooms_protocol::{
    board::{BoardOp, Draw},
    chat::PostMessage,
    control::{Admit, Kick, RemoveGuests, SetRole, Unban},
    error::ErrorCode,
    ids::UserId,
    rooms::{PatchRoom, Role},
};

/// As often as each race is driven.
const ROUNDS: u64 = 1000;

/// A sequence that is the same in each run, and never twice the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    /// Gives others a few turns.
    async fn wait(&mut self) {
        for _ in 0..self.below(6) {
            tokio::task::yield_now().await;
        }
    }
}

/// A request, and what comes of it.
pub type Asked = (Request, BoxFuture<'static, Result<(), Refusal>>);

pub fn asked<T: Send + 'static>(request: impl FnOnce(Reply<T>) -> Request) -> Asked {
    let (reply, answer) = Reply::channel();
    (request(reply), Box::pin(async { answer.await.unwrap().map(drop) }))
}

pub fn post(text: &str) -> Asked {
    let message = PostMessage { text: text.into(), attachments: None, reply_to: None, event_id: None };
    asked(|reply| Request::Post(message, reply))
}

pub fn change(settings: &str) -> Asked {
    let patch = PatchRoom { settings: Some(serde_json::from_str(settings).unwrap()), ..Default::default() };
    asked(|reply| Request::Change(patch, reply))
}

pub fn give(whom: &str, role: Role) -> Asked {
    let set = SetRole { room_id: "r".into(), user_id: whom.into(), role };
    asked(|reply| Request::SetRole(set, reply))
}

pub fn kick(whom: &str, ban: bool) -> Asked {
    let kick = Kick { room_id: "r".into(), user_id: whom.into(), ban: Some(ban), reason: None, address_sec: None };
    asked(|reply| Request::Kick(kick, reply))
}

fn remove_guests() -> Asked {
    let remove = RemoveGuests { room_id: "r".into(), reason: None };
    asked(|reply| Request::RemoveGuests(remove, reply))
}

fn admit(whom: &str) -> Asked {
    let admit = Admit { room_id: "r".into(), user_id: whom.into(), admit: true };
    asked(|reply| Request::Admit(admit, reply))
}

fn draw(id: &str) -> Asked {
    let ops = vec![BoardOp::Erase { ids: vec![id.into()] }];
    let draw = Draw { room_id: "r".into(), ops, op_id: None };
    asked(|reply| Request::Draw(draw, reply))
}

/// Someone by HTTP, as they were looked up before.
pub fn by_http(who: &str, role: Role) -> Actor {
    Actor::Member(Box::new(Acting { user_id: who.into(), name: who.into(), role, since: 0, socket_id: None }))
}

impl Scene {
    /// Sends a request on its way; gives what comes of it.
    pub async fn begin(
        &self,
        at: usize,
        actor: Actor,
        (request, answer): Asked,
    ) -> BoxFuture<'static, Result<(), Refusal>> {
        self.instances[at].rooms.send(&"r".into(), Command::Act(actor, request)).await;
        answer
    }

    pub async fn done(&self, at: usize, actor: Actor, asked: Asked) -> Result<(), Refusal> {
        self.begin(at, actor, asked).await.await
    }

    pub async fn add(&self, who: &str, role: Role) -> Stored<bool> {
        self.stores.rooms.add_member(Member { room_id: "r".into(), user_id: who.into(), role, joined_at: 0 }).await
    }

    pub async fn log(&self) -> Vec<Entry> {
        let mut all: Vec<Entry> = vec![];
        loop {
            let after = all.last().map_or(0, |entry| entry.seq);
            let page = self.stores.logs.after(&"r".into(), LogName::Room, after, 1000).await.unwrap();
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    }

    pub async fn owners(&self) -> Vec<UserId> {
        let members = self.stores.rooms.members(&"r".into(), None, 100).await.unwrap();
        members.into_iter().filter(|member| member.role == Role::Owner).map(|member| member.user_id).collect()
    }

    fn lossily(&self, dice: &mut Dice) {
        for instance in &self.instances {
            instance.pubsub.loses.store(dice.below(3) == 0, Ordering::SeqCst);
        }
    }
}

/// By their names, which the log does not tell.
fn is_guest(user_id: &UserId) -> bool {
    user_id.as_str().starts_with("gus")
}

/// Reads a log as a person would: entries by those who had no right to them where they stand.
pub fn without_right(log: &[Entry]) -> Vec<String> {
    let mut roles: BTreeMap<UserId, Role> = [("ann".into(), Role::Owner), ("mod".into(), Role::Mod)].into();
    let (mut banned, mut away): (BTreeSet<UserId>, BTreeSet<UserId>) = Default::default();
    let mut found = vec![];
    for entry in log {
        let user = &entry.user_id;
        let role = roles.get(user).copied().unwrap_or(Role::Member);
        let needs = match &entry.body {
            EntryBody::Joined { .. } => {
                away.remove(user);
                continue;
            }
            EntryBody::Left { .. } | EntryBody::Focused(_) => continue,
            // Said of the giver, by what the entry before did.
            EntryBody::Role { target, role: Role::Mod } if target == user => continue,
            EntryBody::Role { .. } => Role::Owner,
            EntryBody::Kicked { .. }
            | EntryBody::Unbanned { .. }
            | EntryBody::Settings { .. }
            | EntryBody::Admitted { .. }
            | EntryBody::GuestsRemoved { .. }
            | EntryBody::CodeRenewed { .. }
            | EntryBody::Pinned { .. } => Role::Mod,
            _ => Role::Member,
        };
        if role < needs || banned.contains(user) || away.contains(user) {
            found.push(format!("{}: {} by {user}, {role:?}", entry.seq, entry.body.kind()));
        }
        match &entry.body {
            EntryBody::Role { target, role } => {
                if *role == Role::Owner {
                    roles.values_mut().filter(|role| **role == Role::Owner).for_each(|role| *role = Role::Mod);
                }
                roles.insert(target.clone(), *role);
            }
            EntryBody::Kicked { target, ban, .. } => {
                away.insert(target.clone());
                if *ban {
                    banned.insert(target.clone());
                    roles.remove(target);
                }
            }
            EntryBody::Unbanned { target } => {
                banned.remove(target);
            }
            EntryBody::GuestsRemoved { .. } => {
                away.extend(log.iter().map(|entry| &entry.user_id).filter(|user| is_guest(user)).cloned());
            }
            _ => {}
        }
    }
    found
}

/// Runs both, the one or the other first.
async fn at_once(dice: &mut Dice, first: impl Future<Output = ()>, second: impl Future<Output = ()>) {
    let mut other = Dice(dice.below(u64::from(u32::MAX)));
    tokio::join!(
        async {
            dice.wait().await;
            first.await;
        },
        async {
            other.wait().await;
            second.await;
        },
    );
}

async fn a_demotion_against_changes(instances: usize) {
    let scene = Scene::of(instances).await;
    let (there, mut dice) = (instances - 1, Dice(1));
    scene.enter_at(0, "ann", Role::Owner, None).await;
    scene.add("ben", Role::Member).await.unwrap();
    scene.enter_at(there, "ben", Role::Member, None).await;
    for round in 0..ROUNDS {
        scene.done(0, scene.socket(0, "ann"), give("ben", Role::Mod)).await.unwrap();
        scene.lossily(&mut dice);
        let capacity = format!(r#"{{"capacity":{}}}"#, 100 + round % 800);
        at_once(
            &mut dice,
            async { scene.done(0, scene.socket(0, "ann"), give("ben", Role::Member)).await.unwrap() },
            async {
                let by_socket = scene.begin(there, scene.socket(there, "ben"), change(&capacity)).await;
                let by_http = scene.begin(there, by_http("ben", Role::Mod), change(&capacity)).await;
                for outcome in [by_socket.await, by_http.await] {
                    assert!(outcome.is_ok() || outcome.is_err_and(|refusal| refusal.code == ErrorCode::Forbidden));
                }
            },
        )
        .await;
        let refused = scene.done(there, by_http("ben", Role::Mod), change(r#"{"locked":true}"#)).await;
        assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden, "round {round}");
    }
    assert_eq!(without_right(&scene.log().await), [""; 0]);
}

// SPEC 4.2
#[tokio::test]
async fn who_is_demoted_changes_nothing_any_more() {
    a_demotion_against_changes(1).await;
}

// SPEC 4.2
#[tokio::test]
async fn who_is_demoted_by_another_instance_changes_nothing_any_more() {
    a_demotion_against_changes(2).await;
}

async fn a_ban_against_all_that_is_said(instances: usize) {
    let scene = Scene::of(instances).await;
    let (there, mut dice) = (instances - 1, Dice(2));
    scene.enter_at(0, "ann", Role::Owner, None).await;
    for round in 0..ROUNDS {
        let who = format!("ben{round}");
        scene.add(&who, Role::Member).await.unwrap();
        let (_joined, _hears) = scene.enter_at(there, &who, Role::Member, None).await;
        scene.lossily(&mut dice);
        at_once(&mut dice, async { scene.done(0, scene.socket(0, "ann"), kick(&who, true)).await.unwrap() }, async {
            let mut outcomes = vec![];
            for number in 0..3 {
                outcomes.push(scene.begin(there, scene.socket(there, &who), post(&number.to_string())).await);
                outcomes.push(scene.begin(there, by_http(&who, Role::Member), post("by HTTP")).await);
                outcomes.push(scene.begin(there, scene.socket(there, &who), draw("x")).await);
                // They leave and join all the while.
                scene.add(&who, Role::Member).await.unwrap();
            }
            for outcome in join_all(outcomes).await {
                let codes = [ErrorCode::NotInRoom, ErrorCode::NotFound];
                assert!(outcome.is_ok() || outcome.is_err_and(|refusal| codes.contains(&refusal.code)));
            }
        })
        .await;
        assert_eq!(scene.role_of(&who).await, None, "round {round}");
        assert!(!scene.add(&who, Role::Member).await.unwrap());
        let refused = scene.done(there, by_http(&who, Role::Member), post("still here")).await;
        let refused = refused.unwrap_err().code;
        assert_eq!(refused, ErrorCode::NotFound, "round {round}");
        let back = scene.try_enter_at(0, &who).await;
        assert_eq!(back.unwrap_err().code, ErrorCode::Banned, "round {round}");
    }
    assert_eq!(without_right(&scene.log().await), [""; 0]);
}

// SPEC 4.2, 4.4
#[tokio::test]
async fn who_is_banned_says_nothing_any_more() {
    a_ban_against_all_that_is_said(1).await;
}

// SPEC 4.2, 4.4
#[tokio::test]
async fn who_is_banned_by_another_instance_says_nothing_any_more() {
    a_ban_against_all_that_is_said(2).await;
}

async fn a_kick_against_all_that_is_said(instances: usize) {
    let scene = Scene::of(instances).await;
    let (there, mut dice) = (instances - 1, Dice(3));
    scene.enter_at(0, "ann", Role::Owner, None).await;
    scene.add("ben", Role::Member).await.unwrap();
    for _ in 0..ROUNDS {
        // Back at once: what was said before is not said behind the kick for that.
        let (_joined, _hears) = scene.enter_at(there, "ben", Role::Member, None).await;
        scene.lossily(&mut dice);
        at_once(&mut dice, async { scene.done(0, scene.socket(0, "ann"), kick("ben", false)).await.unwrap() }, async {
            let mut outcomes = vec![];
            for number in 0..4 {
                outcomes.push(scene.begin(there, scene.socket(there, "ben"), post(&number.to_string())).await);
            }
            for outcome in join_all(outcomes).await {
                assert!(outcome.is_ok() || outcome.is_err_and(|refusal| refusal.code == ErrorCode::NotInRoom));
            }
        })
        .await;
    }
    assert_eq!(without_right(&scene.log().await), [""; 0]);
}

// SPEC 4.2
#[tokio::test]
async fn who_is_kicked_says_nothing_until_they_are_back() {
    a_kick_against_all_that_is_said(1).await;
}

// SPEC 4.2
#[tokio::test]
async fn who_is_kicked_by_another_instance_says_nothing_until_they_are_back() {
    a_kick_against_all_that_is_said(2).await;
}

async fn a_removal_of_guests_against_all_they_do(instances: usize) {
    let scene = Scene::of(instances).await;
    let (there, mut dice) = (instances - 1, Dice(9));
    scene.enter_at(0, "ann", Role::Owner, None).await;
    for round in 0..ROUNDS {
        scene.add("gus", Role::Guest).await.unwrap();
        // Who comes in the millisecond of the removal before is asked to join again.
        let _hears = loop {
            let (joined, client) = scene.knock_at(there, "gus", Role::Guest, None).await;
            match joined {
                Ok(_) => break client,
                Err(refusal) => assert_eq!(refusal.code, ErrorCode::Unavailable, "round {round}"),
            }
        };
        scene.lossily(&mut dice);
        at_once(&mut dice, async { scene.done(0, scene.socket(0, "ann"), remove_guests()).await.unwrap() }, async {
            let mut outcomes = vec![];
            for number in 0..3 {
                outcomes.push(scene.begin(there, scene.socket(there, "gus"), post(&number.to_string())).await);
                outcomes.push(scene.begin(there, by_http("gus", Role::Guest), post("by HTTP")).await);
                outcomes.push(scene.begin(there, scene.socket(there, "gus"), draw("x")).await);
            }
            for outcome in join_all(outcomes).await {
                let codes = [ErrorCode::NotInRoom, ErrorCode::NotFound];
                assert!(outcome.is_ok() || outcome.is_err_and(|refusal| codes.contains(&refusal.code)));
            }
        })
        .await;
        assert_eq!(scene.role_of("gus").await, None, "round {round}");
        let refused = scene.done(there, by_http("gus", Role::Guest), post("still here")).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::NotFound, "round {round}");
        let refused = scene.done(there, scene.socket(there, "gus"), post("still here")).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::NotInRoom, "round {round}");
    }
    assert_eq!(without_right(&scene.log().await), [""; 0]);
}

#[tokio::test]
async fn guests_who_are_removed_do_nothing_any_more() {
    a_removal_of_guests_against_all_they_do(1).await;
}

#[tokio::test]
async fn guests_who_are_removed_by_another_instance_do_nothing_any_more() {
    a_removal_of_guests_against_all_they_do(2).await;
}

async fn two_bans_at_once(instances: usize) {
    let scene = Scene::of(instances).await;
    let (there, mut dice) = (instances - 1, Dice(4));
    scene.enter_at(0, "ann", Role::Owner, None).await;
    for round in 0..ROUNDS {
        let pair = [format!("ben{round}"), format!("cem{round}")];
        let mut clients = vec![];
        for (at, who) in [(0, &pair[0]), (there, &pair[1])] {
            scene.add(who, Role::Member).await.unwrap();
            scene.done(0, scene.socket(0, "ann"), give(who, Role::Mod)).await.unwrap();
            clients.push(scene.enter_at(at, who, Role::Mod, None).await);
        }
        scene.lossily(&mut dice);
        let (mut one, mut other) = (None, None);
        at_once(
            &mut dice,
            async { one = Some(scene.done(0, scene.socket(0, &pair[0]), kick(&pair[1], true)).await) },
            async { other = Some(scene.done(there, scene.socket(there, &pair[1]), kick(&pair[0], true)).await) },
        )
        .await;
        let refused: Vec<ErrorCode> =
            [one, other].into_iter().flatten().filter_map(Result::err).map(|refusal| refusal.code).collect();
        assert_eq!(refused, [ErrorCode::NotInRoom], "round {round}");
        let left = [scene.role_of(&pair[0]).await, scene.role_of(&pair[1]).await];
        assert_eq!(left.into_iter().flatten().count(), 1, "round {round}");
        // The one who stayed makes room.
        let stayed = if left[0].is_some() { &pair[0] } else { &pair[1] };
        scene.done(0, scene.socket(0, "ann"), kick(stayed, false)).await.unwrap();
    }
    assert_eq!(without_right(&scene.log().await), [""; 0]);
}

// SPEC 4.2
#[tokio::test]
async fn of_two_who_ban_each_other_one_stays() {
    two_bans_at_once(1).await;
}

// SPEC 4.2
#[tokio::test]
async fn of_two_who_ban_each_other_on_two_instances_one_stays() {
    two_bans_at_once(2).await;
}

async fn two_heirs(instances: usize) {
    let scene = Scene::of(instances).await;
    let (there, mut dice) = (instances - 1, Dice(5));
    let names = ["ann", "ben", "cem"];
    let mut owner = "ann";
    for who in &names[1..] {
        scene.add(who, Role::Member).await.unwrap();
    }
    for at in 0..instances {
        scene.enter_at(at, &format!("someone at {at}"), Role::Member, None).await;
    }
    for round in 0..ROUNDS {
        let heirs: Vec<&str> = names.into_iter().filter(|who| *who != owner).collect();
        scene.lossily(&mut dice);
        let giver = || by_http(owner, Role::Owner);
        let (mut one, mut other) = (None, None);
        at_once(&mut dice, async { one = Some(scene.done(0, giver(), give(heirs[0], Role::Owner)).await) }, async {
            let second = scene.begin(there, giver(), give(heirs[1], Role::Owner)).await;
            // In one burst: the new owner is not made a member of.
            let third = scene.begin(there, giver(), give(heirs[0], Role::Member)).await;
            assert_eq!(scene.owners().await.len(), 1, "round {round}");
            other = Some(second.await);
            let code = third.await.err().map(|refusal| refusal.code);
            assert!(code.is_none() || code == Some(ErrorCode::Forbidden), "{code:?}");
        })
        .await;
        let given: Vec<bool> = [one, other].into_iter().flatten().map(|outcome| outcome.is_ok()).collect();
        assert_eq!(given.iter().filter(|given| **given).count(), 1, "round {round}");
        owner = if given[0] { heirs[0] } else { heirs[1] };
        assert_eq!(scene.owners().await, [UserId::from(owner)], "round {round}");
    }
    assert_eq!(without_right(&scene.log().await), [""; 0]);
    let room = scene.stores.rooms.lookup(&"r".into()).await.unwrap().unwrap();
    assert_eq!(room.owner_id.as_str(), owner);
}

// SPEC 4.3
#[tokio::test]
async fn a_room_has_one_owner_at_every_moment() {
    two_heirs(1).await;
}

// SPEC 4.3
#[tokio::test]
async fn a_room_has_one_owner_at_every_moment_over_instances() {
    two_heirs(2).await;
}

// SPEC 4.7
#[tokio::test]
async fn no_change_of_settings_is_lost_between_instances() {
    let scene = Scene::of(2).await;
    let mut dice = Dice(6);
    scene.enter_at(0, "ann", Role::Owner, None).await;
    scene.enter_at(1, "mod", Role::Mod, None).await;
    for round in 0..ROUNDS {
        scene.lossily(&mut dice);
        let (capacity, slow) = (1 + round % 900, round % 60);
        let changes = [format!(r#"{{"capacity":{capacity}}}"#), format!(r#"{{"slowModeSec":{slow}}}"#)];
        at_once(
            &mut dice,
            async { scene.done(0, scene.socket(0, "ann"), change(&changes[0])).await.unwrap() },
            async { scene.done(1, scene.socket(1, "mod"), change(&changes[1])).await.unwrap() },
        )
        .await;
        let settings = scene.stores.rooms.lookup(&"r".into()).await.unwrap().unwrap().settings;
        assert_eq!((u64::from(settings.capacity), u64::from(settings.slow_mode_sec)), (capacity, slow), "{round}");
    }
}

// SPEC 4.4
#[tokio::test]
async fn who_is_banned_while_someone_lets_them_in_is_no_member() {
    let scene = Scene::of(2).await;
    let mut dice = Dice(7);
    let (_, client) = scene.enter_at(0, "ann", Role::Owner, None).await;
    scene.enter_at(1, "mod", Role::Mod, None).await;
    scene.done(0, scene.socket(0, "ann"), change(r#"{"access":"waiting"}"#)).await.unwrap();
    for round in 0..ROUNDS {
        let who = format!("dan{round}");
        for at in [0, 1] {
            let (socket_id, outlet, name) = (format!("{who}@{at}").as_str().into(), client.outlet.clone(), who.clone());
            let knocking =
                Knocking { socket_id, connection: 0, outlet, user_id: who.as_str().into(), name, guest: false };
            scene.instances[at].rooms.send(&"r".into(), Command::Knock(Box::new(knocking))).await;
        }
        scene.lossily(&mut dice);
        let (mut let_in, mut banned) = (None, None);
        at_once(&mut dice, async { let_in = Some(scene.done(0, scene.socket(0, "ann"), admit(&who)).await) }, async {
            banned = Some(scene.done(1, scene.socket(1, "mod"), kick(&who, true)).await)
        })
        .await;
        let code = let_in.and_then(Result::err).map(|refusal| refusal.code);
        assert!(code.is_none() || code == Some(ErrorCode::NotFound), "{code:?}");
        banned.unwrap().unwrap();
        assert_eq!(scene.role_of(&who).await, None, "round {round}");
        let unban = asked(|reply| Request::Unban(Unban { room_id: "r".into(), user_id: who.as_str().into() }, reply));
        scene.done(1, scene.socket(1, "mod"), unban).await.unwrap();
        assert_eq!(scene.role_of(&who).await, None, "a ban that is lifted makes nobody a member");
    }
    assert_eq!(without_right(&scene.log().await), [""; 0]);
}

// SPEC 4.9
#[tokio::test]
async fn slow_mode_goes_by_the_log_on_every_instance() {
    let scene = Scene::of(2).await;
    let mut dice = Dice(8);
    scene.enter_at(0, "ann", Role::Owner, None).await;
    scene.enter_at(1, "mod", Role::Mod, None).await;
    scene.done(0, scene.socket(0, "ann"), change(r#"{"slowModeSec":3600}"#)).await.unwrap();
    for round in 0..ROUNDS {
        let who = format!("ben{round}");
        let ben = || by_http(&who, Role::Member);
        scene.lossily(&mut dice);
        let (mut one, mut other) = (None, None);
        at_once(&mut dice, async { one = Some(scene.done(0, ben(), post("one")).await) }, async {
            other = Some(scene.done(1, ben(), post("other")).await)
        })
        .await;
        let refused: Vec<ErrorCode> =
            [one, other].into_iter().flatten().filter_map(Result::err).map(|refusal| refusal.code).collect();
        assert_eq!(refused, [ErrorCode::RateLimited], "round {round}");
        for at in [0, 1] {
            let soon = scene.done(at, ben(), post("too soon")).await.unwrap_err();
            assert_eq!(soon.code, ErrorCode::RateLimited, "round {round}");
        }
    }
}
