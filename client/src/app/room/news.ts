import { createStore, type StoreApi } from 'zustand/vanilla';

export interface Item {
  readonly id: number;
  readonly words: string;
}

/** A calm word now and then: each stays for a while, and no more than a few at a time. */
export interface News {
  readonly store: StoreApi<{ items: readonly Item[] }>;
  tell(words: string): void;
  dismiss(id: number): void;
  dispose(): void;
}

const STAY_MS = 6_000;
const MOST = 3;

export function createNews(): News {
  const store = createStore<{ items: readonly Item[] }>(() => ({ items: [] }));
  const ends = new Map<number, ReturnType<typeof setTimeout>>();
  let count = 0;

  function dismiss(id: number) {
    clearTimeout(ends.get(id));
    ends.delete(id);
    store.setState({ items: store.getState().items.filter((item) => item.id !== id) });
  }

  return {
    store,
    dismiss,
    tell(words) {
      // The same again is said by the one that stands there.
      const same = store.getState().items.find((item) => item.words === words);
      if (same) dismiss(same.id);
      const id = ++count;
      store.setState({ items: [...store.getState().items, { id, words }].slice(-MOST) });
      ends.set(
        id,
        setTimeout(() => dismiss(id), STAY_MS),
      );
    },
    dispose() {
      for (const end of ends.values()) clearTimeout(end);
    },
  };
}
