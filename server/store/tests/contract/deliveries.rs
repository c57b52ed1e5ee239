use crate::engine::{Engine, on_every_engine};
use futures_util::future::join_all;
use std::collections::BTreeSet;
use studyrooms_domain::webhooks::{Addressed, Delivery, Outcome, State};

on_every_engine!(
    what_is_noted_twice_is_one_delivery,
    what_is_due_is_leased_the_longest_due_first,
    two_workers_never_have_the_same,
    a_lease_that_is_over_goes_to_another_and_says_nothing_more,
    what_failed_waits_and_what_was_delivered_is_not_noted_anew,
    what_was_given_up_is_listed_tried_anew_or_forgotten,
    what_is_past_is_forgotten,
);

pub fn addressed(endpoint: &str, room: &str, seq: u64) -> Addressed {
    Addressed { endpoint: endpoint.into(), room_id: room.into(), seq }
}

async fn note(engine: &Engine, seqs: std::ops::RangeInclusive<u64>, at: u64) {
    let all = seqs.map(|seq| addressed("e", "r", seq)).collect();
    engine.store.enqueue(all, at).await.unwrap();
}

fn seqs(leased: &[Delivery]) -> Vec<u64> {
    let mut seqs: Vec<u64> = leased.iter().map(|delivery| delivery.addressed.seq).collect();
    seqs.sort_unstable();
    seqs
}

fn id(seq: u64) -> String {
    addressed("e", "r", seq).id()
}

async fn what_is_noted_twice_is_one_delivery(engine: Engine) {
    note(&engine, 1..=3, 10).await;
    note(&engine, 2..=4, 20).await;
    engine.store.enqueue(vec![addressed("other", "r", 1)], 30).await.unwrap();
    engine.store.enqueue(vec![], 30).await.unwrap();
    let engine = engine.reopened().await;
    let leased = engine.store.lease("e", "l", 100, 200, 10).await.unwrap();
    assert_eq!(seqs(&leased), [1, 2, 3, 4]);
    assert!(leased.iter().all(|delivery| delivery.tries == 0 && delivery.state == State::Waiting));
    assert_eq!(engine.store.next_due("other").await.unwrap(), Some(30));
    assert_eq!(engine.store.next_due("none").await.unwrap(), None);
}

async fn what_is_due_is_leased_the_longest_due_first(engine: Engine) {
    note(&engine, 5..=6, 20).await;
    note(&engine, 1..=2, 30).await;
    note(&engine, 3..=3, 10).await;
    let lease = async |now, limit| seqs(&engine.store.lease("e", "l", now, 1000, limit).await.unwrap());
    assert_eq!(engine.store.next_due("e").await.unwrap(), Some(10));
    assert!(lease(9, 10).await.is_empty());
    assert!(lease(100, 0).await.is_empty());
    assert_eq!(lease(29, 2).await, [3, 5]);
    assert_eq!(lease(29, 10).await, [6]);
    assert_eq!(engine.store.next_due("e").await.unwrap(), Some(30));
    assert_eq!(lease(100, 10).await, [1, 2]);
    assert_eq!(engine.store.next_due("e").await.unwrap(), Some(1000), "when the leases are over");
}

async fn two_workers_never_have_the_same(engine: Engine) {
    let other = engine.another_handle().await;
    note(&engine, 1..=40, 10).await;
    let mut seen = BTreeSet::new();
    for round in 0..40 {
        let leases = [(&engine.store, format!("a{round}")), (&other, format!("b{round}"))];
        let both = leases.iter().map(|(store, lease)| store.lease("e", lease, 100, 1000, 3));
        for leased in join_all(both).await {
            for seq in seqs(&leased.unwrap()) {
                assert!(seen.insert(seq), "{seq} was leased twice");
            }
        }
    }
    assert_eq!(seen.len(), 40);
}

async fn a_lease_that_is_over_goes_to_another_and_says_nothing_more(engine: Engine) {
    note(&engine, 1..=1, 10).await;
    assert_eq!(seqs(&engine.store.lease("e", "dead", 10, 50, 10).await.unwrap()), [1]);
    assert!(engine.store.lease("e", "new", 49, 90, 10).await.unwrap().is_empty());
    assert_eq!(seqs(&engine.store.lease("e", "new", 50, 90, 10).await.unwrap()), [1]);
    assert!(!engine.store.settle(&id(1), "dead", Outcome::Delivered { at: 60 }).await.unwrap());
    assert!(engine.store.settle(&id(1), "new", Outcome::Delivered { at: 60 }).await.unwrap());
    assert!(!engine.store.settle(&id(1), "new", Outcome::Dead { at: 60, why: "late".into() }).await.unwrap());
}

async fn what_failed_waits_and_what_was_delivered_is_not_noted_anew(engine: Engine) {
    note(&engine, 1..=2, 10).await;
    engine.store.lease("e", "l", 10, 50, 10).await.unwrap();
    let again = Outcome::Again { at: 70, why: "status 500".into() };
    assert!(engine.store.settle(&id(1), "l", again).await.unwrap());
    assert!(engine.store.settle(&id(2), "l", Outcome::Delivered { at: 20 }).await.unwrap());
    note(&engine, 1..=2, 30).await;
    assert_eq!(engine.store.next_due("e").await.unwrap(), Some(70));
    let leased = engine.store.lease("e", "m", 70, 90, 10).await.unwrap();
    assert_eq!((seqs(&leased), leased[0].tries), (vec![1], 1));
    assert_eq!(leased[0].why.as_deref(), Some("status 500"));
    assert!(engine.store.settle(&id(1), "m", Outcome::Delivered { at: 80 }).await.unwrap());
    assert_eq!(engine.store.next_due("e").await.unwrap(), None);
}

async fn what_was_given_up_is_listed_tried_anew_or_forgotten(engine: Engine) {
    let store = &engine.store;
    for seq in 1..=4 {
        note(&engine, seq..=seq, seq).await;
    }
    store.lease("e", "l", 10, 50, 10).await.unwrap();
    for seq in 1..=3 {
        assert!(store.settle(&id(seq), "l", Outcome::Dead { at: 20, why: "no answer".into() }).await.unwrap());
    }
    let dead = store.dead(10).await.unwrap();
    assert_eq!(dead.iter().map(|dead| dead.addressed.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!((dead[0].tries, dead[0].why.as_deref(), dead[0].due_at), (1, Some("no answer"), 20));
    assert_eq!(store.dead(2).await.unwrap().len(), 2);
    assert_eq!(store.next_due("e").await.unwrap(), Some(50), "the fourth is under way");
    // What is under way is no dead letter.
    assert_eq!(store.revive(Some(&[id(1), id(4), "none".into()]), 30).await.unwrap(), 1);
    let leased = store.lease("e", "m", 30, 90, 10).await.unwrap();
    assert_eq!((seqs(&leased), leased[0].tries, leased[0].since), (vec![1], 0, 30));
    assert_eq!(leased[0].why, None);
    assert_eq!(store.drop_dead(Some(&[id(2)])).await.unwrap(), 1);
    assert_eq!(store.revive(None, 40).await.unwrap(), 1);
    assert_eq!((store.drop_dead(None).await.unwrap(), store.dead(10).await.unwrap().len()), (0, 0));
}

async fn what_is_past_is_forgotten(engine: Engine) {
    let store = &engine.store;
    note(&engine, 1..=2, 10).await;
    note(&engine, 3..=4, 100).await;
    store.lease("e", "l", 100, 500, 10).await.unwrap();
    assert!(store.settle(&id(1), "l", Outcome::Delivered { at: 110 }).await.unwrap());
    assert!(store.settle(&id(2), "l", Outcome::Dead { at: 110, why: "no answer".into() }).await.unwrap());
    assert!(store.settle(&id(3), "l", Outcome::Delivered { at: 150 }).await.unwrap());
    assert_eq!(store.forget_past(110, 10).await.unwrap(), 0);
    assert_eq!(store.forget_past(120, 10).await.unwrap(), 1);
    assert_eq!(store.forget_past(120, 11).await.unwrap(), 1, "too old, whatever became of it");
    assert!(store.dead(10).await.unwrap().is_empty());
    note(&engine, 3..=3, 200).await;
    assert_eq!(seqs(&store.lease("e", "m", 500, 900, 10).await.unwrap()), [4], "the third is known still");
}
