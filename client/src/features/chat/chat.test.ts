import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RequestError } from '../../connection';
import { fakeRoom } from '../../connection/fakeRoom';
import type { MessagePage, Room, SendMessage } from '../../protocol';
import { createChat, SCREENFUL } from './chat';
import { message } from './fixtures';
import type { Outbox } from './outbox';

const me = { userId: 'me', name: 'Me' };
const offline = () => new RequestError('unavailable', 'gone', true);

function setUp(saved: Outbox = []) {
  const net = fakeRoom();
  const outboxStore = {
    box: saved,
    load: () => saved,
    save: (box: Outbox) => void (outboxStore.box = box),
  };
  const fetchPage = vi.fn((_room: string, _before: number): Promise<MessagePage> =>
    Promise.resolve({ messages: [message(1)], next: null }),
  );
  const fetchAfter = vi.fn((_room: string, _after: number): Promise<MessagePage> =>
    Promise.resolve({ messages: [message(60)], next: null }),
  );
  const tell = vi.fn<(words: string) => void>();
  const chat = createChat(net.room, me, { outboxStore, fetchPage, fetchAfter, tell });
  const asks = (event: string) =>
    net.asked.filter((it) => it.event === event).map((it) => it.payload);
  const texts = () => chat.store.getState().timeline.messages.map((it) => it.text);
  const asked = (at: number) => net.asked[at]!.payload as SendMessage;
  const stored = (at: number, seq: number) =>
    message(seq, { senderId: 'me', text: asked(at).text, eventId: asked(at).eventId! });
  return {
    net,
    chat,
    outboxStore: outboxStore,
    fetchPage,
    fetchAfter,
    tell,
    asks,
    texts,
    asked,
    stored,
  };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('saying something', () => {
  it('shows it at once and keeps it until the server has it', async () => {
    const { net, chat, outboxStore, texts, stored } = setUp();
    net.join();
    chat.send('hello');
    expect(chat.store.getState().outbox).toMatchObject([{ text: 'hello' }]);
    expect(outboxStore.box).toHaveLength(1);
    net.asked[0]!.answer({ message: stored(0, 1) });
    await settle();
    expect(chat.store.getState().outbox).toEqual([]);
    expect(outboxStore.box).toEqual([]);
    expect(texts()).toEqual(['hello']);
  });

  it('shows it once when the event comes before the ack', async () => {
    const { net, chat, texts, stored } = setUp();
    net.join();
    chat.send('hello');
    net.emit('chat:message', { seq: 1, message: stored(0, 1) });
    expect(chat.store.getState().outbox).toEqual([]);
    net.asked[0]!.answer({ message: stored(0, 1) });
    await settle();
    expect(texts()).toEqual(['hello']);
  });

  it('sends one after the other, in order', async () => {
    const { net, chat, asked, stored } = setUp();
    net.join();
    chat.send('a');
    chat.send('b');
    expect(net.asked).toHaveLength(1);
    net.asked[0]!.answer({ message: stored(0, 1) });
    await settle();
    expect(asked(1).text).toBe('b');
  });

  it('sends what was said offline after the join', () => {
    const { net, chat, asked } = setUp();
    chat.send('early');
    net.join();
    expect(asked(0).text).toBe('early');
  });

  it('sends again under the same id when the answer got lost', async () => {
    const { net, chat, asked } = setUp();
    net.join();
    chat.send('hello');
    net.drop();
    net.asked[0]!.refuse(offline());
    await settle();
    net.join({ reset: false });
    expect(asked(1)).toEqual(asked(0));
  });

  it('does not send again what the join shows to be stored', async () => {
    const { net, chat, texts, stored } = setUp();
    net.join();
    chat.send('hello');
    net.drop();
    net.asked[0]!.refuse(offline());
    await settle();
    net.join({ reset: false, chatSeq: 1, messages: [stored(0, 1)] });
    expect(net.asked).toHaveLength(1);
    expect(texts()).toEqual(['hello']);
  });

  it('sends what a reload interrupted', () => {
    const { net, asked } = setUp([{ eventId: 'e1', text: 'before the reload', at: 1 }]);
    net.join();
    expect(asked(0)).toMatchObject({ eventId: 'e1', text: 'before the reload' });
  });

  it('waits as long as the server asks, and keeps the order', async () => {
    const { net, chat, asked, stored } = setUp();
    net.join();
    chat.send('a');
    chat.send('b');
    net.asked[0]!.refuse(new RequestError('rate_limited', '', true, 700));
    await settle();
    expect(net.asked).toHaveLength(1);
    expect(chat.store.getState().sendPause).toMatchObject({ why: 'tooFast' });
    // Nor does coming back make it faster.
    net.join({ reset: false });
    expect(net.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(700);
    expect(asked(1)).toEqual(asked(0));
    expect(chat.store.getState().sendPause).not.toBeNull();
    net.asked[1]!.answer({ message: stored(1, 1) });
    await settle();
    net.asked[2]!.answer({ message: stored(2, 2) });
    await settle();
    expect(chat.store.getState().sendPause).toBeNull();
  });

  it('keeps to slow mode by itself, until a moderator ends it', async () => {
    const { net, chat, asked, stored } = setUp();
    const slow = (slowModeSec: number) =>
      ({ roomId: 'r1', settings: { slowModeSec } }) as unknown as Room;
    net.join({ room: slow(30) });
    chat.send('a');
    chat.send('b');
    net.asked[0]!.answer({ message: stored(0, 1) });
    await settle();
    expect(net.asked).toHaveLength(1);
    expect(chat.store.getState().sendPause?.why).toBe('slowMode');
    net.emit('room:updated', { seq: 2, room: slow(0) });
    expect(asked(1).text).toBe('b');
  });

  it('says what it answers, once', () => {
    const { net, chat, asked } = setUp();
    net.join();
    chat.replyTo(message(7));
    chat.send('yes');
    expect(asked(0)).toMatchObject({ text: 'yes', replyTo: 'm7' });
    expect(chat.store.getState().replyTo).toBeNull();
  });

  it('shows a refusal, goes on with the next, and tries again when asked to', async () => {
    const { net, chat, asked } = setUp();
    net.join();
    chat.send('a');
    chat.send('b');
    net.asked[0]!.refuse(new RequestError('forbidden', '', false));
    await settle();
    expect(chat.store.getState().outbox[0]?.failure).toBe('You may not write here.');
    expect(asked(1).text).toBe('b');
    net.asked[1]!.answer({ message: message(1, { senderId: 'me', eventId: asked(1).eventId! }) });
    await settle();
    chat.retry(asked(0).eventId!);
    expect(asked(2)).toEqual(asked(0));
  });
});

describe('coming back', () => {
  it('says how much it has, also when the last entry was no message', () => {
    const { net } = setUp();
    net.join({ chatSeq: 7, messages: [message(3)] });
    expect(net.position('chat')).toBe(7);
    net.emit('chat:message', { seq: 9, message: message(9) });
    expect(net.position('chat')).toBe(9);
  });
});

describe('unread', () => {
  it('counts while hidden, and not what was there at the start', () => {
    const { net, chat } = setUp();
    net.join({ chatSeq: 2, messages: [message(2)] });
    net.emit('chat:message', { seq: 3, message: message(3) });
    expect(chat.store.getState().unread).toBe(1);
    chat.setVisible(true);
    expect(chat.store.getState().unread).toBe(0);
    net.emit('chat:message', { seq: 4, message: message(4) });
    expect(chat.store.getState().unread).toBe(0);
  });

  it('goes on from where this person stopped, on whatever device', () => {
    const { net, chat } = setUp();
    const receipts = [{ roomId: 'r1', userId: 'me', seq: 2 }];
    net.join({ chatSeq: 4, messages: [message(2), message(3), message(4)], receipts });
    expect(chat.store.getState()).toMatchObject({ unread: 2, newAfter: 2 });
    net.emit('chat:receipt', { roomId: 'r1', userId: 'me', seq: 4 });
    expect(chat.store.getState().unread).toBe(0);
  });

  it('draws no line above what comes while one reads', () => {
    const { net, chat } = setUp();
    net.join({ chatSeq: 2, messages: [message(2)] });
    chat.setVisible(true);
    net.emit('chat:message', { seq: 3, message: message(3) });
    expect(chat.store.getState().newAfter).toBeNull();
    chat.setVisible(false);
    net.emit('chat:message', { seq: 4, message: message(4) });
    chat.setVisible(true);
    expect(chat.store.getState().newAfter).toBe(3);
  });

  it('tells what is seen: in sight, at the end, and new', () => {
    const { net, chat, asks } = setUp();
    net.join({ chatSeq: 2, messages: [message(2)] });
    expect(asks('chat:read')).toEqual([]);
    chat.setVisible(true);
    expect(asks('chat:read')).toEqual([{ roomId: 'r1', seq: 2 }]);
    chat.setAtEnd(false);
    vi.advanceTimersByTime(5_000);
    net.emit('chat:message', { seq: 3, message: message(3) });
    expect(asks('chat:read')).toHaveLength(1);
    expect(chat.store.getState()).toMatchObject({ unread: 1, newAfter: 2 });
    chat.setAtEnd(true);
    expect(asks('chat:read').at(-1)).toEqual({ roomId: 'r1', seq: 3 });
  });
});

describe('changes', () => {
  const there = (net: ReturnType<typeof setUp>['net']) =>
    net.join({ chatSeq: 5, messages: [message(1), message(5)] });

  it('come as events, and count as heard', () => {
    const { net, chat, texts } = setUp();
    there(net);
    net.emit('chat:edited', { seq: 6, message: message(1, { text: 'better', editedAt: 9 }) });
    net.emit('chat:deleted', { roomId: 'r1', seq: 7, messageId: 'm5' });
    const one = { roomId: 'r1', messageId: 'm1', userId: 'ben', emoji: '👍', on: true };
    net.emit('chat:reaction', { ...one, seq: 8 });
    expect(texts()).toEqual(['better', '']);
    expect(chat.store.getState().timeline.messages[0]?.reactions).toHaveLength(1);
    expect(net.position('chat')).toBe(8);
  });

  it('that happened meanwhile come with the join', () => {
    const { net, texts } = setUp();
    there(net);
    net.drop();
    net.join({ reset: false, chatSeq: 9, amended: [message(1, { text: 'better' }), message(3)] });
    expect(texts()).toEqual(['better', 'text 5']);
  });

  it('pin and unpin, also what is too old to be here', async () => {
    const { net, chat } = setUp();
    there(net);
    const pins = () => chat.store.getState().pinned.map(({ id }) => id);
    const pin = { roomId: 'r1', userId: 'ann', on: true };
    net.emit('chat:pinned', { ...pin, seq: 6, messageId: 'm5' });
    net.emit('chat:pinned', { ...pin, seq: 7, messageId: 'm1' });
    expect(pins()).toEqual(['m1', 'm5']);
    net.emit('chat:pinned', { ...pin, seq: 8, messageId: 'm5', on: false });
    net.emit('chat:deleted', { roomId: 'r1', seq: 9, messageId: 'm1' });
    expect(pins()).toEqual([]);
    net.emit('chat:pinned', { ...pin, seq: 10, messageId: 'old' });
    expect(net.asked.at(-1)?.event).toBe('room:sync');
    net.asked.at(-1)!.answer({ pinned: [message(0, { id: 'old' })] });
    await settle();
    expect(pins()).toEqual(['old']);
  });

  it('tells what another tab stored while an edit was on its way', async () => {
    const { net, chat } = setUp();
    net.join({ messages: [message(1, { text: 'one' })] });
    const edited = (seq: number, text: string) =>
      net.emit('chat:edited', { seq, message: message(1, { text, editedAt: seq }) });
    const first = chat.edit('m1', 'mine');
    edited(2, 'theirs');
    edited(3, 'mine');
    net.asked.at(-1)!.answer({});
    expect(await first).toEqual({ over: 'theirs' });
    const second = chat.edit('m1', 'better');
    edited(4, 'better');
    edited(5, 'later than mine');
    net.asked.at(-1)!.answer({});
    expect(await second).toBe(true);
  });

  it('that are refused are told in words', async () => {
    const { net, chat, tell } = setUp();
    there(net);
    const edited = chat.edit('m1', 'x');
    net.asked.at(-1)!.refuse(new RequestError('not_found', '', false));
    expect(await edited).toBe(false);
    expect(tell).toHaveBeenCalledWith('That message is gone.');
  });
});

describe('a jump', () => {
  const live = Array.from({ length: SCREENFUL }, (_, at) => message(at + 60));

  it('stays in the timeline where the message is there', async () => {
    const { net, chat, fetchPage } = setUp();
    net.join({ chatSeq: 80, messages: live });
    await chat.jumpTo(message(65));
    expect(fetchPage).not.toHaveBeenCalled();
    expect(chat.store.getState()).toMatchObject({ past: null, target: { id: 'm65' } });
  });

  it('shows a stretch of the past otherwise, which goes on into the present', async () => {
    const { net, chat, fetchPage } = setUp();
    net.join({ chatSeq: 80, messages: live });
    fetchPage.mockResolvedValueOnce({ messages: [message(9), message(10)], next: 9 });
    await chat.jumpTo(message(10));
    expect(fetchPage).toHaveBeenCalledWith('r1', 35);
    expect(chat.store.getState().past?.messages).toHaveLength(2);
    await chat.loadLater();
    const { past, timeline } = chat.store.getState();
    expect(past).toBeNull();
    expect(timeline.messages.slice(0, 3).map(({ seq }) => seq)).toEqual([9, 10, 60]);
    expect(timeline.before).toBe(9);
  });

  it('reads nothing in the past, and comes back', async () => {
    const { net, chat, asks, fetchPage } = setUp();
    net.join({ chatSeq: 80, messages: live });
    fetchPage.mockResolvedValueOnce({ messages: [message(10)], next: null });
    await chat.jumpTo(message(10));
    chat.setVisible(true);
    expect(asks('chat:read')).toEqual([]);
    chat.backToNow();
    expect(chat.store.getState().past).toBeNull();
    expect(asks('chat:read')).toHaveLength(1);
  });
});

describe('older messages', () => {
  const page = (from: number) => Array.from({ length: SCREENFUL }, (_, at) => message(from + at));

  it('come page by page until the beginning', async () => {
    const { net, chat, fetchPage } = setUp();
    net.join({ chatSeq: 69, messages: page(50) });
    expect(fetchPage).not.toHaveBeenCalled();
    await chat.loadOlder();
    await chat.loadOlder();
    expect(fetchPage).toHaveBeenCalledTimes(1);
    expect(fetchPage).toHaveBeenCalledWith('r1', 50);
    expect(chat.store.getState().timeline.messages[0]?.seq).toBe(1);
  });

  it('come by themselves when the first page does not fill the list', async () => {
    const { net, texts } = setUp();
    net.join({ chatSeq: 5, messages: [message(5)] });
    await settle();
    expect(texts()).toEqual(['text 1', 'text 5']);
  });

  it('are dropped when the history was reset meanwhile', async () => {
    const { net, chat } = setUp();
    net.join({ chatSeq: 69, messages: page(50) });
    const loading = chat.loadOlder();
    net.join({ chatSeq: 919, messages: page(900) });
    await loading;
    expect(chat.store.getState().timeline.messages[0]?.seq).toBe(900);
  });
});
