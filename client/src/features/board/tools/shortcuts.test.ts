import { expect, test } from 'vitest';
import { commandOf, type Key } from './shortcuts';

const press = (key: string, held: Partial<Key> = {}) =>
  commandOf({
    key,
    code: '',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...held,
  });

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
  // On other layouts, the place of the key.
  ['я', { ctrlKey: true, code: 'KeyZ' }, 'undo'],
  ['Я', { ctrlKey: true, shiftKey: true, code: 'KeyZ' }, 'redo'],
  ['з', { code: 'KeyP' }, { tool: 'pen' }],
  ['٠', { code: 'Digit0' }, 'fit'],
])('%s with %o', (key, held, command) => expect(press(key, held)).toEqual(command));
