import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  errorMessage,
  randomId,
  RequestError,
  draftStore,
  type ResumableRoom,
  type RoomInfo,
  type DraftStore,
} from '../../../connection';
import type { BoardOp, RoomId } from '../../../protocol';
import { createCursors, type Cursors } from './cursors';
import { emptyUndoHistory, record, redo, undo, type UndoHistory } from './undoHistory';
import { COLOURS } from './palette';
import { createInserts, type Inserts } from './inserts';
import type { BoardEditor, BoardState } from './boardState';
import { openJournal } from './journal';
import { mayDraw } from './permission';
import type { Pictures } from './pictures';
import { Replica, type Changed } from './replica';
import { createSender, type Refusal } from './sender';
import { createVersions, type Versions } from './versions';
import { createViewport } from './viewport';
import { mergeOverwritten, type TextBoard } from './textDraft';

/** The room's whiteboard, apart from how it is painted. */
export interface Board extends TextBoard {
  readonly cursors: Cursors;
  readonly roomId: RoomId;
  readonly roomInfo: StoreApi<RoomInfo>;
  readonly versions: Versions;
  readonly pictures: Pictures;
  readonly inserts: Inserts;
  /** Unsaved texts of this board. */
  readonly drafts: DraftStore;
  /** Calls back with what changed on the board, until the returned function is called. */
  onChange(listener: (changed: Changed) => void): () => void;
  undo(): void;
  redo(): void;
  clear(): void;
  dispose(): void;
}

/** Attach it before the room is entered, so that it hears the first snapshot. */
export function createBoard(
  room: ResumableRoom,
  me: { userId: string },
  { pictures, tell }: { pictures: Pictures; tell: (words: string) => void },
): Board {
  const { roomId } = room;
  const store = createStore<BoardState>(() => ({
    tool: 'pen',
    color: COLOURS[0].value,
    width: 6,
    canUndo: false,
    canRedo: false,
    mayDraw: true,
    loaded: false,
    unsaved: 0,
    online: false,
    notice: undefined,
  }));
  const listeners = new Set<(changed: Changed) => void>();
  let history: UndoHistory = emptyUndoHistory;

  const replica = new Replica(
    me.userId,
    randomId,
    (changed) => {
      for (const listener of listeners) listener(changed);
      setUnsaved();
    },
    (id, theirs) => mergeOverwritten(board, id, theirs),
  );
  const journal = openJournal(roomId, me.userId);
  const sender = createSender(
    replica,
    journal,
    ({ opId, ops }) => room.request('whiteboard:draw', { roomId, opId, ops: [...ops] }),
    (error) => {
      const refusal = judge(error);
      if (refusal.kind === 'never') store.setState({ notice: refusalMessage(error) });
      return refusal;
    },
  );
  const cursors = createCursors(room);

  function setUnsaved() {
    const { unsaved } = replica;
    if (store.getState().unsaved !== unsaved) store.setState({ unsaved });
  }

  function setHistory(next: UndoHistory) {
    history = next;
    store.setState({ canUndo: next.undo.length > 0, canRedo: next.redo.length > 0 });
  }

  function draw(ops: readonly BoardOp[]) {
    if (ops.length === 0 || !store.getState().mayDraw) return;
    replica.draw(ops);
    sender.wake();
  }

  function step(way: typeof undo) {
    const { history: next, ops } = way(history, (id) => replica.get(id));
    setHistory(next);
    draw(ops);
  }

  const stops = [
    room.resumeFrom('board', () => replica.seq),
    room.onJoined((state) => {
      store.setState({ online: true });
      replica.joined();
      // Nothing follows when nothing is missing.
      if (state.boardSeq === replica.seq) store.setState({ loaded: true });
      sender.online(true);
    }),
    room.info.subscribe((now) => store.setState({ mayDraw: mayDraw(now) })),
    room.status.subscribe(({ status }) => {
      if (status === 'online') return;
      store.setState({ online: false });
      sender.online(false);
    }),
    room.on('whiteboard:snapshot', (part) => {
      replica.snapshot(part);
      if (part.part === part.parts) store.setState({ loaded: true });
    }),
    room.on('whiteboard:update', (entry) => {
      replica.update(entry);
      if (entry.by === me.userId) journal.remove(entry.opId);
      store.setState({ loaded: true });
    }),
  ];

  const keep = () => sender.persist();
  window.addEventListener('pagehide', keep);

  const editor: BoardEditor = {
    store,
    viewport: createViewport(),
    get: (id) => replica.get(id),
    elements: () => replica.elements(),
    draw,
    record: (inverse) => setHistory(record(history, inverse)),
    newId: () => randomId().replaceAll('-', ''),
  };
  const inserts = createInserts(editor, pictures, tell);

  const board: Board = {
    ...editor,
    cursors,
    roomId,
    roomInfo: room.info,
    versions: createVersions(room),
    pictures,
    inserts,
    drafts: draftStore(me.userId, roomId),
    ownTexts: new Map(),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    undo: () => step(undo),
    redo: () => step(redo),
    clear() {
      const elements = [...replica.elements()];
      if (elements.length === 0) return;
      draw([{ type: 'clear' }]);
      setHistory(record(history, { kind: 'add', elements }));
    },
    dispose() {
      stops.forEach((stop) => stop());
      window.removeEventListener('pagehide', keep);
      inserts.dispose();
      sender.dispose();
      cursors.dispose();
      journal.close();
    },
  };
  return board;
}

/** Refusals that are not about the batch itself. */
const NOT_ITS_FAULT = new Set([
  'unauthorized',
  'token_expired',
  'not_in_room',
  'waiting_for_admission',
]);

function judge(error: unknown): Refusal {
  if (!(error instanceof RequestError)) return { kind: 'unknown' };
  if (error.code === 'unavailable' || error.code === 'internal') return { kind: 'unknown' };
  if (error.retryable || NOT_ITS_FAULT.has(error.code)) {
    return { kind: 'later', afterMs: error.retryAfterMs };
  }
  return { kind: 'never' };
}

function refusalMessage(error: unknown): string {
  return errorMessage(error, {
    forbidden: 'You may not draw on this board. What you drew was taken back.',
    too_large: 'The board is full. What you drew last was taken back.',
    bad_request: 'The server did not take what you drew. It was taken back.',
  });
}
