import { useEffect, type RefObject } from 'react';

const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), select:not(:disabled), [tabindex="0"]';

/**
 * Keeps the focus near when what had it is taken away, by whoever: in what surrounded it; and where it was,
 * when that is disabled for a while. On the page itself the next keys would be those of the call and the board.
 */
export function useKeptFocus(root: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = root.current;
    if (!element) return;
    /** What has the focus, and what is around it, from the inside. */
    let path: HTMLElement[] = [];

    const onFocus = ({ target }: FocusEvent) => {
      path = [];
      for (let at = target as HTMLElement | null; at; at = at.parentElement) path.push(at);
    };
    const onBlur = ({ target }: FocusEvent) => {
      // Some browsers tell of it just before the element goes.
      queueMicrotask(() => {
        const { isConnected } = target as HTMLElement;
        if (path[0] === target && isConnected && !isDisabled(path[0])) path = [];
      });
    };
    const restore = () => {
      if (!path[0] || document.activeElement !== document.body) return;
      if (path[0].isConnected) {
        if (!isDisabled(path[0])) path[0].focus({ preventScroll: true });
        return;
      }
      for (const around of path) {
        if (!element.contains(around)) continue;
        const next = around.matches(FOCUSABLE) ? around : firstIn(around);
        if (!next) continue;
        next.focus({ preventScroll: true });
        return;
      }
    };
    const watch = new MutationObserver(restore);
    watch.observe(element, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['disabled'],
    });
    element.addEventListener('focusin', onFocus);
    element.addEventListener('focusout', onBlur);
    return () => {
      watch.disconnect();
      element.removeEventListener('focusin', onFocus);
      element.removeEventListener('focusout', onBlur);
    };
  }, [root]);
}

const isDisabled = (element: HTMLElement): boolean => element.matches(':disabled');

function firstIn(around: HTMLElement): HTMLElement | undefined {
  const all = around.querySelectorAll<HTMLElement>(FOCUSABLE);
  return [...all].find((one) => !one.closest('[hidden], [inert]'));
}
