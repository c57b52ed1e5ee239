import { describe, expect, it } from 'vitest';
import type { TimerState } from '../../protocol';
import {
  clockFace,
  cycleDots,
  isQuiet,
  phaseAnnouncement,
  remainingMs,
  untilNextSecond,
} from './clock';

const timer = (more: Partial<TimerState> = {}): TimerState => ({
  phase: 'focus',
  running: true,
  endsAt: 100_000,
  remainingMs: null,
  cycle: 2,
  settings: { focusMin: 25, breakMin: 5, longBreakMin: 15, cycles: 4 },
  startedBy: 'ann',
  ...more,
});
const idle = timer({ phase: 'idle', running: false, endsAt: null, cycle: 0 });

describe('what is left', () => {
  it('is counted to the deadline, and never below nothing', () => {
    expect(remainingMs(timer(), 40_000)).toBe(60_000);
    expect(remainingMs(timer(), 200_000)).toBe(0);
  });
  it('stands still while paused, and is none while idle', () => {
    const paused = timer({ running: false, endsAt: null, remainingMs: 9_000 });
    expect(remainingMs(paused, 999_999)).toBe(9_000);
    expect(remainingMs(idle, 0)).toBeNull();
  });
});

it.each([
  [0, '00:00'],
  [1, '00:01'],
  [59_999, '01:00'],
  [1_500_000, '25:00'],
  [1_499_999, '25:00'],
  [1_499_000, '24:59'],
  [10_800_000, '180:00'],
])('%d ms are %s', (ms, face) => expect(clockFace(ms)).toBe(face));

it('looks again just when the shown second changes', () => {
  expect(untilNextSecond(1_250)).toBe(250);
  expect(untilNextSecond(3_000)).toBe(1_000);
});

it('shows how far the cycles are', () => {
  expect(cycleDots(timer())).toEqual(['done', 'now', 'ahead', 'ahead']);
  expect(cycleDots(timer({ phase: 'break' }))).toEqual(['done', 'done', 'ahead', 'ahead']);
  expect(cycleDots(idle)).toEqual(Array(4).fill('ahead'));
});

it('speaks of changes only', () => {
  expect(phaseAnnouncement(timer(), timer({ running: false }), true)).toBeUndefined();
  expect(phaseAnnouncement(idle, timer(), true)).toBe('Focus for 25 minutes. Microphones rest.');
  expect(phaseAnnouncement(timer(), timer({ phase: 'longBreak' }), false)).toContain('15 minutes');
});

it('keeps quiet in running focus only, and where the room wants it', () => {
  expect(isQuiet(timer(), true)).toBe(true);
  expect(isQuiet(timer(), false)).toBe(false);
  expect(isQuiet(timer({ running: false }), true)).toBe(false);
  expect(isQuiet(timer({ phase: 'break' }), true)).toBe(false);
});
