import { expect, test } from 'vitest';
import { decodeDemand, FULL_DEMAND, encodeDemand } from './videoDemand';

test('what one side says the other understands', () => {
  expect(decodeDemand(encodeDemand({ camera: 180.4, screen: 0 }))).toEqual({
    camera: 180,
    screen: 0,
  });
});

test.each([
  'nonsense',
  '{}',
  '{"wants":{"camera":-1,"screen":0}}',
  '{"wants":{"camera":"1","screen":0}}',
  'null',
  new ArrayBuffer(3),
])('%s says nothing', (text) => expect(decodeDemand(text)).toBeUndefined());

test('nobody can ask for more than there is', () => {
  expect(decodeDemand('{"wants":{"camera":1e300,"screen":0}}')?.camera).toBe(FULL_DEMAND.camera);
});
