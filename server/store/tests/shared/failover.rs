//! A node is killed, and another takes its place: all goes on there, without a restart and by TLS.

use crate::{
    cluster::Cluster,
    engine::{HandClock, unique},
    node::Authority,
    pubsub::{Instances, next, subscribe, until_received},
    sentinels::Watched,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use studyrooms_domain::{
    limits::{Limited, RateLimits},
    presence::{Directory, InstanceId, Positions, Terms, Update},
    pubsub::{PubSub, Received},
    reachable::Reachable,
};
use studyrooms_protocol::ids::RoomId;
use studyrooms_store::redis::{Redis, RedisDirectory, RedisLimits, RedisPubSub};

/// From the kill on. The servers are told to wait for one second.
const BACK_WITHIN: Duration = Duration::from_secs(12);
/// An answer, or that there is none, takes no longer.
const ANSWERED_WITHIN: Duration = Duration::from_millis(900);

/// Two instances that share a Redis.
struct Scene {
    redis: [Redis; 2],
    pubsubs: Instances,
    directories: [RedisDirectory; 2],
    limits: [RedisLimits; 2],
}

impl Scene {
    async fn at(url: &str, authority: &Authority) -> Self {
        let connect = async || Redis::connect_trusting(url, authority.pem.clone()).await.unwrap();
        let redis = [connect().await, connect().await];
        let limits = |redis: Redis| RedisLimits::new(redis, Arc::new(HandClock::default()), 1.0);
        Self {
            pubsubs: redis.clone().map(|redis| Arc::new(RedisPubSub::new(redis)) as Arc<dyn PubSub>),
            directories: redis.clone().map(|redis| RedisDirectory::new(redis, Terms::DEFAULT)),
            limits: redis.clone().map(limits),
            redis,
        }
    }

    /// Everything, as it must be after the kill.
    async fn goes_on(&self, killed: Instant) {
        let room = RoomId(unique());
        for directory in &self.directories {
            until(killed, "the directory answers", async || {
                let update = Update {
                    instance: InstanceId(unique()),
                    claimed: vec![],
                    changed: vec![],
                    gone: vec![],
                    known: 0,
                    delivered: Positions::default(),
                };
                directory.settle(&room, update).await.is_ok()
            })
            .await;
        }
        // Of several people: their buckets are on different nodes of a cluster.
        for _ in 0..8 {
            until(killed, "limits are shared", async || {
                let who = unique();
                while self.limits[0].take(Limited::Login, &who).await.unwrap().is_ok() {}
                self.limits[1].peek(Limited::Login, &who).await.unwrap().is_err()
            })
            .await;
        }
        for redis in &self.redis {
            until(killed, "it is reachable", async || redis.reach().await.is_ok()).await;
        }
    }
}

async fn until(killed: Instant, what: &str, mut so: impl AsyncFnMut() -> bool) {
    loop {
        if so().await {
            return;
        }
        assert!(killed.elapsed() < BACK_WITHIN, "not after {:?}: {what}", killed.elapsed());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// While nobody answers, nobody is kept waiting for it.
async fn is_answered_in_time(scene: &Scene) {
    let began = Instant::now();
    scene.limits[0].take(Limited::Chat, &unique()).await.unwrap().unwrap();
    assert!(began.elapsed() < ANSWERED_WITHIN, "a limit took {:?}", began.elapsed());
    let began = Instant::now();
    scene.directories[0].renew(&InstanceId(unique())).await.ok();
    assert!(began.elapsed() < ANSWERED_WITHIN, "the directory took {:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sentinels_lead_to_another_master() {
    let authority = Authority::new();
    let mut watched = Watched::start(Some(&authority));
    let scene = Scene::at(&watched.url(), &authority).await;
    let [a, b] = &scene.pubsubs;
    let channel = unique();
    let mut at_b = subscribe(b, &channel).await;
    until_received(a, &channel, &mut at_b).await;
    let killed = Instant::now();
    watched.servers[0].kill();
    is_answered_in_time(&scene).await;
    while next(&mut at_b).await != Received::Gap {}
    until_received(a, &channel, &mut at_b).await;
    scene.goes_on(killed).await;
    eprintln!("sentinels: all went on {:?} after the kill", killed.elapsed());

    // The old master comes back as one that only follows.
    watched.servers[0].start_again();
    scene.goes_on(Instant::now()).await;
    until_received(a, &channel, &mut at_b).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_master_that_hangs_is_left() {
    let authority = Authority::new();
    let watched = Watched::start(Some(&authority));
    let scene = Scene::at(&watched.url(), &authority).await;
    let [a, b] = &scene.pubsubs;
    let channel = unique();
    let mut at_b = subscribe(b, &channel).await;
    let halted = Instant::now();
    watched.servers[0].signal("-STOP");
    is_answered_in_time(&scene).await;
    while next(&mut at_b).await != Received::Gap {}
    until_received(a, &channel, &mut at_b).await;
    scene.goes_on(halted).await;
    // Whatever it does when it wakes, nobody follows it.
    watched.servers[0].signal("-CONT");
    scene.goes_on(Instant::now()).await;
    until_received(a, &channel, &mut at_b).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_outlives_each_of_its_masters() {
    let authority = Authority::new();
    let mut cluster = Cluster::start(true, Some(&authority));
    let scene = Scene::at(&cluster.url(), &authority).await;
    let [a, b] = &scene.pubsubs;
    let channel = unique();
    let mut at_b = subscribe(b, &channel).await;
    until_received(a, &channel, &mut at_b).await;
    // One after the other: also the one that speaks, the one that listens, and the one with the directory.
    for master in 0..3 {
        let killed = Instant::now();
        cluster.nodes[master].kill();
        is_answered_in_time(&scene).await;
        let heir = &cluster.nodes[master + 3];
        crate::node::until("the replica takes over", || heir.info("replication", "role:master"));
        scene.goes_on(killed).await;
        until_received(a, &channel, &mut at_b).await;
        eprintln!("cluster: all went on {:?} after the kill", killed.elapsed());
        cluster.nodes[master].start_again();
        let node = &cluster.nodes[master];
        crate::node::until("it follows", || node.info("replication", "master_link_status:up"));
    }
    assert_eq!(a.subscriber_count(&channel).await.unwrap(), 1, "counted wherever it listens by now");
}
