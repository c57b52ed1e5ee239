import type { Message, MessagePage, UserId } from '../../protocol';

/** What the server has confirmed: in `seq` order, each message once. */
export interface Timeline {
  messages: readonly Message[];
  /** Where the next older page ends; null when the beginning is here. */
  before: number | null;
}

export const emptyTimeline: Timeline = { messages: [], before: null };

/** The messages of a (re)join: in place of all we have, or after it. */
export function joined(was: Timeline, messages: readonly Message[], reset: boolean): Timeline {
  if (!reset) return added(was, messages);
  const fresh = merged([], messages);
  const oldest = fresh[0]?.seq ?? 1;
  return { messages: fresh, before: oldest > 1 ? oldest : null };
}

/** New or changed messages. */
export function added(was: Timeline, messages: readonly Message[]): Timeline {
  if (messages.length === 0) return was;
  return { ...was, messages: merged(was.messages, messages) };
}

/** An older page, fetched while the room went on. */
export function prepended(was: Timeline, page: MessagePage): Timeline {
  return { messages: merged(was.messages, page.messages), before: page.next };
}

function merged(old: readonly Message[], incoming: readonly Message[]): readonly Message[] {
  const last = old.at(-1);
  const [only] = incoming;
  // The common case, one newer message, must not cost a sort.
  if (incoming.length === 1 && only && (!last || last.seq < only.seq)) return [...old, only];
  const byId = new Map(old.map((message) => [message.id, message]));
  for (const message of incoming) byId.set(message.id, message);
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

/** How many messages of others came after `seenSeq`. */
export function unreadCount(messages: readonly Message[], seenSeq: number, me: UserId): number {
  let count = 0;
  for (let at = messages.length - 1; at >= 0; at -= 1) {
    const message = messages[at];
    if (!message || message.seq <= seenSeq) break;
    if (message.senderId !== me && !message.deleted) count += 1;
  }
  return count;
}
