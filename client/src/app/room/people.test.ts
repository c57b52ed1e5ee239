import { expect, it } from 'vitest';
import { everyone } from './people';

it('names each once, as they are called today', () => {
  const here = [{ userId: 'b', name: 'Benny' }] as never[];
  const members = [
    { userId: 'b', name: 'Benjamin' },
    { userId: 'a', name: 'Ann' },
  ] as never[];
  expect(everyone(here, members)).toEqual([
    { userId: 'a', name: 'Ann' },
    { userId: 'b', name: 'Benny' },
  ]);
});
