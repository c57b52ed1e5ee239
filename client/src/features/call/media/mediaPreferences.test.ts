import { expect, test } from 'vitest';
import { parseMediaPreferences } from './mediaPreferences';
import { deviceProblemMessage, deviceProblemOf } from './deviceProblems';

test.each([
  [null, { mic: true, camera: true }],
  ['not json', { mic: true, camera: true }],
  [
    '{"mic":false,"camera":true,"micId":"m1","cameraId":7}',
    { mic: false, camera: true, micId: 'm1' },
  ],
])('choices kept as %s', (text, expected) => {
  expect(parseMediaPreferences(text)).toEqual(expect.objectContaining(expected));
  expect(parseMediaPreferences(text).cameraId).toBeUndefined();
});

test.each([
  ['NotAllowedError', 'blocked'],
  ['NotFoundError', 'absent'],
  ['NotReadableError', 'inUse'],
  ['OverconstrainedError', 'unknown'],
] as const)('%s means %s', (name, problem) => {
  expect(deviceProblemOf(new DOMException('', name))).toBe(problem);
});

test('every reason names the device or says what to do', () => {
  expect(deviceProblemMessage('blocked', 'camera')).toContain('Allow it');
  expect(deviceProblemMessage('insecure', 'microphone')).toContain('https');
});
