import { api, RequestError, sendSigned } from '../../connection';
import type { AskUpload, UploadUrl } from '../../protocol';

/** Larger files go in parts, and are gone on with after a break. */
const IN_PARTS_FROM = 32 * 1024 * 1024;
const AT_ONCE = 3;
const TRIES = 5;

export interface Outgoing {
  file: File;
  roomId: string;
  thumbnail: Blob | undefined;
  signal: AbortSignal;
  /** Bytes of the file that are there. */
  progress: (bytes: number) => void;
}

/** What the server needs to believe it. */
export interface Arrived {
  uploadId: string;
  fileUrl: string;
}

/** Names what is sent as the server wants it. */
export const mimeTypeOf = (file: Blob): string =>
  /^[a-z0-9][a-z0-9!$&^_.+-]*\/[a-z0-9][a-z0-9!$&^_.+-]*$/.test(file.type)
    ? file.type
    : 'application/octet-stream';

/** Uploads a file; one in parts that was begun before a reload is gone on with. */
export async function transfer(out: Outgoing): Promise<Arrived> {
  return out.file.size > IN_PARTS_FROM ? inParts(out) : atOnce(out);
}

function asked({ file, roomId, thumbnail }: Outgoing): AskUpload {
  const small = thumbnail && { size: thumbnail.size, mimeType: thumbnail.type };
  const base = { roomId, name: file.name, size: file.size, mimeType: mimeTypeOf(file) };
  return small ? { ...base, thumbnail: small } : base;
}

async function sendThumbnail(upload: UploadUrl, out: Outgoing): Promise<void> {
  if (!upload.thumbnail || !out.thumbnail) return;
  const { thumbnail, signal } = out;
  await sendSigned(upload.thumbnail, thumbnail, { signal });
}

async function atOnce(out: Outgoing): Promise<Arrived> {
  const upload = await api.askUpload(asked(out));
  await givingUp(out.signal, upload.uploadId, async () => {
    await sendThumbnail(upload, out);
    await sendSigned(upload, out.file, { signal: out.signal, progress: out.progress });
  });
  return upload;
}

/** Who gives up takes away what came. */
async function givingUp(signal: AbortSignal, uploadId: string, work: () => Promise<void>) {
  try {
    await work();
  } catch (error) {
    if (signal.aborted) await api.cancelUpload(uploadId).catch(() => undefined);
    throw error;
  }
}

const shelfKey = ({ file, roomId }: Outgoing) =>
  `upload:${roomId}:${file.size}:${file.lastModified}:${file.name}`;

async function begun(out: Outgoing): Promise<{ uploadId: string; stored: number[] }> {
  const key = shelfKey(out);
  const known = localStorage.getItem(key);
  if (known) {
    try {
      const { uploadId, stored } = await api.uploadState(known);
      return { uploadId, stored };
    } catch (error) {
      if (!(error instanceof RequestError) || error.code !== 'not_found') throw error;
    }
  }
  const upload = await api.askUpload({ ...asked(out), inParts: true });
  localStorage.setItem(key, upload.uploadId);
  await sendThumbnail(upload, out);
  return { uploadId: upload.uploadId, stored: [] };
}

async function inParts(out: Outgoing): Promise<Arrived> {
  const { uploadId, stored } = await begun(out);
  const state = await api.uploadState(uploadId);
  const arrived = { uploadId, fileUrl: state.fileUrl };
  const plan = state.parts;
  if (plan && !state.complete) {
    const bytesOf = (number: number) =>
      Math.min(plan.size, out.file.size - plan.size * (number - 1));
    const there = new Map(stored.map((number) => [number, bytesOf(number)]));
    const tell = () => out.progress([...there.values()].reduce((sum, bytes) => sum + bytes, 0));
    const missing = Array.from({ length: plan.count }, (_, index) => index + 1).filter(
      (number) => !there.has(number),
    );
    tell();
    const sendNext = async () => {
      for (let number = missing.shift(); number !== undefined; number = missing.shift()) {
        const from = plan.size * (number - 1);
        await sendPart(uploadId, number, out.file.slice(from, from + bytesOf(number)), {
          signal: out.signal,
          progress: (bytes) => {
            there.set(number, bytes);
            tell();
          },
        });
      }
    };
    await givingUp(out.signal, uploadId, async () => {
      await Promise.all(Array.from({ length: AT_ONCE }, sendNext));
    });
    await api.completeUpload(uploadId);
  }
  localStorage.removeItem(shelfKey(out));
  return arrived;
}

/** Again after a break, with a new signature. */
async function sendPart(
  uploadId: string,
  number: number,
  bytes: Blob,
  it: Parameters<typeof sendSigned>[2],
): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      const [part] = (await api.askParts(uploadId, [number])).parts;
      if (!part) throw new RequestError('internal', 'No part was signed.', false);
      await sendSigned(part, bytes, it);
      return;
    } catch (error) {
      const passes = error instanceof RequestError && error.retryable && tried < TRIES;
      if (!passes || it.signal.aborted) throw error;
      await new Promise((wait) => setTimeout(wait, 500 * 2 ** tried));
    }
  }
}
