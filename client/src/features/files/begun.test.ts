import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { openShelf, type Begun } from './begun';

const HOUR_MS = 3600 * 1000;

const begun = (uploadId: string, more: Partial<Begun> = {}): Begun => ({
  uploadId,
  fileUrl: `/api/files/${uploadId}`,
  room: 'r1',
  user: 'me',
  name: 'film.mkv',
  size: 40_000_000,
  mimeType: 'video/x-matroska',
  lastModified: 1_000,
  at: Date.now(),
  ...more,
});

test('what was begun is there for the same room and person, and no longer than the server waits', async () => {
  const shelf = openShelf();
  const now = Date.now();
  await shelf.put(begun('late'));
  await shelf.put(begun('early', { at: now - 23 * HOUR_MS }));
  await shelf.put(begun('gone', { at: now - 25 * HOUR_MS, room: 'r2' }));
  await shelf.put(begun('elsewhere', { room: 'r2' }));
  await shelf.put(begun('hers', { user: 'someone' }));
  const names = async () => (await openShelf().list('r1', 'me')).map(({ uploadId }) => uploadId);
  expect(await names()).toEqual(['early', 'late']);
  expect(await shelf.has('gone')).toBe(false);
  expect(await shelf.has('elsewhere')).toBe(true);
  await shelf.remove('early');
  expect(await names()).toEqual(['late']);
});
