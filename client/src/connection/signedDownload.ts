import { RequestError } from './types';

/**
 * Fetches a file, or a range of it, from a signed address.
 * @throws RequestError; `not_found` when it is gone, `unavailable` where trying again may help.
 */
export async function fetchSignedUrl(
  url: string,
  it: { signal?: AbortSignal; from?: number; to?: number } = {},
): Promise<Blob> {
  const { from = 0, to } = it;
  let answer: Response;
  try {
    answer = await fetch(url, {
      ...(to === undefined ? {} : { headers: { Range: `bytes=${from}-${to - 1}` } }),
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      // The same address shown by an <img> may lie in the cache as one that no script may read.
      cache: 'no-store',
      signal: it.signal ?? null,
    });
    if (answer.ok) {
      const bytes = await answer.blob();
      // A store that knows no ranges sends all of it.
      return to === undefined || answer.status === 206 ? bytes : bytes.slice(from, to);
    }
  } catch (error) {
    if (it.signal?.aborted) throw error;
    throw new RequestError('unavailable', 'The file did not arrive.', true);
  }
  if (answer.status === 404) throw new RequestError('not_found', 'The file is gone.', false);
  throw new RequestError('unavailable', `HTTP ${answer.status}`, true);
}
