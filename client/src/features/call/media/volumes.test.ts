import { expect, test } from 'vitest';
import { createVolumes, parseVolumes } from './volumes';

test('a volume is kept for the next time, and forgotten when it is whole again', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
  };
  createVolumes(storage).set('ann', 0.4);
  const later = createVolumes(storage);
  expect(later.state.getState()).toEqual({ ann: 0.4 });
  later.set('ann', 1);
  expect(createVolumes(storage).state.getState()).toEqual({});
});

test.each([null, 'x', '[]', '{"ann":"loud","ben":3}'])('%s is no volume', (text) => {
  expect(parseVolumes(text)).toEqual({});
});
