import type { Element, Point } from '../../../protocol';
import type { Board } from '../model/board';
import { toBoard } from '../model/camera';
import { startEraser } from './eraser';
import type { ToolContext, Gesture } from './gesture';
import { takeCorner } from './handles';
import { elementAt, startMove } from './move';
import { startPen } from './pen';
import type { Renderer } from '../paint/renderer';
import { startResize } from './resize';
import { startShape } from './shape';
import type { Viewport } from '../model/viewport';

/** A second finger this soon after the first means a pinch, not a stroke. */
const PINCH_MS = 350;
/** For this long after a pen event touches are taken for the palm. */
const PEN_NEAR_MS = 800;
const WHEEL_ZOOM = 0.008;
/** How far from a corner, in pixels, a pointer takes it. */
const REACH = { mouse: 10, touch: 22, pen: 14 };

interface Parts {
  board: Board;
  renderer: Renderer;
  viewport: Viewport;
  /** Opens a text for writing: a known one, or a new one at a point. */
  write(at: Point, known: Element | undefined): void;
}

/** Turns pointer and wheel events on the board into tool gestures, panning and zooming. */
export function attachPointerInput(surface: HTMLElement, parts: Parts) {
  const { board, renderer, viewport } = parts;
  const stop = new AbortController();
  const touches = new Map<number, { x: number; y: number }>();
  /** Palm touches: ignored until they end. */
  const ignored = new Set<number>();
  let gesture: Gesture | undefined;
  let gesturePointer = -1;
  let gestureBy = '';
  let begunAt = 0;
  let panning: number | undefined;
  let lastAt = { x: 0, y: 0 };
  let spaceHeld = false;
  let penSeen = false;
  let penAt = -Infinity;

  const onScreen = (event: MouseEvent) => {
    const { left, top } = surface.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const pointOf = (event: PointerEvent): Point => {
    const { x, y } = onScreen(event);
    const [bx, by] = toBoard(viewport.store.getState().camera, x, y);
    return event.pointerType === 'pen' && event.pressure > 0 ? [bx, by, event.pressure] : [bx, by];
  };
  const drawing = (): ToolContext => {
    const { color, width } = board.store.getState();
    return {
      color,
      width,
      scale: viewport.store.getState().camera.scale,
      newId: () => board.newId(),
      get: (id) => board.get(id),
      find: (area) =>
        [...renderer.grid.query(area)].map((id) => board.get(id)).filter((it) => it !== undefined),
      draw: (ops) => board.draw(ops),
      record: (inverse) => board.record(inverse),
      preview: (elements, hidden) => renderer.preview(elements, hidden),
    };
  };

  function begin(at: Point, reach: number): Gesture | undefined {
    const { tool } = board.store.getState();
    switch (tool) {
      case 'pen':
        return startPen(drawing(), at);
      case 'eraser':
        return startEraser(drawing(), at);
      case 'move':
        return startMoving(at, reach);
      case 'text':
      case 'note':
        // The text opens when the pointer is lifted, or lifting would take the focus away.
        return {
          move: () => undefined,
          cancel: () => undefined,
          end: () => parts.write(at, writable(at)),
        };
      default:
        return startShape(drawing(), tool, at);
    }
  }

  function startMoving(at: Point, reach: number): Gesture | undefined {
    const taken = takeCorner(drawing(), renderer, at, reach);
    if (taken) return startResize(drawing(), taken.element, taken.corner);
    return startMove(drawing(), at);
  }

  /** Shows what may be dragged by its corners, before it is. */
  function hover(event: PointerEvent) {
    const { tool, mayDraw } = board.store.getState();
    let turn = '';
    if (tool === 'move' && mayDraw && event.pointerType === 'mouse' && !gesture) {
      const taken = takeCorner(drawing(), renderer, pointOf(event), REACH.mouse);
      if (taken) turn = taken.corner.right === taken.corner.lower ? 'nwse-resize' : 'nesw-resize';
    }
    if (!gesture) surface.style.cursor = turn;
  }

  function writable(at: Point): Element | undefined {
    const found = elementAt(drawing(), at);
    return found?.kind === 'text' || found?.kind === 'note' ? found : undefined;
  }

  function finish(how: 'end' | 'cancel') {
    const current = gesture;
    gesture = undefined;
    current?.[how]();
  }

  /** A tap beside an open text ends it. On glass the focus would only leave after the finger. */
  function endWriting(): boolean {
    const open = document.activeElement;
    if (!(open instanceof HTMLTextAreaElement) || !surface.parentElement?.contains(open))
      return false;
    open.blur();
    return true;
  }

  const isPenNear = () =>
    (gesture !== undefined && gestureBy === 'pen') || performance.now() - penAt < PEN_NEAR_MS;

  /** The pen comes first: what the hand began before it touched the glass was not meant. */
  function penFelt() {
    penSeen = true;
    penAt = performance.now();
    if (gesture && gestureBy === 'touch') finish('cancel');
    if (panning !== undefined && touches.has(panning)) panning = undefined;
    for (const id of touches.keys()) ignored.add(id);
    touches.clear();
  }

  function onDown(event: PointerEvent) {
    if (event.pointerType === 'pen') penFelt();
    const at = onScreen(event);
    if (event.pointerType === 'touch') {
      if (isPenNear()) {
        ignored.add(event.pointerId);
        return;
      }
      touches.set(event.pointerId, at);
      if (touches.size === 2) {
        if (gestureBy === 'touch')
          finish(performance.now() - begunAt < PINCH_MS ? 'cancel' : 'end');
        panning = undefined;
        return;
      }
      if (touches.size > 2) return;
    }
    surface.setPointerCapture(event.pointerId);
    // Who draws with a pen looks around with the fingers.
    const palm = penSeen && event.pointerType === 'touch';
    const { mayDraw } = board.store.getState();
    if (event.button === 1 || spaceHeld || palm || (event.button === 0 && !mayDraw)) {
      event.preventDefault();
      panning = event.pointerId;
      lastAt = at;
    } else if (event.button === 0 && !gesture) {
      const { tool } = board.store.getState();
      if (endWriting() && (tool === 'text' || tool === 'note')) return;
      begunAt = performance.now();
      gesturePointer = event.pointerId;
      gestureBy = event.pointerType;
      gesture = begin(pointOf(event), reachOf(event));
      if (!gesture) {
        panning = event.pointerId;
        lastAt = at;
      }
    }
    surface.toggleAttribute('data-panning', panning !== undefined);
  }

  function onMove(event: PointerEvent) {
    if (ignored.has(event.pointerId)) return;
    if (event.pointerType === 'pen') penAt = performance.now();
    const at = onScreen(event);
    if (touches.size >= 2 && touches.has(event.pointerId)) {
      pinch(event.pointerId, at);
      return;
    }
    if (touches.has(event.pointerId)) touches.set(event.pointerId, at);
    const [x, y] = pointOf(event);
    board.cursors.point(x, y, board.store.getState().tool);
    if (panning === event.pointerId) {
      viewport.pan(at.x - lastAt.x, at.y - lastAt.y);
      lastAt = at;
    } else if (gesture && gesturePointer === event.pointerId) {
      const all = event.getCoalescedEvents();
      gesture.move((all.length > 0 ? all : [event]).map(pointOf), event.shiftKey);
    } else hover(event);
  }

  function pinch(pointer: number, at: { x: number; y: number }) {
    const before = middle();
    touches.set(pointer, at);
    const after = middle();
    viewport.pan(after.x - before.x, after.y - before.y);
    if (before.spread > 0) viewport.zoom(after.spread / before.spread, after);
  }

  function middle() {
    const [a, b] = [...touches.values()];
    if (!a || !b) return { x: 0, y: 0, spread: 0 };
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, spread: Math.hypot(a.x - b.x, a.y - b.y) };
  }

  function onUp(event: PointerEvent) {
    if (event.pointerType === 'pen') penAt = performance.now();
    if (ignored.delete(event.pointerId)) return;
    touches.delete(event.pointerId);
    if (panning === event.pointerId) panning = undefined;
    if (gesturePointer === event.pointerId) finish(event.type === 'pointerup' ? 'end' : 'cancel');
    surface.toggleAttribute('data-panning', panning !== undefined);
  }

  function onWheel(event: WheelEvent) {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) {
      viewport.zoom(Math.exp(-event.deltaY * WHEEL_ZOOM), onScreen(event));
    } else if (event.shiftKey && event.deltaX === 0) viewport.pan(-event.deltaY, 0);
    else viewport.pan(-event.deltaX, -event.deltaY);
  }

  const options = { signal: stop.signal };
  const unsubscribe = board.store.subscribe(({ tool }) => {
    if (tool !== 'move') renderer.showHandles(undefined);
  });
  surface.addEventListener('pointerdown', onDown, options);
  surface.addEventListener('pointermove', onMove, options);
  surface.addEventListener('pointerup', onUp, options);
  surface.addEventListener('pointercancel', onUp, options);
  surface.addEventListener('wheel', onWheel, { ...options, passive: false });
  surface.addEventListener(
    'dblclick',
    (event) => {
      if (board.store.getState().tool !== 'move' || !board.store.getState().mayDraw) return;
      const { x, y } = onScreen(event);
      const at = toBoard(viewport.store.getState().camera, x, y);
      const known = writable(at);
      if (known) parts.write(at, known);
    },
    options,
  );

  return {
    /** While Space is held, dragging moves the view. */
    holdSpace(held: boolean) {
      spaceHeld = held;
      surface.toggleAttribute('data-space', held);
    },
    detach() {
      finish('end');
      unsubscribe();
      stop.abort();
    },
  };
}

function reachOf({ pointerType }: PointerEvent): number {
  return pointerType === 'touch' || pointerType === 'pen' ? REACH[pointerType] : REACH.mouse;
}
