export { AttachmentView } from './attachmentView';
export { createChat, type Chat } from './chat';
export { ChatPanel } from './ChatPanel';
