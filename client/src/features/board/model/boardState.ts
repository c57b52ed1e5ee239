import type { StoreApi } from 'zustand/vanilla';
import type { BoardOp, Element, ElementId } from '../../../protocol';
import type { Tool } from './tool';
import type { Change } from './undoHistory';
import type { Viewport } from './viewport';

export interface BoardState {
  readonly tool: Tool;
  readonly color: string;
  readonly width: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly mayDraw: boolean;
  /** False until the first snapshot is there. */
  readonly loaded: boolean;
  /** Batches that the server has not yet acknowledged. */
  readonly unsaved: number;
  readonly online: boolean;
  /** A text to show; undefined when there is none. */
  readonly notice: string | undefined;
}

/** Reads and changes the elements of a board: the part of it that its own features use. */
export interface BoardEditor {
  readonly store: StoreApi<BoardState>;
  readonly viewport: Viewport;
  get(id: ElementId): Element | undefined;
  elements(): Iterable<Element>;
  draw(ops: readonly BoardOp[]): void;
  /** Records how to undo what was just drawn. */
  record(inverse: Change): void;
  newId(): ElementId;
}
