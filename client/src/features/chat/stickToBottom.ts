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
  /** Until the returned function is called. */
  attach: (element: HTMLElement) => () => void;
  scrolled: () => void;
  toEnd: () => void;
  /** After each rendering, before it is painted. */
  rendered: (shown: Shown) => void;
}

/** Keeps a list at its end while one is there, and in its place when older rows come above. */
export function createStickToBottom(): StickToBottom {
  const spot = createStore(() => ({ atEnd: true, missed: false }));
  let element: HTMLElement | null = null;
  let atEnd = true;
  let was = { firstKey: '', lastKey: '', height: 0 };

  const toEnd = () => {
    if (element) element.scrollTop = element.scrollHeight;
    atEnd = true;
    spot.setState({ atEnd, missed: false });
  };

  return {
    place: spot,
    toEnd,

    attach(it) {
      element = it;
      // The keyboard of a phone, or a banner, makes the box smaller.
      const observer = new ResizeObserver(() => {
        if (atEnd && it.clientHeight > 0) it.scrollTop = it.scrollHeight;
      });
      observer.observe(it);
      return () => {
        observer.disconnect();
        element = null;
      };
    },

    scrolled() {
      // A hidden list has no height and reports nonsense.
      if (!element || element.clientHeight === 0) return;
      atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
      if (atEnd) spot.setState({ atEnd, missed: false });
      else if (spot.getState().atEnd) spot.setState({ atEnd });
    },

    rendered({ visible, firstKey, lastKey, mine }) {
      if (!element || !visible) return;
      const isNew = lastKey !== was.lastKey;
      if (atEnd || (isNew && mine)) toEnd();
      else if (firstKey !== was.firstKey) element.scrollTop += element.scrollHeight - was.height;
      else if (isNew) spot.setState({ missed: true });
      was = { firstKey, lastKey, height: element.scrollHeight };
    },
  };
}
