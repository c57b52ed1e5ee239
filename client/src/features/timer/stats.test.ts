import { expect, it } from 'vitest';
import { formatDay, lastDays, localDate, formatMinutes } from './stats';

it('fills the days without work, over the end of a month', () => {
  const days = lastDays([{ date: '2026-02-28', minutes: 50 }], '2026-03-01', 3);
  expect(days).toEqual([
    { date: '2026-02-27', minutes: 0 },
    { date: '2026-02-28', minutes: 50 },
    { date: '2026-03-01', minutes: 0 },
  ]);
});

it('says minutes as people do', () => {
  expect([0, 59, 60, 85].map(formatMinutes)).toEqual(['0 min', '59 min', '1 h', '1 h 25 min']);
});

it('knows the date here', () => {
  expect(localDate(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
});

it('says of a day what there was', () => {
  const none = { messages: 0, files: 0, people: 0, joined: 0, focusMinutes: 0, tasksDone: 0 };
  const day = { ...none, date: '2026-03-01' };
  expect(formatDay({ ...day, people: 1, messages: 2, focusMinutes: 75, tasksDone: 1 })).toBe(
    '1 person, 2 messages, 1 task done, 1 h 15 min of focus',
  );
  expect(formatDay(day)).toBe('nothing that is still there');
});
