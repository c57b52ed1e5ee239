import { expect, test } from 'vitest';
import type { BoardOp, Element } from '../../../protocol';
import { ElementTable } from './elements';
import { fold } from './fold';
import { emptyUndoHistory, record, redo, undo, type UndoHistory } from './undoHistory';

const rect: Element = { id: 'r', kind: 'rect', x: 1, y: 1, w: 2, h: 2, color: '#000', width: 2 };

function setup(...elements: Element[]) {
  const board = new ElementTable();
  const draw = (by: string, ops: BoardOp[]) => void fold(board, by, ops);
  draw(
    'me',
    elements.map((element) => ({ type: 'put', element })),
  );
  const look = (id: string) => board.get(id);
  const step = (way: typeof undo, history: UndoHistory) => {
    const result = way(history, look);
    draw('me', result.ops);
    return result.history;
  };
  return { board, draw, step };
}

test('what was added goes and comes back where it was', () => {
  const { board, step } = setup(rect);
  const before = board.get('r');
  let history = record(emptyUndoHistory, { kind: 'remove', ids: ['r'] });
  history = step(undo, history);
  expect(board.get('r')).toBeUndefined();
  history = step(redo, history);
  expect(board.get('r')).toEqual(before);
  expect(history.undo).toHaveLength(1);
  expect(history.redo).toHaveLength(0);
});

test('what was erased comes back', () => {
  const { board, draw, step } = setup(rect);
  const gone = board.get('r')!;
  draw('me', [{ type: 'erase', ids: ['r'] }]);
  step(undo, record(emptyUndoHistory, { kind: 'add', elements: [gone] }));
  expect(board.get('r')).toEqual(gone);
});

test('what someone else has erased since is stepped over', () => {
  const { board, draw, step } = setup(rect, { ...rect, id: 'q' });
  let history = record(emptyUndoHistory, { kind: 'remove', ids: ['q'] });
  history = record(history, { kind: 'remove', ids: ['r'] });
  draw('other', [{ type: 'erase', ids: ['r'] }]);
  history = step(undo, history);
  expect(board.get('q')).toBeUndefined();
  expect(history.undo).toHaveLength(0);
});

test('a change taken back leaves what someone else has changed since', () => {
  const { board, draw, step } = setup(rect);
  const change = { kind: 'patch', id: 'r', from: { x: 5, y: 6 }, to: { x: 1, y: 1 } } as const;
  draw('me', [{ type: 'patch', id: 'r', set: { x: 5, y: 6 } }]);
  draw('other', [{ type: 'patch', id: 'r', set: { y: 9, color: '#f00' } }]);
  let history = record(emptyUndoHistory, change);
  history = step(undo, history);
  expect(board.get('r')).toMatchObject({ x: 1, y: 9, color: '#f00' });
  step(redo, history);
  expect(board.get('r')).toMatchObject({ x: 5, y: 9 });
});

test('something new makes redo impossible', () => {
  const { step } = setup(rect);
  let history = step(undo, record(emptyUndoHistory, { kind: 'remove', ids: ['r'] }));
  expect(history.redo).toHaveLength(1);
  history = record(history, { kind: 'remove', ids: ['q'] });
  expect(history.redo).toHaveLength(0);
});
