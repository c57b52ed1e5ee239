import { createContext, type ReactNode } from 'react';
import type { Attachment } from '../../protocol';

/** Renders a file in a message; provided by the room page, since chat knows no files. */
export const AttachmentView = createContext<(file: Attachment) => ReactNode>((file) => file.name);
