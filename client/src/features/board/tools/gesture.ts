import type { BoardOp, Element, ElementId, Point } from '../../../protocol';
import type { Box } from '../model/geometry';
import type { Change } from '../model/undoHistory';

/** What a tool may do with the board. */
export interface ToolContext {
  readonly color: string;
  readonly width: number;
  /** Pixels of the screen per board unit. */
  readonly scale: number;
  newId(): ElementId;
  get(id: ElementId): Element | undefined;
  /** All that lies in a part of the board. */
  find(area: Box): Element[];
  draw(ops: readonly BoardOp[]): void;
  record(inverse: Change): void;
  preview(elements: readonly Element[], hidden?: ElementId): void;
}

/** From pointer down to pointer up. */
export interface Gesture {
  /** `straight` while Shift is held: squares, circles and lines at whole angles. */
  move(points: readonly Point[], straight: boolean): void;
  end(): void;
  /** As if it had not been begun. */
  cancel(): void;
}
