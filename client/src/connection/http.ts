import type { ErrorBody } from '../protocol';
import { RequestError } from './types';

const SILENCE_MS = 15_000;

const FILE_SILENCE_MS = 120_000;

/** Fetches JSON under `/api`. @throws RequestError; `unavailable` when nothing answers. */
export async function http<T>(path: string, init: RequestInit): Promise<T> {
  const response = await answerTo(path, init, SILENCE_MS);
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch {
    throw new RequestError('internal', 'The answer was not JSON.', true);
  }
}

/** Fetches a file under `/api`. @throws RequestError */
export async function httpBlob(path: string, init: RequestInit): Promise<Blob> {
  const response = await answerTo(path, init, FILE_SILENCE_MS);
  try {
    return await response.blob();
  } catch {
    throw new RequestError('unavailable', 'The file broke off.', true);
  }
}

async function answerTo(path: string, init: RequestInit, silenceMs: number): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      credentials: 'same-origin',
      ...init,
      signal: AbortSignal.timeout(silenceMs),
    });
  } catch {
    throw new RequestError('unavailable', 'The server did not answer.', true);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function refusal(response: Response): Promise<RequestError> {
  const waitSec = Number(response.headers.get('Retry-After'));
  const headerWait = waitSec > 0 ? waitSec * 1000 : undefined;
  try {
    const { error } = (await response.json()) as ErrorBody;
    return new RequestError(
      error.code,
      error.message,
      error.retryable,
      error.retryAfterMs ?? headerWait,
    );
  } catch {
    // Not our server's words: a proxy's error page, for instance.
    return new RequestError('unavailable', `HTTP ${response.status}`, true, headerWait);
  }
}

/** Body and headers of a JSON request. */
export function jsonBody(method: string, body: unknown): RequestInit {
  return { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}
