import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStickToBottom } from './stickToBottom';

/** Rows of these heights in a box of 300, as far as a browser would lay them out. */
function list(heights: number[]) {
  const rows = heights.map((height, at) => ({
    isConnected: true,
    get offsetTop() {
      return heights.slice(0, at).reduce((sum, each) => sum + each, 0);
    },
    get offsetHeight() {
      return heights[at] ?? height;
    },
  }));
  const box = {
    clientHeight: 300,
    place: 0,
    get scrollHeight() {
      return heights.reduce((sum, each) => sum + each, 0);
    },
    get scrollTop() {
      return box.place;
    },
    set scrollTop(to: number) {
      box.place = Math.max(0, Math.min(to, box.scrollHeight - box.clientHeight));
    },
  };
  return {
    box: box as unknown as HTMLElement,
    content: { children: rows } as unknown as HTMLElement,
  };
}

let watched: Map<unknown, () => void>;
beforeEach(() => {
  watched = new Map();
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(private readonly tell: () => void) {}
      observe = (element: unknown) => watched.set(element, this.tell);
      disconnect = () => undefined;
    },
  );
});
afterEach(() => vi.unstubAllGlobals());

const shown = { visible: true, firstKey: 'a', lastKey: 'z', mine: false };

it('stays at the newest message when a picture gets its height', () => {
  const heights = [200, 40, 200, 40];
  const { box, content } = list(heights);
  const stick = createStickToBottom();
  stick.attach(box, content);
  stick.rendered(shown);
  expect(box.scrollTop).toBe(180);
  heights[1] = 260;
  watched.get(content)?.();
  expect(box.scrollTop).toBe(400);
});

it('stays where one reads when a picture above gets its height', () => {
  const heights = [40, 400, 400, 400];
  const { box, content } = list(heights);
  const stick = createStickToBottom();
  stick.attach(box, content);
  stick.rendered(shown);
  box.scrollTop = 500;
  stick.scrolled();
  heights[0] = 260;
  watched.get(content)?.();
  expect(box.scrollTop).toBe(720);
  // Below it nothing moves.
  heights[3] = 600;
  watched.get(content)?.();
  expect(box.scrollTop).toBe(720);
});

it('does not move twice when older messages come', () => {
  const heights = [400, 400, 400];
  const { box, content } = list(heights);
  const stick = createStickToBottom();
  stick.attach(box, content);
  stick.rendered(shown);
  box.scrollTop = 100;
  stick.scrolled();
  heights[0] = 1000;
  stick.rendered({ ...shown, firstKey: 'older' });
  watched.get(content)?.();
  expect(box.scrollTop).toBe(700);
});
