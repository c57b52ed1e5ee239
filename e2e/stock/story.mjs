// What every stock client goes through in the tests: story.mjs URL TOKEN ROOM TRANSPORT PEER.
// Prints one JSON array of the outcomes, in order. TRANSPORT is websocket or polling, and with
// `msgpack-` before it the other parser is used, at its own path.
import { io } from 'socket.io-client';
import parser from 'socket.io-msgpack-parser';

const [url, token, roomId, transport, toSocketId] = process.argv.slice(2);
const packed = transport.startsWith('msgpack-');
const socket = io(`${url}/rooms`, {
  auth: { token },
  reconnection: false,
  transports: [transport.replace('msgpack-', '')],
  ...(packed ? { parser, path: '/socket.io-msgpack/' } : {}),
});
const stroke = {
  type: 'stroke',
  points: [
    [1, 2],
    [3, 4],
  ],
  color: '#123456',
  width: 2,
};
const said = { roomId, text: 'hello', eventId: 'story-1' };
const steps = [
  ['joinRoom', { roomId }],
  ['chat:message', said],
  ['chat:message', said],
  ['whiteboard:draw', { roomId, ops: [stroke] }],
  ['room:sync', { roomId, chatSeq: 0 }],
  ['signal:offer', { toSocketId, sdp: { type: 'offer', sdp: 'v=0' } }],
  ['chat:shout', { roomId }],
  ['chat:message', { roomId }],
  ['chat:message', { roomId: 'elsewhere', text: 'hello' }],
  ['leaveRoom', { roomId }],
];
const outcomes = [];
for (const [event, payload] of steps) {
  const ack = await socket.timeout(10_000).emitWithAck(event, payload);
  outcomes.push(ack.ok ? 'ok' : ack.error.code);
}
console.log(JSON.stringify(outcomes));
socket.disconnect();
