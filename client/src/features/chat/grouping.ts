import type { Attachment, EventId, Message, MessageId, Reaction, UserId } from '../../protocol';
import type { Outbox } from './outbox';

/** One message as shown, whether the server has it or not. */
export interface Line {
  /** Stays when a message is acknowledged, so that it does not jump. */
  key: string;
  eventId?: EventId | undefined;
  text: string;
  at: number;
  state: 'sent' | 'sending' | 'failed';
  failure?: string | undefined;
  edited: boolean;
  deleted: boolean;
  attachments: readonly Attachment[];
  reactions: readonly Reaction[];
  /** As the server has it; none while it is on its way. */
  message?: Message | undefined;
  answers?: Quote | undefined;
}

/** The message that is answered, as far as it is here. */
export type Quote = Pick<Message, 'id' | 'seq' | 'senderName' | 'text'> | 'elsewhere';

export interface Group {
  kind: 'group';
  key: string;
  senderId: UserId;
  senderName: string;
  mine: boolean;
  lines: Line[];
}

export type Row =
  | { kind: 'day'; key: string; at: number }
  /** Here begins what one has not seen. */
  | { kind: 'new'; key: string }
  | Group;

interface Me {
  userId: UserId;
  name: string;
}

const PAUSE_MS = 5 * 60_000;
/** So that even a monologue shows the time now and then. */
const SPAN_MS = 15 * 60_000;

/** What the list shows, top to bottom: days, and what one person said in one go. */
export function rows(
  messages: readonly Message[],
  outbox: Outbox,
  me: Me,
  newAfter: number | null = null,
): Row[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const quote = (id: MessageId | undefined): Quote | undefined =>
    id === undefined ? undefined : quoted(byId.get(id));
  const result: Row[] = [];
  let day = '';
  let group: Group | undefined;
  let lastAt = 0;

  const add = (senderId: UserId, senderName: string, line: Line) => {
    const itsDay = dayOf(line.at);
    if (itsDay !== day) {
      day = itsDay;
      group = undefined;
      result.push({ kind: 'day', key: `day-${day}`, at: line.at });
    }
    if (
      !group ||
      group.senderId !== senderId ||
      group.senderName !== senderName ||
      line.at - lastAt > PAUSE_MS ||
      line.at - (group.lines[0]?.at ?? 0) > SPAN_MS
    ) {
      const mine = senderId === me.userId;
      group = { kind: 'group', key: `by-${line.key}`, senderId, senderName, mine, lines: [] };
      result.push(group);
    }
    group.lines.push(line);
    lastAt = line.at;
  };

  let divided = newAfter === null;
  for (const message of messages) {
    const mine = message.senderId === me.userId;
    if (!divided && !mine && !message.deleted && message.seq > (newAfter ?? 0)) {
      divided = true;
      // The very first message needs no line above it.
      if (result.length > 0) result.push({ kind: 'new', key: 'new' });
      group = undefined;
    }
    const line = { ...sent(message, mine), answers: quote(message.replyTo) };
    add(message.senderId, message.senderName, line);
  }
  // Never before what is above it, or a clock that is behind would open a new day.
  for (const item of outbox) {
    add(me.userId, me.name, {
      key: item.eventId,
      eventId: item.eventId,
      text: item.text,
      at: Math.max(item.at, lastAt),
      state: item.failure ? 'failed' : 'sending',
      failure: item.failure,
      edited: false,
      deleted: false,
      attachments: [],
      reactions: [],
      answers: quote(item.replyTo),
    });
  }
  return result;
}

function sent(message: Message, mine: boolean): Line {
  return {
    // Event ids are unique per person only.
    key: (mine && message.eventId) || message.id,
    text: message.text,
    at: message.timestamp,
    state: 'sent',
    edited: (message.editedAt ?? 0) > 0,
    deleted: message.deleted ?? false,
    attachments: message.attachments,
    reactions: message.reactions,
    message,
  };
}

function quoted(message: Message | undefined): Quote {
  if (!message || message.deleted) return 'elsewhere';
  const { id, seq, senderName, text } = message;
  return { id, seq, senderName, text };
}

function dayOf(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

/** "Today", "Yesterday", or the date. */
export function dayLabel(at: number, now = Date.now(), locale?: string): string {
  const midnight = new Date(now);
  midnight.setHours(0, 0, 0, 0);
  if (at >= midnight.getTime()) return 'Today';
  midnight.setDate(midnight.getDate() - 1);
  if (at >= midnight.getTime()) return 'Yesterday';
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Date(at).toLocaleDateString(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  });
}
