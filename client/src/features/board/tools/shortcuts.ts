import { letterOf } from '../../../ui';
import type { Tool } from '../model/tool';

export type Command = { tool: Tool } | 'undo' | 'redo' | 'zoomIn' | 'zoomOut' | 'fit';

export const KEYS: Record<Tool, string> = {
  pen: 'P',
  eraser: 'E',
  line: 'L',
  arrow: 'A',
  rect: 'R',
  ellipse: 'O',
  text: 'T',
  note: 'N',
  move: 'V',
};

const tools = new Map(Object.entries(KEYS).map(([tool, key]) => [key, tool as Tool]));

export type Key = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'
>;

/** What a key means on the board; nothing for keys that belong to the browser. */
export function commandOf(pressed: Key): Command | undefined {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = pressed;
  if (altKey) return undefined;
  const letter = letterOf(pressed);
  if (ctrlKey || metaKey) {
    if (letter === 'Z') return shiftKey ? 'redo' : 'undo';
    return letter === 'Y' && !metaKey ? 'redo' : undefined;
  }
  if (key === '+' || key === '=') return 'zoomIn';
  if (key === '-') return 'zoomOut';
  if (letter === '0') return 'fit';
  const tool = shiftKey || letter === undefined ? undefined : tools.get(letter);
  return tool && { tool };
}
