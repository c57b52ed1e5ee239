import { randomUUID } from 'node:crypto';
import type {
  FileLinks,
  FileMeta,
  SignedRequest,
  UploadUrl,
} from '../client/src/protocol/index.ts';
import { ask, type Person } from './people.ts';
import { Server } from './server.ts';

/** Where files are kept: in the program, or on the S3 server that the test command started. */
export const shelves = ['embedded', 'SeaweedFS'] as const;
export type Shelf = (typeof shelves)[number];

/** Those of that server. */
export const s3Keys = {
  access: process.env['S3_ACCESS_KEY'] ?? 'key',
  secret: process.env['S3_SECRET_KEY'] ?? 'secret',
};

/** Why the S3 server's part of a spec cannot run; the test command always starts it. */
export const noServer = (shelf: Shelf): [boolean, string] => [
  shelf !== 'embedded' && !process.env['S3_ENDPOINT'],
  'S3_ENDPOINT is not set: run scripts/test',
];

/** Whether a request is for an object, on whichever shelf. */
export const isForObject = (url: URL): boolean => url.searchParams.has('X-Amz-Signature');

/** Settings for a bucket of its own. */
export function shelfSettings(shelf: Shelf): Record<string, string> {
  if (shelf === 'embedded') return {};
  const endpoint = process.env['S3_ENDPOINT'];
  if (!endpoint) throw new Error('S3_ENDPOINT is not set: run scripts/test');
  return {
    S3_ENDPOINT: endpoint,
    S3_BUCKET: `e2e-${randomUUID().slice(0, 8)}`,
    S3_ACCESS_KEY: s3Keys.access,
    S3_SECRET_KEY: s3Keys.secret,
  };
}

export async function startWith(shelf: Shelf, more: Record<string, string> = {}): Promise<Server> {
  return Server.start({ ...shelfSettings(shelf), ...more });
}

/** Sends what was signed. */
export async function put(request: SignedRequest, body: string | Uint8Array): Promise<Response> {
  const { url, headers, method } = request;
  return fetch(url, { method, headers, body: new Uint8Array(Buffer.from(body)) });
}

export async function askUpload(
  person: Person,
  roomId: string,
  body: string | Uint8Array,
  facts: { name?: string; mimeType?: string; size?: number; inParts?: boolean } = {},
): Promise<UploadUrl> {
  const size = Buffer.from(body).length;
  const asked = { roomId, name: 'notes.txt', mimeType: 'text/plain', size, ...facts };
  const answer = await person.call<UploadUrl>('POST', '/api/upload-url', asked);
  if (answer.status !== 201) throw new Error(`not signed: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

type Socket = ReturnType<Person['connect']>;

/** Uploads and announces. */
export async function share(
  person: Person,
  socket: Socket,
  roomId: string,
  body: string | Uint8Array,
  facts: { name?: string; mimeType?: string } = {},
): Promise<FileMeta> {
  const upload = await askUpload(person, roomId, body, facts);
  const stored = await put(upload, body);
  if (!stored.ok) throw new Error(`not stored: ${stored.status} ${await stored.text()}`);
  const ack = await ask(socket, 'file:uploadMeta', announced(upload, roomId, body, facts));
  if (!ack.ok) throw new Error(`not announced: ${ack.error.message}`);
  return ack.fileMeta;
}

export function announced(
  upload: UploadUrl,
  roomId: string,
  body: string | Uint8Array,
  facts: { name?: string; mimeType?: string } = {},
) {
  return {
    roomId,
    uploadId: upload.uploadId,
    fileUrl: upload.fileUrl,
    name: 'notes.txt',
    mimeType: 'text/plain',
    size: Buffer.from(body).length,
    ...facts,
  };
}

export async function links(person: Person, file: FileMeta): Promise<FileLinks> {
  return (await person.call<FileLinks>('GET', `${file.fileUrl}/links`)).body;
}
