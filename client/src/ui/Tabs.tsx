import type { KeyboardEvent, ReactNode } from 'react';
import { cx } from './cx';
import styles from './Tabs.module.css';

export interface Tab<Id extends string> {
  id: Id;
  label: string;
  /** A count beside the label; nothing when 0. */
  count?: number | undefined;
  /** What the count counts, for screen readers. */
  countOf?: string | undefined;
  loud?: boolean | undefined;
}

/** Tabs by the ARIA pattern: arrow keys move, the chosen one alone is in the tab order. */
export function Tabs<Id extends string>({
  label,
  tabs,
  chosen,
  onChoose,
  idPrefix,
}: {
  label: string;
  tabs: readonly Tab<Id>[];
  chosen: Id;
  onChoose: (id: Id) => void;
  idPrefix: string;
}) {
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === chosen);
    const last = tabs.length - 1;
    const to = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    }[event.key];
    const tab = to === undefined ? undefined : tabs[to];
    if (!tab) return;
    event.preventDefault();
    onChoose(tab.id);
    document.getElementById(`${idPrefix}-tab-${tab.id}`)?.focus();
  };

  return (
    <div role="tablist" aria-label={label} className={styles.list} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={`${idPrefix}-tab-${tab.id}`}
          // The name stays the same however the count changes.
          aria-label={tab.label}
          aria-description={tab.count ? `${tab.count} ${tab.countOf ?? ''}`.trim() : undefined}
          aria-selected={tab.id === chosen}
          aria-controls={`${idPrefix}-panel-${tab.id}`}
          tabIndex={tab.id === chosen ? 0 : -1}
          className={styles.tab}
          onClick={() => onChoose(tab.id)}
        >
          {tab.label}
          {tab.count ? (
            // Drawn by the style, so that the name is what one reads.
            <span
              aria-hidden
              className={cx(styles.count, tab.loud && styles.loud)}
              data-count={tab.count}
            />
          ) : null}
        </button>
      ))}
    </div>
  );
}

/** What a tab shows. Hidden, not unmounted, so that scroll and drafts stay. */
export function TabPanel<Id extends string>({
  id,
  chosen,
  idPrefix,
  children,
  className,
}: {
  id: Id;
  chosen: Id;
  idPrefix: string;
  children: ReactNode;
  className?: string | undefined;
}) {
  return (
    <div
      role="tabpanel"
      id={`${idPrefix}-panel-${id}`}
      aria-labelledby={`${idPrefix}-tab-${id}`}
      hidden={id !== chosen}
      className={className}
    >
      {children}
    </div>
  );
}
