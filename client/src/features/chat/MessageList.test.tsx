import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Chat } from './chat';
import { message } from './fixtures';
import { MessageList } from './MessageList';

const said = new Date(2026, 10, 30, 23, 58).getTime();

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 30, 23, 59) });
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe = vi.fn();
      disconnect = vi.fn();
    },
  );
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('calls a day yesterday when the next one has begun', () => {
  const store = createStore(() => ({
    timeline: { messages: [message(1, { timestamp: said })], before: null },
    past: null,
    outbox: [],
    ready: true,
    older: 'idle',
    newAfter: null,
    target: null,
    receipts: {},
  }));
  const roomInfo = createStore(() => ({ you: { role: 'member' } }));
  const me = { userId: 'me', name: 'Me' };
  const chat = { store, roomInfo, me, setAtEnd: vi.fn() } as unknown as Chat;
  render(<MessageList chat={chat} visible nameOf={(id) => id} />);
  expect(screen.queryByText('Today')).not.toBeNull();
  act(() => void vi.advanceTimersByTime(61_000));
  expect(screen.queryByText('Today')).toBeNull();
  expect(screen.queryByText('Yesterday')).not.toBeNull();
});
