import { expect, test } from 'vitest';
import { withFecAndDtx, matchesIceUfrag, sdpSessionId } from './sdp';

const sdp = 'v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\na=ice-ufrag:abCD\r\n';

test('the session names the connection of the one who describes', () => {
  expect(sdpSessionId(sdp)).toBe('4611731400430051336');
  expect(sdpSessionId('nonsense')).toBeUndefined();
});

test('a candidate of an earlier attempt is known by its fragment', () => {
  expect(matchesIceUfrag({ candidate: 'x', usernameFragment: 'abCD' }, sdp)).toBe(true);
  expect(matchesIceUfrag({ candidate: 'x', usernameFragment: 'old1' }, sdp)).toBe(false);
  expect(matchesIceUfrag({ candidate: 'x' }, sdp)).toBe(true);
});

test('voices are asked for with error correction, and silence without packets', () => {
  const before =
    'a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=fmtp:63 111/111\r\n';
  const after = withFecAndDtx(before);
  expect(after).toContain('a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1\r\n');
  expect(after).toContain('a=fmtp:63 111/111\r\n');
  expect(withFecAndDtx(after)).toBe(after);
  expect(withFecAndDtx(sdp)).toBe(sdp);
});
