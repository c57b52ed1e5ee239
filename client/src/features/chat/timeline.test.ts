import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { message } from './fixtures';
import {
  added,
  amended,
  changed,
  emptied,
  emptyTimeline,
  joined,
  prepended,
  reacted,
  unreadCount,
} from './timeline';

const seqs = (timeline: { messages: readonly { seq: number }[] }) =>
  timeline.messages.map((it) => it.seq);

it('counts an emoji with and without the sign for colour together', () => {
  const one = reacted(message(1), { emoji: '👍', userId: 'ann', on: true });
  const two = reacted(one, { emoji: '👍\ufe0f', userId: 'ben', on: true });
  expect(two.reactions).toEqual([{ emoji: '👍', userIds: ['ann', 'ben'] }]);
  const left = reacted(two, { emoji: '👍\ufe0f', userId: 'ann', on: false });
  expect(left.reactions).toEqual([{ emoji: '👍', userIds: ['ben'] }]);
});

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

describe('changes of messages', () => {
  const was = joined(emptyTimeline, [message(4), message(5)], true);

  it('are taken where the message is, and nowhere else', () => {
    const after = amended(was, [message(5, { text: 'new' }), message(2, { text: 'unknown' })]);
    expect(after.messages.map((it) => it.text)).toEqual(['text 4', 'new']);
    expect(amended(was, [message(2)])).toBe(was);
    expect(changed(was, 'm9', emptied)).toBe(was);
  });

  it('leave nothing of what was deleted', () => {
    const file = { fileUrl: 'x', name: 'x', size: 1 };
    const full = message(4, { attachments: [file], reactions: [{ emoji: '👍', userIds: ['a'] }] });
    expect(emptied(full)).toMatchObject({
      deleted: true,
      text: '',
      attachments: [],
      reactions: [],
    });
  });

  it('count an emoji once a person, in order of first use', () => {
    const on = (emoji: string, userId: string) => ({ emoji, userId, on: true });
    let it = reacted(message(1), on('👍', 'ann'));
    it = reacted(it, on('🎉', 'ben'));
    it = reacted(it, on('👍', 'ben'));
    it = reacted(it, on('👍', 'ann'));
    expect(it.reactions).toEqual([
      { emoji: '👍', userIds: ['ann', 'ben'] },
      { emoji: '🎉', userIds: ['ben'] },
    ]);
    it = reacted(it, { emoji: '🎉', userId: 'ben', on: false });
    expect(it.reactions.map(({ emoji }) => emoji)).toEqual(['👍']);
    expect(reacted(it, { emoji: '🎉', userId: 'ben', on: false }).reactions).toEqual(it.reactions);
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
