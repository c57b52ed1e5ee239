//! What every stock client goes through in the tests: `story URL TOKEN ROOM TRANSPORT PEER`.
//! Prints one JSON array of the outcomes, in order.

use rust_socketio::{ClientBuilder, Payload, RawClient, TransportType, client::Client};
use serde_json::{Value, json};
use std::{env::args, error::Error, sync::mpsc, time::Duration};

const WAIT: Duration = Duration::from_secs(10);

fn main() -> Result<(), Box<dyn Error>> {
    let [url, token, room, transport, peer] = [1, 2, 3, 4, 5].map(|n| args().nth(n).unwrap_or_default());
    let transport = if transport == "polling" { TransportType::Polling } else { TransportType::Websocket };
    let builder = ClientBuilder::new(url).namespace("/rooms").auth(json!({ "token": token }));
    let (opened, opens) = mpsc::channel();
    let open = move |_: Payload, _: RawClient| drop(opened.send(String::new()));
    let client = builder.transport_type(transport).on("open", open).connect()?;
    // What is sent before the server has let one in is lost.
    opens.recv_timeout(WAIT)?;
    let stroke = json!({ "type": "stroke", "points": [[1, 2], [3, 4]], "color": "#123456", "width": 2 });
    let said = json!({ "roomId": room, "text": "hello", "eventId": "story-1" });
    let steps = [
        ("joinRoom", json!({ "roomId": room })),
        ("chat:message", said.clone()),
        ("chat:message", said),
        ("whiteboard:draw", json!({ "roomId": room, "ops": [stroke] })),
        ("room:sync", json!({ "roomId": room, "chatSeq": 0 })),
        ("signal:offer", json!({ "toSocketId": peer, "sdp": { "type": "offer", "sdp": "v=0" } })),
        ("chat:shout", json!({ "roomId": room })),
        ("chat:message", json!({ "roomId": room })),
        ("chat:message", json!({ "roomId": "elsewhere", "text": "hello" })),
        ("leaveRoom", json!({ "roomId": room })),
    ];
    let mut outcomes = vec![];
    for (event, payload) in steps {
        let ack = ask(&client, event, payload)?;
        outcomes.push(if ack["ok"] == true { json!("ok") } else { ack["error"]["code"].clone() });
    }
    println!("{}", Value::Array(outcomes));
    Ok(client.disconnect()?)
}

fn ask(client: &Client, event: &str, payload: Value) -> Result<Value, Box<dyn Error>> {
    let (sender, receiver) = mpsc::channel();
    let answered = move |payload: Payload, _: RawClient| {
        if let Payload::Text(values) = payload {
            sender.send(values).ok();
        }
    };
    client.emit_with_ack(event, payload, WAIT, answered)?;
    let first = receiver.recv_timeout(WAIT)?.into_iter().next().unwrap_or_default();
    // This client hands the arguments of an ack over as one array.
    Ok(first.get(0).cloned().unwrap_or(first))
}
