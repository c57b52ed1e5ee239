import { useEffect } from 'react';
import { isTextInput } from '../../../ui';
import type { Board } from '../model/board';
import { commandOf, type Command } from './shortcuts';
import type { Viewport } from '../model/viewport';

/** Keys work while the focus is on the board or nowhere, never while it is in a text or a dialog. */
export function useShortcuts(board: Board, viewport: Viewport, root: HTMLElement | null): void {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const { target } = event;
      const here = target === document.body || (target instanceof Node && root?.contains(target));
      if (event.defaultPrevented || !here || isTextInput(target)) return;
      if (target instanceof Element && target.closest('dialog')) return;
      const command = commandOf(event);
      if (!command || !board.store.getState().mayDraw) return;
      event.preventDefault();
      obey(command, board, viewport);
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [board, viewport, root]);
}

function obey(command: Command, board: Board, viewport: Viewport): void {
  if (typeof command === 'object') board.store.setState(command);
  else if (command === 'undo') board.undo();
  else if (command === 'redo') board.redo();
  else if (command === 'fit') viewport.fit();
  else viewport.zoom(command === 'zoomIn' ? 1.25 : 0.8);
}
