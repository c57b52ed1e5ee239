import { useState } from 'react';
import type { TypedShelf } from '../../connection';

/** A text that outlives the page, under this name, until it is null. */
export function useTyped(
  shelf: TypedShelf,
  name: string,
): [text: string | null, write: (text: string | null) => void] {
  const [text, setText] = useState(() => shelf.read(name));
  const write = (now: string | null) => {
    setText(now);
    shelf.write(name, now);
  };
  return [text, write];
}
