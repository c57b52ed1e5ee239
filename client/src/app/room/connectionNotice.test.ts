import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { ConnectionStatus } from '../../connection';
import { followConnection, type ConnectionNotice } from './connectionNotice';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function setUp() {
  const status = createStore<{ status: ConnectionStatus }>(() => ({ status: 'online' }));
  const heard: ConnectionNotice[] = [];
  const stop = followConnection(status, (notice) => heard.push(notice));
  return { heard, stop, now: (to: ConnectionStatus) => status.setState({ status: to }) };
}

it('keeps quiet about a blink', () => {
  const { heard, now } = setUp();
  now('offline');
  vi.advanceTimersByTime(500);
  now('online');
  vi.advanceTimersByTime(5000);
  expect(heard).toEqual([]);
});

it('says that the line is away, that it is back, and then nothing', () => {
  const { heard, now } = setUp();
  now('offline');
  vi.advanceTimersByTime(1000);
  now('online');
  vi.advanceTimersByTime(3000);
  expect(heard).toEqual(['reconnecting', 'back', 'none']);
});

it('says it again when it goes away while being back', () => {
  const { heard, now } = setUp();
  now('offline');
  vi.advanceTimersByTime(1000);
  now('online');
  now('offline');
  vi.advanceTimersByTime(1000);
  expect(heard).toEqual(['reconnecting', 'back', 'reconnecting']);
});

it('is silent after the end', () => {
  const { heard, stop, now } = setUp();
  now('offline');
  stop();
  vi.advanceTimersByTime(5000);
  expect(heard).toEqual([]);
});
