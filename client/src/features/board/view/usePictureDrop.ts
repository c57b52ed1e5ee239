import { useEffect, useState } from 'react';
import { transferredFiles, isTextInput } from '../../../ui';
import type { Point } from '../../../protocol';
import type { Board } from '../model/board';
import { toBoard } from '../model/camera';

/** Lets files be dropped and pasted on the board; true while a drag is over it. */
export function usePictureDrop(board: Board, root: HTMLElement | null): boolean {
  const [over, setOver] = useState(false);

  useEffect(() => {
    if (!root) return;
    const stop = new AbortController();
    const options = { signal: stop.signal };
    let pointer: Point | undefined;
    // What is inside tells of it too.
    let depth = 0;

    const pointOf = (event: MouseEvent): Point => {
      const { left, top } = root.getBoundingClientRect();
      const { camera } = board.viewport.store.getState();
      return toBoard(camera, event.clientX - left, event.clientY - top);
    };
    const onDrag = (event: DragEvent, step: number) => {
      if (!hasFiles(event)) return;
      depth += step;
      setOver(depth > 0);
    };
    root.addEventListener('dragenter', (event) => onDrag(event, 1), options);
    root.addEventListener('dragleave', (event) => onDrag(event, -1), options);
    root.addEventListener(
      'dragover',
      (event) => {
        if (hasFiles(event)) event.preventDefault();
      },
      options,
    );
    root.addEventListener(
      'drop',
      (event) => {
        if (!event.dataTransfer || !hasFiles(event)) return;
        event.preventDefault();
        depth = 0;
        setOver(false);
        void board.inserts.addFiles(transferredFiles(event.dataTransfer), pointOf(event));
      },
      options,
    );
    root.addEventListener('pointermove', (event) => (pointer = pointOf(event)), options);
    root.addEventListener('pointerleave', () => (pointer = undefined), options);
    // Without a focus, the page itself is told.
    document.addEventListener(
      'paste',
      (event) => {
        const { target } = event;
        const here = target === document.body || (target instanceof Node && root.contains(target));
        const data = event.clipboardData;
        if (event.defaultPrevented || !here || isTextInput(target)) return;
        if (!data?.types.includes('Files')) return;
        event.preventDefault();
        void board.inserts.addFiles(transferredFiles(data), pointer);
      },
      options,
    );
    return () => stop.abort();
  }, [board, root]);

  return over;
}

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
