import { useEffect, useEffectEvent, useRef } from 'react';
import { useStore } from 'zustand';
import type { Board } from './board';
import styles from './BoardView.module.css';
import { measureAnew } from './lettering';
import { Renderer } from './renderer';
import { attachSurface } from './surface';
import type { Viewport } from './viewport';
import { draftAt, type Draft } from './writing';

/** The distance of the paper's dots, in board units. */
const DOTS = 40;

/** The canvas and what the hand does on it. */
export function Paper({
  board,
  viewport,
  editing,
  onWrite,
}: {
  board: Board;
  viewport: Viewport;
  editing: Draft | undefined;
  onWrite: (draft: Draft) => void;
}) {
  const surface = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const renderer = useRef<Renderer>(null);
  const tool = useStore(board.store, (state) => state.tool);
  const mayDraw = useStore(board.store, (state) => state.mayDraw);
  const write = useEffectEvent(onWrite);

  useEffect(() => {
    if (!surface.current || !canvas.current) return;
    const paper = surface.current;
    const painter = new Renderer(canvas.current, board, board.pictures.look);
    renderer.current = painter;

    const look = () => {
      const { camera, size } = viewport.store.getState();
      painter.view(camera, size, window.devicePixelRatio);
      let dots = DOTS * camera.scale;
      while (dots < 18) dots *= 2;
      paper.style.backgroundSize = `${dots}px ${dots}px`;
      paper.style.backgroundPosition = `${-camera.left * camera.scale}px ${-camera.top * camera.scale}px`;
    };
    const resized = new ResizeObserver(([entry]) => {
      if (entry) viewport.resize(entry.contentRect.width, entry.contentRect.height);
      look();
    });
    resized.observe(paper);
    const stops = [
      viewport.store.subscribe(look),
      board.onChange((changed) => painter.changed(changed)),
      board.pictures.onChange((src) => painter.pictureChanged(src)),
    ];
    const hand = attachSurface(paper, {
      board,
      renderer: painter,
      viewport,
      write: (at, known) => write(draftAt(board, at, known)),
    });
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== ' ') return;
      // Space on a button presses it.
      const free = event.target === document.body || event.target === paper;
      if (event.type === 'keydown' && !free) return;
      if (free) event.preventDefault();
      hand.holdSpace(event.type === 'keydown');
    };
    window.addEventListener('keydown', onKey);
    window.addEventListener('keyup', onKey);
    // Letters painted before their font was there look wrong.
    const fontsLoaded = () => {
      measureAnew();
      painter.changed('all');
    };
    document.fonts.addEventListener('loadingdone', fontsLoaded);

    return () => {
      document.fonts.removeEventListener('loadingdone', fontsLoaded);
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('keyup', onKey);
      hand.detach();
      stops.forEach((stop) => stop());
      resized.disconnect();
      painter.dispose();
    };
  }, [board, viewport]);

  useEffect(() => {
    renderer.current?.preview([], editing?.known ? editing.element.id : undefined);
  }, [editing]);

  return (
    <div ref={surface} className={styles.paper} data-tool={mayDraw ? tool : 'look'} tabIndex={-1}>
      <canvas
        ref={canvas}
        className={styles.canvas}
        data-testid="board-canvas"
        role="img"
        aria-label="What is drawn on the whiteboard"
      />
    </div>
  );
}
