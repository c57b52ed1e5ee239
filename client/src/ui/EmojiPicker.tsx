import { useState } from 'react';
import { asEmoji, EMOJIS } from './emoji';
import styles from './EmojiPicker.module.css';

/** A dozen emojis, and a field for any other: every system brings its own keyboard for them. */
export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  const [typed, setTyped] = useState('');
  const emoji = asEmoji(typed);
  return (
    <div className={styles.picker}>
      <div className={styles.palette} role="group" aria-label="Emojis">
        {EMOJIS.map((each) => (
          <button
            key={each}
            type="button"
            aria-label={`React with ${each}`}
            onClick={() => onPick(each)}
          >
            {each}
          </button>
        ))}
      </div>
      <form
        className={styles.other}
        onSubmit={(event) => {
          event.preventDefault();
          if (emoji) onPick(emoji);
        }}
      >
        <input
          value={typed}
          aria-label="Any other emoji"
          placeholder="Any other emoji"
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" disabled={!emoji}>
          React
        </button>
      </form>
    </div>
  );
}
