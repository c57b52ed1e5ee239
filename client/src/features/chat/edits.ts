import type { TypedShelf } from '../../connection';
import type { MessageId } from '../../protocol';

/** Another text for a message, not saved yet. */
export interface Edit {
  /** What the message said when this person last saw it. */
  readonly base: string;
  readonly text: string;
}

const name = (messageId: MessageId) => `edit.${messageId}`;

/** Null when it is saved or given up. */
export function keepEdit(shelf: TypedShelf, messageId: MessageId, edit: Edit | null): void {
  shelf.write(name(messageId), edit && JSON.stringify(edit));
}

/** The edit of this message that an earlier load of the page left. */
export function keptEdit(shelf: TypedShelf, messageId: MessageId): Edit | undefined {
  try {
    const kept = JSON.parse(shelf.read(name(messageId)) ?? 'null') as Partial<Edit> | null;
    const { base, text } = kept ?? {};
    return typeof base === 'string' && typeof text === 'string' ? { base, text } : undefined;
  } catch {
    return undefined;
  }
}
