// Dark enough for white letters at AA.
const tints = [
  '#0e6a5f',
  '#8a4b12',
  '#3f5a8c',
  '#7a3b5e',
  '#4d6420',
  '#6a4a9c',
  '#9a3b2e',
  '#1f6480',
  '#6b5a1e',
  '#52606a',
];

/** The same seed gives the same colour everywhere. */
export function tint(seed: string): string {
  let sum = 0;
  for (const char of seed) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return tints[sum % tints.length] ?? '#0e6a5f';
}

/** First letters of the first and the last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = [...(words[0] ?? '?')][0] ?? '?';
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toLocaleUpperCase();
}
