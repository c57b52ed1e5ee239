import { useEffect, useId, useRef, type ReactNode } from 'react';
import { X } from 'lucide-react';
import { createPortal } from 'react-dom';
import { IconButton } from './IconButton';
import styles from './Dialog.module.css';

/**
 * A modal dialog. The browser's own keeps the focus inside and closes on Escape. It stands apart from
 * what opened it, which may become inert: a turned tablet lets the board cover the top bar.
 */
export function Dialog({
  title,
  onClose,
  wide = false,
  full = false,
  children,
}: {
  title: string;
  onClose: () => void;
  wide?: boolean | undefined;
  /** As large as the window lets it be; what is inside has a height to fill. */
  full?: boolean | undefined;
  children: ReactNode;
}) {
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    // By itself the first control has it: the cross, where what is typed is lost and Enter closes.
    element?.querySelector<HTMLElement>('[data-first]')?.focus();
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  return createPortal(
    <dialog
      ref={dialog}
      className={styles.dialog}
      data-wide={wide || undefined}
      data-full={full || undefined}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className={styles.inside}>
        <header className={styles.header}>
          <h2 id={titleId} className={styles.title} dir="auto">
            {title}
          </h2>
          <IconButton label="Close" onClick={onClose}>
            <X size={20} aria-hidden />
          </IconButton>
        </header>
        {children}
      </div>
    </dialog>,
    document.body,
  );
}
