// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RoomState } from '../protocol';
import { createRoom } from './room';
import { startDownload } from './startDownload';
import type { ReconnectingSocket } from './socket';

type Listener = (payload?: unknown) => void;
interface Sent {
  event: string;
  payload: unknown;
  ack?: (silence: Error | null, answer?: unknown) => void;
}

/** As much of a socket as a room touches. */
function fakeSocket() {
  const listeners = new Map<string, Listener[]>();
  const sent: Sent[] = [];
  const hear = (event: string, payload?: unknown) =>
    listeners.get(event)?.forEach((listener) => listener(payload));
  const emit = (event: string, payload: unknown, ack?: Sent['ack']) => {
    sent.push({ event, payload, ...(ack ? { ack } : {}) });
  };
  const socket = {
    connected: false,
    emit,
    volatile: { emit },
    timeout: () => ({ emit }),
    on: (event: string, listener: Listener) =>
      listeners.set(event, [...(listeners.get(event) ?? []), listener]),
    off: (event?: string) => (event ? listeners.delete(event) : listeners.clear()),
    connect() {
      socket.connected = true;
      hear('connect');
      return socket;
    },
    disconnect() {
      if (!socket.connected) return socket;
      socket.connected = false;
      hear('disconnect', 'transport close');
      return socket;
    },
  };
  const lasting = { socket, close: () => socket.disconnect() } as unknown as ReconnectingSocket;
  const say = hear;
  return { socket, sent, lasting, say };
}

const state = (more: Partial<RoomState> = {}) =>
  ({ chatSeq: 3, reset: true, you: { userId: 'me' }, ...more }) as RoomState;
const refusal = (code: string, retryable = false) => ({
  ok: false,
  error: { code, message: code, retryable },
});

function setUp(name?: string) {
  const net = fakeSocket();
  const room = createRoom('r1', name, () => net.lasting);
  const joins = () => net.sent.filter((it) => it.event === 'joinRoom');
  const lastJoin = () => joins().at(-1)!;
  const status = () => room.status.getState().status;
  const admission = () => room.admission.getState().admission;
  return { ...net, room, joins, lastJoin, status, admission };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('joining', () => {
  it('gives the name, and asks for everything at first', () => {
    const { room, lastJoin, status } = setUp('Ann');
    room.enter();
    expect(lastJoin().payload).toEqual({ roomId: 'r1', name: 'Ann' });
    expect(status()).toBe('connecting');
  });

  it('calls back once, whether the event or the ack is first', () => {
    const { room, lastJoin, say, status } = setUp();
    const joined = vi.fn();
    room.onJoined(joined);
    room.enter();
    say('joined', { roomState: state() });
    lastJoin().ack!(null, { ok: true, roomState: state() });
    expect(joined).toHaveBeenCalledTimes(1);
    expect(status()).toBe('online');
  });

  it('is done again by another name, when one has another name or picture', () => {
    const { socket, room, joins, lastJoin } = setUp('Ann');
    room.enter();
    lastJoin().ack?.(null, { ok: true, roomState: state() });
    room.rejoinAs('Anna');
    expect(joins()).toHaveLength(2);
    expect(lastJoin().payload).toMatchObject({ roomId: 'r1', name: 'Anna' });
    expect(socket.connected).toBe(true);
  });

  it('asks for the rest only, where a feature knows how much it has', () => {
    const { room, socket, say, lastJoin, status, joins } = setUp();
    room.resumeFrom('chat', () => 42);
    room.resumeFrom('board', () => 0);
    room.enter();
    say('joined', { roomState: state() });
    socket.disconnect();
    expect(status()).toBe('offline');
    socket.connect();
    expect(joins()).toHaveLength(2);
    expect(lastJoin().payload).toEqual({ roomId: 'r1', chatSeq: 42 });
    say('joined', { roomState: state() });
    expect(status()).toBe('online');
  });

  it('takes no notice of an answer to an attempt before', () => {
    const { room, socket, lastJoin, status } = setUp();
    room.enter();
    const first = lastJoin();
    socket.disconnect();
    first.ack!(null, { ok: true, roomState: state() });
    expect(status()).toBe('connecting');
  });

  it('tells a late listener where things are', () => {
    const { room, say } = setUp();
    room.enter();
    say('joined', { roomState: state({ chatSeq: 9 }) });
    const late = vi.fn();
    room.onJoined(late);
    expect(late).toHaveBeenCalledWith(expect.objectContaining({ chatSeq: 9 }));
  });
});

describe('the door', () => {
  it.each(['not_found', 'forbidden', 'room_full', 'room_locked', 'banned'])('says %s', (code) => {
    const { room, lastJoin, admission, socket } = setUp();
    room.enter();
    lastJoin().ack!(null, refusal(code));
    expect(admission()).toMatchObject({ phase: 'refused', error: { code } });
    expect(socket.connected).toBe(false);
  });

  it('is asked again while someone has to let us in', () => {
    const { room, lastJoin, admission, joins, say } = setUp();
    room.enter();
    lastJoin().ack!(null, refusal('waiting_for_admission'));
    expect(admission().phase).toBe('waiting');
    vi.advanceTimersByTime(30_000);
    expect(joins()).toHaveLength(2);
    say('joined', { roomState: state() });
    expect(admission().phase).toBe('joined');
  });

  it('is asked again at once when someone lets us in', () => {
    const { room, lastJoin, joins, say } = setUp();
    room.enter();
    lastJoin().ack!(null, refusal('waiting_for_admission'));
    say('room:updated', { seq: 1, room: { roomId: 'another' } });
    expect(joins()).toHaveLength(1);
    say('room:updated', { seq: 1, room: { roomId: 'r1' } });
    expect(joins()).toHaveLength(2);
  });

  it('is left when someone inside says no', () => {
    const { room, lastJoin, admission, socket, say } = setUp();
    room.enter();
    lastJoin().ack!(null, refusal('waiting_for_admission'));
    say('error', { code: 'forbidden', message: '', event: 'joinRoom' });
    expect(admission().phase).toBe('denied');
    expect(socket.connected).toBe(false);
  });

  it('closes behind who is removed, and not behind others', () => {
    const { room, admission, socket, say, joins } = setUp();
    room.enter();
    say('joined', { roomState: state({ you: { userId: 'me' } as never }) });
    const kicked = { roomId: 'r1', seq: 9, by: 'ann', ban: true, reason: 'noise' };
    say('control:kicked', { ...kicked, userId: 'ben' });
    expect(admission().phase).toBe('joined');
    say('control:kicked', { ...kicked, userId: 'me' });
    expect(admission()).toEqual({ phase: 'removed', ban: true, reason: 'noise' });
    expect(socket.connected).toBe(false);
    vi.advanceTimersByTime(60_000);
    expect(joins()).toHaveLength(1);
  });

  it('is asked again when the server was only busy', () => {
    const { room, lastJoin, joins, admission } = setUp();
    room.enter();
    lastJoin().ack!(null, refusal('unavailable', true));
    expect(admission().phase).toBe('joining');
    vi.advanceTimersByTime(1_500);
    expect(joins()).toHaveLength(2);
  });
});

describe('requests', () => {
  it('fail at once while offline', async () => {
    const { room } = setUp();
    const asked = room.request('presence:typing', { roomId: 'r1', isTyping: true });
    await expect(asked).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  });

  it('end as the ack says', async () => {
    const { room, say, sent } = setUp();
    room.enter();
    say('joined', { roomState: state() });
    const good = room.request('whiteboard:draw', { roomId: 'r1', ops: [] });
    const bad = room.request('whiteboard:draw', { roomId: 'r1', ops: [] });
    const silent = room.request('whiteboard:draw', { roomId: 'r1', ops: [] });
    const [a, b, c] = sent.slice(-3);
    a!.ack!(null, { ok: true, seq: 7 });
    b!.ack!(null, refusal('forbidden'));
    c!.ack!(new Error('timeout'));
    expect(await good).toMatchObject({ seq: 7 });
    await expect(bad).rejects.toMatchObject({ code: 'forbidden' });
    await expect(silent).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('leaving', () => {
  it('says goodbye and is final', () => {
    const { room, say, sent, socket, status } = setUp();
    room.enter();
    say('joined', { roomState: state() });
    room.leave();
    expect(sent.at(-1)).toMatchObject({ event: 'leaveRoom', payload: { roomId: 'r1' } });
    expect(socket.connected).toBe(false);
    expect(status()).toBe('ended');
  });

  it('says goodbye early where the browser closes the line early, and comes back if the page stays', () => {
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 Gecko/20100101 Firefox/153.0' });
    const { room, sent, joins, lastJoin } = setUp();
    room.enter();
    lastJoin().ack?.(null, { ok: true, roomState: state() });
    window.dispatchEvent(new Event('beforeunload'));
    expect(sent.at(-1)).toMatchObject({ event: 'leaveRoom' });
    vi.advanceTimersByTime(1_000);
    expect(joins()).toHaveLength(2);
    room.leave();
    vi.unstubAllGlobals();
  });

  it('says no goodbye for a file that is kept, whatever the browser asks', () => {
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 Gecko/20100101 Firefox/153.0' });
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue();
    const { room, sent, lastJoin } = setUp();
    room.enter();
    lastJoin().ack?.(null, { ok: true, roomState: state() });
    startDownload('https://files.example.org/note.txt');
    window.dispatchEvent(new Event('beforeunload'));
    expect(sent.filter(({ event }) => event === 'leaveRoom')).toEqual([]);
    vi.advanceTimersByTime(1_500);
    window.dispatchEvent(new Event('beforeunload'));
    expect(sent.at(-1)).toMatchObject({ event: 'leaveRoom' });
    room.leave();
    click.mockRestore();
    vi.unstubAllGlobals();
  });

  it('says goodbye when the page goes away, and comes back with it', () => {
    const { room, say, sent, joins } = setUp();
    room.enter();
    say('joined', { roomState: state() });
    window.dispatchEvent(new Event('pagehide'));
    expect(sent.at(-1)?.event).toBe('leaveRoom');
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    expect(joins()).toHaveLength(2);
    room.leave();
  });
});
