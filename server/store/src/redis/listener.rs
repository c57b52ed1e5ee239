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
use studyrooms_domain::relay::{Ear, Heard};
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

type Ears = Arc<Mutex<HashMap<String, Ear>>>;

enum Wish {
    Subscribe(String, oneshot::Sender<()>),
    Unsubscribe(String),
}

/// Which channels are listened to, and where their messages go.
pub(super) struct Listener {
    ears: Ears,
    wishes: mpsc::UnboundedSender<Wish>,
}

impl Listener {
    /// Connects, and again whenever the connection ends, until the listener is dropped.
    pub(super) fn start(nodes: Connection) -> Self {
        let (wishes, heard) = mpsc::unbounded_channel();
        let ears = Ears::default();
        tokio::spawn(listen(nodes, ears.clone(), heard));
        Self { ears, wishes }
    }

    /// Done once Redis has confirmed it. When that is not waited for, it is made all the same.
    pub(super) async fn subscribe(&self, channel: String, ear: Ear) -> Result<(), oneshot::error::RecvError> {
        lock(&self.ears).insert(channel.clone(), ear);
        let (done, is_done) = oneshot::channel();
        // Who listens lives as long as this.
        self.wishes.send(Wish::Subscribe(channel, done)).ok();
        is_done.await
    }

    pub(super) fn unsubscribe(&self, channel: String) {
        lock(&self.ears).remove(&channel);
        self.wishes.send(Wish::Unsubscribe(channel)).ok();
    }
}

fn lock(ears: &Ears) -> MutexGuard<'_, HashMap<String, Ear>> {
    ears.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn listen(nodes: Connection, ears: Ears, mut wishes: mpsc::UnboundedReceiver<Wish>) {
    let mut pause = BACKOFF.0;
    let mut is_away = false;
    loop {
        match connect(&nodes, &ears).await {
            Ok((client, sink, stream)) => {
                if std::mem::take(&mut is_away) {
                    tracing::info!("Redis is back; other instances are heard again");
                }
                pause = BACKOFF.0;
                let all: Vec<Ear> = lock(&ears).values().cloned().collect();
                all.iter().for_each(|ear| ear(Heard::Gap));
                let there = There { nodes: &nodes, client };
                match attend(there, sink, stream, &ears, &mut wishes).await {
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
        if wishes.is_closed() {
            return;
        }
        sleep(pause).await;
        pause = (pause * 2).min(BACKOFF.1);
    }
}

/// A connection that listens to all that is wished for by now.
async fn connect(nodes: &Connection, ears: &Ears) -> RedisResult<(Client, PubSubSink, PubSubStream)> {
    let client = nodes.hearing().await?;
    let connection = within(client.get_async_pubsub()).await?;
    let (mut sink, stream) = connection.split();
    let channels: Vec<String> = lock(ears).keys().cloned().collect();
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

/// Where the connection leads.
struct There<'a> {
    nodes: &'a Connection,
    client: Client,
}

impl There<'_> {
    async fn is_right(&self) -> RedisResult<()> {
        if self.nodes.is_heard_at(&self.client).await {
            return Ok(());
        }
        Err(std::io::Error::new(std::io::ErrorKind::ConnectionAborted, "others speak at another node").into())
    }
}

/// Hands on what comes, until the connection fails, or ends well when nobody wishes any more.
///
/// Commands are sent beside the reading: their answers come among the messages.
async fn attend(
    there: There<'_>,
    mut sink: PubSubSink,
    mut stream: PubSubStream,
    ears: &Ears,
    wishes: &mut mpsc::UnboundedReceiver<Wish>,
) -> RedisResult<()> {
    let reading = async {
        while let Some(message) = stream.next().await {
            hand_on(ears, &message);
        }
    };
    let asking = async {
        let mut ping = interval(PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                wish = wishes.recv() => match wish {
                    Some(Wish::Subscribe(channel, done)) => {
                        within(sink.subscribe(&channel)).await?;
                        // Who asked may have gone on without waiting.
                        done.send(()).ok();
                    }
                    Some(Wish::Unsubscribe(channel)) => within(sink.unsubscribe(&channel)).await?,
                    None => return Ok(()),
                },
                _ = ping.tick() => {
                    within(sink.ping::<()>()).await?;
                    there.is_right().await?;
                }
            }
        }
    };
    tokio::select! {
        () = reading => Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset).into()),
        ended = asking => ended,
    }
}

fn hand_on(ears: &Ears, message: &Msg) {
    let ear = lock(ears).get(message.get_channel_name()).cloned();
    if let Some(ear) = ear {
        let payload = message.get_payload_bytes();
        ear(if payload.is_empty() { Heard::Gap } else { Heard::Message(payload.to_vec()) });
    }
}
