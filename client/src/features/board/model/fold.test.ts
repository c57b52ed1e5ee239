import { expect, test } from 'vitest';
import type { BoardOp, Element } from '../../../protocol';
import { ElementTable } from './elements';
import { byZ, fold } from './fold';
import cases from './fold-cases.json';

interface Case {
  name: string;
  before: Element[];
  batches: { by: string; ops: BoardOp[] }[];
  after: Element[];
}

test.each(cases as unknown as Case[])('$name', ({ before, batches, after }) => {
  const board = new ElementTable(before);
  for (const { by, ops } of batches) fold(board, by, ops);
  expect([...board.values()].sort(byZ)).toEqual(after);
});

test('a fold says what it touched', () => {
  const board = new ElementTable([{ id: 'a', kind: 'rect', color: '#000', width: 1, z: 1 }]);
  expect(fold(board, 'ann', [{ type: 'clear' }])).toEqual(new Set(['a']));
});
