export { AttachmentView } from './attachmentView';
export { createChat, type Chat } from './chat';
export { ChatPanel } from './ChatPanel';
export { SenderBadgesContext, type SenderBadge } from './senderBadges';
