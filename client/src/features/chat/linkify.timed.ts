import { describe, expect, it } from 'vitest';
import { linkify } from './linkify';

describe('the time that the longest message takes', () => {
  const MAX_MS = 5;
  const repeated = [
    ...Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)),
    ...['\n', '。', '”', 'ä', '字', '\u200b', '\u0301', '🙂'],
    ...['(a', 'a)', '((a)', '[]', '{(', '"a', "'a'", '.a', 'a.', '-a', '!?', '..', '/.', '%4'],
    ...['@a', 'a@', ':1', '1.', '::', '//', '://', 'http://', '(http://x/', 'https://['],
  ];
  const before = ['', 'http://x/', 'http://', 'http://x/((((', 'https://[', 'http://a@'];
  const texts = before.flatMap((start) =>
    repeated.map((bit) => (start + bit.repeat(4000)).slice(0, 4000)),
  );

  it(`is under ${MAX_MS} ms, whatever is repeated`, () => {
    const slow = texts.filter((text) => bestOf(30, () => linkify(text)) > MAX_MS);
    expect(slow.map((text) => text.slice(0, 20))).toEqual([]);
  });

  it('of 50 such messages is under a quarter of a second', () => {
    const text = `http://x/${')'.repeat(3980)}`;
    const from = performance.now();
    for (let count = 0; count < 50; count += 1) linkify(text);
    expect(performance.now() - from).toBeLessThan(250);
  });

  /** Milliseconds of the quickest of some runs: others work on this machine too. */
  function bestOf(runs: number, work: () => void): number {
    let best = Infinity;
    for (let run = 0; run < runs && best > MAX_MS; run += 1) {
      const from = performance.now();
      work();
      best = Math.min(best, performance.now() - from);
    }
    return best;
  }
});
