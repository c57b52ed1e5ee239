import { letterOf } from '../../ui';

/** What a single key does in a call. */
export type CallCommand = 'mic' | 'camera' | 'screen' | 'hand' | 'talk';

/** In the order they are explained; the board uses other letters. */
export const CALL_SHORTCUTS: readonly { key: string; command: CallCommand; words: string }[] = [
  { key: 'M', command: 'mic', words: 'Microphone on or off' },
  { key: 'Space', command: 'talk', words: 'Speak while held, when muted' },
  { key: 'C', command: 'camera', words: 'Camera on or off' },
  { key: 'S', command: 'screen', words: 'Share your screen, or stop' },
  { key: 'H', command: 'hand', words: 'Raise or lower your hand' },
];

export type Key = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'repeat'
>;

/** Nothing for keys with others, which belong to the browser, nor for one that is held. */
export function callCommandOf(it: Key): CallCommand | undefined {
  if (it.ctrlKey || it.metaKey || it.altKey || it.shiftKey || it.repeat) return undefined;
  const name = it.key === ' ' ? 'Space' : letterOf(it);
  return CALL_SHORTCUTS.find(({ key }) => key === name)?.command;
}

/** Where Space already does something. */
export const PRESSABLE =
  'button, a[href], summary, video, audio, [role="button"], [role="tab"], [role="menuitem"]';
