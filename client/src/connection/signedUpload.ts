import type { SignedRequest } from '../protocol';
import { RequestError } from './types';

/**
 * Uploads bytes by a signed request; `progress` gets the number of bytes sent.
 * @throws RequestError; `unavailable` where trying again may help, `conflict` where the store refuses.
 */
export function uploadToSignedUrl(
  request: SignedRequest,
  body: Blob,
  it: { signal: AbortSignal; progress?: (bytes: number) => void },
): Promise<void> {
  return new Promise((resolve, reject) => {
    // `fetch` reports no upload progress.
    const send = new XMLHttpRequest();
    const abort = () => send.abort();
    send.open(request.method, sameOriginUrl(request.url));
    for (const [name, value] of Object.entries(request.headers)) send.setRequestHeader(name, value);
    send.upload.onprogress = (event) => it.progress?.(event.loaded);
    send.onerror = () => reject(new RequestError('unavailable', 'The upload broke off.', true));
    send.onabort = () => reject(new DOMException('Given up', 'AbortError'));
    send.onload = () => {
      if (send.status >= 200 && send.status < 300) resolve();
      // 408: too few bytes came for a while.
      else if (send.status >= 500 || send.status === 408)
        reject(new RequestError('unavailable', 'HTTP error', true));
      else reject(new RequestError('conflict', `The file store answered ${send.status}.`, false));
    };
    send.onloadend = () => it.signal.removeEventListener('abort', abort);
    it.signal.addEventListener('abort', abort);
    if (it.signal.aborted) abort();
    else send.send(body);
  });
}

/** An address of this host without its scheme: a proxy before the server may terminate TLS. */
export function sameOriginUrl(url: string): string {
  const parsed = new URL(url, location.href);
  return parsed.host === location.host ? parsed.pathname + parsed.search : url;
}
