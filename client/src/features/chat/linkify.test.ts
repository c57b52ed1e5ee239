import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkify } from './linkify';

const links = (text: string) => linkify(text).flatMap((piece) => piece.href ?? []);

describe('links in text', () => {
  it.each([
    ['see https://a.org/x?y=1#z now', ['https://a.org/x?y=1#z']],
    ['HTTP://A.ORG', ['HTTP://A.ORG']],
    ['two: http://a.org, https://b.org.', ['http://a.org', 'https://b.org']],
    ['(https://a.org/w_(b))', ['https://a.org/w_(b)']],
    ['what?https://a.org!', ['https://a.org']],
    ['http://localhost:3000/r/ab', ['http://localhost:3000/r/ab']],
    ['https://me:secret@a.org/', ['https://me:secret@a.org/']],
    // Sentences end in other ways elsewhere, and go on without a space.
    ['“https://a.org/ä”', ['https://a.org/ä']],
    ['見て https://a.org/パス。次', ['https://a.org/パス']],
    ['「https://a.org/x」、y', ['https://a.org/x']],
    ['https://a.org/x）と', ['https://a.org/x']],
    ['لینک https://a.org/x، و', ['https://a.org/x']],
    ['https://a.org/x… und «https://b.org/»', ['https://a.org/x', 'https://b.org/']],
    // Addresses in every script.
    ['https://例え.jp/テスト', ['https://例え.jp/テスト']],
    ['https://ja.wikipedia.org/wiki/日本', ['https://ja.wikipedia.org/wiki/日本']],
  ])('%s', (text, expected) => expect(links(text)).toEqual(expected));

  it.each([
    'javascript:alert(1)',
    'data:text/html,<b>',
    'ftp://a.org',
    'mailto:a@b.org',
    'a@b.org',
    '//a.org/x',
    'https://',
    'http://.',
    'a.org',
    'xhttps://a.org',
  ])('leaves %s alone', (text) => expect(links(text)).toEqual([]));

  it('loses and adds no character', () => {
    const some = fc.array(
      fc.constantFrom('http://', 'https://a.b', ' ', '(', ')', '.', '\n', 'ü', '🙂', '<', 'x'),
    );
    fc.assert(
      fc.property(some, (parts) => {
        const text = parts.join('');
        expect(
          linkify(text)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});
