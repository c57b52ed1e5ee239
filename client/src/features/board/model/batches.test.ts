import { expect, test } from 'vitest';
import type { BoardOp, Element, Point } from '../../../protocol';
import { MAX_BATCH_BYTES, MAX_BATCH_POINTS, MAX_OPS, split } from './batches';
import { ElementTable } from './elements';
import { byZ, fold } from './fold';

/** What the server takes of one `whiteboard:draw`, with the room, the opId and the packet around it. */
const DRAW_BYTES = 256 * 1024;

const pen = (count: number): Point[] =>
  Array.from({ length: count }, (_, n) => [-12345.67 - n, 98765.43 + n, 0.55]);
/** As a client that does not round sends them. */
const exact = (count: number): Point[] =>
  Array.from({ length: count }, (_, n) => [
    -9_999_999.123456789 + Math.sin(n),
    Math.PI * n,
    0.1 / 3,
  ]);

const stroke = (id: string, points: Point[]): BoardOp => ({
  type: 'stroke',
  id,
  points,
  color: '#112233',
  width: 2,
});
const element = (id: string, points: Point[]): Element => ({
  id,
  kind: 'stroke',
  points,
  color: '#112233',
  width: 2,
});

function folded(before: readonly BoardOp[], lists: readonly (readonly BoardOp[])[]): Element[] {
  const board = new ElementTable();
  fold(board, 'me', before);
  for (const ops of lists) fold(board, 'me', ops);
  return [...board.values()].sort(byZ);
}

function expectToBeTaken(lists: BoardOp[][]) {
  for (const ops of lists) {
    const payload = JSON.stringify([
      'whiteboard:draw',
      { roomId: 'r'.repeat(64), opId: 'o'.repeat(64), ops },
    ]);
    expect(new TextEncoder().encode(payload).length).toBeLessThan(DRAW_BYTES);
    expect(JSON.stringify(ops).length).toBeLessThanOrEqual(MAX_BATCH_BYTES + MAX_OPS + 2);
    expect(ops.length).toBeLessThanOrEqual(MAX_OPS);
    const points = ops.flatMap((op) => {
      if (op.type === 'put') return op.element.points ?? [];
      if (op.type === 'patch') return op.set.points ?? [];
      return 'points' in op ? op.points : [];
    });
    expect(points.length).toBeLessThanOrEqual(MAX_BATCH_POINTS);
  }
}

const before = [stroke('old', [[0, 0]])];

test.each<[string, BoardOp[]]>([
  [
    'a board cleared and brought back',
    Array.from({ length: 100 }, (_, n) => ({ type: 'put', element: element(`s${n}`, pen(2_000)) })),
  ],
  [
    'the longest stroke of any client, brought back',
    [{ type: 'put', element: element('s', exact(10_000)) }],
  ],
  ['the longest stroke drawn at once', [stroke('s', exact(10_000))]],
  [
    'the longest stroke moved',
    [{ type: 'patch', id: 'old', set: { points: exact(10_000), color: '#abcdef' } }],
  ],
  [
    'a stroke that grew while offline',
    [stroke('s', [[1, 1]]), { type: 'append', id: 's', offset: 1, points: exact(9_999) }],
  ],
  [
    'notes in another script',
    Array.from({ length: 250 }, (_, n) => ({
      type: 'put',
      element: { ...element(`n${n}`, [[0, 0]]), text: '漢'.repeat(2_000) },
    })),
  ],
  [
    'everything erased by name',
    [
      {
        type: 'erase',
        ids: ['old', ...Array.from({ length: 9_999 }, (_, n) => `${n}`.padStart(64, 'x'))],
      },
    ],
  ],
])('%s goes in batches that the server takes, and looks the same', (_, ops) => {
  const lists = split(ops);
  expectToBeTaken(lists);
  expect(folded(before, lists)).toEqual(folded(before, [ops]));
});

test('what is small goes together as it is', () => {
  const ops: BoardOp[] = [stroke('a', pen(10)), { type: 'erase', ids: ['a'] }, { type: 'clear' }];
  expect(split(ops)).toEqual([ops]);
});
