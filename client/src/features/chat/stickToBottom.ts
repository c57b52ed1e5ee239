import { createStore, type StoreApi } from 'zustand/vanilla';

const NEAR_PX = 60;

/** What the list shows, as far as scrolling is concerned. */
export interface Shown {
  visible: boolean;
  /** Names the first row and the last. */
  firstKey: string;
  lastKey: string;
  /** Whether the last row is one's own. */
  mine: boolean;
}

export interface StickToBottom {
  /** Whether one is at the end; `missed` when something came below while one was reading above. */
  readonly place: StoreApi<{ atEnd: boolean; missed: boolean }>;
  /** The box that scrolls and what is in it, until the returned function is called. */
  attach: (box: HTMLElement, content: HTMLElement) => () => void;
  scrolled: () => void;
  toEnd: () => void;
  /** After each rendering, before it is painted. */
  rendered: (shown: Shown) => void;
}

/**
 * Keeps a list at its end while one is there, and in its place while one reads above: also when older
 * rows come, and when a picture gets its height after it was shown.
 */
export function createStickToBottom(): StickToBottom {
  const spot = createStore(() => ({ atEnd: true, missed: false }));
  let element: HTMLElement | null = null;
  let rows: HTMLCollection | null = null;
  let atEnd = true;
  let was = { firstKey: '', lastKey: '', height: 0 };
  /** The row at the upper edge, and where it was. */
  let held: { row: HTMLElement; top: number } | null = null;

  const toEnd = () => {
    if (element) element.scrollTop = element.scrollHeight;
    atEnd = true;
    spot.setState({ atEnd, missed: false });
  };

  const hold = () => {
    held = null;
    if (!element || !rows || atEnd) return;
    const row = firstEndingBelow(rows, element.scrollTop);
    if (row) held = { row, top: row.offsetTop };
  };

  const settle = () => {
    // A hidden list has no height.
    if (!element || element.clientHeight === 0) return;
    if (atEnd) {
      element.scrollTop = element.scrollHeight;
    } else if (held?.row.isConnected) {
      element.scrollTop += held.row.offsetTop - held.top;
      held.top = held.row.offsetTop;
    }
  };

  return {
    place: spot,
    toEnd,

    attach(box, content) {
      element = box;
      rows = content.children;
      // Of the box: the keyboard of a phone, or a banner. Of the content: pictures, letters, what unfolds.
      const observer = new ResizeObserver(settle);
      observer.observe(box);
      observer.observe(content);
      return () => {
        observer.disconnect();
        element = null;
        rows = null;
      };
    },

    scrolled() {
      // A hidden list has no height and reports nonsense.
      if (!element || element.clientHeight === 0) return;
      atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
      if (atEnd) spot.setState({ atEnd, missed: false });
      else if (spot.getState().atEnd) spot.setState({ atEnd });
      hold();
    },

    rendered({ visible, firstKey, lastKey, mine }) {
      if (!element || !visible) return;
      const isNew = lastKey !== was.lastKey;
      if (atEnd || (isNew && mine)) toEnd();
      else if (firstKey !== was.firstKey) element.scrollTop += element.scrollHeight - was.height;
      else if (isNew) spot.setState({ missed: true });
      was = { firstKey, lastKey, height: element.scrollHeight };
      hold();
    },
  };
}

/** Rows stand one below the other, so half of them are passed over at a time. */
function firstEndingBelow(rows: HTMLCollection, edge: number): HTMLElement | undefined {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle] as HTMLElement;
    if (row.offsetTop + row.offsetHeight > edge) high = middle;
    else low = middle + 1;
  }
  return rows[low] as HTMLElement | undefined;
}
