import type { DraftStore } from '../../../connection';
import type { Element, ElementId, ElementPatch, Point } from '../../../protocol';
import type { BoardEditor } from './boardState';
import { fontSizeFor } from './palette';
import { noteHeight, textSize } from './textLayout';
import { MAX_TEXT_LENGTH, mergeText } from './mergeText';

const BOTH_KEPT = 'Someone else changed this text too. Both are kept.';
export const NOTE_SIZE = { w: 280, h: 180 };

/** A text or note that is being edited. */
export interface TextDraft {
  /** As it was when it was opened. */
  readonly element: Element;
  readonly known: boolean;
  /** The unsaved text of an earlier load of the page. */
  readonly written?: string;
}

const DRAFT = 'board';

/** Keeps the unsaved text; null removes it. */
export function saveTextDraft(drafts: DraftStore, draft: TextDraft | null): void {
  drafts.write(DRAFT, draft && JSON.stringify(draft));
}

export function loadTextDraft(drafts: DraftStore): TextDraft | undefined {
  try {
    const kept = JSON.parse(drafts.read(DRAFT) ?? 'null') as TextDraft | null;
    const fits = typeof kept?.written === 'string' && typeof kept.element.id === 'string';
    return fits ? kept : undefined;
  } catch {
    return undefined;
  }
}

export function textDraftAt(board: BoardEditor, at: Point, known: Element | undefined): TextDraft {
  if (known) return { element: known, known: true };
  const { tool, color, width: pen } = board.store.getState();
  const note = tool === 'note';
  const width = note ? Math.min(fontSizeFor(pen), 26) : fontSizeFor(pen);
  const [x, y] = [Math.round(at[0]), Math.round(note ? at[1] : at[1] - width * 0.65)];
  const size = note ? NOTE_SIZE : { w: width, h: width };
  const id: ElementId = board.newId();
  return {
    known: false,
    element: { id, kind: note ? 'note' : 'text', x, y, ...size, text: '', color, width },
  };
}

/** Puts the text on the board; an empty one removes the element, or adds none. */
export function commitText(board: TextBoard, { element, known }: TextDraft, written: string): void {
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
    // Erased by someone meanwhile: the text is put there as a new element.
    putCopy(board, element, text);
    return;
  }
  const theirs = now.text ?? '';
  const both = mergeText(before, theirs, text);
  if (both !== text) {
    board.store.setState({ notice: BOTH_KEPT });
    if (both.length > MAX_TEXT_LENGTH) {
      putCopy(board, { ...element, y: (now.y ?? 0) + (now.h ?? 0) + 20 }, text);
      return;
    }
  }
  if (both === '') {
    board.draw([{ type: 'erase', ids: [id] }]);
    board.record({ kind: 'add', elements: [now] });
    return;
  }
  rewrite(board, now, both);
  board.ownTexts.set(id, { base: theirs, mine: both });
}

/** The last text that this person wrote to each element, and its base: to merge with a concurrent change. */
export type OwnTexts = Map<ElementId, { base: string; mine: string }>;

/** A board with the texts that this person wrote to it. */
export interface TextBoard extends BoardEditor {
  readonly ownTexts: OwnTexts;
}

/** Merges a text that was stored while ours, which overwrites it, was on its way: both are kept. */
export function mergeOverwritten(board: TextBoard, id: ElementId, theirs: string): void {
  const known = board.ownTexts.get(id);
  const now = board.get(id);
  if (!known || now?.text !== known.mine) return;
  const both = mergeText(known.base, theirs, known.mine);
  if (both === known.mine) return;
  board.store.setState({ notice: BOTH_KEPT });
  if (both.length > MAX_TEXT_LENGTH) {
    putCopy(board, { ...now, y: (now.y ?? 0) + (now.h ?? 0) + 20 }, theirs);
    return;
  }
  rewrite(board, now, both);
  board.ownTexts.set(id, { base: theirs, mine: both });
}

function rewrite(board: TextBoard, now: Element, text: string): void {
  const { id } = now;
  const to: ElementPatch = { text, ...sizeFor(now, text) };
  const from: ElementPatch = { text: now.text ?? '', w: now.w ?? 0, h: now.h ?? 0 };
  board.draw([{ type: 'patch', id, set: to }]);
  board.record({ kind: 'patch', id, from: to, to: from });
}

/** Puts the text there as a new element. */
function putCopy(board: TextBoard, element: Element, text: string): void {
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
