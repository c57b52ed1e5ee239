/**
 * Uploads one large file in parts, cuts the connection twice in the middle of a part, goes on each time
 * as after a reload, and reads the file back: `scripts/load upload --mib 1024`. Says what it took of the
 * server's memory.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { parseArgs } from 'node:util';
import type {
  FileMeta,
  PartUrls,
  SignedPart,
  UploadState,
} from '../../client/src/protocol/index.ts';
import { ask, disconnectAll, Person } from '../people.ts';
import { announced, askUpload, links, shelves, startWith } from '../uploads.ts';

const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '1024' },
    shelf: { type: 'string', default: 'embedded' },
  },
});
const size = Number(values.mib) << 20;
const shelf = shelves.find((it) => it === values.shelf);
if (!(size > 0) || size > 2 ** 31 || !shelf)
  throw new Error('--mib 1 to 2047, --shelf embedded or SeaweedFS');

/** The same bytes every time, never all of them in memory. */
function bytesAt(from: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4) {
    bytes.writeUInt32LE(Math.imul((from + at) >>> 2, 2_654_435_761) >>> 0, at);
  }
  return bytes;
}

/** Sends a part; with `cut`, no more than half of it. */
function sendPart(part: SignedPart, body: Buffer, cut: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const sending = request(part.url, {
      method: part.method,
      headers: { ...part.headers, 'content-length': body.length },
    });
    sending.on('error', (error) => (cut ? resolve() : reject(error)));
    sending.on('response', (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`HTTP ${answer.statusCode}`)),
      );
    });
    if (cut) sending.write(body.subarray(0, body.length >> 1), () => sending.destroy());
    else sending.end(body);
  });
}

const server = await startWith(shelf);
const memory = async () => {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
};
try {
  const ann = await Person.signUp(server, 'Ann');
  const { roomId } = await ann.createRoom();
  const { socket } = await ann.join(roomId);
  const facts = { name: 'film.bin', mimeType: 'application/octet-stream' };
  const upload = await askUpload(ann, roomId, '', { ...facts, size, inParts: true });
  const path = `/api/uploads/${upload.uploadId}`;
  const before = await memory();
  let most = before;
  const watching = setInterval(() => void memory().then((now) => (most = Math.max(most, now))), 50);

  const sum = createHash('sha256');
  const plan = upload.parts;
  if (!plan) throw new Error('not in parts');
  for (let number = 1; number <= plan.count; number++) {
    const from = plan.size * (number - 1);
    sum.update(bytesAt(from, Math.min(plan.size, size - from)));
  }

  const began = performance.now();
  const cuts = new Set([Math.ceil(plan.count / 3), Math.ceil((2 * plan.count) / 3)]);
  let resumed = 0;
  let sent = 0;
  for (let done = false; !done;) {
    // All that is known after a cut is what the server says is there.
    const { stored } = (await ann.call<UploadState>('GET', path)).body;
    done = true;
    for (let number = 1; number <= plan.count; number++) {
      if (stored.includes(number)) continue;
      const asked = await ann.call<PartUrls>('POST', `${path}/parts`, { numbers: [number] });
      const [part] = asked.body.parts;
      if (!part) throw new Error('no part was signed');
      const cut = cuts.delete(number);
      await sendPart(part, bytesAt(plan.size * (number - 1), part.size), cut);
      if (cut) {
        resumed++;
        done = false;
        break;
      }
      sent++;
    }
  }
  const put = performance.now() - began;
  const joining = performance.now();
  const whole = await ann.call('POST', `${path}/complete`);
  if (whole.status !== 204) throw new Error(`not complete: ${JSON.stringify(whole.body)}`);
  const joined = performance.now() - joining;
  const meta = { ...announced(upload, roomId, '', facts), size };
  const ack = await ask(socket, 'file:uploadMeta', meta);
  if (!ack.ok) throw new Error(ack.error.message);

  const reading = performance.now();
  const file: FileMeta = ack.fileMeta;
  const got = createHash('sha256');
  const answer = await fetch((await links(ann, file)).download);
  for await (const chunk of answer.body ?? []) got.update(chunk as Uint8Array);
  const get = performance.now() - reading;
  clearInterval(watching);

  const agrees = sum.digest('hex') === got.digest('hex');
  const rate = (ms: number) => `${Math.round(Number(values.mib) / (ms / 1000))} MiB/s`;
  console.log(
    `${values.mib} MiB on ${shelf} in ${plan.count} parts, ${sent} sent whole, cut ${resumed} times`,
  );
  console.log(
    `put ${rate(put)}, put together in ${(joined / 1000).toFixed(1)} s, got ${rate(get)}`,
  );
  console.log(
    `memory of the server: ${before.toFixed(0)} MiB before, ${most.toFixed(0)} MiB at most`,
  );
  console.log(agrees ? 'the checksums agree' : 'THE CHECKSUMS DIFFER');
  if (!agrees || resumed !== 2) process.exitCode = 1;
} finally {
  disconnectAll();
  await server.dispose();
}
