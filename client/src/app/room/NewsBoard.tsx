import { X } from 'lucide-react';
import { useStore } from 'zustand';
import { IconButton } from '../../ui';
import type { News } from './news';
import styles from './NewsBoard.module.css';

/** Always there, so that screen readers hear what comes into it. */
export function NewsBoard({ news }: { news: News }) {
  const { items } = useStore(news.store);
  return (
    <div className={styles.board} role="status">
      {items.map(({ id, words }) => (
        <p key={id}>
          <span>{words}</span>
          <IconButton label="Dismiss" onClick={() => news.dismiss(id)}>
            <X size={16} aria-hidden />
          </IconButton>
        </p>
      ))}
    </div>
  );
}
