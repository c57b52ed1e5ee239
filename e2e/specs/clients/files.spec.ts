import { createHash, createHmac, randomBytes } from 'node:crypto';
import type {
  FileDeleted,
  FileList,
  FileMeta,
  FileShared,
  PartUrls,
  UploadState,
  UploadUrl,
} from '../../../client/src/protocol/index.ts';
import { ask, disconnectAll, next, Person } from '../../people.ts';
import { presignedGet, type SignedBy } from '../../presigned.ts';
import { binary, expect, freePort, type Server, test } from '../../server.ts';
import {
  announced,
  askUpload,
  links,
  put,
  s3Keys,
  share,
  shelves,
  startWith,
} from '../../uploads.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

test.afterEach(disconnectAll);

const text = 'What was said on Tuesday.';

for (const shelf of shelves) {
  test.describe(`files on ${shelf}`, () => {
    let server: Server;
    let ann: Person;
    let ben: Person;
    let roomId: string;

    test.beforeAll(async () => {
      server = await startWith(shelf);
    });
    test.afterAll(async () => {
      await server.dispose();
    });
    test.beforeEach(async () => {
      ann = await Person.signUp(server, 'Ann');
      ben = await Person.signUp(server, 'Ben');
      ({ roomId } = await ann.createRoom());
    });

    test('what one uploads and announces, everyone in the room gets', async () => {
      const { socket } = await ann.join(roomId);
      const other = await ben.join(roomId);
      const heard = next<FileShared>(other.socket, 'file:shared');
      const body = randomBytes(300_000);
      const facts = { name: 'Übung 1/2 "λ".pdf', mimeType: 'application/pdf' };
      const file = await share(ann, socket, roomId, body, facts);
      expect(file).toMatchObject({ ...facts, size: 300_000, userId: ann.userId, userName: 'Ann' });
      expect((await heard).fileMeta).toEqual(file);

      // A program that follows the redirect takes its token along.
      const got = await fetch(server.url + file.fileUrl, {
        headers: { authorization: `Bearer ${ben.token}` },
      });
      expect(got.status).toBe(200);
      expect(Buffer.from(await got.arrayBuffer()).equals(body)).toBe(true);
      expect(got.headers.get('content-disposition')).toMatch(/^attachment; .*%C3%9Cbung/);

      const list = await ben.call<FileList>('GET', `/api/rooms/${roomId}/files`);
      expect(list.body.files).toEqual([file]);
      const said = await ask(other.socket, 'chat:message', {
        roomId,
        text: '',
        attachments: [{ fileUrl: file.fileUrl, name: 'lie.exe', size: 1 }],
      });
      expect(said).toMatchObject({
        ok: true,
        message: { attachments: [{ ...facts, size: 300_000, fileUrl: file.fileUrl }] },
      });
    });

    test('announced twice it is one file, and its numbers must be as asked for', async () => {
      const { socket } = await ann.join(roomId);
      const upload = await askUpload(ann, roomId, text);
      const meta = announced(upload, roomId, text);
      const early = await ask(socket, 'file:uploadMeta', meta);
      expect(early).toMatchObject({ ok: false, error: { code: 'conflict' } });
      expect((await put(upload, text)).ok).toBe(true);
      for (const [wrong, field] of [
        [{ ...meta, size: 1 }, 'size'],
        [{ ...meta, name: 'other.txt' }, 'name'],
        [{ ...meta, mimeType: 'text/html' }, 'mimeType'],
        [{ ...meta, fileUrl: `https://evil.example${meta.fileUrl}` }, 'fileUrl'],
        [{ ...meta, fileUrl: 'javascript:alert(1)' }, 'fileUrl'],
      ] as const) {
        const ack = await ask(socket, 'file:uploadMeta', wrong);
        expect(ack).toMatchObject({ ok: false, error: { code: 'bad_request' } });
        if (!ack.ok) expect(ack.error.message).toContain(`${field}: `);
      }
      const once = await ask(socket, 'file:uploadMeta', meta);
      expect(await ask(socket, 'file:uploadMeta', meta)).toEqual(once);
      const list = await ann.call<FileList>('GET', `/api/rooms/${roomId}/files`);
      expect(list.body.files).toHaveLength(1);
    });

    test('a larger body, a smaller one, another type and an address again are refused', async () => {
      const upload = await askUpload(ann, roomId, text);
      expect((await put(upload, `${text} And more.`)).ok).toBe(false);
      expect((await put(upload, text.slice(1))).ok).toBe(false);
      const html = { ...upload, headers: { ...upload.headers, 'content-type': 'text/html' } };
      expect((await put(html, text)).ok).toBe(false);
      const elsewhere = new URL(upload.url);
      elsewhere.pathname += 'x';
      expect((await put({ ...upload, url: elsewhere.href }, text)).ok).toBe(false);
      const state = await ann.call<UploadState>('GET', `/api/uploads/${upload.uploadId}`);
      expect(state.body.complete).toBe(false);
      expect((await put(upload, text)).ok).toBe(true);
      const after = await ann.call<UploadState>('GET', `/api/uploads/${upload.uploadId}`);
      expect(after.body.complete).toBe(true);
    });

    test("someone else's upload is not theirs to announce", async () => {
      const { socket } = await ben.join(roomId);
      const upload = await askUpload(ann, roomId, text);
      await put(upload, text);
      const meta = announced(upload, roomId, text);
      expect(await ask(socket, 'file:uploadMeta', meta)).toMatchObject({
        ok: false,
        error: { code: 'forbidden' },
      });
      const own = await askUpload(ben, roomId, text);
      const mixed = { ...announced(own, roomId, text), fileUrl: upload.fileUrl };
      expect(await ask(socket, 'file:uploadMeta', mixed)).toMatchObject({
        ok: false,
        error: { code: 'bad_request' },
      });
      expect((await ben.call('GET', `/api/uploads/${upload.uploadId}`)).status).toBe(404);
      expect((await ben.call('DELETE', `/api/uploads/${upload.uploadId}`)).status).toBe(404);
      const elsewhere = await ann.createRoom('Elsewhere');
      const there = await ann.join(elsewhere.roomId);
      const moved = { ...meta, roomId: elsewhere.roomId };
      expect(await ask(there.socket, 'file:uploadMeta', moved)).toMatchObject({
        ok: false,
        error: { code: 'not_found' },
      });
    });

    test('who is not in the room gets nothing, and cannot upload', async () => {
      const { socket } = await ann.join(roomId);
      const file = await share(ann, socket, roomId, text);
      for (const path of ['', '/links', '/thumbnail']) {
        expect((await ben.call('GET', file.fileUrl + path)).status, path).toBe(404);
      }
      expect((await ben.call('DELETE', file.fileUrl)).status).toBe(404);
      expect((await ben.call('GET', `/api/rooms/${roomId}/files`)).status).toBe(404);
      const asked = { roomId, name: 'a', size: 1, mimeType: 'text/plain' };
      expect((await ben.call('POST', '/api/upload-url', asked)).status).toBe(404);
      expect((await fetch(server.url + file.fileUrl)).status).toBe(401);
      // A changed signature, and none at all.
      const { download } = await links(ann, file);
      expect((await fetch(download)).status).toBe(200);
      const changed = download.replace(/Signature=(.)/, (_, first) => {
        return `Signature=${first === '0' ? '1' : '0'}`;
      });
      expect((await fetch(changed)).status).toBe(403);
      expect((await fetch(download.split('?')[0] ?? '')).status).toBe(403);
    });

    test('HTML and SVG are never shown in place, whatever they are called', async () => {
      const { socket } = await ann.join(roomId);
      const evil = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
      for (const [name, mimeType] of [
        ['a.svg', 'image/svg+xml'],
        ['a.html', 'text/html'],
        ['a.xhtml', 'application/xhtml+xml'],
      ] as const) {
        const file = await share(ann, socket, roomId, evil, { name, mimeType });
        const found = await links(ann, file);
        expect(found.inline).toBeUndefined();
        const got = await fetch(found.download);
        expect(got.headers.get('content-type')).toBe('application/octet-stream');
        expect(got.headers.get('content-disposition')).toMatch(/^attachment/);
        if (shelf === 'embedded') {
          expect(got.headers.get('x-content-type-options')).toBe('nosniff');
          expect(got.headers.get('content-security-policy')).toContain('sandbox');
        }
      }
      const file = await share(ann, socket, roomId, evil, { name: 'a.png', mimeType: 'image/png' });
      const { inline } = await links(ann, file);
      const got = await fetch(inline ?? '');
      expect(got.headers.get('content-type')).toBe('image/png');
    });

    test('in parts: what is there is not sent again, and only all of it is whole', async () => {
      const body = randomBytes((16 << 20) + 1234);
      const facts = { name: 'film.bin', mimeType: 'application/octet-stream' };
      const { socket } = await ann.join(roomId);
      const upload = await askUpload(ann, roomId, body, { ...facts, inParts: true });
      expect(upload.parts).toEqual({ size: 16 << 20, count: 2 });
      const path = `/api/uploads/${upload.uploadId}`;
      const signed = await ann.call<PartUrls>('POST', `${path}/parts`, { numbers: [1, 2] });
      const [first, second] = signed.body.parts;
      if (!first || !second) throw new Error('no parts');
      expect((await put(second, body.subarray(16 << 20))).ok).toBe(true);
      expect((await put(first, body.subarray(0, 100))).ok).toBe(false);
      expect((await ann.call('POST', `${path}/complete`)).status).toBe(409);
      const state = await ann.call<UploadState>('GET', path);
      expect(state.body).toMatchObject({ stored: [2], complete: false });
      expect((await put(first, body.subarray(0, 16 << 20))).ok).toBe(true);
      expect((await ann.call('POST', `${path}/complete`)).status).toBe(204);
      expect((await ann.call('POST', `${path}/complete`)).status).toBe(204);
      const ack = await ask(socket, 'file:uploadMeta', announced(upload, roomId, body, facts));
      if (!ack.ok) throw new Error(ack.error.message);
      const got = await fetch((await links(ann, ack.fileMeta)).download);
      expect(sum(Buffer.from(await got.arrayBuffer()))).toBe(sum(body));
    });

    test('a file goes by its author or a moderator, and its bytes with it', async () => {
      const { socket } = await ann.join(roomId);
      const other = await ben.join(roomId);
      const cem = await Person.signUp(server, 'Cem');
      await cem.join(roomId);
      const [mine, his] = [
        await share(ann, socket, roomId, text),
        await share(ben, other.socket, roomId, text),
      ];
      expect((await ben.call('DELETE', mine.fileUrl)).status).toBe(403);
      expect((await cem.call('DELETE', his.fileUrl)).status).toBe(403);
      for (const [by, file] of [
        [ann, mine],
        [ann, his],
      ] as const) {
        const { download } = await links(by, file);
        const heard = next<FileDeleted>(other.socket, 'file:deleted');
        expect((await by.call('DELETE', file.fileUrl)).status).toBe(204);
        expect((await heard).uploadId).toBe(file.uploadId);
        expect((await by.call('GET', file.fileUrl)).status).toBe(404);
        expect((await fetch(download)).status).toBe(404);
      }
      const list = await ann.call<FileList>('GET', `/api/rooms/${roomId}/files`);
      expect(list.body.files).toEqual([]);
    });

    test('what is given up, and what a room had, is deleted', async () => {
      const { socket } = await ann.join(roomId);
      const file = await share(ann, socket, roomId, text);
      const { download } = await links(ann, file);
      const upload = await askUpload(ann, roomId, text);
      await put(upload, text);
      expect((await ann.call('DELETE', `/api/uploads/${upload.uploadId}`)).status).toBe(204);
      const late = await ask(socket, 'file:uploadMeta', announced(upload, roomId, text));
      expect(late).toMatchObject({ ok: false, error: { code: 'not_found' } });
      expect((await fetch(download)).status).toBe(200);
      expect((await ann.call('DELETE', `/api/rooms/${roomId}`)).status).toBe(204);
      await expect.poll(async () => (await fetch(download)).status).toBe(404);
    });

    test('a picture of the room stands on the board, and nothing else does', async () => {
      const { socket } = await ann.join(roomId);
      const picture = await share(ann, socket, roomId, 'PNG', {
        name: 'a.png',
        mimeType: 'image/png',
      });
      const page = await share(ann, socket, roomId, text);
      const box = { id: 'p1', kind: 'image', x: 0, y: 0, w: 9, h: 9, color: '#000000', width: 1 };
      const draw = async (src: string) =>
        ask(socket, 'whiteboard:draw', {
          roomId,
          ops: [{ type: 'put', element: { ...box, src } as never }],
        });
      expect((await draw(picture.fileUrl)).ok).toBe(true);
      for (const src of [
        page.fileUrl,
        'https://evil.example/x.png',
        'data:image/png;base64,AA==',
      ]) {
        expect(await draw(src), src).toMatchObject({ ok: false, error: { code: 'bad_request' } });
      }
    });

    test('what was announced is there after kill -9', async () => {
      const { socket } = await ann.join(roomId);
      const body = randomBytes(2_000_000);
      const file = await share(ann, socket, roomId, body, { mimeType: 'image/png', name: 'a.png' });
      await server.kill();
      await server.run();
      const list = await ann.call<FileList>('GET', `/api/rooms/${roomId}/files`);
      expect(list.body.files).toEqual([file]);
      const got = await fetch((await links(ann, file)).download);
      expect(sum(Buffer.from(await got.arrayBuffer()))).toBe(sum(body));
    });
  });
}

function sum(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

test('there is room for so much and no more, however many ask at once (SPEC 7.5)', async () => {
  const server = await startWith('embedded', { MAX_FILE_MIB: '2', MAX_ROOM_FILES_MIB: '3' });
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const asked = (size: number) => ({ roomId, name: 'a', size, mimeType: 'text/plain' });
  const tooLarge = await ann.call('POST', '/api/upload-url', asked((2 << 20) + 1));
  expect(tooLarge.status).toBe(413);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => ann.call<UploadUrl>('POST', '/api/upload-url', asked(1 << 20))),
  );
  const signed = answers.filter((answer) => answer.status === 201);
  expect(signed.length).toBeLessThanOrEqual(3);
  expect(answers.filter((answer) => answer.status === 413)).toHaveLength(8 - signed.length);
  for (const { body } of signed) await ann.call('DELETE', `/api/uploads/${body.uploadId}`);
  expect((await ann.call('POST', '/api/upload-url', asked(2 << 20))).status).toBe(201);
  await server.dispose();
});

for (const shelf of shelves) {
  test(`an address ends when it says, and not later, on ${shelf} (SPEC 7.2)`, async () => {
    const secret = 'a secret that only this test and its server know';
    const server = await startWith(shelf, { JWT_SECRET: secret });
    const ann = await Person.signUp(server, 'Ann');
    const { roomId } = await ann.createRoom();
    const { socket } = await ann.join(roomId);
    const file: FileMeta = await share(ann, socket, roomId, text);
    const url = new URL((await links(ann, file)).download);
    expect(url.searchParams.get('X-Amz-Expires')).toBe('300');
    // Signed by the right key, at another time.
    const own = createHmac('sha256', secret).update('objects').digest('base64url');
    const by: SignedBy =
      shelf === 'embedded'
        ? {
            host: 'objects.studyrooms.internal',
            region: 'local',
            access: 'studyrooms',
            secret: own,
          }
        : { host: url.host, region: 'us-east-1', ...s3Keys };
    const status = async (secondsAgo: number) => {
      const at = new Date(Date.now() - secondsAgo * 1000);
      return (await fetch(presignedGet(url.origin, url.pathname, by, at))).status;
    };
    expect(await status(0)).toBe(200);
    expect(await status(290)).toBe(200);
    expect(await status(310)).toBe(403);
    // Whoever makes it last longer breaks the signature.
    url.searchParams.set('X-Amz-Expires', '3000');
    expect((await fetch(url)).status).toBe(403);
    await server.dispose();
  });
}

test('an S3 server that does not answer, or takes other keys, is named at the start', async () => {
  const settings = {
    S3_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
    S3_BUCKET: 'rooms',
    S3_ACCESS_KEY: 'key',
    S3_SECRET_KEY: 'secret',
  };
  const started = async (environment: Record<string, string>) => {
    const child = spawn(
      binary,
      ['--listen', '127.0.0.1:0', '--data-dir', test.info().outputPath()],
      {
        env: { PATH: process.env['PATH'], ...environment },
      },
    );
    let words = '';
    child.stderr.on('data', (said) => (words += String(said)));
    await once(child, 'close');
    return { code: child.exitCode, words };
  };
  const gone = await started(settings);
  expect(gone.code).toBe(1);
  expect(gone.words).toContain('S3_ENDPOINT: http://127.0.0.1:');
  const there = process.env['S3_ENDPOINT'];
  if (!there) throw new Error('S3_ENDPOINT is not set: run scripts/test');
  const wrong = await started({ ...settings, S3_ENDPOINT: there, S3_SECRET_KEY: 'wrong' });
  expect(wrong.code).toBe(1);
  expect(wrong.words).toContain('S3_ACCESS_KEY, S3_SECRET_KEY');
});
