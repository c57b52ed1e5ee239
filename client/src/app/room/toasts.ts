import { createStore, type StoreApi } from 'zustand/vanilla';

export interface Toast {
  readonly id: number;
  readonly words: string;
}

/** Short notices: each stays for some seconds, at most three at a time. */
export interface Toasts {
  readonly store: StoreApi<{ items: readonly Toast[] }>;
  show(words: string): void;
  dismiss(id: number): void;
  dispose(): void;
}

const STAY_MS = 6_000;
const MOST = 3;

export function createToasts(): Toasts {
  const store = createStore<{ items: readonly Toast[] }>(() => ({ items: [] }));
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
    show(words) {
      // The same text replaces the one that is shown.
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
