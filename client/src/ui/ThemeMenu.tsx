import { Monitor, Moon, Sun } from 'lucide-react';
import { useStore } from 'zustand';
import { Menu } from './Menu';
import { themeStore } from './theme';
import { ThemeSwitch } from './ThemeSwitch';

const icons = { light: Sun, dark: Moon, system: Monitor };

export function ThemeMenu() {
  const Icon = icons[useStore(themeStore).theme];
  return (
    <Menu label="Theme" face={<Icon size={19} aria-hidden />}>
      {() => <ThemeSwitch />}
    </Menu>
  );
}
