import { describe, expect, it } from 'vitest';
import { oidcErrorMessage, withoutErrorCode } from './oidcError';

const general = 'Signing in at the other site did not work. Please try again.';
const codes = [
  'declined',
  'expired',
  'site',
  'no_email',
  'email_unverified',
  'rate_limited',
  'unavailable',
];

describe('coming back without being signed in', () => {
  it.each([null, ''])('is nothing without a code: %j', (code) =>
    expect(oidcErrorMessage(code)).toBeUndefined(),
  );
  it.each(codes)('is told in words of its own: %s', (code) =>
    expect([undefined, general]).not.toContain(oidcErrorMessage(code)),
  );
  it('is told in other words for each code', () =>
    expect(new Set(codes.map(oidcErrorMessage)).size).toBe(codes.length));
  it.each(['conflict', '<script>', 'toString', '__proto__'])('is told in general: %s', (code) =>
    expect(oidcErrorMessage(code)).toBe(general),
  );
});

it('leaves the rest of the query as it is', () => {
  expect(withoutErrorCode('error=site')).toBe('');
  expect(withoutErrorCode('error=site&next=%2Fr%2Fa&error=x')).toBe('?next=%2Fr%2Fa');
});
