import { useStore } from 'zustand';
import { ZoomIn, ZoomOut } from 'lucide-react';
import { IconButton } from '../../../ui';
import styles from './BoardView.module.css';
import type { Viewport } from '../model/viewport';

export function ZoomButtons({ viewport }: { viewport: Viewport }) {
  const scale = useStore(viewport.store, (state) => state.camera.scale);
  const percent = `${Math.round(scale * 100)}%`;
  return (
    <div className={styles.cluster}>
      <IconButton label="Zoom out" onClick={() => viewport.zoom(0.8)}>
        <ZoomOut size={20} aria-hidden />
      </IconButton>
      <button
        type="button"
        className={styles.percent}
        aria-label={`Zoom is ${percent}. Show the whole page`}
        title="Show the whole page (0)"
        onClick={() => viewport.fit()}
      >
        {percent}
      </button>
      <IconButton label="Zoom in" onClick={() => viewport.zoom(1.25)}>
        <ZoomIn size={20} aria-hidden />
      </IconButton>
    </div>
  );
}
