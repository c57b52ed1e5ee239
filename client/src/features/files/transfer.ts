import { api, RequestError, uploadToSignedUrl } from '../../connection';
import type { RoomId, UploadState, UploadUrl } from '../../protocol';

/** Larger files are sent in parts, and can be resumed. */
const IN_PARTS_FROM = 32 * 1024 * 1024;
const AT_ONCE = 3;
const TRIES = 5;

export interface OutgoingFile {
  file: File;
  signal: AbortSignal;
  /** Gets the number of bytes that are stored. */
  progress: (bytes: number) => void;
}

/** The file's type if it is a valid MIME type, else `application/octet-stream`. */
export const mimeTypeOf = (file: Blob): string =>
  /^[a-z0-9][a-z0-9!$&^_.+-]*\/[a-z0-9][a-z0-9!$&^_.+-]*$/.test(file.type)
    ? file.type
    : 'application/octet-stream';

/** Asks the server for an upload; sends nothing of the file yet. */
export async function requestUpload(
  file: File,
  roomId: RoomId,
  thumbnail: Blob | undefined,
): Promise<UploadUrl> {
  const small = thumbnail && { size: thumbnail.size, mimeType: thumbnail.type };
  return api.askUpload({
    roomId,
    name: file.name,
    size: file.size,
    mimeType: mimeTypeOf(file),
    ...(small ? { thumbnail: small } : {}),
    ...(file.size > IN_PARTS_FROM ? { inParts: true } : {}),
  });
}

/** Sends the file and its thumbnail to the addresses the server gave. */
export async function transfer(
  upload: UploadUrl,
  thumbnail: Blob | undefined,
  out: OutgoingFile,
): Promise<void> {
  if (upload.thumbnail && thumbnail) {
    await uploadToSignedUrl(upload.thumbnail, thumbnail, { signal: out.signal });
  }
  if (upload.parts) await sendMissing({ ...upload, stored: [] }, out);
  else await uploadToSignedUrl(upload, out.file, out);
}

type Parts = Pick<UploadState, 'uploadId' | 'parts' | 'stored'>;

/** How many bytes of a file of `size` are stored. */
export function storedBytes({ parts, stored }: Parts, size: number): number {
  return stored.reduce((sum, number) => sum + (parts ? partOf(size, parts, number).size : 0), 0);
}

function partOf(whole: number, parts: { size: number }, number: number) {
  const from = parts.size * (number - 1);
  return { from, size: Math.min(parts.size, whole - from) };
}

/** Sends the missing parts, then completes the upload. */
export async function sendMissing(upload: Parts, out: OutgoingFile): Promise<void> {
  const { uploadId, parts, stored } = upload;
  if (!parts) throw new RequestError('conflict', 'The upload is not in parts.', false);
  const { file } = out;
  const before = storedBytes(upload, file.size);
  const sent = new Map<number, number>();
  const tell = () => out.progress([...sent.values()].reduce((sum, bytes) => sum + bytes, before));
  const missing = Array.from({ length: parts.count }, (_, index) => index + 1).filter(
    (number) => !stored.includes(number),
  );
  tell();
  // When one part fails for good, the others stop.
  const stop = new AbortController();
  const onAbort = () => stop.abort(out.signal.reason);
  out.signal.addEventListener('abort', onAbort);
  if (out.signal.aborted) onAbort();
  const sendNext = async () => {
    for (let number = missing.shift(); number !== undefined; number = missing.shift()) {
      const which = number;
      const { from, size } = partOf(file.size, parts, which);
      await sendPart(uploadId, which, file.slice(from, from + size), {
        signal: stop.signal,
        progress: (bytes) => {
          sent.set(which, bytes);
          tell();
        },
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, sendNext));
  } catch (error) {
    stop.abort(error);
    throw error;
  } finally {
    out.signal.removeEventListener('abort', onAbort);
  }
  await api.completeUpload(uploadId);
}

/** Sends one part, with a fresh signature at each try. */
async function sendPart(
  uploadId: string,
  number: number,
  bytes: Blob,
  it: Parameters<typeof uploadToSignedUrl>[2],
): Promise<void> {
  for (let tried = 1; ; tried++) {
    it.signal.throwIfAborted();
    try {
      const [part] = (await api.askParts(uploadId, [number])).parts;
      if (!part) throw new RequestError('internal', 'No part was signed.', false);
      await uploadToSignedUrl(part, bytes, it);
      return;
    } catch (error) {
      const passes = error instanceof RequestError && error.retryable && tried < TRIES;
      if (!passes || it.signal.aborted) throw error;
      await pause(500 * 2 ** tried, it.signal);
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
