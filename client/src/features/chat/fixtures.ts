import type { Message } from '../../protocol';

/** A message for tests. */
export function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    roomId: 'r1',
    seq,
    senderId: 'ann',
    senderName: 'Ann',
    text: `text ${seq}`,
    attachments: [],
    timestamp: 1_700_000_000_000 + seq * 1000,
    reactions: [],
    ...more,
  };
}
