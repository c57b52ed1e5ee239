import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { monotonic } from '../../connection';
import { clockFace } from './clock';
import type { Timer } from './timer';
import { useRemaining } from './useRemaining';

function Face({ timer }: { timer: Timer }) {
  return <p>{clockFace(useRemaining(timer) ?? 0)}</p>;
}

beforeEach(() => void vi.useFakeTimers({ now: 1_700_000_000_000 }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it('goes on when the computer’s clock is set', () => {
  const endsAt = 1_700_000_000_000 + 25 * 60_000;
  const roomInfo = createStore(() => ({ clockOffsetMs: 1_700_000_000_000 - monotonic() }));
  const store = createStore(() => ({ state: { phase: 'focus', running: true, endsAt } }));
  render(<Face timer={{ roomInfo, store } as unknown as Timer} />);
  act(() => void vi.advanceTimersByTime(60_000));
  expect(screen.getByText('24:00')).not.toBeNull();
  vi.setSystemTime(Date.now() + 600_000);
  act(() => void vi.advanceTimersByTime(60_000));
  expect(screen.getByText('23:00')).not.toBeNull();
});
