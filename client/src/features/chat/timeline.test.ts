import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { message } from './fixtures';
import { added, emptyTimeline, joined, prepended, unreadCount } from './timeline';

const seqs = (timeline: { messages: readonly { seq: number }[] }) =>
  timeline.messages.map((it) => it.seq);

describe('the timeline', () => {
  it('starts with the page of the join and knows whether there is more', () => {
    expect(joined(emptyTimeline, [message(8), message(9)], true).before).toBe(8);
    expect(joined(emptyTimeline, [message(1)], true).before).toBeNull();
    expect(joined(emptyTimeline, [], true)).toEqual(emptyTimeline);
  });

  it('forgets what it had on a reset', () => {
    const was = joined(emptyTimeline, [message(1), message(2)], true);
    expect(seqs(joined(was, [message(90)], true))).toEqual([90]);
  });

  it('goes on from what it had when nothing was reset', () => {
    const was = joined(emptyTimeline, [message(5)], true);
    const after = joined(was, [message(5), message(7)], false);
    expect(seqs(after)).toEqual([5, 7]);
    expect(after.before).toBe(5);
  });

  it('takes a changed message in its place', () => {
    const was = joined(emptyTimeline, [message(1), message(2)], true);
    const after = added(was, [message(1, { text: 'edited' })]);
    expect(after.messages.map((it) => it.text)).toEqual(['edited', 'text 2']);
  });

  it('puts an older page before, and follows its cursor', () => {
    const was = joined(emptyTimeline, [message(50)], true);
    const after = prepended(was, { messages: [message(20), message(30)], next: 20 });
    expect(seqs(after)).toEqual([20, 30, 50]);
    expect(after.before).toBe(20);
    expect(prepended(after, { messages: [], next: null }).before).toBeNull();
  });

  it('is sorted and without repetition, however the messages come', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer({ min: 1, max: 30 }))), (batches) => {
        let timeline = emptyTimeline;
        for (const batch of batches)
          timeline = added(
            timeline,
            batch.map((seq) => message(seq)),
          );
        const expected = [...new Set(batches.flat())].sort((a, b) => a - b);
        expect(seqs(timeline)).toEqual(expected);
      }),
    );
  });
});

describe('unread', () => {
  it('counts what others said after the last seen', () => {
    const messages = [
      message(1),
      message(2),
      message(3, { senderId: 'me' }),
      message(4, { deleted: true }),
      message(5),
    ];
    expect(unreadCount(messages, 1, 'me')).toBe(2);
    expect(unreadCount(messages, 5, 'me')).toBe(0);
  });
});
