import type { BoardOp, Point } from '../../../../client/src/protocol/index.ts';
import { atRate } from '../at-rate.ts';
import type { Guest } from '../guest.ts';
import type { Attacks } from './attack.ts';

/** Of one batch, below the 256 KiB that it may hold. */
const batchBytes = 250_000;
const strokePoints = 10_000;

const line = (count: number, from = 0): Point[] =>
  Array.from({ length: count }, (_, n): [number, number] => [
    ((n * 37 + from) % 4000) + 0.25,
    ((n * 91 + from) % 3000) + 0.5,
  ]);

const stroke = (points: Point[], id?: string): BoardOp => ({
  type: 'stroke',
  points,
  color: '#123456',
  width: 2,
  ...(id === undefined ? {} : { id }),
});

/** As many as a batch holds. */
function largest(op: (n: number) => BoardOp, most: number): BoardOp[] {
  const size = JSON.stringify(op(0)).length + 1;
  return Array.from(
    { length: Math.max(1, Math.min(most, Math.floor(batchBytes / size))) },
    (_, n) => op(n),
  );
}

/** One and the same batch, as often as it may be sent. */
function drawing(make: (guest: Guest) => BoardOp[][]): Attacks[string] {
  return async (guest, end) => {
    const who = guest.someone;
    const batches = make(guest).map((ops) => ({ roomId: who.roomId, ops }));
    await guest.throughout(who, end, async (connection, over) => {
      const frames = batches.map((batch) => connection.encode('whiteboard:draw', batch));
      await atRate(40, 80, over, (n) => {
        connection.send('whiteboard:draw', frames[n % frames.length] ?? []);
      });
    });
  };
}

/** A picture as large as a saved version may bear. */
const picture = `data:image/png;base64,${'A'.repeat(199_900)}`;

export const boardAttacks: Attacks = {
  'big strokes': drawing(() => [largest(() => stroke(line(strokePoints - 1)), 200)]),
  'many small strokes': drawing(() => [largest(() => stroke(line(70)), 200)]),
  'one stroke redrawn': drawing(({ number }) => {
    const id = `redrawn-${number}`;
    const points = line(strokePoints);
    return [
      [stroke(points, id)],
      [{ type: 'put', element: { id, kind: 'stroke', points, color: '#654321', width: 3 } }],
      [{ type: 'patch', id, set: { points: line(strokePoints, 7) } }],
    ];
  }),
  'a stroke that grows': drawing(({ number }) => {
    const id = `growing-${number}`;
    return [
      [stroke(line(1), id)],
      ...[0, 1, 2, 3].map((n): BoardOp[] => [
        { type: 'append', id, offset: 2_400 * n + 1, points: line(2_400, n) },
      ]),
      [{ type: 'erase', ids: [id] }],
    ];
  }),
  'drawn and erased': drawing(({ number }) => {
    const ids = Array.from({ length: 100 }, (_, n) => `erased-${number}-${n}`);
    return [ids.map((id) => stroke(line(150), id)), [{ type: 'erase', ids }]];
  }),
  'long texts': drawing(() => [
    largest(
      (n) => ({
        type: 'put',
        element: {
          id: `text-${n}`,
          kind: 'note',
          x: n,
          y: n,
          w: 100,
          h: 100,
          text: '文'.repeat(2_000),
          color: '#123456',
          width: 1,
        },
      }),
      40,
    ),
  ]),
  // Only where no one's lines are that must last.
  'the board wiped': async (guest, end) => {
    const who = guest.account;
    await guest.throughout(who, end, async (connection, over) => {
      const { roomId } = who;
      const drawn = connection.encode('whiteboard:draw', { roomId, ops: [stroke(line(5_000))] });
      const wiped = connection.encode('whiteboard:draw', { roomId, ops: [{ type: 'clear' }] });
      await atRate(40, 80, over, (n) =>
        connection.send('whiteboard:draw', n % 8 === 7 ? wiped : drawn),
      );
    });
  },
  'versions saved and read': async (guest, end) => {
    const who = guest.someone;
    const { token, roomId } = who;
    const path = `/api/rooms/${roomId}/board`;
    const route = 'GET /api/rooms/{room}/board';
    const reading = atRate(10, 20, end, async () => {
      const { versionId } = guest.known;
      await Promise.all([
        guest.call(route, `${path}?version=${versionId}`, { token }),
        guest.call(`${route}/versions`, `${path}/versions`, { token }),
      ]);
    });
    const saving = guest.throughout(who, end, async (connection, over) => {
      await atRate(0.5, 5, over, async (n) => {
        const title = `version ${n} `.padEnd(120, 'x');
        const ack = await connection.ask('whiteboard:save', { roomId, title, dataUrl: picture });
        const { version } = (ack ?? {}) as { version?: { versionId: string } };
        if (version) {
          guest.known.versionId = version.versionId;
          guest.counters.note('versions saved');
        }
      });
    });
    await Promise.all([reading, saving]);
  },
};
