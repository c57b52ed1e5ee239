import type { DraftStore } from '../../connection';
import type { EventId, MessageId } from '../../protocol';

/** A message not yet acknowledged by the server. */
export interface Unsent {
  eventId: EventId;
  text: string;
  at: number;
  replyTo?: MessageId | undefined;
  /** Why the server refused it for good, as text; none while it is being sent. */
  failure?: string;
}

export type Outbox = readonly Unsent[];

export const put = (box: Outbox, item: Unsent): Outbox => [...box, item];

export const without = (box: Outbox, eventId: EventId): Outbox =>
  box.some((item) => item.eventId === eventId)
    ? box.filter((item) => item.eventId !== eventId)
    : box;

export const failed = (box: Outbox, eventId: EventId, failure: string): Outbox =>
  box.map((item) => (item.eventId === eventId ? { ...item, failure } : item));

/** Puts a failed message back at the end: what was written since may be stored already. */
export function requeued(box: Outbox, eventId: EventId): Outbox {
  const item = box.find((it) => it.eventId === eventId);
  if (!item) return box;
  const { failure: _, ...again } = item;
  return [...without(box, eventId), again];
}

/** The next one to send: with several at once a refusal in between would change the order. */
export const nextUnsent = (box: Outbox): Unsent | undefined => box.find((item) => !item.failure);

/** The outbox on disk: it outlives the page. */
export interface OutboxStore {
  load(): Outbox;
  save(box: Outbox): void;
}

const NAME = 'unsent.';

/**
 * One entry per message, so that tabs do not overwrite each other's. A message that two of them
 * have is sent under the same event id, so it is stored once.
 */
export function outboxStore(drafts: DraftStore): OutboxStore {
  let kept: Outbox = [];
  return {
    load() {
      const names = drafts.names().filter((name) => name.startsWith(NAME));
      kept = names.flatMap((name) => parsed(drafts.read(name))).sort((a, b) => a.at - b.at);
      return kept;
    },
    save(box) {
      const gone = kept.filter((item) => !box.some(({ eventId }) => eventId === item.eventId));
      for (const { eventId } of gone) drafts.write(NAME + eventId, null);
      for (const item of box) {
        if (!kept.includes(item)) drafts.write(NAME + item.eventId, JSON.stringify(item));
      }
      kept = box;
    },
  };
}

function parsed(text: string | null): Unsent[] {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    return isUnsent(value) ? [value] : [];
  } catch {
    return [];
  }
}

function isUnsent(value: unknown): value is Unsent {
  const item = value as Partial<Unsent> | null;
  return (
    typeof item?.eventId === 'string' &&
    typeof item.text === 'string' &&
    typeof item.at === 'number'
  );
}
