import type { Message, Receipt, UserId } from '../../protocol';
import { isolated } from '../../ui';

/** The `seq` up to which each person has read. */
export type Receipts = Readonly<Record<UserId, number>>;

/** A marker moves forward only, whatever order the news comes in. */
export function withReceipt(
  was: Receipts,
  { userId, seq }: Pick<Receipt, 'userId' | 'seq'>,
): Receipts {
  return (was[userId] ?? 0) >= seq ? was : { ...was, [userId]: seq };
}

/** Who of the others has read up to the last message. */
export function seenBy(messages: readonly Message[], receipts: Receipts, me: UserId): UserId[] {
  const last = messages.at(-1);
  if (!last) return [];
  return Object.entries(receipts)
    .filter(([userId, seq]) => seq >= last.seq && userId !== me && userId !== last.senderId)
    .map(([userId]) => userId);
}

/** "Seen by Ann, Ben", in as many names as one line holds. */
export function seenLabel(names: readonly string[]): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, 3).map(isolated).join(', ');
  const more = names.length - 3;
  return `Seen by ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}
