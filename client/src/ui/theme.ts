import { createStore } from 'zustand/vanilla';

export type Theme = 'system' | 'light' | 'dark';

// The same key is in public/theme.js, which runs before the first paint.
const KEY = 'studyrooms.theme';

function remembered(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

export const themeStore = createStore<{ theme: Theme }>(() => ({ theme: remembered() }));

export function chooseTheme(theme: Theme) {
  themeStore.setState({ theme });
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage may be blocked; it holds for this page then.
  }
}
