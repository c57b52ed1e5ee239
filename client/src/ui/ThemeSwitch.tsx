import { Monitor, Moon, Sun } from 'lucide-react';
import { useStore } from 'zustand';
import { chooseTheme, themeStore, type Theme } from './theme';
import { cx } from './cx';
import styles from './ThemeSwitch.module.css';

const choices = [
  { theme: 'light', label: 'Light', Icon: Sun },
  { theme: 'dark', label: 'Dark', Icon: Moon },
  { theme: 'system', label: 'System', Icon: Monitor },
] as const satisfies { theme: Theme; label: string; Icon: unknown }[];

/** All three choices in sight: for menus and settings. */
export function ThemeSwitch() {
  const { theme } = useStore(themeStore);
  return (
    <fieldset className={styles.group}>
      <legend className="visually-hidden">Theme</legend>
      {choices.map((choice) => (
        <label
          key={choice.theme}
          className={cx(styles.choice, theme === choice.theme && styles.chosen)}
        >
          <input
            type="radio"
            name="theme"
            className="visually-hidden"
            checked={theme === choice.theme}
            onChange={() => chooseTheme(choice.theme)}
          />
          <choice.Icon size={16} aria-hidden />
          {choice.label}
        </label>
      ))}
    </fieldset>
  );
}
