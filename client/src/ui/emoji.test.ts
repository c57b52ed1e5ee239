import { expect, it } from 'vitest';
import { asEmoji, emojiKey, EMOJIS } from './emoji';

it.each([...EMOJIS, '👩🏽‍💻', '🇫🇮', '3️⃣', ' 🦉 '])('takes %s', (typed) => {
  expect(asEmoji(typed)).toBe(typed.trim());
});

it('knows an emoji with and without the sign for colour as one', () => {
  expect(emojiKey('👍\ufe0f')).toBe(emojiKey('👍'));
  expect(emojiKey('❤️')).toBe(emojiKey('❤'));
  expect(emojiKey('👍')).not.toBe(emojiKey('👍🏽'));
  expect(asEmoji('👍\u200d')).toBe('👍');
});

it.each(['', '\u200d', '\ufe0f', '\u20e3', '\u2800', 'a', '12', '👍👍', ':)', '<b>'])(
  'does not take %j',
  (typed) => {
    expect(asEmoji(typed)).toBeUndefined();
  },
);
