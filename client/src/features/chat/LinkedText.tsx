import { memo } from 'react';
import { linkify } from './linkify';

/** Text with its links. Its own component, so that a text is searched once, not with every new message. */
export const LinkedText = memo(function LinkedText({ text }: { text: string }) {
  return linkify(text).map((piece, at) =>
    piece.href ? (
      <a key={at} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
        {piece.text}
      </a>
    ) : (
      piece.text
    ),
  );
});
