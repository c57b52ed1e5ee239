//! What is counted and measured, for `/metrics` (docs/OPERATIONS.md).

use metrics::{counter, describe_counter, describe_gauge, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use studyrooms_domain::log::LogName;

const GAPS_HEALED: &str = "studyrooms_gaps_healed_total";
const EPHEMERAL_DROPPED: &str = "studyrooms_ephemeral_dropped_total";
const LIVE_ROOMS: &str = "studyrooms_hot_rooms";
const ROOM_TURNS: &str = "studyrooms_room_turns_total";
const FOLLOWED: &str = "studyrooms_followed_entries_total";
const FOLLOWING_FAILED: &str = "studyrooms_following_failed_total";
const CONNECTIONS: &str = "studyrooms_connections";
const CONNECTIONS_EVICTED: &str = "studyrooms_connections_evicted_total";
const SESSIONS_EVICTED: &str = "studyrooms_sessions_evicted_total";
const SLOW_SOCKETS_CLOSED: &str = "studyrooms_slow_sockets_closed_total";
const WEBHOOKS: &str = "studyrooms_webhooks_total";

/// All that the process counts, from the first call on.
pub fn handle() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(start).clone()
}

fn start() -> PrometheusHandle {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    if let Err(error) = metrics::set_global_recorder(recorder) {
        tracing::error!(%error, "nothing is counted");
    }
    describe_counter!(
        GAPS_HEALED,
        "Entries of a log that no other instance was heard to append, and that were read from it"
    );
    describe_counter!(EPHEMERAL_DROPPED, "Events that are never stored and could not be sent on");
    describe_gauge!(LIVE_ROOMS, "Rooms in memory");
    describe_gauge!(CONNECTIONS, "Connections that are open");
    describe_counter!(CONNECTIONS_EVICTED, "Connections that had to go when there was no room for others");
    describe_counter!(SESSIONS_EVICTED, "Sessions that nobody had joined and that had to go for others");
    sessions_evicted(0);
    describe_counter!(SLOW_SOCKETS_CLOSED, "Sockets that did not read what they were sent, and were closed");
    connections(0);
    connections_evicted(0);
    counter!(SLOW_SOCKETS_CLOSED).increment(0);
    describe_counter!(ROOM_TURNS, "Times that the tasks of rooms woke: one that waits stands still");
    describe_counter!(FOLLOWED, "Entries of room logs that the worker has taken, by what for");
    describe_counter!(FOLLOWING_FAILED, "Times that the worker could not follow a room and tried again");
    describe_counter!(WEBHOOKS, "Tries to deliver a webhook, by what became of them");
    counter!(FOLLOWING_FAILED).increment(0);
    for outcome in [Webhook::Delivered, Webhook::Again, Webhook::Dead] {
        counter!(WEBHOOKS, "outcome" => outcome.as_str()).increment(0);
    }
    for log in [LogName::Room, LogName::Board] {
        gap_healed(log, 0);
    }
    counter!(EPHEMERAL_DROPPED).increment(0);
    handle
}

/// So many entries were read that had not been heard of.
pub(crate) fn gap_healed(log: LogName, entries: u64) {
    counter!(GAPS_HEALED, "log" => log.as_str()).increment(entries);
}

/// An event that may be lost was.
pub(crate) fn ephemeral_dropped() {
    counter!(EPHEMERAL_DROPPED).increment(1);
}

/// So many connections are open now.
#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
pub(crate) fn connections(count: usize) {
    gauge!(CONNECTIONS).set(count as f64);
}

/// So many connections had to go.
pub(crate) fn connections_evicted(count: usize) {
    counter!(CONNECTIONS_EVICTED).increment(count as u64);
}

/// So many sessions that nobody had joined had to go.
pub(crate) fn sessions_evicted(count: usize) {
    counter!(SESSIONS_EVICTED).increment(count as u64);
}

/// A socket that did not read was closed.
pub(crate) fn slow_socket_closed() {
    counter!(SLOW_SOCKETS_CLOSED).increment(1);
}

/// How many rooms are live now.
#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
pub(crate) fn live_rooms(count: usize) {
    gauge!(LIVE_ROOMS).set(count as f64);
}

/// How often the actors of rooms have woken so far.
pub(crate) fn room_iterations(iterations: u64) {
    counter!(ROOM_TURNS).absolute(iterations);
}

/// What became of a try to deliver a webhook.
#[derive(Clone, Copy)]
pub(crate) enum Webhook {
    Delivered,
    Again,
    Dead,
}

impl Webhook {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Again => "again",
            Self::Dead => "dead",
        }
    }
}

/// A webhook was tried.
pub(crate) fn webhook(outcome: Webhook) {
    counter!(WEBHOOKS, "outcome" => outcome.as_str()).increment(1);
}

/// A consumer of the worker has taken so many entries.
pub(crate) fn followed(consumer: &'static str, entries: u64) {
    counter!(FOLLOWED, "consumer" => consumer).increment(entries);
}

/// A room could not be followed.
pub(crate) fn following_failed() {
    counter!(FOLLOWING_FAILED).increment(1);
}
