import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchSignedUrl } from './signedDownload';

const whole = 'abcdefghij';
const heard: (string | undefined)[] = [];
const server = createServer((request, response) => {
  const { range } = request.headers;
  heard.push(range);
  const asked = /^bytes=(\d+)-(\d+)$/.exec(range ?? '');
  if (request.url === '/gone') response.writeHead(404).end();
  else if (request.url === '/broken') response.writeHead(503).end();
  else if (asked && request.url === '/ranges') {
    response.writeHead(206).end(whole.slice(Number(asked[1]), Number(asked[2]) + 1));
  } else response.end(whole);
});
let url = '';

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

it('fetches a range, also where ranges are unknown', async () => {
  for (const path of ['/ranges', '/whole']) {
    const piece = await fetchSignedUrl(url + path, { from: 2, to: 5 });
    expect(await piece.text(), path).toBe('cde');
  }
  expect(heard).toEqual(['bytes=2-4', 'bytes=2-4']);
  expect(await (await fetchSignedUrl(`${url}/ranges`)).text()).toBe(whole);
  expect(heard.at(-1)).toBeUndefined();
});

it('tells what is gone from what may come back', async () => {
  await expect(fetchSignedUrl(`${url}/gone`)).rejects.toMatchObject({ code: 'not_found' });
  await expect(fetchSignedUrl(`${url}/broken`)).rejects.toMatchObject({ retryable: true });
  await expect(fetchSignedUrl('http://127.0.0.1:1/')).rejects.toMatchObject({ retryable: true });
  const given = new AbortController();
  given.abort();
  await expect(fetchSignedUrl(url, { signal: given.signal })).rejects.toThrow(/abort/i);
});
