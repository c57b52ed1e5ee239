import type { DraftStore } from '../../connection';
import type { Element, ElementId, ElementPatch, Point } from '../../protocol';
import type { Board } from './board';
import { letters } from './ink';
import { noteHeight, textSize } from './lettering';
import { MAX_LETTERS, mergeText } from './mergeText';

const BOTH_KEPT = 'Someone else changed this text too. Both are kept.';
export const NOTE_SIZE = { w: 280, h: 180 };

/** A text or note open for writing. */
export interface Draft {
  /** As it was when it was opened. */
  readonly element: Element;
  readonly known: boolean;
  /** What was written before the page was loaded anew. */
  readonly written?: string;
}

const DRAFT = 'board';

/** Keeps what is written, until it stands on the board; null when it does. */
export function saveDraft(drafts: DraftStore, draft: Draft | null): void {
  drafts.write(DRAFT, draft && JSON.stringify(draft));
}

export function loadDraft(drafts: DraftStore): Draft | undefined {
  try {
    const kept = JSON.parse(drafts.read(DRAFT) ?? 'null') as Draft | null;
    const fits = typeof kept?.written === 'string' && typeof kept.element.id === 'string';
    return fits ? kept : undefined;
  } catch {
    return undefined;
  }
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
    board.store.setState({ notice: BOTH_KEPT });
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
  rewrite(board, now, both);
  board.written.set(id, { base: theirs, mine: both });
}

/** What this person last made of each text, and of what: for when someone else did in the same moment. */
export type Written = Map<ElementId, { base: string; mine: string }>;

/** Someone's text was stored while ours was on its way, which writes over it: both are kept. */
export function mergeOverwritten(board: Board, id: ElementId, theirs: string): void {
  const known = board.written.get(id);
  const now = board.get(id);
  if (!known || now?.text !== known.mine) return;
  const both = mergeText(known.base, theirs, known.mine);
  if (both === known.mine) return;
  board.store.setState({ notice: BOTH_KEPT });
  if (both.length > MAX_LETTERS) {
    draftKept(board, { ...now, y: (now.y ?? 0) + (now.h ?? 0) + 20 }, theirs);
    return;
  }
  rewrite(board, now, both);
  board.written.set(id, { base: theirs, mine: both });
}

function rewrite(board: Board, now: Element, text: string): void {
  const { id } = now;
  const to: ElementPatch = { text, ...sizeFor(now, text) };
  const from: ElementPatch = { text: now.text ?? '', w: now.w ?? 0, h: now.h ?? 0 };
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
