import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  api,
  errorMessage,
  draftStore,
  type ResumableRoom,
  type RoomInfo,
  type DraftStore,
} from '../../connection';
import type { EventId, Message, MessageId, MessagePage, RoomId, UserId } from '../../protocol';
import type { ChatState } from './chatState';
import { createHistory } from './history';
import { outboxStore, type OutboxStore } from './outbox';
import { createReadMarker } from './readMarker';
import { withReceipt } from './receipts';
import { createOutboxSender } from './outboxSender';
import * as timeline from './timeline';
import { createTypingSender, createTypingUsers } from './typing';

export { MAX_TEXT } from './outboxSender';

/** Fewer do not fill the list, so that nobody could scroll up for more. */
export const SCREENFUL = 20;

export interface Chat {
  readonly store: StoreApi<ChatState>;
  readonly roomInfo: StoreApi<RoomInfo>;
  readonly roomId: RoomId;
  readonly me: { userId: UserId; name: string };
  /** Unsent texts of this room. */
  readonly drafts: DraftStore;
  /** Shows the message at once, and sends it as soon as possible. */
  send(text: string): void;
  /** Sends a refused message again, under its id. */
  retry(eventId: EventId): void;
  discard(eventId: EventId): void;
  /**
   * True when it worked; a failure is told to the person. When another tab's text was stored in the same
   * moment, that text, which this one now stands for.
   */
  edit(messageId: MessageId, text: string): Promise<boolean | { over: string }>;
  remove(messageId: MessageId): void;
  react(messageId: MessageId, emoji: string, on: boolean): void;
  pin(messageId: MessageId, on: boolean): void;
  replyTo(message: Message | null): void;
  loadOlder(): Promise<void>;
  /** Scrolls to a message, loading older ones if needed. */
  jumpTo(message: Pick<Message, 'id' | 'seq'>): Promise<void>;
  /** Loads what follows the window of older messages. */
  loadLater(): Promise<void>;
  backToNow(): void;
  startedTyping(): void;
  stoppedTyping(): void;
  /** While visible and at its end, all that comes is read. */
  setVisible(visible: boolean): void;
  setAtEnd(atEnd: boolean): void;
  dispose(): void;
}

interface Parts {
  fetchPage?: (roomId: RoomId, before: number) => Promise<MessagePage>;
  fetchAfter?: (roomId: RoomId, after: number) => Promise<MessagePage>;
  outboxStore?: OutboxStore;
  /** Shows a text to the person. */
  tell?: (words: string) => void;
}

export function createChat(
  room: ResumableRoom,
  me: { userId: UserId; name: string },
  parts: Parts = {},
): Chat {
  const { roomId } = room;
  const fetchPage = parts.fetchPage ?? ((id, before) => api.messages(id, before));
  const fetchAfter = parts.fetchAfter ?? ((id, after) => api.messagesAfter(id, after));
  const drafts = draftStore(me.userId, roomId);
  const savedOutbox = parts.outboxStore ?? outboxStore(drafts);
  const tell = parts.tell ?? (() => undefined);
  const store = createStore<ChatState>(() => ({
    timeline: timeline.emptyTimeline,
    past: null,
    outbox: savedOutbox.load(),
    sendPause: null,
    ready: false,
    older: 'idle',
    unread: 0,
    newAfter: null,
    typing: [],
    pinned: [],
    receipts: {},
    replyTo: null,
    target: null,
  }));
  const get = store.getState;
  const typingSender = createTypingSender((isTyping) =>
    room.send('presence:typing', { roomId, isTyping }),
  );
  const typingUsers = createTypingUsers((users) => store.setState({ typing: users }));
  const marker = createReadMarker((seq) => room.request('chat:read', { roomId, seq }));
  const outboxSender = createOutboxSender(room, savedOutbox, {
    outboxChanged: (outbox) => store.setState({ outbox }),
    pauseChanged: (sendPause) => store.setState({ sendPause }),
    stored: (message) => receive([message]),
  });

  let lastSeq = 0;
  let seenSeq = 0;
  let visible = false;
  let atEnd = true;
  const history = createHistory({ store, roomId, fetchPage, fetchAfter, show, tell });

  const isReading = () => visible && atEnd && get().past === null;

  /** Shows what is there, and takes note of what is read by that. */
  function show(next: Partial<ChatState> = {}) {
    const { messages } = next.timeline ?? get().timeline;
    const last = messages.at(-1)?.seq ?? 0;
    store.setState(next);
    if (isReading() && get().ready) {
      seenSeq = Math.max(seenSeq, last);
      if (last > 0) marker.seen(last);
    }
    store.setState({ unread: timeline.unreadCount(messages, seenSeq, me.userId) });
  }

  function receive(messages: readonly Message[]) {
    for (const message of messages) lastSeq = Math.max(lastSeq, message.seq);
    outboxSender.confirm(messages, me.userId);
    // Having answered, one has read.
    const answered = messages.some(({ senderId }) => senderId === me.userId);
    const next = timeline.added(get().timeline, messages);
    show({ timeline: next, ...(answered ? { newAfter: null } : {}) });
  }

  /** Changes messages wherever we hold them. */
  function amend(seq: number, change: (of: timeline.Timeline) => timeline.Timeline) {
    lastSeq = Math.max(lastSeq, seq);
    const { past, pinned } = get();
    const kept = change({ messages: pinned, before: null }).messages;
    show({
      timeline: change(get().timeline),
      past: past && change(past),
      pinned: kept.filter((message) => !message.deleted),
    });
  }

  const known = (id: MessageId) =>
    [...get().timeline.messages, ...(get().past?.messages ?? [])].find((it) => it.id === id);

  async function pinsChanged(id: MessageId, on: boolean) {
    const others = get().pinned.filter((it) => it.id !== id);
    const message = known(id);
    if (!on) store.setState({ pinned: others });
    else if (message) {
      store.setState({ pinned: [...others, message].sort((a, b) => a.seq - b.seq) });
    } else {
      // Too old to be here: the server knows it.
      const ack = await room.request('room:sync', { roomId, chatSeq: lastSeq }).catch(() => null);
      if (ack) store.setState({ pinned: ack.pinned });
    }
  }

  async function ask(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      tell(errorMessage(error, { not_found: 'That message is gone.' }));
      return false;
    }
  }

  function updateReading(change: () => void) {
    const before = isReading();
    change();
    // From here on it is new; and back again with nothing new, nothing is.
    if (before && !isReading()) store.setState({ newAfter: seenSeq });
    if (!before && isReading() && get().unread === 0) store.setState({ newAfter: null });
    show();
  }

  const stops = [
    room.resumeFrom('chat', () => lastSeq),
    room.onJoined((state) => {
      const first = !get().ready;
      const { messages, reset } = state;
      if (reset) history.forget();
      lastSeq = Math.max(reset ? 0 : lastSeq, state.chatSeq);
      const receipts = state.receipts.reduce(withReceipt, get().receipts);
      const mine = receipts[me.userId] ?? (first ? lastSeq : seenSeq);
      marker.known(receipts[me.userId] ?? 0);
      seenSeq = first ? mine : Math.min(Math.max(seenSeq, mine), lastSeq);
      outboxSender.confirm(messages, me.userId);
      store.setState({
        ready: true,
        receipts,
        pinned: state.pinned,
        ...(reset ? { older: 'idle', past: null } : {}),
      });
      const next = timeline.joined(get().timeline, messages, reset);
      if (first) {
        const unread = timeline.unreadCount(next.messages, seenSeq, me.userId);
        // Who reads already needs no line above what comes.
        store.setState({ newAfter: isReading() && unread === 0 ? null : seenSeq });
      }
      show({ timeline: timeline.amended(next, state.amended) });
      if (reset && messages.length < SCREENFUL) void history.loadOlder();
      typingUsers.clear();
      outboxSender.resume();
    }),
    room.on('chat:message', ({ seq, message }) => {
      lastSeq = Math.max(lastSeq, seq);
      typingUsers.messageArrived(message.senderId);
      receive([message]);
    }),
    room.on('chat:edited', ({ seq, message }) =>
      amend(seq, (it) => timeline.amended(it, [message])),
    ),
    room.on('chat:deleted', ({ seq, messageId }) => {
      if (get().replyTo?.id === messageId) store.setState({ replyTo: null });
      amend(seq, (it) => timeline.changed(it, messageId, timeline.emptied));
    }),
    room.on('chat:reaction', (it) =>
      amend(it.seq, (of) =>
        timeline.changed(of, it.messageId, (message) => timeline.reacted(message, it)),
      ),
    ),
    room.on('chat:pinned', ({ seq, messageId, on }) => {
      amend(seq, (of) => timeline.changed(of, messageId, (it) => ({ ...it, pinned: on })));
      void pinsChanged(messageId, on);
    }),
    room.on('chat:receipt', (it) => {
      store.setState({ receipts: withReceipt(get().receipts, it) });
      if (it.userId !== me.userId || it.seq <= seenSeq) return;
      // Read on another device of ours.
      seenSeq = it.seq;
      marker.known(it.seq);
      show();
    }),
    room.on('presence:typing', (it) => {
      if (it.userId !== me.userId) typingUsers.typingChanged(it.socketId, it.userId, it.isTyping);
    }),
    room.on('user:left', (it) => typingUsers.remove(it.socketId)),
  ];

  return {
    store,
    roomInfo: room.info,
    roomId,
    me,
    drafts,

    send(text) {
      typingSender.reset();
      if (get().past) history.leavePast();
      outboxSender.send(text, get().replyTo?.id);
      store.setState({ replyTo: null });
    },
    retry: (eventId) => outboxSender.retry(eventId),
    discard: (eventId) => outboxSender.discard(eventId),

    async edit(messageId, text) {
      const base = known(messageId)?.text;
      let over: string | undefined;
      let stored = false;
      const stop = room.on('chat:edited', ({ message }) => {
        if (message.id !== messageId) return;
        if (message.text === text) stored = true;
        else if (!stored && message.text !== base) over = message.text;
      });
      const worked = await ask(room.request('chat:edit', { roomId, messageId, text }));
      stop();
      return worked && over !== undefined ? { over } : worked;
    },
    remove: (messageId) => void ask(room.request('chat:delete', { roomId, messageId })),
    react: (messageId, emoji, on) =>
      void ask(room.request('chat:react', { roomId, messageId, emoji, on })),
    pin: (messageId, on) => void ask(room.request('chat:pin', { roomId, messageId, on })),
    replyTo: (message) => store.setState({ replyTo: message }),

    loadOlder: history.loadOlder,
    jumpTo: history.jumpTo,
    loadLater: history.loadLater,
    backToNow: history.leavePast,
    startedTyping: () => typingSender.keystroke(),
    stoppedTyping: () => typingSender.stop(),

    setVisible: (now) => updateReading(() => (visible = now)),
    setAtEnd: (now) => updateReading(() => (atEnd = now)),

    dispose() {
      for (const stop of stops) stop();
      outboxSender.dispose();
      marker.dispose();
      typingSender.reset();
      typingUsers.clear();
    },
  };
}
