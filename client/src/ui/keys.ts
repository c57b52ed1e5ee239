interface Pressed {
  readonly key: string;
  readonly keyCode: number;
  readonly isComposing: boolean;
}

/** What browsers give for a key that an input method took. */
const TAKEN = 229;

/**
 * The key that was pressed; none for those that an input method takes: its Enter chooses a word, its
 * Escape drops one. Safari ends the composition before it tells of the key, which then is known by its
 * code only. Every handler of Enter and Escape asks this.
 */
export function keyOf(event: Pressed | { readonly nativeEvent: Pressed }): string {
  // Only the older property tells of it.
  const { key, keyCode, isComposing } = 'nativeEvent' in event ? event.nativeEvent : event;
  return isComposing || keyCode === TAKEN ? '' : key;
}

/**
 * The letter or digit of a key, in capitals, on every keyboard layout: what it types where that is a
 * Latin one, else the one in this place of a Latin keyboard. Undefined where it is neither.
 */
export function letterOf({ key, code }: Pick<KeyboardEvent, 'key' | 'code'>): string | undefined {
  if (/^[a-z0-9]$/iu.test(key)) return key.toUpperCase();
  if (/^[\p{L}\p{M}\p{Nd}]+$/u.test(key) && !/^[\p{Script=Latin}]+$/u.test(key)) {
    // A name such as "Dead" or "Process" is Latin too.
    return /^(?:Key|Digit)([A-Z0-9])$/u.exec(code)?.[1];
  }
  return undefined;
}
