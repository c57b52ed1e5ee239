import { expect, it } from 'vitest';
import { asEmoji, EMOJIS } from './emoji';

it.each([...EMOJIS, '👩🏽‍💻', '🇫🇮', '3️⃣', ' 🦉 '])('takes %s', (typed) => {
  expect(asEmoji(typed)).toBe(typed.trim());
});

it.each(['', 'a', '12', '👍👍', ':)', '<b>'])('does not take %j', (typed) => {
  expect(asEmoji(typed)).toBeUndefined();
});
