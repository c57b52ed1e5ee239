import { expect, test } from 'vitest';
import { belongs, sessionOf } from './sdp';

const sdp = 'v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\na=ice-ufrag:abCD\r\n';

test('the session names the connection of the one who describes', () => {
  expect(sessionOf(sdp)).toBe('4611731400430051336');
  expect(sessionOf('nonsense')).toBeUndefined();
});

test('a candidate of an earlier attempt is known by its fragment', () => {
  expect(belongs({ candidate: 'x', usernameFragment: 'abCD' }, sdp)).toBe(true);
  expect(belongs({ candidate: 'x', usernameFragment: 'old1' }, sdp)).toBe(false);
  expect(belongs({ candidate: 'x' }, sdp)).toBe(true);
});
