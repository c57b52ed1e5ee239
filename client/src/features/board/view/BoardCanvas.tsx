import { useEffect, useEffectEvent, useRef } from 'react';
import { useStore } from 'zustand';
import type { Board } from '../model/board';
import styles from './BoardView.module.css';
import { clearTextMeasurements } from '../model/textLayout';
import { Renderer } from '../paint/renderer';
import { attachPointerInput } from '../tools/pointerInput';
import type { Viewport } from '../model/viewport';
import { textDraftAt, type TextDraft } from '../model/textDraft';

/** The distance of the background dots, in board units. */
const DOTS = 40;

/** The canvas and its pointer input. */
export function BoardCanvas({
  board,
  viewport,
  editing,
  onWrite,
}: {
  board: Board;
  viewport: Viewport;
  editing: TextDraft | undefined;
  onWrite: (draft: TextDraft) => void;
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
    const hand = attachPointerInput(paper, {
      board,
      renderer: painter,
      viewport,
      write: (at, known) => write(textDraftAt(board, at, known)),
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
      clearTextMeasurements();
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
