import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { openPendingUploads, type PendingUpload } from './pendingUploads';

const HOUR_MS = 3600 * 1000;

const pending = (uploadId: string, more: Partial<PendingUpload> = {}): PendingUpload => ({
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

test('a pending upload is listed for the same room and person, and no longer than the server keeps it', async () => {
  const store = openPendingUploads();
  const now = Date.now();
  await store.put(pending('late'));
  await store.put(pending('early', { at: now - 23 * HOUR_MS }));
  await store.put(pending('gone', { at: now - 25 * HOUR_MS, room: 'r2' }));
  await store.put(pending('elsewhere', { room: 'r2' }));
  await store.put(pending('hers', { user: 'someone' }));
  const names = async () =>
    (await openPendingUploads().list('r1', 'me')).map(({ uploadId }) => uploadId);
  expect(await names()).toEqual(['early', 'late']);
  expect(await store.has('gone')).toBe(false);
  expect(await store.has('elsewhere')).toBe(true);
  await store.remove('early');
  expect(await names()).toEqual(['late']);
});
