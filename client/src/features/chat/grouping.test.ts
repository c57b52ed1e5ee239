import { describe, expect, it } from 'vitest';
import { message } from './fixtures';
import { dayLabel, rows } from './grouping';

const me = { userId: 'me', name: 'Me' };
const noon = new Date(2026, 10, 20, 12, 0).getTime();
const minute = 60_000;

describe('rows', () => {
  it('joins what one person says in one go', () => {
    const list = rows(
      [
        message(1, { timestamp: noon }),
        message(2, { timestamp: noon + minute }),
        message(3, { timestamp: noon + 2 * minute, senderId: 'ben', senderName: 'Ben' }),
        message(4, { timestamp: noon + 3 * minute, senderId: 'ben', senderName: 'Ben' }),
        message(5, { timestamp: noon + 20 * minute, senderId: 'ben', senderName: 'Ben' }),
      ],
      [],
      me,
    );
    expect(list.map((row) => (row.kind === 'group' ? row.lines.length : row.kind))).toEqual([
      'day',
      2,
      2,
      1,
    ]);
  });

  it('shows the time again in a long monologue', () => {
    const monologue = Array.from({ length: 20 }, (_, at) =>
      message(at + 1, { timestamp: noon + at * minute }),
    );
    const groups = rows(monologue, [], me).filter((row) => row.kind === 'group');
    expect(groups.map((group) => group.lines.length)).toEqual([16, 4]);
  });

  it('begins anew with each day', () => {
    const list = rows(
      [
        message(1, { timestamp: new Date(2026, 10, 20, 23, 59).getTime() }),
        message(2, { timestamp: new Date(2026, 10, 21, 0, 1).getTime() }),
      ],
      [],
      me,
    );
    expect(list.map((row) => row.kind)).toEqual(['day', 'group', 'day', 'group']);
  });

  it('puts what is not sent yet last, in my group, under the key it will keep', () => {
    const mine = message(1, { timestamp: noon, senderId: 'me', senderName: 'Me', eventId: 'e1' });
    const before = rows([mine], [{ eventId: 'e2', text: 'x', at: noon - 9 * minute }], me);
    const group = before[1];
    expect(group?.kind === 'group' && group.lines.map((line) => [line.key, line.state])).toEqual([
      ['e1', 'sent'],
      ['e2', 'sending'],
    ]);
  });

  it('tells mine from others', () => {
    const list = rows([message(1), message(2, { senderId: 'me', senderName: 'Me' })], [], me);
    expect(list.flatMap((row) => (row.kind === 'group' ? [row.mine] : []))).toEqual([false, true]);
  });
});

describe('what is new', () => {
  const kinds = (newAfter: number | null, list = [message(1), message(2), message(3)]) =>
    rows(list, [], me, newAfter).map((row) => row.kind);

  it('begins with a line, in a group of its own', () => {
    expect(kinds(null)).toEqual(['day', 'group']);
    expect(kinds(1)).toEqual(['day', 'group', 'new', 'group']);
    expect(kinds(3)).toEqual(['day', 'group']);
  });

  it('is only what others said, and never all there is', () => {
    expect(kinds(0)).toEqual(['day', 'group']);
    const mine = message(2, { senderId: 'me', senderName: 'Me' });
    expect(kinds(1, [message(1), mine])).toEqual(['day', 'group', 'group']);
  });
});

it('quotes what is answered, as far as it is here', () => {
  const list = rows(
    [message(1), message(2, { replyTo: 'm1' }), message(3, { replyTo: 'x' })],
    [],
    me,
  );
  const quotes = list.flatMap((row) => (row.kind === 'group' ? row.lines : []));
  expect(quotes.map(({ answers }) => answers)).toEqual([
    undefined,
    { id: 'm1', seq: 1, senderName: 'Ann', text: 'text 1' },
    'elsewhere',
  ]);
});

describe('days', () => {
  it.each([
    [new Date(2026, 10, 20, 0, 0), 'Today'],
    [new Date(2026, 10, 19, 23, 59), 'Yesterday'],
    [new Date(2026, 10, 18, 12, 0), 'Wednesday, November 18'],
    [new Date(2025, 0, 2, 12, 0), 'Thursday, January 2, 2025'],
  ])('%s is %s', (date, label) => {
    expect(dayLabel(date.getTime(), noon, 'en-US')).toBe(label);
  });
});
