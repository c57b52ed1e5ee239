import { describe, expect, it } from 'vitest';
import { checkEmail, checkName, checkNewPassword, checkSignIn, checkSignUp } from './check';

describe('what was typed', () => {
  it.each(['', '   ', 'x'.repeat(61)])('is no name: %j', (name) =>
    expect(checkName(name)).toBeDefined(),
  );
  it.each(['Ann', '李', '🦉'.repeat(60)])('is a name: %s', (name) =>
    expect(checkName(name)).toBeUndefined(),
  );
  it.each(['', 'ann', '@b', 'a b@c.org', 'a@'])('is no address: %j', (email) =>
    expect(checkEmail(email)).toBeDefined(),
  );
  it.each(['a@b', ' ann@example.org '])('is an address: %j', (email) =>
    expect(checkEmail(email)).toBeUndefined(),
  );
  it('is a password from 8 to 256 characters', () => {
    expect(checkNewPassword('1234567')).toBeDefined();
    expect(checkNewPassword('12345678')).toBeUndefined();
    expect(checkNewPassword('x'.repeat(257))).toBeDefined();
  });
  it('names only the fields that are wrong', () => {
    expect(checkSignUp({ name: 'Ann', email: 'a@b', password: '12345678' })).toEqual({});
    expect(Object.keys(checkSignUp({ name: '', email: 'a@b', password: '' }))).toEqual([
      'name',
      'password',
    ]);
    expect(Object.keys(checkSignIn({ email: 'a@b', password: '' }))).toEqual(['password']);
  });
});
