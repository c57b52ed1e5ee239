//! Writers that post to live rooms, each as soon as its last message is acknowledged.

use crate::engines::Engine;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use studyrooms_app::{
    app::System,
    ice::IceConfig,
    room::{Acting, Actor, Broadcaster, Coordination, LiveRooms, Outgoing, Request},
    system::{SystemClock, SystemRandom},
};
use studyrooms_domain::{
    presence::{InstanceId, Terms},
    rooms::{Member, Room, RoomKind, default_settings},
};
use studyrooms_protocol::{
    chat::PostMessage,
    ids::{RoomId, SocketId},
    rooms::Role,
};
use studyrooms_store::{
    memory::{MemoryDirectory, MemoryPubSub},
    s3::{Keys, LocalS3, S3},
};

/// No sockets are in these rooms.
struct Nobody;

impl Broadcaster for Nobody {
    fn send_to_room(&self, _: &RoomId, _: Option<&SocketId>, _: &Outgoing) {}

    fn send_to_socket(&self, _: &SocketId, _: &Outgoing) {}
}

pub struct Run {
    pub rate: f64,
    sorted_ms: Vec<f64>,
}

impl Run {
    pub fn percentiles_ms(&self) -> [f64; 2] {
        [50, 99].map(|percent| self.sorted_ms[(self.sorted_ms.len() - 1) * percent / 100])
    }
}

pub async fn run(engine: &Engine, writers: usize, rooms: usize, length: Duration) -> Run {
    let system = System { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom) };
    let directory = Arc::new(MemoryDirectory::new(system.clock.clone(), Terms::DEFAULT));
    let instance = InstanceId("bench".into());
    let coordination = Coordination { instance, pubsub: Arc::new(MemoryPubSub::alone()), directory };
    let (directory_of_files, keys) =
        (tempfile::TempDir::new().unwrap(), Keys { access: "bench".into(), secret: "a secret of the bench".into() });
    let uploads = engine.stores.uploads.clone();
    let local = LocalS3::open(directory_of_files.path(), &keys, system.random.clone(), uploads, 0).unwrap();
    let objects = Arc::new(S3::inside(local, &keys));
    let hot =
        LiveRooms::new(engine.stores.clone(), objects, system, IceConfig::default(), coordination, Arc::new(Nobody));
    let mut ids = Vec::new();
    for n in 0..rooms {
        ids.push(make_room(engine, &format!("bench-{writers}-{rooms}-{n}")).await);
    }
    let began = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|writer| {
            let (hot, room_id) = (hot.clone(), ids[writer % rooms].clone());
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                while began.elapsed() < length {
                    let sent = Instant::now();
                    post(&hot, &room_id, writer).await;
                    latencies.push(sent.elapsed().as_secs_f64() * 1000.0);
                }
                latencies
            })
        })
        .collect();
    let mut sorted_ms = Vec::new();
    for task in tasks {
        sorted_ms.extend(task.await.unwrap());
    }
    let rate = sorted_ms.len() as f64 / began.elapsed().as_secs_f64();
    sorted_ms.sort_by(f64::total_cmp);
    hot.drain().await;
    Run { rate, sorted_ms }
}

async fn make_room(engine: &Engine, id: &str) -> RoomId {
    let room = Room {
        room_id: id.into(),
        code: id.into(),
        title: "Bench".into(),
        kind: RoomKind::Group,
        owner_id: "bench".into(),
        settings: default_settings(),
        created_at: 0,
    };
    let owner = Member { room_id: id.into(), user_id: "bench".into(), role: Role::Owner, joined_at: 0 };
    assert!(engine.stores.rooms.add(room, owner).await.unwrap());
    id.into()
}

async fn post(hot: &LiveRooms, room_id: &RoomId, writer: usize) {
    let user_id = format!("u{writer}").into();
    let acting = Acting { user_id, name: "Ann".into(), role: Role::Member, since: 0, socket_id: None };
    let writer = Actor::Member(Box::new(acting));
    let text = "A message of a usual length, as people write them in a chat.".into();
    let message = PostMessage { text, attachments: None, reply_to: None, event_id: None };
    hot.ask(room_id, writer, |reply| Request::Post(message, reply)).await.unwrap();
}
