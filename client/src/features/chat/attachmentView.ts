import { createContext, type ReactNode } from 'react';
import type { Attachment } from '../../protocol';

/** How a file in a message looks; who knows files provides it. */
export const AttachmentView = createContext<(file: Attachment) => ReactNode>((file) => file.name);
