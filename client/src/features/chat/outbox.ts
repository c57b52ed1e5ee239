import type { EventId, MessageId } from '../../protocol';

/** Said here, not yet acknowledged by the server. */
export interface Unsent {
  eventId: EventId;
  text: string;
  at: number;
  replyTo?: MessageId | undefined;
  /** Why the server refused it for good, in words; none while it is on its way. */
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

/** On its way again, last in line: what was said since may be there already. */
export function revived(box: Outbox, eventId: EventId): Outbox {
  const item = box.find((it) => it.eventId === eventId);
  if (!item) return box;
  const { failure: _, ...again } = item;
  return [...without(box, eventId), again];
}

/** The one to send next: one at a time, or a refusal in between would change the order. */
export const nextUnsent = (box: Outbox): Unsent | undefined => box.find((item) => !item.failure);

/** Outlives a reload of this tab. */
export interface OutboxShelf {
  load(): Outbox;
  save(box: Outbox): void;
}

export function tabShelf(key: string): OutboxShelf {
  return {
    load() {
      try {
        const value: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]');
        return Array.isArray(value) ? value.filter(isUnsent) : [];
      } catch {
        return [];
      }
    },
    save(box) {
      try {
        if (box.length === 0) sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, JSON.stringify(box));
      } catch {
        // Full or blocked: it lives in memory then.
      }
    },
  };
}

function isUnsent(value: unknown): value is Unsent {
  const item = value as Partial<Unsent> | null;
  return (
    typeof item?.eventId === 'string' &&
    typeof item.text === 'string' &&
    typeof item.at === 'number'
  );
}
