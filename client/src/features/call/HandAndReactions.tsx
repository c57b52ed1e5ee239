import { Hand, SmilePlus } from 'lucide-react';
import { useStore } from 'zustand';
import { cx, EmojiPicker, Menu, menuItemClass } from '../../ui';
import type { Call } from './call';
import styles from './CallControls.module.css';

/** To be noticed without a word. */
export function HandAndReactions({ call }: { call: Call }) {
  const raised = useStore(call.state, (state) => state.self?.handRaised ?? false);
  const label = raised ? 'Lower hand' : 'Raise hand';
  return (
    <>
      <button
        type="button"
        className={cx(styles.control, styles.hand, raised && styles.lit)}
        aria-label={label}
        title={label}
        aria-pressed={raised}
        onClick={() => call.raiseHand(!raised)}
      >
        <Hand size={21} aria-hidden />
      </button>
      <Menu
        label="Reactions"
        face={<SmilePlus size={21} aria-hidden />}
        className={styles.control}
        narrow
      >
        {(close) => (
          <>
            <EmojiPicker
              onPick={(emoji) => {
                close();
                call.react(emoji);
              }}
            />
            <button
              type="button"
              className={cx(menuItemClass, styles.inMenu)}
              onClick={() => {
                close();
                call.raiseHand(!raised);
              }}
            >
              <Hand size={18} aria-hidden /> {label}
            </button>
          </>
        )}
      </Menu>
    </>
  );
}
