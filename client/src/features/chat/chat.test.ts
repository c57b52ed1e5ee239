import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RequestError } from '../../connection';
import { fakeRoom } from '../../connection/fakeRoom';
import type { SendMessage } from '../../protocol';
import { createChat, SCREENFUL } from './chat';
import { message } from './fixtures';
import type { Outbox } from './outbox';

const me = { userId: 'me', name: 'Me' };
const offline = () => new RequestError('unavailable', 'gone', true);

function setUp(saved: Outbox = []) {
  const net = fakeRoom();
  const shelf = { box: saved, load: () => saved, save: (box: Outbox) => void (shelf.box = box) };
  const fetchPage = vi.fn((_room: string, _before: number) =>
    Promise.resolve({ messages: [message(1)], next: null }),
  );
  const chat = createChat(net.room, me, { shelf, fetchPage });
  const texts = () => chat.store.getState().timeline.messages.map((it) => it.text);
  const asked = (at: number) => net.asked[at]!.payload as SendMessage;
  const stored = (at: number, seq: number) =>
    message(seq, { senderId: 'me', text: asked(at).text, eventId: asked(at).eventId! });
  return { net, chat, shelf, fetchPage, texts, asked, stored };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('saying something', () => {
  it('shows it at once and keeps it until the server has it', async () => {
    const { net, chat, shelf, texts, stored } = setUp();
    net.join();
    chat.say('hello');
    expect(chat.store.getState().outbox).toMatchObject([{ text: 'hello' }]);
    expect(shelf.box).toHaveLength(1);
    net.asked[0]!.answer({ message: stored(0, 1) });
    await settle();
    expect(chat.store.getState().outbox).toEqual([]);
    expect(shelf.box).toEqual([]);
    expect(texts()).toEqual(['hello']);
  });

  it('shows it once when the event comes before the ack', async () => {
    const { net, chat, texts, stored } = setUp();
    net.join();
    chat.say('hello');
    net.say('chat:message', { seq: 1, message: stored(0, 1) });
    expect(chat.store.getState().outbox).toEqual([]);
    net.asked[0]!.answer({ message: stored(0, 1) });
    await settle();
    expect(texts()).toEqual(['hello']);
  });

  it('sends one after the other, in order', async () => {
    const { net, chat, asked, stored } = setUp();
    net.join();
    chat.say('a');
    chat.say('b');
    expect(net.asked).toHaveLength(1);
    net.asked[0]!.answer({ message: stored(0, 1) });
    await settle();
    expect(asked(1).text).toBe('b');
  });

  it('sends what was said offline after the join', () => {
    const { net, chat, asked } = setUp();
    chat.say('early');
    net.join();
    expect(asked(0).text).toBe('early');
  });

  it('sends again under the same id when the answer got lost', async () => {
    const { net, chat, asked } = setUp();
    net.join();
    chat.say('hello');
    net.drop();
    net.asked[0]!.refuse(offline());
    await settle();
    net.join({ reset: false });
    expect(asked(1)).toEqual(asked(0));
  });

  it('does not send again what the join shows to be stored', async () => {
    const { net, chat, texts, stored } = setUp();
    net.join();
    chat.say('hello');
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
    const { net, chat, asked } = setUp();
    net.join();
    chat.say('a');
    chat.say('b');
    net.asked[0]!.refuse(new RequestError('rate_limited', '', true, 700));
    await settle();
    expect(net.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(700);
    expect(asked(1)).toEqual(asked(0));
  });

  it('shows a refusal, goes on with the next, and tries again when asked to', async () => {
    const { net, chat, asked } = setUp();
    net.join();
    chat.say('a');
    chat.say('b');
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
    net.say('chat:message', { seq: 9, message: message(9) });
    expect(net.position('chat')).toBe(9);
  });
});

describe('unread', () => {
  it('counts while hidden, and not what was there at the start', () => {
    const { net, chat } = setUp();
    net.join({ chatSeq: 2, messages: [message(2)] });
    net.say('chat:message', { seq: 3, message: message(3) });
    expect(chat.store.getState().unread).toBe(1);
    chat.setVisible(true);
    expect(chat.store.getState().unread).toBe(0);
    net.say('chat:message', { seq: 4, message: message(4) });
    expect(chat.store.getState().unread).toBe(0);
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
