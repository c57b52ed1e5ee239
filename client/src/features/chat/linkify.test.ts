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
    ['“https://a.org/ä”', ['https://a.org/ä”']],
    ['what?https://a.org!', ['https://a.org']],
  ])('%s', (text, expected) => expect(links(text)).toEqual(expected));

  it.each([
    'javascript:alert(1)',
    'data:text/html,<b>',
    'ftp://a.org',
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
