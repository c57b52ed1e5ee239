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

/** The same for the same emoji: systems add a sign that asks for colour, or leave it out. */
export const emojiKey = (emoji: string): string => emoji.replace(/[\ufe0e\ufe0f]/gu, '');

/** The one emoji that was typed; none when it is something else or more than one. */
export function asEmoji(typed: string): string | undefined {
  // A joiner at the end joins nothing.
  const text = typed.trim().replace(/\u200d+$/u, '');
  const letters = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)];
  return letters.length === 1 && PICTURE.test(text) ? text : undefined;
}
