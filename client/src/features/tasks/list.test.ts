import { describe, expect, it } from 'vitest';
import type { Task } from '../../protocol';
import { movedOrder, withTask, without } from './list';

const task = (id: string, order: number): Task => ({ id, title: id, status: 'open', order });
const list = [task('a', 1), task('b', 2), task('c', 3)];
const ids = (tasks: readonly Task[]) => tasks.map(({ id }) => id).join('');

it('keeps the order, whatever changes', () => {
  expect(ids(withTask(list, task('d', 1.5)))).toBe('adbc');
  expect(ids(withTask(list, task('a', 9)))).toBe('bca');
  expect(ids(without(list, 'b'))).toBe('ac');
  expect(ids(withTask(list, task('bb', 2)))).toBe('abbbc');
});

describe('moving', () => {
  const moved = (id: string, way: 'up' | 'down') => {
    const order = movedOrder(list, id, way);
    return order === undefined ? undefined : ids(withTask(list, task(id, order)));
  };
  it('goes one place at a time, and not beyond the ends', () => {
    expect(moved('c', 'up')).toBe('acb');
    expect(moved('b', 'up')).toBe('bac');
    expect(moved('a', 'down')).toBe('bac');
    expect(moved('b', 'down')).toBe('acb');
    expect([moved('a', 'up'), moved('c', 'down'), moved('x', 'up')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('says so when no number is between the neighbours', () => {
    const tight = [task('a', 1), task('b', 1), task('c', 2)];
    expect(movedOrder(tight, 'c', 'up')).toBeUndefined();
  });
});
