// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { api, RequestError } from '../../connection';
import { fakeRoom } from '../../connection/fakeRoom';
import type { PendingUpload, PendingUploads } from './pendingUploads';
import { createUploads } from './uploads';

const gone = () => new RequestError('not_found', 'no such upload', false);

const film: PendingUpload = {
  uploadId: 'u1',
  fileUrl: '/api/files/u1',
  room: 'r1',
  user: 'me',
  name: 'film.mkv',
  size: 40,
  mimeType: 'video/x-matroska',
  lastModified: 1_000,
  at: 0,
};
const state = {
  ...{ uploadId: 'u1', fileUrl: film.fileUrl, name: film.name, size: 40, mimeType: film.mimeType },
  ...{ parts: { size: 16, count: 3 }, stored: [2], complete: false },
};
const file = (size: number) =>
  new File([new Uint8Array(size)], 'film.mkv', { type: film.mimeType, lastModified: 1_000 });

function pendingOf(
  ...pending: PendingUpload[]
): PendingUploads & { kept: Map<string, PendingUpload> } {
  const kept = new Map(pending.map((it) => [it.uploadId, it]));
  return {
    kept,
    list: () => Promise.resolve([...kept.values()]),
    has: (id) => Promise.resolve(kept.has(id)),
    put: (it) => Promise.resolve(void kept.set(it.uploadId, it)),
    remove: (id) => Promise.resolve(void kept.delete(id)),
  };
}

const pages: { dispose(): void }[] = [];

/** A page in the room, with what earlier pages left. */
function page(pendingUploads: PendingUploads) {
  const room = fakeRoom();
  const told: string[] = [];
  const shared: string[] = [];
  const uploads = createUploads({
    room: room.room,
    userId: 'me',
    pendingUploads,
    tell: (words) => told.push(words),
    shared: ({ uploadId }) => shared.push(uploadId),
  });
  pages.push(uploads);
  room.join();
  const asked = async (count: number) => {
    await vi.waitFor(() => expect(room.asked).toHaveLength(count));
    return room.asked[count - 1]!;
  };
  return { room, uploads, told, shared, asked, list: () => uploads.store.getState().uploads };
}

/** Requests to the file store that never end by themselves. */
const requests: Hanging[] = [];
class Hanging {
  upload = {};
  onabort?: () => void;
  onloadend?: () => void;
  open = vi.fn();
  setRequestHeader = vi.fn();
  send = () => void requests.push(this);
  abort() {
    this.onabort?.();
    this.onloadend?.();
  }
}

const leaving = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));

test('says of a folder that it is one, and sends the files beside it', async () => {
  const ask = vi.spyOn(api, 'askUpload').mockRejectedValue(gone());
  const { uploads, told } = page(pendingOf());
  uploads.addGiven({ files: [file(40)], folders: ['Holiday'] });
  expect(told).toEqual(['That is a folder. Choose the files in it, or pack it into one.']);
  await vi.waitFor(() => expect(ask).toHaveBeenCalledTimes(1));
});

beforeEach(() => {
  requests.length = 0;
  vi.stubGlobal('XMLHttpRequest', Hanging);
});
afterEach(() => {
  for (const open of pages.splice(0)) open.dispose();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test('cut off after it was shown and before it was said, it is said once, as the same event', async () => {
  const stored = pendingOf(film);
  vi.spyOn(api, 'uploadState').mockResolvedValueOnce({ ...state, complete: true });
  const before = page(stored);
  const shown = await before.asked(1);
  expect(shown).toMatchObject({ event: 'file:uploadMeta', payload: { uploadId: 'u1', size: 40 } });
  shown.answer({ fileMeta: film });
  const said = await before.asked(2);
  expect(said.event).toBe('chat:message');
  before.uploads.dispose();

  vi.spyOn(api, 'uploadState').mockRejectedValueOnce(gone());
  const after = page(stored);
  (await after.asked(1)).answer({ fileMeta: film });
  const again = await after.asked(2);
  expect(again.payload).toEqual(said.payload);
  again.answer({});
  await vi.waitFor(() => expect(stored.kept.size).toBe(0));
  expect(after.list()).toEqual([]);
});

test('all parts there, it is put together without the file', async () => {
  const stored = pendingOf(film);
  vi.spyOn(api, 'uploadState').mockResolvedValueOnce({ ...state, stored: [1, 2, 3] });
  const complete = vi.spyOn(api, 'completeUpload').mockResolvedValueOnce(undefined);
  const { asked, list } = page(stored);
  expect((await asked(1)).event).toBe('file:uploadMeta');
  expect(complete).toHaveBeenCalledWith('u1');
  expect(list()).toEqual([]);
});

test('what broke off is listed, refuses another file, and is taken back when given up', async () => {
  const stored = pendingOf(film);
  vi.spyOn(api, 'uploadState').mockResolvedValue(state);
  const cancel = vi.spyOn(api, 'cancelUpload').mockResolvedValue(undefined);
  const { uploads, list } = page(stored);
  await vi.waitFor(() => expect(list()).toMatchObject([{ status: 'interrupted', sent: 16 }]));
  uploads.resume('u1', file(41));
  expect(list()[0]?.error).toContain('another film.mkv');
  expect(list()[0]?.status).toBe('interrupted');
  uploads.cancel('u1');
  expect(list()).toEqual([]);
  await vi.waitFor(() => expect(stored.kept.size).toBe(0));
  expect(cancel).toHaveBeenCalledWith('u1');
});

test('what the server knows no more is forgotten', async () => {
  const stored = pendingOf(film);
  vi.spyOn(api, 'uploadState').mockRejectedValueOnce(gone());
  const { asked, list } = page(stored);
  (await asked(1)).refuse(gone());
  await vi.waitFor(() => expect(stored.kept.size).toBe(0));
  expect(list()).toEqual([]);
});

test('a file that another tab has gone on with is not listed any more', async () => {
  vi.spyOn(api, 'uploadState').mockResolvedValue(state);
  const { room, list } = page(pendingOf(film));
  await vi.waitFor(() => expect(list()).toHaveLength(1));
  room.emit('file:shared', { roomId: 'r1', seq: 9, fileMeta: { uploadId: 'u1' } as never });
  expect(list()).toEqual([]);
});

test('the same file added goes on where it broke off', async () => {
  vi.spyOn(api, 'uploadState').mockResolvedValue(state);
  const parts = vi.spyOn(api, 'askParts').mockImplementation((_, numbers) => {
    const part = { number: numbers[0]!, size: 16, method: 'PUT', url: 'http://s3/', headers: {} };
    return Promise.resolve({ parts: [part], expiresAt: 0 });
  });
  const { uploads, list } = page(pendingOf(film));
  await vi.waitFor(() => expect(list()).toHaveLength(1));
  uploads.add([file(40)]);
  await vi.waitFor(() => expect(requests).toHaveLength(2));
  expect(parts.mock.calls.map(([, numbers]) => numbers)).toEqual([[1], [3]]);
  expect(list()).toMatchObject([{ id: 'u1', status: 'uploading', sent: 16 }]);
});

test('the browser asks before it goes; leaving the room takes nothing back, giving up does', async () => {
  const stored = pendingOf();
  const cancel = vi.spyOn(api, 'cancelUpload').mockResolvedValue(undefined);
  const ask = vi.spyOn(api, 'askUpload');
  const upload = { ...film, method: 'PUT', url: 'http://s3/', headers: {}, expiresAt: 0 };
  ask.mockResolvedValueOnce(upload).mockResolvedValueOnce({ ...upload, uploadId: 'u2' });
  const { uploads, list } = page(stored);
  expect(leaving()).toBe(false);
  uploads.add([file(40), file(41)]);
  expect(leaving()).toBe(true);
  await vi.waitFor(() => expect(requests).toHaveLength(2));
  expect([...stored.kept.keys()]).toEqual(['u1', 'u2']);
  uploads.cancel(list()[1]!.id);
  await vi.waitFor(() => expect(cancel).toHaveBeenCalledWith('u2'));
  await vi.waitFor(() => expect([...stored.kept.keys()]).toEqual(['u1']));
  uploads.dispose();
  expect(leaving()).toBe(false);
  expect(cancel).toHaveBeenCalledTimes(1);
  expect([...stored.kept.keys()]).toEqual(['u1']);
});

test('what goes to the board is not said in the chat, and told when the room has it', async () => {
  const stored = pendingOf(film);
  vi.spyOn(api, 'uploadState').mockResolvedValueOnce(state);
  const { uploads, asked, list, room } = page(stored);
  await vi.waitFor(() => expect(list()).toHaveLength(1));
  vi.spyOn(api, 'uploadState').mockResolvedValueOnce({ ...state, complete: true });
  const there: string[] = [];
  uploads.add([file(40)], ({ fileUrl }) => there.push(fileUrl));
  (await asked(1)).answer({ fileMeta: film });
  await vi.waitFor(() => expect(list()).toEqual([]));
  expect(there).toEqual([film.fileUrl]);
  expect(room.asked.map(({ event }) => event)).toEqual(['file:uploadMeta']);
  expect(stored.kept.size).toBe(0);
});
