// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { BoardOp, Point } from '../../../protocol';
import { attachPointerInput } from './pointerInput';

function setUp() {
  const surface = document.createElement('div');
  surface.setPointerCapture = () => undefined;
  const ops: BoardOp[] = [];
  let ids = 0;
  const pan = vi.fn();
  const zoom = vi.fn();
  const parts = {
    board: {
      store: createStore(() => ({ tool: 'pen', mayDraw: true, color: '#000000', width: 4 })),
      newId: () => `e${ids++}`,
      get: () => undefined,
      draw: (drawn: readonly BoardOp[]) => ops.push(...drawn),
      record: vi.fn(),
      cursors: { point: vi.fn() },
    },
    renderer: { grid: { query: () => [] }, preview: vi.fn(), offer: vi.fn() },
    viewport: { store: createStore(() => ({ camera: { left: 0, top: 0, scale: 1 } })), pan, zoom },
    write: vi.fn(),
  };
  const hand = attachPointerInput(
    surface,
    parts as unknown as Parameters<typeof attachPointerInput>[1],
  );
  const event = (type: string, by: 'pen' | 'touch' | 'mouse', id: number, [x, y]: Point) => {
    const init = {
      pointerId: id,
      pointerType: by,
      clientX: x,
      clientY: y,
      button: 0,
      pressure: 0.5,
    };
    const it = new PointerEvent(type, init);
    it.getCoalescedEvents = () => [];
    surface.dispatchEvent(it);
  };
  /** What is on the paper: the points of each stroke. */
  const strokes = () => {
    const all = new Map<string, [number, number][]>();
    for (const op of ops) {
      const flat = 'points' in op ? op.points.map(([x, y]): [number, number] => [x, y]) : [];
      if (op.type === 'stroke') all.set(op.id ?? '', flat);
      if (op.type === 'append') all.get(op.id)?.push(...flat);
      if (op.type === 'erase') for (const id of op.ids) all.delete(id);
    }
    return [...all.values()];
  };
  return {
    ...{ strokes, pan, zoom, end: hand.detach },
    down: (by: 'pen' | 'touch', id: number, at: Point) => event('pointerdown', by, id, at),
    move: (by: 'pen' | 'touch', id: number, at: Point) => event('pointermove', by, id, at),
    up: (by: 'pen' | 'touch', id: number, at: Point) => event('pointerup', by, id, at),
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('draws on with the pen while a palm rests and moves on the glass', () => {
  const { strokes, pan, down, move, up } = setUp();
  down('pen', 1, [0, 0]);
  down('touch', 2, [200, 200]);
  move('touch', 2, [201, 200]);
  move('pen', 1, [10, 0]);
  down('touch', 3, [240, 200]);
  move('touch', 3, [260, 220]);
  move('pen', 1, [20, 0]);
  up('touch', 2, [201, 200]);
  up('pen', 1, [20, 0]);
  expect(strokes()).toEqual([
    [
      [0, 0],
      [10, 0],
      [20, 0],
    ],
  ]);
  expect(pan).not.toHaveBeenCalled();
});

it('takes back what the palm began before the pen came', () => {
  const { strokes, pan, zoom, down, move, up } = setUp();
  down('touch', 2, [200, 200]);
  move('touch', 2, [205, 200]);
  down('touch', 3, [240, 200]);
  down('pen', 1, [0, 0]);
  move('touch', 2, [260, 220]);
  move('pen', 1, [10, 0]);
  up('pen', 1, [10, 0]);
  expect(strokes()).toEqual([
    [
      [0, 0],
      [10, 0],
    ],
  ]);
  expect(pan).not.toHaveBeenCalled();
  expect(zoom).not.toHaveBeenCalled();
});

it('looks around with the fingers again when the pen is away', () => {
  const { strokes, pan, down, move, up } = setUp();
  down('pen', 1, [0, 0]);
  up('pen', 1, [0, 0]);
  vi.advanceTimersByTime(1_000);
  down('touch', 2, [100, 100]);
  move('touch', 2, [110, 100]);
  expect(pan).toHaveBeenCalledWith(10, 0);
  expect(strokes()).toHaveLength(1);
});

it('pinches with two fingers, and draws nothing by that', () => {
  const { strokes, zoom, down, move } = setUp();
  down('touch', 1, [100, 100]);
  down('touch', 2, [200, 100]);
  move('touch', 2, [300, 100]);
  expect(zoom).toHaveBeenCalled();
  expect(strokes()).toEqual([]);
});
