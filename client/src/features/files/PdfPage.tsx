import { useEffect, useRef, useState } from 'react';
import type { PDFDocumentProxy, PDFPageProxy, RenderTask } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { renderScale } from './pdfPages';
import { renderTextLayer } from './pdfText';
import textStyles from './PdfText.module.css';
import styles from './PdfView.module.css';

interface Size {
  width: number;
  height: number;
}

/** One page, painted while it is near to what is seen. */
export function PdfPage({
  pdf,
  number,
  width,
  guess,
}: {
  pdf: PDFDocumentProxy;
  number: number;
  /** Of the page on the screen. */
  width: number;
  /** Its size as long as it is unknown. */
  guess: Size;
}) {
  const place = useRef<HTMLDivElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  const [size, setSize] = useState(guess);
  const [broken, setBroken] = useState(false);

  useEffect(() => {
    if (!place.current) return;
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (entry) setNear(entry.isIntersecting);
      },
      { root: place.current.closest(`.${styles.scroller}`), rootMargin: '60% 0px' },
    );
    watch.observe(place.current);
    return () => watch.disconnect();
  }, []);

  useEffect(() => {
    const holder = place.current;
    if (!near || !holder || width === 0) return;
    let page: PDFPageProxy | undefined;
    let task: RenderTask | undefined;
    let takeText: (() => void) | undefined;
    let left = false;
    const wanted = () => !left;

    const paint = async () => {
      page = await pdf.getPage(number);
      if (!wanted()) return;
      const whole = page.getViewport({ scale: 1 });
      setSize({ width: whole.width, height: whole.height });
      const viewport = page.getViewport({
        scale: renderScale(whole, width, window.devicePixelRatio),
      });
      const canvas = document.createElement('canvas');
      canvas.width = Math.floor(viewport.width);
      canvas.height = Math.floor(viewport.height);
      task = page.render({ canvas, viewport });
      await task.promise;
      // What was there before stays until now, so that nothing flashes.
      if (!wanted()) return;
      holder.replaceChildren(canvas);
      if (text.current) takeText = renderTextLayer(page, text.current, width);
    };
    paint().catch(() => {
      if (wanted()) setBroken(true);
    });
    return () => {
      left = true;
      task?.cancel();
      takeText?.();
      // What it was painted from, pictures above all, would stay in memory.
      page?.cleanup();
    };
  }, [pdf, number, near, width]);

  // Far away it gives back its memory.
  useEffect(() => {
    if (near) return;
    place.current?.replaceChildren();
    text.current?.replaceChildren();
  }, [near]);

  return (
    <li className={styles.page} style={{ aspectRatio: `${size.width} / ${size.height}` }}>
      <div
        ref={place}
        className={styles.paper}
        role="img"
        aria-label={`Page ${number}`}
        data-testid="pdf-page"
      />
      <div ref={text} className={textStyles.text} />
      {broken && <p className={styles.broken}>This page cannot be shown.</p>}
    </li>
  );
}
