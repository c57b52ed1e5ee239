import { expect, test } from 'vitest';
import { parseChoices } from './choices';
import { problemInWords, problemOf } from './problems';

test.each([
  [null, { mic: true, camera: true }],
  ['not json', { mic: true, camera: true }],
  [
    '{"mic":false,"camera":true,"micId":"m1","cameraId":7}',
    { mic: false, camera: true, micId: 'm1' },
  ],
])('choices kept as %s', (text, expected) => {
  expect(parseChoices(text)).toEqual(expect.objectContaining(expected));
  expect(parseChoices(text).cameraId).toBeUndefined();
});

test.each([
  ['NotAllowedError', 'blocked'],
  ['NotFoundError', 'absent'],
  ['NotReadableError', 'inUse'],
  ['OverconstrainedError', 'unknown'],
] as const)('%s means %s', (name, problem) => {
  expect(problemOf(new DOMException('', name))).toBe(problem);
});

test('every reason names the device or says what to do', () => {
  expect(problemInWords('blocked', 'camera')).toContain('Allow it');
  expect(problemInWords('insecure', 'microphone')).toContain('https');
});
