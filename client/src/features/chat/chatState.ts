import type { Message, MessageId, UserId } from '../../protocol';
import type { Outbox } from './outbox';
import type { SendPause } from './outboxSender';
import type { Receipts } from './receipts';
import type { Timeline } from './timeline';

export interface ChatState {
  timeline: Timeline;
  /** A window of older messages after a jump; shown in place of the timeline. */
  past: Timeline | null;
  outbox: Outbox;
  sendPause: SendPause | null;
  /** Whether the first page is there. */
  ready: boolean;
  older: 'idle' | 'loading' | 'failed';
  unread: number;
  /** The `seq` after which new messages begin; null when there is no divider. */
  newAfter: number | null;
  typing: readonly UserId[];
  pinned: readonly Message[];
  receipts: Receipts;
  /** What the next message answers. */
  replyTo: Message | null;
  /** The message to scroll to; another object scrolls again. */
  target: { id: MessageId } | null;
}
