import type { Socket } from 'node:net';
import { json } from '../../fuzz/json.ts';
import { atRate } from '../at-rate.ts';
import type { Guest } from '../guest.ts';
import type { Connection } from '../connection.ts';
import type { Attacks } from './attack.ts';

/** Of one guest at one time. */
const connections = 120;
const sockets = 40;
const stalled = 6;

/** Opens connections until there are so many, again where the server ends them, and holds them. */
function holding(count: number, begin: (socket: Socket, guest: Guest) => void): Attacks[string] {
  return async (guest, end) => {
    const open = new Set<Socket>();
    await atRate(60, count, end, () => {
      if (open.size >= count) return;
      const socket = guest.http.connect();
      guest.counters.connections++;
      open.add(socket);
      socket.on('close', () => {
        if (open.delete(socket) && !end.aborted) guest.counters.note('idle connections ended');
      });
      // What comes is not read.
      socket.on('connect', () => begin(socket, guest));
    });
    for (const socket of open) socket.destroy();
  };
}

const head = (target: string, more = '') => `${target} HTTP/1.1\r\nHost: localhost\r\n${more}`;

/** A WebSocket by hand, with the key of the specification's example. */
const upgrade = head(
  `GET ${json.path}?EIO=4&transport=websocket`,
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
);

/** The head of a masked text frame of that length. */
function frameHead(length: number): Buffer {
  const bytes = Buffer.alloc(14);
  bytes.set([0x81, 0xff]);
  bytes.writeBigUInt64BE(BigInt(length), 2);
  return bytes;
}

/** Sockets of Socket.IO that come so far and no farther. */
function idling(open: (guest: Guest) => Promise<Connection | undefined>): Attacks[string] {
  return async (guest, end) => {
    const connections: Connection[] = [];
    await atRate(20, 0, end, async (n) => {
      if (n >= sockets) return;
      const connection = await open(guest);
      if (connection) connections.push(connection);
    });
    for (const connection of connections) {
      if (!connection.isOpen) guest.counters.note('idle sockets ended');
      connection.end();
    }
  };
}

export const connectionAttacks: Attacks = {
  'connections that send nothing': holding(connections, () => undefined),
  'half a header': holding(connections, (socket) => {
    socket.write(head('GET /api/me', 'X-Half: '));
  }),
  'a body that never ends': holding(connections / 2, (socket) => {
    socket.write(head('POST /api/auth/login', 'Content-Length: 200000\r\n'));
    socket.write('Content-Type: application/json\r\n\r\n{"email":"');
  }),
  'a frame that never ends': holding(connections / 2, (socket) => {
    socket.write(upgrade);
    // Most of the largest frame, so that as much is held for it as may be.
    socket.once('data', () => {
      socket.write(frameHead(1_200_000));
      socket.write(Buffer.alloc(1_100_000, 0x78));
    });
  }),
  'sessions that never enter': async (guest, end) => {
    const open = new Set<Socket>();
    await atRate(20, 40, end, async (n) => {
      await guest.call(
        'GET /socket.io/',
        `${json.path}?EIO=4&transport=polling&t=${guest.number}-${n}`,
      );
      if (open.size >= sockets) return;
      const socket = guest.http.connect();
      open.add(socket);
      socket.on('connect', () => socket.write(upgrade));
      socket.on('data', () => undefined);
      socket.on('close', () => {
        if (open.delete(socket) && !end.aborted) guest.counters.note('sessions ended');
      });
    });
    for (const socket of open) socket.destroy();
  },
  'many sockets in a room': idling((guest) => guest.enter(guest.someone)),
  'the waiting room crowded': idling((guest) => guest.knock(guest.target.waiting)),
  'slow readers': async (guest, end) => {
    const connections: Connection[] = [];
    const asked = { roomId: guest.target.attacked, chatSeq: 0, boardSeq: 0 };
    await atRate(5, stalled, end, async () => {
      for (const [n, connection] of connections.entries()) {
        if (!connection.isOpen) {
          guest.counters.note('slow readers ended');
          connections.splice(n, 1);
        }
        // Each question has an answer that is not read.
        connection.say('room:sync', asked);
      }
      if (connections.length >= stalled) return;
      const connection = await guest.enter(guest.visitor, { dialect: json, isPolling: false });
      if (!connection) return;
      connection.stall();
      connections.push(connection);
    });
    for (const connection of connections) connection.end();
  },
};
