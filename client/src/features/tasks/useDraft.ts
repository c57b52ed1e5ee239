import { useState } from 'react';
import type { DraftStore } from '../../connection';

/** A text that outlives the page, under this name, until it is null. */
export function useDraft(
  drafts: DraftStore,
  name: string,
): [text: string | null, write: (text: string | null) => void] {
  const [text, setText] = useState(() => drafts.read(name));
  const write = (now: string | null) => {
    setText(now);
    drafts.write(name, now);
  };
  return [text, write];
}
