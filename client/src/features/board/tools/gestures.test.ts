import { expect, test } from 'vitest';
import type { BoardOp, Element, Point } from '../../../protocol';
import { ElementTable } from '../model/elements';
import { startEraser } from './eraser';
import { fold } from '../model/fold';
import { overlap, boxOf } from '../model/geometry';
import type { ToolContext } from './gesture';
import { emptyUndoHistory, record, undo } from '../model/undoHistory';
import { elementAt, startMove } from './move';
import { MAX_POINTS, startPen } from './pen';
import { cornerAt } from '../model/pictureRect';
import { startResize } from './resize';
import { startShape } from './shape';

function setup() {
  const board = new ElementTable();
  let ids = 0;
  let history = emptyUndoHistory;
  let preview: readonly Element[] = [];
  const draw = (ops: readonly BoardOp[]) => void fold(board, 'me', ops);
  const drawing: ToolContext = {
    color: '#cf2f2a',
    width: 4,
    scale: 1,
    newId: () => `e${ids++}`,
    get: (id) => board.get(id),
    find: (area) => [...board.values()].filter((element) => overlap(boxOf(element), area)),
    draw,
    record: (inverse) => (history = record(history, inverse)),
    preview: (elements) => (preview = elements),
  };
  const takeBack = () => {
    const step = undo(history, (id) => board.get(id));
    history = step.history;
    draw(step.ops);
  };
  return { board, drawing, takeBack, all: () => [...board.values()], preview: () => preview };
}

const walk = (n: number): Point[] => Array.from({ length: n }, (_, i) => [i + 1, 0]);

test('the pen draws as it goes, and leaves out points that tell nothing new', () => {
  const { drawing, all } = setup();
  const gesture = startPen(drawing, [0.001, 0]);
  gesture.move(
    [
      [0.2, 0],
      [5, 5.123456],
    ],
    false,
  );
  expect(all()[0]?.points).toEqual([
    [0, 0],
    [5, 5.12],
  ]);
});

test('a long stroke is continued where it was cut, and is taken back as one', () => {
  const { drawing, all, takeBack } = setup();
  const gesture = startPen(drawing, [0, 0]);
  gesture.move(walk(MAX_POINTS + 500), false);
  gesture.end();
  expect(all().map((element) => element.points?.length)).toEqual([MAX_POINTS, 502]);
  expect(all()[1]?.points?.[0]).toEqual(all()[0]?.points?.at(-1));
  takeBack();
  expect(all()).toEqual([]);
});

test('a stroke that turns out to be a pinch leaves nothing', () => {
  const { drawing, all } = setup();
  const gesture = startPen(drawing, [0, 0]);
  gesture.move(walk(3), false);
  gesture.cancel();
  expect(all()).toEqual([]);
});

test('a shape is shown while it is drawn and put when it is done', () => {
  const { drawing, all, preview } = setup();
  const gesture = startShape(drawing, 'rect', [10, 10]);
  gesture.move([[0, 4]], false);
  expect(preview()).toHaveLength(1);
  expect(all()).toEqual([]);
  gesture.end();
  expect(all()[0]).toMatchObject({ kind: 'rect', x: 0, y: 4, w: 10, h: 6 });
});

test('with Shift a rectangle is a square and a line lies straight', () => {
  const { drawing, all } = setup();
  const square = startShape(drawing, 'rect', [0, 0]);
  square.move([[30, -20]], true);
  square.end();
  const line = startShape(drawing, 'line', [0, 0]);
  line.move([[100, 3]], true);
  line.end();
  expect(all()[0]).toMatchObject({ x: 0, y: -30, w: 30, h: 30 });
  expect(all()[1]?.points?.[1]?.[1]).toBe(0);
});

test('a mere tap makes no shape', () => {
  const { drawing, all } = setup();
  const gesture = startShape(drawing, 'line', [0, 0]);
  gesture.move([[1, 1]], false);
  gesture.end();
  expect(all()).toEqual([]);
});

test('the eraser takes all it passes over, and one undo brings it back', () => {
  const { drawing, all, takeBack } = setup();
  for (const x of [10, 20, 500]) {
    drawing.draw([
      {
        type: 'stroke',
        id: `s${x}`,
        points: [
          [x, -50],
          [x, 50],
        ],
        color: '#000',
        width: 2,
      },
    ]);
  }
  const gesture = startEraser(drawing, [0, 0]);
  gesture.move([[100, 0]], false);
  gesture.end();
  expect(all().map((element) => element.id)).toEqual(['s500']);
  takeBack();
  expect(all()).toHaveLength(3);
});

test('moving takes the highest, and can be taken back', () => {
  const { drawing, board, takeBack } = setup();
  const box = { x: 0, y: 0, w: 50, h: 50, color: '#000', width: 2 };
  drawing.draw([
    { type: 'put', element: { id: 'low', kind: 'rect', ...box } },
    { type: 'put', element: { id: 'high', kind: 'note', ...box, x: 20 } },
  ]);
  expect(elementAt(drawing, [30, 30])?.id).toBe('high');
  expect(startMove(drawing, [300, 300])).toBeUndefined();
  const gesture = startMove(drawing, [30, 30]);
  gesture?.move([[35, 40]], false);
  gesture?.end();
  expect(board.get('high')).toMatchObject({ x: 25, y: 10 });
  takeBack();
  expect(board.get('high')).toMatchObject({ x: 20, y: 0 });
});

test('a picture is resized by a corner, keeps its shape, and can be taken back', () => {
  const { drawing, board, takeBack } = setup();
  const image = { id: 'p', kind: 'image', src: '/a', color: '#000', width: 1 } as const;
  drawing.draw([{ type: 'put', element: { ...image, x: 100, y: 100, w: 80, h: 40 } }]);
  const picture = board.get('p')!;
  expect(cornerAt(picture, [140, 120], 10)).toBeUndefined();
  expect(cornerAt({ ...picture, kind: 'rect' }, [100, 100], 10)).toBeUndefined();
  const corner = cornerAt(picture, [95, 104], 10)!;
  expect(corner).toEqual({ right: 0, lower: 0 });
  const gesture = startResize(drawing, picture, corner);
  gesture.move([[20, 130]], false);
  gesture.end();
  expect(board.get('p')).toMatchObject({ x: 20, y: 60, w: 160, h: 80 });
  // Past the corner across it would turn over: it stays small instead.
  const back = startResize(drawing, board.get('p')!, { right: 1, lower: 1 });
  back.move([[-500, -500]], false);
  back.end();
  expect(board.get('p')).toMatchObject({ x: 20, y: 60, w: 16, h: 8 });
  takeBack();
  takeBack();
  expect(board.get('p')).toMatchObject({ x: 100, y: 100, w: 80, h: 40 });
});
