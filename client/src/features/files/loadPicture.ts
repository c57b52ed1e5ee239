import { fetchSignedUrl, RequestError } from '../../connection';
import { decode } from './decode';
import type { Files } from './files';

const TRIES = 3;
const PAUSE_MS = 1_500;

/** Fetches a picture of the room, `side` pixels long at most; none when it cannot be had. */
export async function loadPicture(
  files: Pick<Files, 'links'>,
  fileUrl: string,
  side: number,
  signal: AbortSignal,
): Promise<ImageBitmap | undefined> {
  for (let tried = 1; !signal.aborted; tried++) {
    try {
      const inline = (await files.links(fileUrl))?.inline;
      if (inline === undefined) throw new RequestError('unavailable', 'No address.', true);
      return await decode(await fetchSignedUrl(inline, { signal }), side);
    } catch (error) {
      const passes = error instanceof RequestError && error.retryable && tried < TRIES;
      if (!passes) return undefined;
      await new Promise((wait) => setTimeout(wait, PAUSE_MS * tried));
    }
  }
  return undefined;
}
