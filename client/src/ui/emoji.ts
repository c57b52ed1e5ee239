/** The ones within one click. */
export const EMOJIS = [
  '👍',
  '❤️',
  '😂',
  '🎉',
  '😮',
  '😢',
  '🙏',
  '👏',
  '🔥',
  '💯',
  '✅',
  '❓',
] as const;

const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3/u;

/** The one emoji that was typed; none when it is something else or more than one. */
export function asEmoji(typed: string): string | undefined {
  const text = typed.trim();
  const letters = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)];
  return letters.length === 1 && PICTURE.test(text) ? text : undefined;
}
