import { expect, test } from 'vitest';
import { probeOf, serversFor } from './connectionTest';
import { conclusion, findingMessage } from './connectionTestMessages';

test.each([
  ['stun:a:3478', 'stun'],
  ['turn:a:3478', 'udp'],
  ['turn:a:3478?transport=udp', 'udp'],
  ['turn:a:3478?transport=tcp', 'tcp'],
  ['turns:a:5349', 'tls'],
  ['turns:a:5349?transport=tcp', 'tls'],
  ['http://a', undefined],
])('%s is tried as %s', (url, probe) => expect(probeOf(url)).toBe(probe));

test('each URL is tried alone, with its credentials', () => {
  const servers = [
    { urls: ['turn:a', 'turn:a?transport=tcp', 'turn:b'], username: 'u', credential: 'c' },
  ];
  expect(serversFor('udp', servers)).toEqual([
    { urls: 'turn:a', username: 'u', credential: 'c' },
    { urls: 'turn:b', username: 'u', credential: 'c' },
  ]);
});

const [works, silent, absent, refused] = [
  { is: 'works', ms: 20 },
  { is: 'silent' },
  { is: 'absent' },
  { is: 'refused' },
] as const;

test('the conclusion says what it means for a call', () => {
  expect(conclusion({ stun: works, udp: works, tcp: works, tls: works })).toContain('All is well');
  expect(conclusion({ stun: works, udp: silent, tcp: works, tls: absent })).toContain('will work');
  expect(conclusion({ stun: works, udp: silent, tcp: silent, tls: silent })).toContain(
    'another network',
  );
  expect(conclusion({ stun: works, udp: refused, tcp: refused, tls: absent })).toContain(
    'TURN secret',
  );
  expect(conclusion({ stun: works, udp: absent, tcp: absent, tls: absent })).toContain('no relay');
  expect(conclusion({ stun: absent, udp: absent, tcp: absent, tls: absent })).toContain(
    'same network',
  );
  expect(
    conclusion({ stun: { is: 'running' }, udp: works, tcp: works, tls: works }),
  ).toBeUndefined();
});

test('each finding is told in words', () => {
  expect(findingMessage('tls', silent)).toContain('No answer');
  expect(findingMessage('udp', works)).toContain('20 ms');
  expect(findingMessage('tcp', absent)).toContain('does not offer');
});
