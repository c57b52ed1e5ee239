import type { ClientRequest } from 'node:http';
import { request } from 'node:http';
import type { UploadUrl } from '../../../../client/src/protocol/index.ts';
import { atRate } from '../at-rate.ts';
import type { Guest } from '../guest.ts';
import type { Attacks } from './attack.ts';

const mimeType = 'application/octet-stream';
/** Said of the file, and sent of it by each of those that never end. */
const announcedBytes = 40 << 20;
const sentBytes = 2 << 20;
const puts = 12;

async function asked(guest: Guest, size: number): Promise<UploadUrl | undefined> {
  const { token, roomId } = guest.account;
  const body = { roomId, name: 'x'.repeat(255), size, mimeType };
  const route = 'POST /api/upload-url';
  const reply = await guest.call(route, '/api/upload-url', { body, token });
  return reply?.ok ? (JSON.parse(await reply.text()) as UploadUrl) : undefined;
}

/** Sends the beginning of a file and no more. */
function beginPut(guest: Guest, { url, headers, method }: UploadUrl): ClientRequest {
  const { localAddress } = guest.http;
  const putting = request(new URL(url, guest.http.url), {
    method,
    localAddress,
    headers: { ...headers, 'content-length': announcedBytes },
  });
  putting.on('error', () => undefined);
  putting.on('response', (answer) => {
    answer.resume();
    guest.counters.note(`unfinished PUTs answered ${answer.statusCode}`);
  });
  putting.on('close', () => guest.counters.note('unfinished PUTs ended'));
  putting.write(Buffer.alloc(sentBytes));
  return putting;
}

export const fileAttacks: Attacks = {
  'uploads that never end': async (guest, end) => {
    const open: ClientRequest[] = [];
    let upload: UploadUrl | undefined;
    await atRate(4, puts, end, async (n) => {
      // Twelve at a time to one and the same address.
      if (n % puts === 0) {
        for (const putting of open.splice(0)) putting.destroy();
        upload = await asked(guest, announcedBytes);
      }
      if (upload) open.push(beginPut(guest, upload));
    });
    for (const putting of open) putting.destroy();
  },
  'small files': async (guest, end) => {
    const { roomId, token } = guest.account;
    await guest.throughout(guest.account, end, async (connection, over) => {
      await atRate(2, 20, over, async () => {
        const upload = await asked(guest, 1_000);
        if (!upload) return;
        const { url, method, headers, uploadId, fileUrl } = upload;
        const body = Buffer.alloc(1_000);
        await guest.http.ask(url, { method, headers, body }).catch(() => undefined);
        const facts = { name: 'x'.repeat(255), size: 1_000, mimeType };
        const ack = await connection.ask('file:uploadMeta', {
          roomId,
          uploadId,
          fileUrl,
          ...facts,
        });
        if (ack?.['ok'] !== true) return;
        guest.counters.note('files shared');
        guest.known.fileId = uploadId;
        await guest.call('GET /api/files/{file}/links', `${fileUrl}/links`, { token });
      });
    });
  },
  'uploads given up': async (guest, end) => {
    const { token } = guest.account;
    await atRate(2, 20, end, async () => {
      const upload = await asked(guest, announcedBytes);
      if (!upload) return;
      guest.known.uploadId = upload.uploadId;
      const path = `/api/uploads/${upload.uploadId}`;
      await guest.call('GET /api/uploads/{upload}', path, { token });
      await guest.call('DELETE /api/uploads/{upload}', path, { token });
    });
  },
};
