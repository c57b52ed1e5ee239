"""What every stock client goes through in the tests: story.py URL TOKEN ROOM TRANSPORT PEER.

Prints one JSON array of the outcomes, in order.
"""

import json
import sys

import socketio

NAMESPACE = "/rooms"


def main(url: str, token: str, room: str, transport: str, peer: str) -> None:
    """Take each step and note its outcome."""
    client = socketio.Client(reconnection=False)
    client.connect(url, auth={"token": token}, namespaces=[NAMESPACE], transports=[transport])
    stroke = {"type": "stroke", "points": [[1, 2], [3, 4]], "color": "#123456", "width": 2}
    said = {"roomId": room, "text": "hello", "eventId": "story-1"}
    steps = [
        ("joinRoom", {"roomId": room}),
        ("chat:message", said),
        ("chat:message", said),
        ("whiteboard:draw", {"roomId": room, "ops": [stroke]}),
        ("room:sync", {"roomId": room, "chatSeq": 0}),
        ("signal:offer", {"toSocketId": peer, "sdp": {"type": "offer", "sdp": "v=0"}}),
        ("chat:shout", {"roomId": room}),
        ("chat:message", {"roomId": room}),
        ("chat:message", {"roomId": "elsewhere", "text": "hello"}),
        ("leaveRoom", {"roomId": room}),
    ]
    outcomes = []
    for event, payload in steps:
        ack = client.call(event, payload, namespace=NAMESPACE, timeout=10)
        outcomes.append("ok" if ack["ok"] else ack["error"]["code"])
    print(json.dumps(outcomes), flush=True)
    client.disconnect()


if __name__ == "__main__":
    main(*sys.argv[1:])
