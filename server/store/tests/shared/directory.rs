//! The directory of who is where: what every engine promises.

use crate::{
    engine::{HandClock, redis, unique},
    server::Server,
};
use std::{sync::Arc, time::Duration};
use studyrooms_domain::presence::{Directory, InstanceId, Listing, Place, Positions, Settled, Terms, Update};
use studyrooms_protocol::{
    call::Media,
    ids::{RoomId, SocketId},
    presence::Participant,
    rooms::Role,
};
use studyrooms_store::{
    memory::MemoryDirectory,
    redis::{Redis, RedisDirectory},
};

/// Short, so that the engine whose time passes by itself is not waited for long.
const TERMS: Terms = Terms { lease: Duration::from_millis(600), silence: Duration::from_millis(400) };

pub struct Scene {
    directory: Arc<dyn Directory>,
    /// None where time passes by itself.
    clock: Option<Arc<HandClock>>,
    name: String,
}

impl Scene {
    fn in_memory() -> Self {
        let clock = Arc::new(HandClock::default());
        clock.set(1_000_000);
        let directory = Arc::new(MemoryDirectory::new(clock.clone(), TERMS));
        Self { directory, clock: Some(clock), name: unique() }
    }

    pub async fn in_redis(url: &str) -> Self {
        let redis = Redis::connect(url).await.unwrap();
        Self { directory: Arc::new(RedisDirectory::new(redis, TERMS)), clock: None, name: unique() }
    }

    fn instance(&self, name: &str) -> InstanceId {
        InstanceId(format!("{}-{name}", self.name))
    }

    fn room(&self) -> RoomId {
        RoomId(self.name.clone())
    }

    async fn settle(&self, instance: &str, update: impl FnOnce(&mut Update)) -> Settled {
        let nothing = Update {
            instance: self.instance(instance),
            claimed: vec![],
            changed: vec![],
            gone: vec![],
            known: 0,
            delivered: Positions::default(),
        };
        let mut whole = nothing;
        update(&mut whole);
        self.directory.settle(&self.room(), whole).await.unwrap()
    }

    async fn claim(&self, instance: &str, socket: &str) -> Settled {
        self.settle(instance, |update| update.claimed.push(here(socket, 0))).await
    }

    /// Everyone in the room, as seen by an instance that knows nothing.
    async fn list(&self, instance: &str) -> Vec<Listing> {
        sorted(self.settle(instance, |_| {}).await.listings.unwrap())
    }

    /// `steps` times a third of a lease; the instances `alive` renew theirs at each.
    async fn pass(&self, steps: u32, alive: &[&str]) {
        for _ in 0..steps {
            let step = TERMS.lease / 3;
            match &self.clock {
                Some(clock) => clock.pass(u64::try_from(step.as_millis()).unwrap()),
                None => tokio::time::sleep(step).await,
            }
            for instance in alive {
                self.directory.renew(&self.instance(instance)).await.unwrap();
            }
        }
    }

    fn listing(&self, instance: &str, socket: &str, joined_at: u64) -> Listing {
        let (socket_id, place) = here(socket, joined_at);
        Listing { socket_id, instance: self.instance(instance), place }
    }
}

fn here(socket: &str, joined_at: u64) -> (SocketId, Place) {
    let participant = Participant {
        socket_id: socket.into(),
        user_id: socket.into(),
        name: "Ann Ünal, \"the first\"".into(),
        avatar_url: Some("/api/avatars/ann/v1".into()),
        role: Role::Member,
        joined_at,
        media: Media::default(),
        hand_raised: false,
        muted: vec![],
        resembles_moderator: Some(true),
    };
    (socket.into(), Place::Room { participant, at_work_since: Some(5) })
}

fn sorted(mut listings: Vec<Listing>) -> Vec<Listing> {
    listings.sort_by(|a, b| a.socket_id.cmp(&b.socket_id));
    listings
}

macro_rules! on_every_engine {
    ($($case:ident),* $(,)?) => {
        mod memory {
            $(#[tokio::test]
            async fn $case() {
                super::$case(super::Scene::in_memory()).await;
            })*
        }

        mod redis {
            // Leases are of a whole Redis: each case has its own, and nobody else renews.
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let server = crate::server::Server::start(crate::server::Server::free_port()).await;
                super::$case(super::Scene::in_redis(&server.url()).await).await;
            })*
        }

        /// All of them, one after the other.
        pub async fn every_case(begin: impl AsyncFn() -> Scene) {
            $(eprintln!("{}", stringify!($case));
            $case(begin().await).await;)*
        }
    };
}

on_every_engine!(
    what_one_lists_the_others_see,
    who_knows_the_version_is_not_told_again,
    who_hears_of_every_change_need_not_read_the_list,
    who_claims_last_has_the_socket,
    people_at_the_door_are_listed_too,
    what_a_dead_instance_listed_is_lost_to_one_caller,
    a_silence_of_all_kills_no_one,
    lists_of_rooms_are_apart,
    who_is_behind_with_the_logs_is_told,
);

async fn what_one_lists_the_others_see(scene: Scene) {
    scene.claim("a", "ann").await;
    scene.claim("b", "ben").await;
    assert_eq!(scene.list("c").await, [scene.listing("a", "ann", 0), scene.listing("b", "ben", 0)]);
    scene.settle("a", |update| update.changed.push(here("ann", 7))).await;
    scene.settle("b", |update| update.gone.push("ben".into())).await;
    assert_eq!(scene.list("c").await, [scene.listing("a", "ann", 7)]);
}

async fn who_knows_the_version_is_not_told_again(scene: Scene) {
    let first = scene.claim("a", "ann").await;
    let same = scene.settle("a", |update| update.known = first.version).await;
    assert_eq!((same.version, same.listings), (first.version, None));
    let own = scene
        .settle("a", |update| {
            update.known = first.version;
            update.claimed.push(here("ann2", 0));
        })
        .await;
    assert_ne!(own.version, first.version);
    assert_eq!(own.listings, None, "its own change is nothing new");
    let unchanged = scene.settle("b", |update| update.changed.push(here("ann", 0))).await;
    assert_eq!(unchanged.version, own.version, "what another has claimed is left alone");
    assert_eq!(unchanged.listings.unwrap().len(), 2);
    assert!(scene.settle("a", |update| update.known = first.version).await.listings.is_some());
}

async fn who_hears_of_every_change_need_not_read_the_list(scene: Scene) {
    let mut known = scene.claim("b", "ben").await.version;
    for number in 0..20 {
        let settled = scene
            .settle("a", |update| {
                update.known = known;
                update.claimed.push(here(&format!("ann{number}"), 0));
            })
            .await;
        assert_eq!(settled.before, known, "change {number}");
        assert!(settled.version > known);
        known = settled.version;
        let looked = scene.settle("b", |update| update.known = known).await;
        assert_eq!((looked.before, looked.version, looked.listings), (known, known, None));
    }
    scene.claim("a", "unheard").await;
    let next = scene.claim("a", "heard").await;
    assert!(next.before > known, "one before it was not received");
    assert_eq!(scene.settle("b", |update| update.known = known).await.listings.unwrap().len(), 23);
}

async fn who_claims_last_has_the_socket(scene: Scene) {
    let mine = scene.claim("a", "ann").await;
    assert!(mine.elsewhere.is_empty());
    scene.claim("b", "ann").await;
    let elsewhere = [SocketId::from("ann")];
    assert_eq!(scene.settle("a", |update| update.changed.push(here("ann", 9))).await.elsewhere, elsewhere);
    let late = scene.settle("a", |update| update.gone.extend(["ann".into(), "nobody".into()])).await;
    assert_eq!((late.elsewhere, late.version), (elsewhere.to_vec(), late.before), "nothing was done");
    assert_eq!(scene.list("c").await, [scene.listing("b", "ann", 0)]);
}

async fn people_at_the_door_are_listed_too(scene: Scene) {
    let door = Place::Door { user_id: "cem".into(), name: "Cem".into(), guest: true };
    scene.settle("a", |update| update.claimed.push(("s".into(), door.clone()))).await;
    assert_eq!(scene.list("b").await[0].place, door);
}

async fn what_a_dead_instance_listed_is_lost_to_one_caller(scene: Scene) {
    scene.claim("a", "ann").await;
    scene.claim("b", "ben").await;
    let known = scene.claim("c", "cem").await.version;
    scene.pass(2, &["b", "c"]).await;
    assert_eq!(scene.settle("b", |update| update.known = known).await.lost, [], "it may still come back");
    scene.pass(3, &["b", "c"]).await;
    let lost = scene.settle("b", |update| update.known = known).await;
    assert_eq!(lost.lost, [scene.listing("a", "ann", 0)]);
    assert_eq!(scene.settle("c", |_| {}).await.lost, []);
    assert_eq!(scene.list("c").await, [scene.listing("b", "ben", 0), scene.listing("c", "cem", 0)]);
}

async fn a_silence_of_all_kills_no_one(scene: Scene) {
    scene.claim("a", "ann").await;
    scene.claim("b", "ben").await;
    // As when the directory hangs and comes back: the first to ask must not find the others dead.
    scene.pass(6, &[]).await;
    let settled = scene.settle("a", |_| {}).await;
    assert_eq!((settled.lost, settled.listings.unwrap().len()), (vec![], 2));
    scene.pass(5, &["a"]).await;
    assert_eq!(scene.settle("a", |_| {}).await.lost, [scene.listing("b", "ben", 0)], "b really is dead");
}

async fn lists_of_rooms_are_apart(scene: Scene) {
    scene.claim("a", "ann").await;
    let update = Update {
        instance: scene.instance("a"),
        claimed: vec![],
        changed: vec![],
        gone: vec!["ann".into()],
        known: 0,
        delivered: Positions::default(),
    };
    let other = scene.directory.settle(&RoomId(unique()), update).await.unwrap();
    assert_eq!(other.listings.unwrap_or_default(), []);
    assert_eq!(scene.list("b").await.len(), 1);
}

async fn who_is_behind_with_the_logs_is_told(scene: Scene) {
    let ahead = Positions { room: 9_007_199_254_740_991, board: 4 };
    let version = scene.settle("a", |update| update.delivered = ahead).await.version;
    let behind = scene.settle("b", |update| update.delivered = Positions { room: 2, board: 5 }).await;
    assert_eq!(behind.newest, Positions { board: 5, ..ahead });
    assert_eq!(behind.version, version, "nobody came or went");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_forgot_all_begins_at_another_version() {
    let scene =
        Scene { directory: Arc::new(RedisDirectory::new(redis().await, Terms::DEFAULT)), clock: None, name: unique() };
    let first = scene.claim("a", "ann").await;
    let mut server = Server::start(Server::free_port()).await;
    let scene = Scene { name: scene.name, ..Scene::in_redis(&server.url()).await };
    let known = scene.claim("a", "ann").await.version;
    assert_ne!(first.version, 0);
    server.kill();
    let _again = Server::start(server.port).await;
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    let settled = loop {
        let nothing = Update {
            instance: scene.instance("a"),
            claimed: vec![],
            changed: vec![],
            gone: vec![],
            known,
            delivered: Positions::default(),
        };
        match scene.directory.settle(&scene.room(), nothing).await {
            Ok(settled) => break settled,
            Err(error) => assert!(std::time::Instant::now() < deadline, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(settled.listings.unwrap(), [], "it must be told that its sockets are not listed");
}
