import { createStore, type StoreApi } from 'zustand/vanilla';
import { fit, PAGE, pan, zoomAt, type Camera, type Size } from './camera';

export interface ViewportState {
  readonly camera: Camera;
  readonly size: Size;
}

/** Where this person looks. */
export interface Viewport {
  readonly store: StoreApi<ViewportState>;
  resize(width: number, height: number): void;
  pan(dx: number, dy: number): void;
  /** Around a point of the screen, or the middle. */
  zoom(factor: number, at?: { x: number; y: number }): void;
  /** Back to the page. */
  fit(): void;
}

export function createViewport(): Viewport {
  const store = createStore<ViewportState>(() => ({ camera: fit(PAGE), size: PAGE }));
  let moved = false;
  const set = (camera: Camera) => {
    moved = true;
    store.setState({ camera });
  };

  return {
    store,
    resize(width, height) {
      if (width === 0 || height === 0) return;
      const { camera, size } = store.getState();
      const next = { width, height };
      store.setState({
        size: next,
        // Who has not moved sees the page; who has keeps the middle.
        camera: moved
          ? pan(camera, (width - size.width) / 2, (height - size.height) / 2)
          : fit(next),
      });
    },
    pan: (dx, dy) => set(pan(store.getState().camera, dx, dy)),
    zoom(factor, at) {
      const { camera, size } = store.getState();
      set(zoomAt(camera, factor, at?.x ?? size.width / 2, at?.y ?? size.height / 2));
    },
    fit() {
      set(fit(store.getState().size));
      moved = false;
    },
  };
}
