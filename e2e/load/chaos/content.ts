import type { BoardOp } from '../../../client/src/protocol/index.ts';

/** What an entry holds follows from its id, so that everyone can tell whether it came unchanged. */

const weight = (id: string): number =>
  Array.from(id).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7);

export function textOf(id: string): string {
  return `${id} “says” ${'λ😀 & <b>'.repeat(weight(id) % 9)}.`;
}

/** An element that every batch paints anew: its last state tells the last batch. */
export const flag: BoardOp = {
  type: 'put',
  element: {
    id: 'flag',
    kind: 'note',
    x: 0,
    y: 0,
    w: 80,
    h: 40,
    text: '',
    color: '#000',
    width: 2,
  },
};

export function opsOf(id: string): BoardOp[] {
  const size = weight(id);
  const points = Array.from({ length: 2 + (size % 6) }, (_, n): [number, number] => [
    size + n,
    n + 0.5,
  ]);
  return [
    { type: 'stroke', id, points, color: '#123456', width: 1 + (size % 4) },
    { type: 'patch', id: 'flag', set: { text: id, x: size } },
  ];
}
