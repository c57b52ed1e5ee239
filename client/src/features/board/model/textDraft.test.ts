import { beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { BoardOp, Element } from '../../../protocol';
import type { Board } from './board';
import { ElementTable } from './elements';
import { fold } from './fold';
import { emptyUndoHistory, record, undo } from './undoHistory';
import { commitText, saveTextDraft, loadTextDraft, mergeOverwritten } from './textDraft';

const note = { id: 'n', kind: 'note', x: 0, y: 0, w: 280, h: 180, color: '#000000', width: 20 };

// Letters of a size, without a canvas.
beforeEach(() => {
  vi.stubGlobal('document', { createElement: () => ({ getContext: () => null }) });
  return () => vi.unstubAllGlobals();
});

/** A board with a note on it, and what one's own hand did. */
function setUp(text: string) {
  const table = new ElementTable();
  let history = emptyUndoHistory;
  let ids = 0;
  const draw = (ops: readonly BoardOp[], by = 'me') => void fold(table, by, ops);
  draw([{ type: 'put', element: { ...note, kind: 'note', text } }], 'ann');
  const store = createStore(() => ({ notice: undefined as string | undefined }));
  const board = {
    ...{ store, draw, get: (id: string) => table.get(id), newId: () => `e${ids++}` },
    ownTexts: new Map(),
    record: (change: Parameters<typeof record>[1]) => (history = record(history, change)),
  } as unknown as Board;
  const takeBack = () => {
    const step = undo(history, (id) => table.get(id));
    history = step.history;
    draw(step.ops);
  };
  const texts = () => [...table.values()].map((element: Element) => element.text);
  return { board, draw, takeBack, texts, opened: () => table.get('n')! };
}

it('keeps what someone else wrote meanwhile, and brings it back by undo', () => {
  const { board, draw, takeBack, texts, opened } = setUp('Plan');
  const element = opened();
  draw([{ type: 'patch', id: 'n', set: { text: 'Plan: read chapter 3' } }], 'ann');
  commitText(board, { element, known: true }, 'Plan: solve exercise 4');
  expect(texts()).toEqual(['Plan: read chapter 3\nPlan: solve exercise 4']);
  expect(board.store.getState().notice).toContain('Both are kept');
  takeBack();
  expect(texts()).toEqual(['Plan: read chapter 3']);
});

it('keeps what was written in a note that someone erased meanwhile', () => {
  const { board, draw, texts, opened } = setUp('Plan');
  const element = opened();
  draw([{ type: 'erase', ids: ['n'] }], 'ann');
  commitText(board, { element, known: true }, 'Plan B');
  expect(texts()).toEqual(['Plan B']);
});

it('keeps both texts, when the other one was stored while this one was on its way', () => {
  const { board, takeBack, texts, opened } = setUp('Plan');
  commitText(board, { element: opened(), known: true }, 'Plan: solve exercise 4');
  // The server stored theirs first; ours, stored after it, stands on the board.
  mergeOverwritten(board, 'n', 'Plan: read chapter 3');
  expect(texts()).toEqual(['Plan: read chapter 3\nPlan: solve exercise 4']);
  expect(board.store.getState().notice).toContain('Both are kept');
  mergeOverwritten(board, 'n', 'Plan: read chapter 3');
  expect(texts()).toEqual(['Plan: read chapter 3\nPlan: solve exercise 4']);
  takeBack();
  expect(texts()).toEqual(['Plan: solve exercise 4']);
});

it('keeps what is written until it stands on the board', () => {
  const kept = new Map<string, string>();
  const drafts = {
    read: (name: string) => kept.get(name) ?? null,
    write(name: string, text: string | null) {
      if (text === null) kept.delete(name);
      else kept.set(name, text);
    },
    names: () => [...kept.keys()],
  };
  const draft = { element: { ...note, kind: 'note' as const, text: 'Plan' }, known: true };
  saveTextDraft(drafts, { ...draft, written: 'Plan B' });
  expect(loadTextDraft(drafts)).toEqual({ ...draft, written: 'Plan B' });
  saveTextDraft(drafts, null);
  expect(loadTextDraft(drafts)).toBeUndefined();
  kept.set('board', '{"written":1}');
  expect(loadTextDraft(drafts)).toBeUndefined();
});
