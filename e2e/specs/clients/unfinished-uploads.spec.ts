import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import type { PartUrls, SignedRequest, UploadState } from '../../../client/src/protocol/index.ts';
import { ask, disconnectAll, Person } from '../../people.ts';
import { expect, type Server, test } from '../../server.ts';
import { announced, askUpload, put } from '../../uploads.ts';

const MIB = 1 << 20;
const facts = { name: 'film.bin', mimeType: 'application/octet-stream' };

test.afterEach(disconnectAll);
test.use({ settings: { MAX_USER_FILES_MIB: '60', RATE_LIMIT_FACTOR: '1000' } });

/** Bytes of all files below a directory. */
async function bytesBelow(directory: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    try {
      sum += (await stat(path.join(entry.parentPath, entry.name))).size;
    } catch {
      // It went at this moment.
    }
  }
  return sum;
}

const filesOf = (server: Server) => bytesBelow(path.join(server.dataDir, 'files'));

/** A PUT that stops after some of its bytes and keeps the connection open. */
class Unfinished {
  readonly answer: Promise<number | string>;
  readonly #request: http.ClientRequest;

  constructor(signed: SignedRequest, size: number) {
    const headers = { ...signed.headers, 'content-length': String(size) };
    this.#request = http.request(signed.url, { method: 'PUT', headers, agent: false });
    this.answer = new Promise((resolve) => {
      this.#request.on('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      this.#request.on('error', (error) => resolve(error.message));
    });
  }

  /** Resolves when the system took them. */
  async send(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => this.#request.write(bytes, () => resolve()));
  }

  end(): void {
    this.#request.destroy();
  }
}

test('twelve unfinished uploads by one address are one, and nothing of it outlives the server (SPEC 7.5, 7.6)', async ({
  server,
}) => {
  test.setTimeout(120_000);
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const body = randomBytes(40 * MIB);
  const upload = await askUpload(ann, roomId, body, facts);
  const begun: Unfinished[] = [];
  for (let n = 0; n < 12; n++) {
    const unfinished = new Unfinished(upload, body.length);
    begun.push(unfinished);
    // Who is replaced does not take all of it.
    await Promise.race([unfinished.send(body.subarray(0, 38 * MIB)), unfinished.answer]);
  }
  for (const replaced of begun.slice(0, -1)) {
    expect([409, 'socket hang up', 'write EPIPE', 'read ECONNRESET', 'write ECONNRESET']).toContain(
      await replaced.answer,
    );
  }
  await expect.poll(() => filesOf(server)).toBeGreaterThan(36 * MIB);
  expect(await filesOf(server)).toBeLessThan(41 * MIB);
  // What was asked for counts from then on.
  const more = { roomId, name: 'b', size: 21 * MIB, mimeType: 'text/plain' };
  expect((await ann.call('POST', '/api/upload-url', more)).status).toBe(413);

  await server.kill();
  await server.run();
  await expect.poll(() => filesOf(server)).toBeLessThan(MIB);
  for (const unfinished of begun) unfinished.end();
  expect((await put(upload, body)).ok).toBe(true);
  expect(await filesOf(server)).toBeLessThan(41 * MIB);
});

test('an upload that was given up takes nothing more, and ends what is on its way', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const body = randomBytes(8 * MIB);
  const upload = await askUpload(ann, roomId, body, facts);
  const unfinished = new Unfinished(upload, body.length);
  await unfinished.send(body.subarray(0, 4 * MIB));
  await expect.poll(() => filesOf(server)).toBeGreaterThan(3 * MIB);
  expect((await ann.call('DELETE', `/api/uploads/${upload.uploadId}`)).status).toBe(204);
  expect([409, 'socket hang up', 'read ECONNRESET']).toContain(await unfinished.answer);
  expect(await filesOf(server)).toBeLessThan(MIB);
  expect((await put(upload, body)).status).toBe(403);
  // Nor does one whose room is gone, for which the quota counts no more.
  const second = await askUpload(ann, roomId, body, facts);
  expect((await ann.call('DELETE', `/api/rooms/${roomId}`)).status).toBe(204);
  expect((await put(second, body)).status).toBe(403);
  expect(await filesOf(server)).toBeLessThan(MIB);
});

test('parts: one write each, sent again in place of the first, and gone with the upload', async ({
  server,
}) => {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  await ann.join(roomId);
  const body = randomBytes(16 * MIB + 5);
  const upload = await askUpload(ann, roomId, body, { ...facts, inParts: true });
  const where = `/api/uploads/${upload.uploadId}`;
  const signed = await ann.call<PartUrls>('POST', `${where}/parts`, { numbers: [1, 2] });
  const [first, second] = signed.body.parts;
  if (!first || !second) throw new Error('no parts');
  const begun = [0, 1, 2].map(() => new Unfinished(first, first.size));
  for (const unfinished of begun) {
    await Promise.race([unfinished.send(body.subarray(0, 15 * MIB)), unfinished.answer]);
  }
  await expect.poll(() => filesOf(server)).toBeGreaterThan(14 * MIB);
  expect(await filesOf(server)).toBeLessThan(16 * MIB);
  expect((await put(second, body.subarray(16 * MIB))).ok).toBe(true);
  await server.kill();
  await server.run();
  for (const unfinished of begun) unfinished.end();
  const state = await ann.call<UploadState>('GET', where);
  expect(state.body).toMatchObject({ stored: [2], complete: false });
  expect((await put(first, body.subarray(0, 16 * MIB))).ok).toBe(true);
  // Of two that put the parts together, one may be told to ask again.
  const both = await Promise.all([0, 1].map(() => ann.call('POST', `${where}/complete`)));
  expect(both.map(({ status }) => status)).toContain(204);
  expect((await ann.call('POST', `${where}/complete`)).status).toBe(204);
  const again = await ann.join(roomId);
  const meta = announced(upload, roomId, body, facts);
  expect(await ask(again.socket, 'file:uploadMeta', meta)).toMatchObject({ ok: true });
  expect(await filesOf(server)).toBeLessThan(17 * MIB);
});

test.describe('on a disk that is nearly full', () => {
  test.use({ settings: { MIN_FREE_DISK_MIB: '4000000000' } });

  test('files are refused in words, and people chat on', async ({ server }) => {
    const ann = await Person.signUp(server, 'Ann');
    const { roomId } = await ann.createRoom();
    const asked = { roomId, name: 'a', size: 1, mimeType: 'text/plain' };
    const refused = await ann.call<{ error: { code: string; message: string } }>(
      'POST',
      '/api/upload-url',
      asked,
    );
    expect(refused.status).toBe(503);
    expect(refused.body.error).toMatchObject({ code: 'unavailable' });
    expect(refused.body.error.message).toContain('no room');
    const { socket } = await ann.join(roomId);
    expect(await ask(socket, 'chat:message', { roomId, text: 'Hello' })).toMatchObject({
      ok: true,
    });
  });
});
