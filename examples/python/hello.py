"""Says hello in a room, and prints what it hears: python hello.py URL TOKEN ROOM"""
import sys

import socketio

url, token, room = sys.argv[1:]
client = socketio.Client()
client.on("chat:message", lambda said: print(said["message"]["text"]), namespace="/rooms")
client.connect(url, auth={"token": token}, namespaces=["/rooms"])
client.call("joinRoom", {"roomId": room}, namespace="/rooms")
print(client.call("chat:message", {"roomId": room, "text": "Hello from Python"}, namespace="/rooms"))
client.sleep(5)
client.disconnect()
