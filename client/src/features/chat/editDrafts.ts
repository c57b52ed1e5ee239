import type { DraftStore } from '../../connection';
import type { MessageId } from '../../protocol';

/** An edit of a message that is not saved yet. */
export interface EditDraft {
  /** What the message said when this person last saw it. */
  readonly base: string;
  readonly text: string;
}

const name = (messageId: MessageId) => `edit.${messageId}`;

/** Null when it is saved or discarded. */
export function saveEditDraft(
  drafts: DraftStore,
  messageId: MessageId,
  edit: EditDraft | null,
): void {
  drafts.write(name(messageId), edit && JSON.stringify(edit));
}

/** The edit of this message that was unsaved when the page was left. */
export function loadEditDraft(drafts: DraftStore, messageId: MessageId): EditDraft | undefined {
  try {
    const kept = JSON.parse(drafts.read(name(messageId)) ?? 'null') as Partial<EditDraft> | null;
    const { base, text } = kept ?? {};
    return typeof base === 'string' && typeof text === 'string' ? { base, text } : undefined;
  } catch {
    return undefined;
  }
}
