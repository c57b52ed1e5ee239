//! A worker that dies at any step, and the next one, which takes up what it left.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use studyrooms_app::{
    app::{Stores, System},
    system::{SystemClock, SystemRandom},
    worker::{Secret, Webhooks, Worker, endpoint_name},
};
use studyrooms_domain::{
    log::{Draft, EntryBody, Focus, FocusStretch, LogName, MessageBody},
    rooms::{Member, Room, RoomKind, default_settings},
    stats::Worked,
    store::{StoreError, Stored},
    summaries::Day,
    webhooks::{Addressed, Delivery, Filter, Outcome, Schedule},
    worker::{Deliveries, FocusLedger, Followed, Following, Summaries},
};
use studyrooms_protocol::{
    Seq, Timestamp,
    ids::{RoomId, UserId},
    rooms::Role,
};
use studyrooms_store::{embedded::Embedded, memory::MemoryPubSub};
use tempfile::TempDir;

const DAY: Timestamp = 86_400_000;
const MINUTE: Timestamp = 60_000;

/// How many calls to the store the worker lives for; and whether its last is carried out, its answer lost.
struct Fate {
    left: AtomicI64,
    carries_out: bool,
}

impl Fate {
    async fn call<T>(&self, call: impl Future<Output = Stored<T>>) -> Stored<T> {
        let left = self.left.fetch_sub(1, Ordering::SeqCst);
        if left > 0 {
            return call.await;
        }
        if left == 0 && self.carries_out {
            call.await?;
        }
        Err(StoreError::Unavailable("the worker is dead".into()))
    }
}

struct Mortal<T: ?Sized> {
    fate: Arc<Fate>,
    store: Arc<T>,
}

#[async_trait::async_trait]
impl Following for Mortal<dyn Following> {
    async fn positions(&self, room_ids: &[RoomId]) -> Stored<Vec<Followed>> {
        self.fate.call(self.store.positions(room_ids)).await
    }

    async fn advance(&self, consumer: &str, room_id: &RoomId, from: Seq, to: Seq) -> Stored<bool> {
        self.fate.call(self.store.advance(consumer, room_id, from, to)).await
    }

    async fn forget_room(&self, room_id: &RoomId) -> Stored<()> {
        self.fate.call(self.store.forget_room(room_id)).await
    }
}

#[async_trait::async_trait]
impl Deliveries for Mortal<dyn Deliveries> {
    async fn enqueue(&self, deliveries: Vec<Addressed>, at: Timestamp) -> Stored<()> {
        self.fate.call(self.store.enqueue(deliveries, at)).await
    }

    async fn lease(
        &self,
        endpoint: &str,
        lease: &str,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Stored<Vec<Delivery>> {
        self.fate.call(self.store.lease(endpoint, lease, now, until, limit)).await
    }

    async fn settle(&self, id: &str, lease: &str, outcome: Outcome) -> Stored<bool> {
        self.fate.call(self.store.settle(id, lease, outcome)).await
    }

    async fn next_due(&self, endpoint: &str) -> Stored<Option<Timestamp>> {
        self.fate.call(self.store.next_due(endpoint)).await
    }

    async fn dead(&self, limit: usize) -> Stored<Vec<Delivery>> {
        self.fate.call(self.store.dead(limit)).await
    }

    async fn revive(&self, ids: Option<&[String]>, now: Timestamp) -> Stored<u64> {
        self.fate.call(self.store.revive(ids, now)).await
    }

    async fn drop_dead(&self, ids: Option<&[String]>) -> Stored<u64> {
        self.fate.call(self.store.drop_dead(ids)).await
    }

    async fn forget_past(&self, delivered: Timestamp, noted: Timestamp) -> Stored<u64> {
        self.fate.call(self.store.forget_past(delivered, noted)).await
    }
}

#[async_trait::async_trait]
impl Summaries for Mortal<dyn Summaries> {
    async fn day(&self, room_id: &RoomId, date: &str) -> Stored<Option<Day>> {
        self.fate.call(self.store.day(room_id, date)).await
    }

    async fn replace(&self, room_id: &RoomId, day: Day, before: Seq) -> Stored<bool> {
        self.fate.call(self.store.replace(room_id, day, before)).await
    }

    async fn days_before(&self, room_id: &RoomId, before: Option<&str>, limit: usize) -> Stored<Vec<Day>> {
        self.fate.call(self.store.days_before(room_id, before, limit)).await
    }
}

#[async_trait::async_trait]
impl FocusLedger for Mortal<dyn FocusLedger> {
    async fn note(&self, work: Vec<Worked>) -> Stored<()> {
        self.fate.call(self.store.note(work)).await
    }

    async fn work_of(&self, user_id: &UserId, limit: usize) -> Stored<Vec<Worked>> {
        self.fate.call(self.store.work_of(user_id, limit)).await
    }
}

fn mortal(stores: &Stores, left: i64, carries_out: bool) -> Stores {
    let fate = Arc::new(Fate { left: AtomicI64::new(left), carries_out });
    Stores {
        following: Arc::new(Mortal { fate: fate.clone(), store: stores.following.clone() }),
        deliveries: Arc::new(Mortal { fate: fate.clone(), store: stores.deliveries.clone() }),
        summaries: Arc::new(Mortal { fate: fate.clone(), store: stores.summaries.clone() }),
        focus: Arc::new(Mortal { fate, store: stores.focus.clone() }),
        ..stores.clone()
    }
}

fn worker(stores: &Stores) -> Worker {
    let system = System { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) };
    let secret = Secret::new("a secret that no one can guess").unwrap();
    let schedule = Schedule { first: Duration::from_secs(5) };
    let url = "http://127.0.0.1:9/".parse().unwrap();
    let webhooks = Webhooks::new(vec![url], secret, Filter::all(), schedule, Duration::from_secs(15)).unwrap();
    Worker::new(stores.clone(), None, system, Arc::new(MemoryPubSub::alone()), webhooks)
}

fn body(id: &str) -> EntryBody {
    EntryBody::Message(MessageBody {
        id: id.into(),
        sender_name: "Ann".into(),
        text: "hi".into(),
        attachments: vec![],
        reply_to: None,
        own_event_id: false,
    })
}

async fn append(stores: &Stores, room_id: &RoomId, said: Vec<(&str, Timestamp, EntryBody)>) {
    let before = stores.logs.last_seq(room_id, LogName::Room).await.unwrap();
    let draft = |(n, (user, timestamp, body)): (u64, (&str, _, _))| Draft {
        event_id: format!("{}", before + n).into(),
        user_id: user.into(),
        timestamp,
        body,
    };
    stores.logs.append(room_id, LogName::Room, (1..).zip(said).map(draft).collect()).await.unwrap();
}

async fn make_room(stores: &Stores, room_id: &RoomId) {
    let room = Room {
        room_id: room_id.clone(),
        code: format!("code-{room_id}"),
        title: "Algebra".into(),
        kind: RoomKind::Group,
        owner_id: "ann".into(),
        settings: default_settings(),
        created_at: 1,
    };
    let owner = Member { room_id: room_id.clone(), user_id: "ann".into(), role: Role::Owner, joined_at: 1 };
    assert!(stores.rooms.add(room, owner).await.unwrap());
}

/// Over two days, with a deletion of what was said on the first; half of it is followed before.
async fn fill(stores: &Stores, room_id: &RoomId) {
    let people = ["ann", "ben"].map(|who| Focus { user_id: who.into(), from: DAY - 10 * MINUTE }).into();
    let first = vec![
        ("ann", 1, body("m1")),
        ("ben", 2, body("m2")),
        ("eve", 3, EntryBody::Joined { socket_id: "s".into(), name: "Eve".into() }),
    ];
    append(stores, room_id, first).await;
    worker(stores).follow(room_id).await.unwrap();
    let second = vec![
        ("ann", DAY + 1, body("m3")),
        ("ann", DAY + 2, EntryBody::Deleted { message_id: "m2".into() }),
        ("ann", DAY + 3, EntryBody::Focused(FocusStretch { to: DAY + 15 * MINUTE, people })),
        ("ben", DAY + 4, EntryBody::Deleted { message_id: "m2".into() }),
    ];
    append(stores, room_id, second).await;
}

async fn check(stores: &Stores, room_id: &RoomId) {
    let days = stores.summaries.days_before(room_id, None, 10).await.unwrap();
    let days: Vec<_> = days.iter().map(Day::summary).collect();
    let numbers = |day: usize| {
        let day = &days[day];
        (&*day.date, day.messages, day.people, day.joined, day.focus_minutes)
    };
    assert_eq!(days.len(), 2);
    assert_eq!(numbers(0), ("1970-01-01", 1, 3, 1, 20));
    assert_eq!(numbers(1), ("1970-01-02", 1, 2, 0, 30));
    for who in ["ann", "ben"] {
        let work = stores.focus.work_of(&who.into(), 100).await.unwrap();
        let here = work.iter().filter(|work| &work.room_id == room_id);
        assert_eq!(here.map(|work| work.seq).collect::<Vec<_>>(), [6]);
    }
    let places = stores.following.positions(std::slice::from_ref(room_id)).await.unwrap();
    let places: BTreeMap<String, Seq> = places.into_iter().map(|place| (place.consumer, place.seq)).collect();
    assert_eq!(places, BTreeMap::from(["focus", "summaries", "webhooks"].map(|name| (name.to_owned(), 7))));
    let endpoint = endpoint_name(&"http://127.0.0.1:9/".parse().unwrap());
    let due = stores.deliveries.lease(&endpoint, &room_id.0, u64::MAX / 4, u64::MAX / 2, 1000).await.unwrap();
    let mut told: Vec<Seq> =
        due.iter().filter(|due| &due.addressed.room_id == room_id).map(|due| due.addressed.seq).collect();
    told.sort_unstable();
    assert_eq!(told, (1..=7).collect::<Vec<_>>());
}

// SPEC 12.2
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_between_any_two_steps_nothing_is_missed_or_taken_twice() {
    let directory = TempDir::new().unwrap();
    let stores = Stores::of(Arc::new(Embedded::open(directory.path()).unwrap()));
    let mut deaths = 0;
    for carries_out in [false, true] {
        for left in 0.. {
            let room_id = RoomId(format!("room-{carries_out}-{left}"));
            make_room(&stores, &room_id).await;
            fill(&stores, &room_id).await;
            let died = worker(&mortal(&stores, left, carries_out)).follow(&room_id).await.is_err();
            worker(&stores).follow(&room_id).await.unwrap();
            check(&stores, &room_id).await;
            if !died {
                break;
            }
            deaths += 1;
        }
    }
    assert!(deaths >= 2 * 8, "{deaths} steps are too few to be all of them");
}

// SPEC 12.2
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_that_follow_at_once_take_everything_once() {
    let directory = TempDir::new().unwrap();
    let stores = Stores::of(Arc::new(Embedded::open(directory.path()).unwrap()));
    let room_id = RoomId("room".into());
    make_room(&stores, &room_id).await;
    fill(&stores, &room_id).await;
    let workers: Vec<Worker> = (0..8).map(|_| worker(&stores)).collect();
    let all = workers.iter().map(|worker| worker.follow(&room_id));
    for outcome in futures_util::future::join_all(all).await {
        outcome.unwrap();
    }
    check(&stores, &room_id).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_room_that_is_removed_meanwhile_nothing_is_kept() {
    let directory = TempDir::new().unwrap();
    let stores = Stores::of(Arc::new(Embedded::open(directory.path()).unwrap()));
    let room_id = RoomId("room".into());
    make_room(&stores, &room_id).await;
    fill(&stores, &room_id).await;
    assert!(stores.rooms.remove(&room_id).await.unwrap());
    // As a worker does that had read the log before, and finds the room gone after.
    append(&stores, &room_id, vec![("ann", 1, body("m1"))]).await;
    worker(&stores).follow(&room_id).await.unwrap();
    assert!(stores.following.positions(std::slice::from_ref(&room_id)).await.unwrap().is_empty());
    assert!(stores.summaries.days_before(&room_id, None, 10).await.unwrap().is_empty());
}
