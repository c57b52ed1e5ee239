import { useEffect, useRef, type RefObject } from 'react';

/**
 * The heading of a page, which takes the focus when the page before took its own away with it: so screen
 * readers say where one is, and the next Tab goes on from there.
 */
export function useHeading(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body) {
      heading.current?.focus({ preventScroll: true });
    }
  }, []);
  return heading;
}
