import { emojiKey } from '../../ui';
import type { Message, MessageId, MessagePage, Reacted, UserId } from '../../protocol';

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
  return pageOf(messages);
}

/** A stretch of messages with an unknown past. */
function pageOf(messages: readonly Message[]): Timeline {
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

/** Messages that changed, where we have them: one we do not have would leave a gap around it. */
export function amended(was: Timeline, messages: readonly Message[]): Timeline {
  const byId = new Map(messages.map((message) => [message.id, message]));
  if (!was.messages.some(({ id }) => byId.has(id))) return was;
  return { ...was, messages: was.messages.map((message) => byId.get(message.id) ?? message) };
}

/** One message as `change` makes it. */
export function changed(
  was: Timeline,
  id: MessageId,
  change: (message: Message) => Message,
): Timeline {
  const message = was.messages.find((it) => it.id === id);
  return message ? amended(was, [change(message)]) : was;
}

/** Its place without its words. */
export function emptied(message: Message): Message {
  return { ...message, text: '', attachments: [], reactions: [], deleted: true, pinned: false };
}

/** One emoji put under a message, or taken away; twice the same is once. */
export function reacted(
  message: Message,
  { emoji, userId, on }: Pick<Reacted, 'emoji' | 'userId' | 'on'>,
): Message {
  const there = message.reactions.find((it) => emojiKey(it.emoji) === emojiKey(emoji));
  if (!there) {
    if (!on) return message;
    return { ...message, reactions: [...message.reactions, { emoji, userIds: [userId] }] };
  }
  const others = there.userIds.filter((it) => it !== userId);
  const stays = on && there.userIds.includes(userId) ? there.userIds : [...others, userId];
  const userIds = on ? stays : others;
  const reactions = message.reactions
    .map((it) => (it === there ? { ...there, userIds } : it))
    .filter((it) => it.userIds.length > 0);
  return { ...message, reactions };
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
