import { expect, test } from 'vitest';
import { commandOf, type Key } from './shortcuts';

const press = (key: string, held: Partial<Key> = {}) =>
  commandOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

test.each([
  ['p', {}, { tool: 'pen' }],
  ['P', { shiftKey: true }, undefined],
  ['p', { ctrlKey: true }, undefined],
  ['z', { ctrlKey: true }, 'undo'],
  ['Z', { metaKey: true, shiftKey: true }, 'redo'],
  ['y', { ctrlKey: true }, 'redo'],
  ['y', { metaKey: true }, undefined],
  ['e', { altKey: true }, undefined],
  ['+', { shiftKey: true }, 'zoomIn'],
  ['q', {}, undefined],
])('%s with %o', (key, held, command) => expect(press(key, held)).toEqual(command));
