// @vitest-environment jsdom
import { beforeEach, expect, it } from 'vitest';
import { forgetTyped, typedShelf } from './typed';

beforeEach(() => localStorage.clear());

it('keeps what was written apart, by person and place', () => {
  const shelf = typedShelf('ann', 'r1');
  shelf.write('draft', 'hello');
  shelf.write('task', 'a title');
  expect(typedShelf('ann', 'r1').read('draft')).toBe('hello');
  expect(typedShelf('ann', 'r1').names().sort()).toEqual(['draft', 'task']);
  expect(typedShelf('ann', 'r2').names()).toEqual([]);
  expect(typedShelf('ben', 'r1').read('draft')).toBeNull();
  shelf.write('draft', null);
  expect(shelf.names()).toEqual(['task']);
});

it('forgets who signs out, and no one else', () => {
  typedShelf('ann', 'r1').write('draft', 'hello');
  typedShelf('anna', 'r1').write('draft', 'hello');
  forgetTyped('ann');
  expect(typedShelf('ann', 'r1').names()).toEqual([]);
  expect(typedShelf('anna', 'r1').names()).toEqual(['draft']);
});
