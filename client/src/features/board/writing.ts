import type { Element, ElementId, ElementPatch, Point } from '../../protocol';
import type { Board } from './board';
import { letters } from './ink';
import { noteHeight, textSize } from './lettering';
import { MAX_LETTERS, mergeText } from './mergeText';

export const NOTE_SIZE = { w: 280, h: 180 };

/** A text or note open for writing. */
export interface Draft {
  readonly element: Element;
  readonly known: boolean;
}

export function draftAt(board: Board, at: Point, known: Element | undefined): Draft {
  if (known) return { element: known, known: true };
  const { tool, color, width: pen } = board.store.getState();
  const note = tool === 'note';
  const width = note ? Math.min(letters(pen), 26) : letters(pen);
  const [x, y] = [Math.round(at[0]), Math.round(note ? at[1] : at[1] - width * 0.65)];
  const size = note ? NOTE_SIZE : { w: width, h: width };
  const id: ElementId = board.newId();
  return {
    known: false,
    element: { id, kind: note ? 'note' : 'text', x, y, ...size, text: '', color, width },
  };
}

/** Puts what was written on the board; nothing written is nothing, or the end of what was there. */
export function finishWriting(board: Board, { element, known }: Draft, written: string): void {
  const text = written.trimEnd();
  const { id } = element;
  if (!known) {
    if (text === '') return;
    board.draw([{ type: 'put', element: { ...element, text, ...sizeFor(element, text) } }]);
    board.record({ kind: 'remove', ids: [id] });
    return;
  }
  const now = board.get(id);
  const before = element.text ?? '';
  if (text === before) return;
  if (!now) {
    // Erased by someone meanwhile: what was written stands where it was.
    draftKept(board, element, text);
    return;
  }
  const theirs = now.text ?? '';
  const both = mergeText(before, theirs, text);
  if (both !== text) {
    board.store.setState({ notice: 'Someone else changed this text too. Both are kept.' });
    if (both.length > MAX_LETTERS) {
      draftKept(board, { ...element, y: (now.y ?? 0) + (now.h ?? 0) + 20 }, text);
      return;
    }
  }
  if (both === '') {
    board.draw([{ type: 'erase', ids: [id] }]);
    board.record({ kind: 'add', elements: [now] });
    return;
  }
  const to: ElementPatch = { text: both, ...sizeFor(now, both) };
  const from: ElementPatch = { text: theirs, w: now.w ?? 0, h: now.h ?? 0 };
  board.draw([{ type: 'patch', id, set: to }]);
  board.record({ kind: 'patch', id, from: to, to: from });
}

/** Puts a text there as one of its own. */
function draftKept(board: Board, element: Element, text: string): void {
  if (text === '') return;
  const id = board.newId();
  board.draw([{ type: 'put', element: { ...element, id, text, ...sizeFor(element, text) } }]);
  board.record({ kind: 'remove', ids: [id] });
}

function sizeFor(element: Element, text: string): { w: number; h: number } {
  if (element.kind === 'text') return textSize(text, element.width);
  const w = element.w ?? NOTE_SIZE.w;
  return { w, h: Math.max(NOTE_SIZE.h, noteHeight(text, element.width, w)) };
}
