"""A stock python-socketio client: joins a room, says one thing, prints what it hears.

Usage: chat.py URL TOKEN ROOM TRANSPORT TEXT

Every line printed is one JSON object with the event's name and payload. Ends when someone
says "bye python".
"""

import json
import sys
import threading

import socketio

NAMESPACE = "/rooms"


def main(url: str, token: str, room: str, transport: str, text: str) -> None:
    """Chat until told to stop; every call is checked by its ack."""
    client = socketio.Client(reconnection=False)
    told_to_stop = threading.Event()
    # The library hears in threads of its own, and `print` writes a line in two steps.
    one_line_at_a_time = threading.Lock()

    def show(event: str, payload: object) -> None:
        with one_line_at_a_time:
            print(json.dumps({"event": event, "payload": payload}), flush=True)

    @client.on("chat:message", namespace=NAMESPACE)
    def heard(payload: dict) -> None:
        show("chat:message", payload)
        if payload["message"]["text"] == "bye python":
            told_to_stop.set()

    client.connect(url, auth={"token": token}, namespaces=[NAMESPACE], transports=[transport])
    joined = client.call("joinRoom", {"roomId": room, "name": "Python"}, namespace=NAMESPACE)
    show("joined", {"ok": joined["ok"], "transport": client.transport()})
    said = client.call("chat:message", {"roomId": room, "text": text}, namespace=NAMESPACE)
    show("said", said)
    refused = client.call("chat:message", {"roomId": room}, namespace=NAMESPACE)
    show("refused", refused)
    if not told_to_stop.wait(timeout=60):
        sys.exit("nobody told me to stop")
    client.disconnect()


if __name__ == "__main__":
    main(*sys.argv[1:])
