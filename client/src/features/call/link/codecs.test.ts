import { expect, test } from 'vitest';
import { ordered } from './codecs';

const codecs = ['video/AV1', 'video/H264', 'video/rtx', 'video/VP9', 'video/VP8'].map(
  (mimeType) => ({ mimeType }),
);
const names = (slot: 'camera' | 'screen') => ordered(slot, codecs).map((it) => it.mimeType);

test('faces go as VP8, screens as VP9, and what is not named stays behind in its order', () => {
  expect(names('camera')).toEqual([
    'video/VP8',
    'video/H264',
    'video/AV1',
    'video/rtx',
    'video/VP9',
  ]);
  expect(names('screen')).toEqual([
    'video/VP9',
    'video/VP8',
    'video/AV1',
    'video/H264',
    'video/rtx',
  ]);
});
