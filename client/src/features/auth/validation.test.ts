import { describe, expect, it } from 'vitest';
import {
  validateEmail,
  validateName,
  validateNewPassword,
  validateSignIn,
  validateSignUp,
} from './validation';

describe('what was typed', () => {
  it.each(['', '   ', 'x'.repeat(61)])('is no name: %j', (name) =>
    expect(validateName(name)).toBeDefined(),
  );
  it.each(['Ann', '李', '🦉'.repeat(60)])('is a name: %s', (name) =>
    expect(validateName(name)).toBeUndefined(),
  );
  it.each(['', 'ann', '@b', 'a b@c.org', 'a@'])('is no address: %j', (email) =>
    expect(validateEmail(email)).toBeDefined(),
  );
  it.each(['a@b', ' ann@example.org '])('is an address: %j', (email) =>
    expect(validateEmail(email)).toBeUndefined(),
  );
  it('is a password from 8 to 256 characters', () => {
    expect(validateNewPassword('1234567')).toBeDefined();
    expect(validateNewPassword('12345678')).toBeUndefined();
    expect(validateNewPassword('x'.repeat(257))).toBeDefined();
  });
  it('names only the fields that are wrong', () => {
    expect(validateSignUp({ name: 'Ann', email: 'a@b', password: '12345678' })).toEqual({});
    expect(Object.keys(validateSignUp({ name: '', email: 'a@b', password: '' }))).toEqual([
      'name',
      'password',
    ]);
    expect(Object.keys(validateSignIn({ email: 'a@b', password: '' }))).toEqual(['password']);
  });
});
