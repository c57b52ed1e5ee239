import { expect, it, vi } from 'vitest';
import { supportedServers } from './browserSupport';

/** As Firefox: an address with the port of another service is refused, and all the others with it. */
const firefox = ({ iceServers = [] }: RTCConfiguration) => {
  const urls = iceServers.flatMap((server) => [server.urls].flat());
  if (urls.some((url) => /:110\b/.test(url))) throw new DOMException('port', 'SyntaxError');
  return { close: vi.fn() };
};
const credential = { username: 'u', credential: 'c' };

it('leaves out the one address that the browser refuses', () => {
  const urls = ['turn:a.org:110', 'turn:a.org:3478', 'turns:a.org:443'];
  expect(supportedServers([{ urls: 'stun:a.org:110' }, { urls, ...credential }], firefox)).toEqual([
    { urls: ['turn:a.org:3478', 'turns:a.org:443'], ...credential },
  ]);
});

it('leaves all where all are taken', () => {
  const servers = [{ urls: ['turn:a.org:3478'], ...credential }];
  expect(supportedServers(servers, firefox)).toEqual(servers);
});
