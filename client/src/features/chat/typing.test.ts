import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTypingSender, createTypingUsers, typingLabel } from './typing';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('telling that we type', () => {
  it('repeats at most every 2 s, and says when it stops by itself', () => {
    const tell = vi.fn<(isTyping: boolean) => void>();
    const sender = createTypingSender(tell);
    for (let at = 0; at <= 3000; at += 100) {
      sender.keystroke();
      vi.advanceTimersByTime(100);
    }
    expect(tell.mock.calls).toEqual([[true], [true]]);
    vi.advanceTimersByTime(4000);
    expect(tell).toHaveBeenLastCalledWith(false);
    expect(tell).toHaveBeenCalledTimes(3);
  });

  it('does not stop what has not begun', () => {
    const tell = vi.fn<(isTyping: boolean) => void>();
    const sender = createTypingSender(tell);
    sender.stop();
    sender.keystroke();
    sender.reset();
    sender.stop();
    expect(tell.mock.calls).toEqual([[true]]);
  });
});

describe('who types', () => {
  it('names each user once, and forgets them after a while', () => {
    const changed = vi.fn<(users: readonly string[]) => void>();
    const typing = createTypingUsers(changed);
    typing.typingChanged('s1', 'ann', true);
    typing.typingChanged('s2', 'ann', true);
    typing.typingChanged('s3', 'ben', true);
    expect(changed).toHaveBeenLastCalledWith(['ann', 'ben']);
    typing.messageArrived('ann');
    expect(changed).toHaveBeenLastCalledWith(['ben']);
    vi.advanceTimersByTime(6000);
    expect(changed).toHaveBeenLastCalledWith([]);
  });

  it('puts it in words', () => {
    expect(typingLabel([])).toBe('');
    expect(typingLabel(['Ann'])).toBe('Ann is typing…');
    expect(typingLabel(['Ann', 'Ben'])).toBe('Ann and Ben are typing…');
    expect(typingLabel(['Ann', 'Ben', 'Cem'])).toBe('Several people are typing…');
  });
});
