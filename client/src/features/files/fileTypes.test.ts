import { expect, it } from 'vitest';
import { isPicture, noPreviewReason } from './fileTypes';

it.each([
  ['IMG_1.HEIC', 'image/heic', true],
  ['IMG_1.heic', 'application/octet-stream', true],
  ['IMG_1', 'image/heif', true],
  ['a.png', 'image/png', false],
  ['heic.txt', 'text/plain', false],
])('%s of type %s is told to be one without a preview: %s', (name, mimeType, told) => {
  expect(noPreviewReason({ name, mimeType }) !== undefined).toBe(told);
  expect(told && isPicture(mimeType)).toBe(false);
});
