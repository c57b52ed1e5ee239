import type { DaySummary, FocusDay } from '../../protocol';

/** The last days up to today, those without work too; the oldest first. */
export function lastDays(days: readonly FocusDay[], today: string, count = 14): FocusDay[] {
  const minutes = new Map(days.map((day) => [day.date, day.minutes]));
  const end = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: count }, (_, at) => {
    const date = new Date(end - (count - 1 - at) * 86_400_000).toISOString().slice(0, 10);
    return { date, minutes: minutes.get(date) ?? 0 };
  });
}

/** "1 h 25 min". */
export function formatMinutes(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest > 0 ? ` ${rest} min` : ''}`;
}

/** `YYYY-MM-DD` where this browser is. */
export function localDate(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** "3 people, 12 messages, 50 min of focus": what there was none of is left out. */
export function formatDay(day: DaySummary): string {
  const count = (number: number, one: string, many = `${one}s`) =>
    number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  const parts = [
    ...count(day.people, 'person', 'people'),
    ...count(day.messages, 'message'),
    ...count(day.files, 'file'),
    ...count(day.tasksDone, 'task done', 'tasks done'),
    ...(day.focusMinutes > 0 ? [`${formatMinutes(day.focusMinutes)} of focus`] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : 'nothing that is still there';
}
