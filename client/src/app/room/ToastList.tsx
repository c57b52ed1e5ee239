import { X } from 'lucide-react';
import { useStore } from 'zustand';
import { IconButton } from '../../ui';
import type { Toasts } from './toasts';
import styles from './ToastList.module.css';

/** Always rendered, so that screen readers announce what appears in it. */
export function ToastList({ toasts }: { toasts: Toasts }) {
  const { items } = useStore(toasts.store);
  return (
    <div className={styles.board} role="status">
      {items.map(({ id, words }) => (
        <p key={id}>
          <span>{words}</span>
          <IconButton label="Dismiss" onClick={() => toasts.dismiss(id)}>
            <X size={16} aria-hidden />
          </IconButton>
        </p>
      ))}
    </div>
  );
}
