//! Says hello in a room, and prints the answer: `hello URL TOKEN ROOM`.

use rust_socketio::{ClientBuilder, Payload, RawClient};
use serde_json::json;
use std::{env::args, error::Error, sync::mpsc, time::Duration};

fn main() -> Result<(), Box<dyn Error>> {
    let [url, token, room] = [1, 2, 3].map(|n| args().nth(n).expect("hello URL TOKEN ROOM"));
    let (heard, hears) = mpsc::channel();
    let tell = move |what: Payload, _: RawClient| drop(heard.send(format!("{what:?}")));
    let client = ClientBuilder::new(url).namespace("/rooms").auth(json!({ "token": token }));
    let client = client.on("open", tell.clone()).connect()?;
    let wait = Duration::from_secs(10);
    hears.recv_timeout(wait)?;
    client.emit_with_ack("joinRoom", json!({ "roomId": room }), wait, tell.clone())?;
    hears.recv_timeout(wait)?;
    client.emit_with_ack("chat:message", json!({ "roomId": room, "text": "Hello from Rust" }), wait, tell)?;
    println!("{}", hears.recv_timeout(wait)?);
    Ok(client.disconnect()?)
}
