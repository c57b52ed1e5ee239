import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Message, MessagePage, UserId } from '../../protocol';
import { api, inWords, randomId, RequestError, type ResumableRoom } from '../../connection';
import * as outbox from './outbox';
import * as timeline from './timeline';
import { createTypingSender, createTypists } from './typing';

export const MAX_TEXT = 4000;

/** Fewer do not fill the list, so that nobody could scroll up for more. */
export const SCREENFUL = 20;

export interface ChatState {
  timeline: timeline.Timeline;
  outbox: outbox.Outbox;
  /** Whether the first page is there. */
  ready: boolean;
  older: 'idle' | 'loading' | 'failed';
  unread: number;
  typing: readonly UserId[];
}

export interface Chat {
  readonly store: StoreApi<ChatState>;
  readonly me: { userId: UserId; name: string };
  /** Shown at once, sent as soon as possible. */
  say(text: string): void;
  /** Sends a refused message again, under its id. */
  retry(eventId: string): void;
  discard(eventId: string): void;
  loadOlder(): Promise<void>;
  typed(): void;
  stoppedTyping(): void;
  /** While visible, all that comes is read. */
  setVisible(visible: boolean): void;
  dispose(): void;
}

interface Parts {
  fetchPage?: (roomId: string, before: number) => Promise<MessagePage>;
  shelf?: outbox.OutboxShelf;
}

export function createChat(
  room: ResumableRoom,
  me: { userId: UserId; name: string },
  parts: Parts = {},
): Chat {
  const fetchPage = parts.fetchPage ?? ((roomId, before) => api.messages(roomId, before));
  const shelf = parts.shelf ?? outbox.tabShelf(`outbox.${me.userId}.${room.roomId}`);
  const store = createStore<ChatState>(() => ({
    timeline: timeline.emptyTimeline,
    outbox: shelf.load(),
    ready: false,
    older: 'idle',
    unread: 0,
    typing: [],
  }));
  const typing = createTypingSender((isTyping) =>
    room.send('presence:typing', { roomId: room.roomId, isTyping }),
  );
  const typists = createTypists((users) => store.setState({ typing: users }));

  let lastSeq = 0;
  let seenSeq = 0;
  let visible = false;
  let sending = false;
  let pause: ReturnType<typeof setTimeout> | undefined;
  // A page asked for before a reset belongs to a history we no longer show.
  let history = 0;

  function keep(box: outbox.Outbox) {
    if (box === store.getState().outbox) return;
    store.setState({ outbox: box });
    shelf.save(box);
  }

  function show(next: timeline.Timeline) {
    if (visible) seenSeq = lastSeq;
    store.setState({
      timeline: next,
      unread: timeline.unreadCount(next.messages, seenSeq, me.userId),
    });
  }

  /** What the server has is no longer ours to send. */
  function confirm(messages: readonly Message[]) {
    let box = store.getState().outbox;
    for (const message of messages) {
      if (message.eventId && message.senderId === me.userId) {
        box = outbox.without(box, message.eventId);
      }
    }
    keep(box);
  }

  function receive(messages: readonly Message[]) {
    for (const message of messages) lastSeq = Math.max(lastSeq, message.seq);
    confirm(messages);
    show(timeline.added(store.getState().timeline, messages));
  }

  async function pump(): Promise<void> {
    if (sending || pause !== undefined || room.status.getState().status !== 'online') return;
    const item = outbox.nextUnsent(store.getState().outbox);
    if (!item) return;
    sending = true;
    try {
      const { text, eventId } = item;
      const ack = await room.request('chat:message', { roomId: room.roomId, text, eventId });
      receive([ack.message]);
      // Also when the ack does not repeat the id.
      keep(outbox.without(store.getState().outbox, eventId));
    } catch (error) {
      // `not_in_room`: the join is under way.
      if (error instanceof RequestError && (error.retryable || error.code === 'not_in_room')) {
        pauseFor(error.retryAfterMs ?? 1_500);
      } else {
        keep(outbox.failed(store.getState().outbox, item.eventId, refusalInWords(error)));
      }
    }
    sending = false;
    void pump();
  }

  async function loadOlder(): Promise<void> {
    const { timeline: now, older } = store.getState();
    if (now.before === null || older === 'loading') return;
    const asked = history;
    store.setState({ older: 'loading' });
    try {
      const page = await fetchPage(room.roomId, now.before);
      if (asked !== history) return;
      store.setState({ older: 'idle' });
      show(timeline.prepended(store.getState().timeline, page));
    } catch {
      if (asked === history) store.setState({ older: 'failed' });
    }
  }

  function pauseFor(ms: number) {
    clearTimeout(pause);
    pause = setTimeout(() => {
      pause = undefined;
      void pump();
    }, ms);
  }

  const stops = [
    room.resumeFrom('chat', () => lastSeq),
    room.onJoined((state) => {
      const first = !store.getState().ready;
      if (state.reset) history += 1;
      lastSeq = Math.max(state.reset ? 0 : lastSeq, state.chatSeq);
      seenSeq = first ? lastSeq : Math.min(seenSeq, lastSeq);
      confirm(state.messages);
      store.setState(state.reset ? { ready: true, older: 'idle' } : { ready: true });
      show(timeline.joined(store.getState().timeline, state.messages, state.reset));
      if (state.reset && state.messages.length < SCREENFUL) void loadOlder();
      typists.clear();
      clearTimeout(pause);
      pause = undefined;
      void pump();
    }),
    room.on('chat:message', ({ seq, message }) => {
      lastSeq = Math.max(lastSeq, seq);
      typists.said(message.senderId);
      receive([message]);
    }),
    room.on('presence:typing', (it) => {
      if (it.userId !== me.userId) typists.heard(it.socketId, it.userId, it.isTyping);
    }),
    room.on('user:left', (it) => typists.remove(it.socketId)),
  ];

  return {
    store,
    me,

    say(text) {
      typing.reset();
      keep(outbox.put(store.getState().outbox, { eventId: randomId(), text, at: Date.now() }));
      void pump();
    },

    retry(eventId) {
      keep(outbox.revived(store.getState().outbox, eventId));
      void pump();
    },

    discard: (eventId) => keep(outbox.without(store.getState().outbox, eventId)),

    loadOlder,
    typed: () => typing.typed(),
    stoppedTyping: () => typing.stop(),

    setVisible(now) {
      visible = now;
      if (visible) show(store.getState().timeline);
    },

    dispose() {
      for (const stop of stops) stop();
      clearTimeout(pause);
      typing.reset();
      typists.clear();
    },
  };
}

function refusalInWords(error: unknown): string {
  return inWords(error, {
    too_large: `Too long: a message has at most ${MAX_TEXT} characters.`,
    bad_request: 'The server did not take this message.',
    forbidden: 'You may not write here.',
  });
}
