import { json } from '../../fuzz/json.ts';
import { textFrame } from '../../fuzz/lines.ts';
import { pack, Raw } from '../../fuzz/messagepack.ts';
import { packed } from '../../fuzz/packed.ts';
import { atRate } from '../at-rate.ts';
import type { Guest } from '../guest.ts';
import type { Attacks } from './attack.ts';

/** Sizes that are around each bound. */
const frameBytes = 1.25 * 2 ** 20;
const sizes = [33 << 10, 300 << 10, frameBytes - 4_096, frameBytes + 1, 5_000_000];
const depth = 200;

/** Packets of the largest size and above, on connections that the server may end for it. */
const oversized: Attacks[string] = async (guest, end) => {
  const who = guest.someone;
  const { roomId } = who;
  await guest.throughout(who, end, async (connection, over) => {
    const calls = sizes.map((size) =>
      connection.encode('chat:message', { roomId, text: 'x'.repeat(size) }),
    );
    await atRate(20, 0, over, (n) => {
      connection.send('chat:message', calls[n % calls.length] ?? []);
    });
  });
};

const nestedJson = `${'['.repeat(depth)}${']'.repeat(depth)}`;
const nestedPacked = Raw.of(...Array.from({ length: depth }, () => 0x91), 0xc0);

/** What is nested deeper than anything needs. */
const nested: Attacks[string] = async (guest, end) => {
  const who = guest.someone;
  const through = async (isPacked: boolean) => {
    const way = { dialect: isPacked ? packed : json, isPolling: false };
    await guest.throughout(
      who,
      end,
      async (connection, over) => {
        const frames = isPacked
          ? [
              {
                data: pack({ type: 2, nsp: '/rooms', data: ['chat:message', nestedPacked], id: 0 }),
                binary: true,
              },
            ]
          : [textFrame(`42/rooms,0["chat:message",${nestedJson}]`)];
        await atRate(50, 0, over, () => connection.send('chat:message', frames));
      },
      way,
    );
  };
  await Promise.all([through(true), through(false)]);
};

/** Into the room and out of it, on connection after connection. */
const comingAndGoing: Attacks[string] = async (guest, end) => {
  const who = guest.someone;
  const { roomId } = who;
  await atRate(4, 20, end, async () => {
    const connection = await guest.enter(who);
    if (connection && guest.chance.in(0.5)) await leave(connection, roomId);
    connection?.end();
  });
};

async function leave(connection: NonNullable<Awaited<ReturnType<Guest['enter']>>>, roomId: string) {
  await connection.ask('leaveRoom', { roomId });
}

export const frameAttacks: Attacks = {
  'too large': oversized,
  'nested deep': nested,
  'coming and going': comingAndGoing,
};
