//! The connection that listens to Redis' channels.

use super::connection::Connection;
use futures_util::StreamExt;
use redis::{
    Client, Msg, RedisError, RedisResult,
    aio::{PubSubSink, PubSubStream},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use studyrooms_domain::pubsub::{Received, Subscriber};
use tokio::{
    sync::{mpsc, oneshot},
    time::{MissedTickBehavior, interval, sleep, timeout},
};

/// An answer that takes longer is none, and the connection is given up.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
/// How often a connection that may be dead is asked.
const PING_EVERY: Duration = Duration::from_secs(2);
/// Pauses between attempts to connect.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));
/// Channels in one command.
const TOGETHER: usize = 500;

type Subscribers = Arc<Mutex<HashMap<String, Subscriber>>>;

enum Command {
    Subscribe(String, oneshot::Sender<()>),
    Unsubscribe(String),
}

/// The subscribed channels, and where their messages go.
pub(super) struct Listener {
    subscribers: Subscribers,
    commands: mpsc::UnboundedSender<Command>,
}

impl Listener {
    /// Connects, and again whenever the connection ends, until the listener is dropped.
    pub(super) fn start(nodes: Connection) -> Self {
        let (commands, received) = mpsc::unbounded_channel();
        let subscribers = Subscribers::default();
        tokio::spawn(listen(nodes, subscribers.clone(), received));
        Self { subscribers, commands }
    }

    /// Done once Redis has confirmed it. When that is not waited for, it is made all the same.
    pub(super) async fn subscribe(
        &self,
        channel: String,
        subscriber: Subscriber,
    ) -> Result<(), oneshot::error::RecvError> {
        lock(&self.subscribers).insert(channel.clone(), subscriber);
        let (done, is_done) = oneshot::channel();
        // The receiver lives as long as this.
        self.commands.send(Command::Subscribe(channel, done)).ok();
        is_done.await
    }

    pub(super) fn unsubscribe(&self, channel: String) {
        lock(&self.subscribers).remove(&channel);
        self.commands.send(Command::Unsubscribe(channel)).ok();
    }
}

fn lock(subscribers: &Subscribers) -> MutexGuard<'_, HashMap<String, Subscriber>> {
    subscribers.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn listen(nodes: Connection, subscribers: Subscribers, mut commands: mpsc::UnboundedReceiver<Command>) {
    let mut pause = BACKOFF.0;
    let mut is_away = false;
    loop {
        match connect(&nodes, &subscribers).await {
            Ok((client, sink, stream)) => {
                if std::mem::take(&mut is_away) {
                    tracing::info!("Redis is back; other instances are heard again");
                }
                pause = BACKOFF.0;
                let all: Vec<Subscriber> = lock(&subscribers).values().cloned().collect();
                all.iter().for_each(|subscriber| subscriber(Received::Gap));
                let node = Node { nodes: &nodes, client };
                match attend(node, sink, stream, &subscribers, &mut commands).await {
                    Ok(()) => return,
                    Err(error) => tracing::warn!(%error, "Redis is away; other instances are not heard"),
                }
                is_away = true;
            }
            Err(error) => {
                if !std::mem::replace(&mut is_away, true) {
                    tracing::warn!(%error, "Redis is away; other instances are not heard");
                }
            }
        }
        if commands.is_closed() {
            return;
        }
        sleep(pause).await;
        pause = (pause * 2).min(BACKOFF.1);
    }
}

/// A connection that is subscribed to every channel of `subscribers`.
async fn connect(nodes: &Connection, subscribers: &Subscribers) -> RedisResult<(Client, PubSubSink, PubSubStream)> {
    let client = nodes.subscribing_client().await?;
    let connection = within(client.get_async_pubsub()).await?;
    let (mut sink, stream) = connection.split();
    let channels: Vec<String> = lock(subscribers).keys().cloned().collect();
    for channels in channels.chunks(TOGETHER) {
        within(sink.subscribe(channels)).await?;
    }
    Ok((client, sink, stream))
}

async fn within<T>(asking: impl Future<Output = RedisResult<T>>) -> RedisResult<T> {
    timeout(ANSWER_WITHIN, asking)
        .await
        .map_err(|_| RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut)))?
}

/// The node the connection leads to.
struct Node<'a> {
    nodes: &'a Connection,
    client: Client,
}

impl Node<'_> {
    async fn is_right(&self) -> RedisResult<()> {
        if self.nodes.is_receiving_at(&self.client).await {
            return Ok(());
        }
        Err(std::io::Error::new(std::io::ErrorKind::ConnectionAborted, "others publish at another node").into())
    }
}

/// Hands on what comes, until the connection fails, or ends well when the listener is dropped.
///
/// Commands are sent beside the reading: their answers come among the messages.
async fn attend(
    node: Node<'_>,
    mut sink: PubSubSink,
    mut stream: PubSubStream,
    subscribers: &Subscribers,
    commands: &mut mpsc::UnboundedReceiver<Command>,
) -> RedisResult<()> {
    let reading = async {
        while let Some(message) = stream.next().await {
            hand_on(subscribers, &message);
        }
    };
    let asking = async {
        let mut ping = interval(PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                command = commands.recv() => match command {
                    Some(Command::Subscribe(channel, done)) => {
                        within(sink.subscribe(&channel)).await?;
                        // Who asked may have gone on without waiting.
                        done.send(()).ok();
                    }
                    Some(Command::Unsubscribe(channel)) => within(sink.unsubscribe(&channel)).await?,
                    None => return Ok(()),
                },
                _ = ping.tick() => {
                    within(sink.ping::<()>()).await?;
                    node.is_right().await?;
                }
            }
        }
    };
    tokio::select! {
        () = reading => Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset).into()),
        ended = asking => ended,
    }
}

fn hand_on(subscribers: &Subscribers, message: &Msg) {
    let subscriber = lock(subscribers).get(message.get_channel_name()).cloned();
    if let Some(subscriber) = subscriber {
        let payload = message.get_payload_bytes();
        subscriber(if payload.is_empty() { Received::Gap } else { Received::Message(payload.to_vec()) });
    }
}
