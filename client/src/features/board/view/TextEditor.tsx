import { useEffect, useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import styles from './BoardView.module.css';
import { toScreen } from '../model/camera';
import { noteBackground } from '../model/palette';
import { LINE_HEIGHT, NOTE_PADDING } from '../model/textLayout';
import { MAX_TEXT_LENGTH } from '../model/mergeText';
import type { Viewport } from '../model/viewport';
import type { TextDraft } from '../model/textDraft';
import { keyOf } from '../../../ui';

/** Letters smaller than this make a phone zoom into the page. */
const READABLE_PX = 16;

/** A page that is still there by then was not left. */
const STAYS_MS = 1_000;

/** Whether the page goes away: Firefox takes the focus from what has it then, which ends no writing. */
function usePageLeaving() {
  const leaving = useRef(false);
  useEffect(() => {
    let stays: ReturnType<typeof setTimeout> | undefined;
    const goes = () => {
      leaving.current = true;
      clearTimeout(stays);
      stays = setTimeout(() => (leaving.current = false), STAYS_MS);
    };
    window.addEventListener('beforeunload', goes);
    return () => {
      clearTimeout(stays);
      window.removeEventListener('beforeunload', goes);
    };
  }, []);
  return leaving;
}

/** A text written where it will stand. Escape or a tap elsewhere ends it. */
export function TextEditor({
  draft: { element, written },
  viewport,
  onWrite,
  onDone,
}: {
  draft: TextDraft;
  viewport: Viewport;
  onWrite: (text: string) => void;
  onDone: (text: string) => void;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  const leaving = usePageLeaving();
  const { camera, size } = useStore(viewport.store);
  const [left, top] = toScreen(camera, element.x ?? 0, element.y ?? 0);
  const note = element.kind === 'note';
  const letter = Math.max(element.width * camera.scale, READABLE_PX);
  const width = note
    ? Math.max((element.w ?? 0) * camera.scale, 180)
    : Math.max(160, size.width - left - 12);

  const grow = () => {
    if (!area.current) return;
    area.current.style.height = '0';
    area.current.style.height = `${area.current.scrollHeight}px`;
  };
  useLayoutEffect(() => {
    area.current?.focus({ preventScroll: true });
    // What was written already is gone on with.
    if (written === undefined) area.current?.select();
    grow();
    // Once, when it opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  return (
    <textarea
      ref={area}
      dir="auto"
      className={note ? styles.writeNote : styles.writeText}
      aria-label={note ? 'Note' : 'Text'}
      defaultValue={written ?? element.text}
      maxLength={MAX_TEXT_LENGTH}
      onInput={(event) => {
        grow();
        onWrite(event.currentTarget.value);
      }}
      onBlur={(event) => {
        if (!leaving.current) onDone(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        const key = keyOf(event);
        const done = key === 'Escape' || (key === 'Enter' && (event.ctrlKey || event.metaKey));
        if (done) event.currentTarget.blur();
      }}
      style={{
        left: Math.max(4, Math.min(left, size.width - Math.min(width, 180))),
        top: Math.max(4, Math.min(top, size.height - 80)),
        width: Math.min(width, size.width - 8),
        minHeight: note ? (element.h ?? 0) * camera.scale : undefined,
        padding: note ? NOTE_PADDING * camera.scale : undefined,
        fontSize: letter,
        lineHeight: LINE_HEIGHT,
        color: note ? undefined : element.color,
        background: note ? noteBackground(element.color) : undefined,
      }}
    />
  );
}
